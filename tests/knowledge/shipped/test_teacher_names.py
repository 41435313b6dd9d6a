"""303 names as people wrote them, each judged by a reader: which family is right, and which text held."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from auditor.domain.claim import Access
from auditor.domain.teacher import Resolution, ResolutionStatus
from auditor.knowledge.catalog import Knowledge

RIGHT = {
    "WizardCoder-15B-V1.0": "LicenseRef-BigCode-OpenRAIL-M-v1",
    "WizardCoder-33B-V1.1": "LicenseRef-DeepSeek-Model-1.0",
    "WizardMath-7B-V1.1": "LicenseRef-MSR",
    "WizardLM 2 8x22B": "Apache-2.0",
    "WizardLMTeam/WizardLM-2-8x22B": "Apache-2.0",
    "aya-101": "Apache-2.0",
    "Qwen/Qwen2.5-Math-RM-72B": "LicenseRef-Qwen-2024",
    "Qwen/Qwen2-Math-RM-72B": "LicenseRef-Tongyi-Qianwen-2023",
    "internlm/internlm-xcomposer2d5-7b": "LicenseRef-InternLM-XComposer-weights",
    "nvidia/Nemotron-H-47B-Reasoning-128K": "LicenseRef-NVIDIA-Internal-Scientific-RD",
    "nvidia/Nemotron-H-56B-Base-8K": "LicenseRef-NVIDIA-Internal-Scientific-RD",
    "nvidia/Nemotron-Research-Reasoning-Qwen-1.5B": "CC-BY-NC-4.0-weights",
    "nvidia/Nemotron-Cascade-14B-Thinking": "LicenseRef-NVIDIA-Open-Model",
}
"""The terms that the reader names for what stood in a wrong family."""
UNRESOLVED = {"nvidia/Nemotron-Orchestrator-8B", "glm-4.5-x"}
"""The license of the first nobody read; the second is a service's alone, said to be run as weights."""
SPLIT = {
    ("phi", "phi-other"), ("yi", "yi-1.5"), ("deepseek-v3-mit", "deepseek-v3.2"), ("kimi-k2", "moonshot-api"),
    ("qwen-3-apache", "qwen-api"), ("None", "nvidia-llama33-nemotron"),
}  # fmt: skip
"""Entries that were one, or a name that is now told apart: the terms are the same or stricter."""


def _rows(shared: Path) -> list[dict[str, str]]:
    file = shared / "knowledge" / "teacher_names.tsv"
    if not file.is_file():
        pytest.skip(f"{file} is not here")
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _resolve(knowledge: Knowledge, row: dict[str, str]) -> Resolution:
    access = Access(row["access"]) if row["access"] else None
    return knowledge.resolve(row["name"], access, row["date"] or None, row["host"] or None)


def test_names_that_stood_in_a_wrong_family_stand_in_theirs(knowledge: Knowledge, shared: Path) -> None:
    wrong = [row for row in _rows(shared) if row["verdict"].startswith(("WRONG-FAMILY", "UNVERIFIED"))]
    assert {row["name"] for row in wrong} == {*RIGHT, *UNRESOLVED}
    for row in wrong:
        found = _resolve(knowledge, row)
        if row["name"] in UNRESOLVED:
            assert found.status is ResolutionStatus.UNKNOWN, row["name"]
        else:
            assert RIGHT[row["name"]] in found.terms, row["name"]


def test_names_that_were_right_still_are(knowledge: Knowledge, shared: Path) -> None:
    for row in _rows(shared):
        if row["verdict"].startswith("RIGHT"):
            found = _resolve(knowledge, row)
            now = found.teacher or "None"
            assert now == row["resolved_to"] or (row["resolved_to"], now) in SPLIT, row["name"]


def test_no_name_is_judged_by_a_text_that_had_ended(knowledge: Knowledge, shared: Path) -> None:
    ended = [row for row in _rows(shared) if row["verdict"] == "WRONG-TEXT-BY-DATE"]
    assert ended
    for row in ended:
        found = _resolve(knowledge, row)
        assert found.teacher == row["resolved_to"]
        assert "Terms-OpenAI-ToU-2023-03" not in found.terms, row["name"]


def test_most_names_resolve_and_the_rest_have_candidates(knowledge: Knowledge, shared: Path) -> None:
    found = [_resolve(knowledge, row) for row in _rows(shared)]
    assert len(found) == 303
    resolved = [one for one in found if one.status in (ResolutionStatus.KNOWN, ResolutionStatus.NO_MODEL)]
    assert len(resolved) >= 0.97 * len(found)
    rest = [one for one in found if one not in resolved]
    assert not [one.name for one in rest if not (one.candidates or one.near)]
