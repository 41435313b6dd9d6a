"""Rows whose text is code that nothing undid are a finding; those that were undone are searched."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from auditor.cli.main import execute
from auditor.engine.set_findings.hidden import TEXT_UNREADABLE
from tests.fingerprint.material import build, make_folder

PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: internal-commercial
student_release_license: none
student_name: Acme
competes_with_teacher_provider: 'no'
"""
SAID = {"prompt": "Say hi", "model": "Qwen/Qwen3-8B", "access": "open-weights", "license": "CC0-1.0"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_folder(tmp_path_factory.mktemp("hidden"))
    build(made)
    (made / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return made


def audit(folder: Path, text: str, *more: str) -> tuple[int, dict[str, Any]]:
    (folder / "rows.jsonl").write_text(json.dumps(SAID | {"completion": text}) + "\n", encoding="utf-8")
    out = folder / "out"
    said = ["--plan", str(folder / "plan.yaml"), "--no-ledger", "--out", str(out), "-q", *more]
    code = execute(["audit", str(folder / "rows.jsonl"), *said])
    return code, json.loads((out / "report.json").read_text(encoding="utf-8"))


def reference(folder: Path) -> str:
    return str(pq.read_table(folder / "reference.parquet")["text"][4])


def test_packed_text_is_a_finding_and_no_allow(folder: Path) -> None:
    packed = base64.b64encode(gzip.compress(reference(folder).encode())).decode()
    code, report = audit(folder, packed, "--index", str(folder / "idx"))
    assert (code, report["outcome"]) == (3, "review")
    found = next(one for one in report["findings"] if one["rule"] == TEXT_UNREADABLE)
    assert (found["samples"], found["outcome"]) == (1, "review")
    assert found["evidence"][0]["sample_id"].endswith("rows.jsonl#0")
    assert report["coverage"]["unreadable_text"] == 1
    assert pq.read_table(folder / "out/samples.parquet")["match"].to_pylist() == ["unreadable-text"]


def test_undone_text_is_searched_and_its_copy_found(folder: Path) -> None:
    hidden = base64.b64encode(reference(folder).encode()).decode()
    _, report = audit(folder, hidden, "--index", str(folder / "idx"))
    assert report["coverage"]["detected"] == 1
    assert TEXT_UNREADABLE not in {one["rule"] for one in report["findings"]}


def test_without_an_index_nothing_is_said_to_be_hidden(folder: Path) -> None:
    packed = base64.b64encode(gzip.compress(reference(folder).encode())).decode()
    _, report = audit(folder, packed)
    assert report["coverage"]["unreadable_text"] == 0
    assert TEXT_UNREADABLE not in {one["rule"] for one in report["findings"]}
