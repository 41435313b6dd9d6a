"""A set in an odd shape passes where what stands in the odd place is harmless."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.cli.main import execute
from tests.journeys.twins import REGISTERED, TWINS, Twin


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    (folder / "teachers.jsonl").write_text(json.dumps({"text": REGISTERED, "teacher": "gpt-4o"}) + "\n")
    columns = ["--text-column", "text", "--teacher-column", "teacher"]
    assert (
        execute(["index", "build", str(folder / "teachers.jsonl"), "--out", str(folder / "t.idx"), *columns])
        == 0
    )
    return folder / "t.idx"


@pytest.mark.parametrize("twin", TWINS, ids=[twin.name for twin in TWINS])
def test_what_is_harmless_passes(
    twin: Twin, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    twin.write(tmp_path)
    plan = ["--plan", "plan.yaml"] if twin.planned else []
    search = ["--index", str(index)] if twin.searched else []
    given = ["audit", twin.data, *plan, *search, *twin.options, "--no-ledger", "--quiet", "--out", "out"]
    code = execute(given)
    report = json.loads(Path("out/report.json").read_text())
    why = [one["title"] for one in report["findings"] if one["outcome"] != "allow"]
    assert (why, report["outcome"].startswith("allow"), int(code)) == ([], True, 0)
    assert report["dataset"]["unreadable"] == 0
