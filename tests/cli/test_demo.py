"""The demo finds its seeded faults, and ends at the gate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.cli.main import execute

DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo was run once."""
    folder = tmp_path_factory.mktemp("demonstrated")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        assert execute(["demo", "--quiet"]) == 0
    return folder


@pytest.mark.slow
def test_the_demo_names_each_fault_and_the_gate_passes_only_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    # An audit of one's own, in the ledger of the working directory, is not taken for the demo's.
    Path("own.jsonl").write_text('{"prompt": "Say hi", "completion": "Hi."}\n')
    assert execute(["audit", "own.jsonl", "--quiet"]) == 3
    capsys.readouterr()
    for _ in range(2):
        assert execute(["demo", "--quiet"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert sum(" found " in line for line in lines) == 7
        assert [line.split()[:2] for line in lines if line.startswith(("refused", "passed"))] == [
            ["refused", "FAILED"],
            ["passed", "PASSED"],
        ]
    assert (tmp_path / "demo-out" / "report.html").is_file()


def test_matched_rows_are_set_beside_the_teacher_texts_only_where_asked(
    demonstrated: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(demonstrated)
    capsysbinary.readouterr()
    assert json.loads(Path("demo-out/report.json").read_bytes())["excerpts"] == []
    show = ["report", "demo-out", "--format", "json", "--reference"]
    assert execute([*show, str(DEMO / "teachers" / "reference.jsonl")]) == 0
    pairs = json.loads(capsysbinary.readouterr().out)["excerpts"]
    assert "chat.jsonl#18" in {pair["sample_id"] for pair in pairs}
    for pair in pairs:
        for span in pair["spans"]:
            left = pair["text"][span["query_start"] : span["query_end"]]
            right = pair["reference_text"][span["reference_start"] : span["reference_end"]]
            assert left.split()[:1] == right.split()[:1]
    assert execute([*show, str(DEMO / "data" / "tasks.json"), "--text-column", "output"]) == 2


def test_data_that_changed_since_the_audit_is_not_shown(
    demonstrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demonstrated)
    Path("other").mkdir()
    lines = (DEMO / "data" / "chat.jsonl").read_text().splitlines()
    lines[18] = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}'
    Path("other/chat.jsonl").write_text("\n".join(lines))
    references = str(DEMO / "teachers" / "reference.jsonl")
    assert (
        execute(["report", "demo-out", "--format", "json", "--reference", references, "--data", "other"]) == 1
    )
