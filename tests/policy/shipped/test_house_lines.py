"""Packs for a house's own line: a positive list, weights alone, suppliers that disclose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.cli.main import execute

PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: internal-commercial
student_release_license: none
student_name: Acme
competes_with_teacher_provider: 'no'
"""
ROW = {
    "prompt": "Say hi",
    "completion": "A lantern drifts over the quiet harbor tonight.",
    "license": "CC0-1.0",
}
R1 = {"model": "deepseek-ai/DeepSeek-R1", "access": "open-weights"}
PASSES = ("allow", "allow-with-obligations")


def outcome(folder: Path, pack: str, row: dict[str, str]) -> str:
    (folder / "rows.jsonl").write_text(json.dumps(ROW | row) + "\n", encoding="utf-8")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    out = folder / "out"
    said = ["--plan", str(folder / "plan.yaml"), "--policy", pack, "--no-ledger", "--out", str(out), "-q"]
    execute(["audit", str(folder / "rows.jsonl"), *said])
    return str(json.loads((out / "report.json").read_text(encoding="utf-8"))["outcome"])


@pytest.mark.parametrize(
    ("pack", "row", "expected"),
    [
        ("teachers-allowed", R1, PASSES),
        ("teachers-allowed", {**R1, "license": "CC-BY-SA-4.0"}, ("deny",)),
        ("teachers-allowed", {"model": "acme/secret-9b", "access": "open-weights"}, ("deny",)),
        ("teachers-allowed", {"model": "xai-org/grok-1", "access": "open-weights"}, ("deny",)),
        ("teachers-allowed", {}, ("review",)),
        ("weights-only", R1, PASSES),
        (
            "weights-only",
            {**R1, "access": "api", "host": "deepseek", "generated_at": "2026-06-01"},
            ("deny",),
        ),
        ("weights-only", {"model": "deepseek-ai/DeepSeek-R1"}, ("review",)),
        ("disclosed-only", R1, PASSES),
        ("disclosed-only", {}, ("deny",)),
        ("disclosed-only", {"model": "undisclosed"}, ("deny",)),
        ("disclosed-only", {"model": "vendor-internal-v2", "access": "api"}, ("deny",)),
    ],
)
def test_a_row_is_judged_by_the_line_of_the_house(
    tmp_path: Path, pack: str, row: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert outcome(tmp_path, pack, row) in expected
