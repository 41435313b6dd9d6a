"""What is left of an audit: one line under --quiet, no folder under --no-out, and what was replaced."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.cli.main import execute

ROW = {"instruction": "Say hi", "output": "Hi.", "model": "gpt-4", "access": "api", "license": "MIT"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    Path("data/train").mkdir(parents=True)
    Path("data/train/a.jsonl").write_text(json.dumps(ROW) + "\n")


def test_quiet_says_why_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code = execute(["audit", "data", "--no-ledger", "-q"])
    shown = capsys.readouterr()
    assert code in (1, 3)
    assert shown.out == ""
    [line] = shown.err.splitlines()
    assert line.startswith(("auditor: DENY: 1 row, ", "auditor: NEEDS REVIEW: 1 row, "))
    assert "data/train/a.jsonl#0" in line
    assert "Next: auditor " in line


def test_quiet_names_a_file_that_cannot_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data/train/b.parquet").write_bytes(b"PAR1 this is not one")
    assert execute(["audit", "data", "--no-ledger", "-q"]) == 2
    assert "data/train/b.parquet cannot be read" in capsys.readouterr().err


def test_without_out_nothing_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    execute(["audit", "data", "--no-ledger", "--no-out"])
    assert [path.name for path in Path().iterdir()] == ["data"]
    shown = capsys.readouterr()
    assert "auditor split" not in shown.out
    assert "report:" not in shown.err
    execute(["audit", "data", "--no-ledger", "-q", "--no-out", "--out", "kept"])
    assert Path("kept/report.json").is_file()


def test_an_audit_says_which_one_it_replaces(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    execute(["audit", "data", "--no-ledger", "-q"])
    assert "replaces" not in capsys.readouterr().err
    execute(["audit", "data", "--no-ledger", "-q"])
    assert "replaces the audit of 2026-09-21T14:13:20Z in auditor-out\n" in capsys.readouterr().err
    Path("auditor-out/report.json").write_text("{")
    execute(["audit", "data", "--no-ledger", "-q"])
    assert "replaces the audit of an unknown date" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["train/a.jsonl#0", "data/train/a.jsonl#0", "./data/train/../train/a.jsonl#0"]
)
def test_explain_takes_a_row_by_id_and_by_its_file(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    execute(["audit", "data", "--no-ledger", "-q"])
    assert execute(["explain", name]) == 0
    assert "gpt-4" in capsys.readouterr().out


def test_explain_takes_an_absolute_path(capsys: pytest.CaptureFixture[str]) -> None:
    execute(["audit", "data", "--no-ledger", "-q"])
    assert execute(["explain", f"{Path('data/train/a.jsonl').absolute()}#0"]) == 0
    assert execute(["explain", "data/train/a.jsonl#1"]) == 2
    assert execute(["explain", "other/train/a.jsonl#0"]) == 2


def test_a_file_elsewhere_goes_by_the_path_it_was_named_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("work").mkdir()
    monkeypatch.chdir("work")
    execute(["audit", "../data", "--no-ledger", "-q"])
    [file] = json.loads(Path("auditor-out/report.json").read_text())["dataset"]["files"]
    assert (file["path"], file["location"]) == ("train/a.jsonl", "../data/train/a.jsonl")
    assert execute(["explain", "../data/train/a.jsonl#0"]) == 0


def test_a_name_that_is_an_id_and_a_path_means_the_id_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data/data/train").mkdir(parents=True)
    Path("data/data/train/a.jsonl").write_text(json.dumps({**ROW, "model": "nobody-knows"}) + "\n")
    execute(["audit", "data", "--no-ledger", "-q"])
    capsys.readouterr()
    assert execute(["explain", "data/train/a.jsonl#0"]) == 0
    shown = capsys.readouterr()
    assert "nobody-knows" in shown.out
    assert "this is the first" in shown.err


QWEN = {**ROW, "model": "Qwen/Qwen3-8B", "access": "open-weights", "license": "CC0-1.0"}
PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: commercial-api
student_release_license: proprietary
student_name: Acme
competes_with_teacher_provider: 'yes'
"""


@pytest.mark.parametrize(
    ("models", "option"),
    [
        (("Qwen/Qwen3-8B", "nobody-knows"), ""),
        (("nobody-knows",), " --keep-review"),
        (("gpt-4",), None),
        (("gpt-4", "nobody-knows"), " --keep-review"),
    ],
)
def test_split_is_suggested_only_where_it_would_keep_a_row(
    models: tuple[str, ...], option: str | None
) -> None:
    access = {"gpt-4": "api"}
    lines = [json.dumps({**QWEN, "model": m, "access": access.get(m, "open-weights")}) for m in models]
    Path("data/train/a.jsonl").write_text("\n".join(lines) + "\n")
    Path("plan.yaml").write_text(PLAN)
    execute(["audit", "data", "--plan", "plan.yaml", "--no-ledger", "-q"])
    said = json.loads(Path("auditor-out/report.json").read_text())["next_commands"]
    found = [one for one in said if one.startswith("auditor split")]
    assert found == ([] if option is None else [f"auditor split auditor-out{option}"])
    if found:
        execute(found[0].split()[1:])
        kept = sum(len(p.read_text().splitlines()) for p in Path("split-out/kept").rglob("*.jsonl"))
        assert kept > 0
