"""Questions to a ledger from the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.cli.main import execute
from auditor.domain.exit_code import ExitCode
from auditor.ledger.store import Ledger
from tests.ledger.material import digest_of, opened, record


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with opened(tmp_path) as ledger:
        yield ledger


@pytest.fixture
def place(ledger: Ledger, tmp_path: Path) -> str:
    record(ledger)
    return str(tmp_path / "a" / "ledger.db")


def test_show_prints_teacher_license_basis_claim_match_and_verdict(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["ledger", "show", "train.jsonl#0", "--ledger", place]) == ExitCode.ALLOWED
    shown = capsys.readouterr().out
    for part in (
        "openai/gpt-4",
        "MIT",
        "README.md:license",
        "generator",
        "grade C",
        "0-40",
        "2(c)(iii)",
        "deny",
    ):
        assert part in shown


def test_show_as_json_is_a_list(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    execute(["ledger", "show", "train.jsonl#1", "--ledger", place, "--format", "json"])
    (answer,) = json.loads(capsys.readouterr().out)
    assert answer["origin"]["flags"] == ["undeclared"]


def test_teachers_lists_rows_without_one_as_unknown(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["ledger", "teachers", "train", "--ledger", place]) == ExitCode.ALLOWED
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["unknown", "6", "66.7%", "unknown", "none", "E"]
    assert lines[3].split() == ["openai/gpt-4", "3", "33.3%", "api", "row", "C"]


def test_audits_lists_what_is_on_record(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["ledger", "audits", "--ledger", place, "--format", "json"]) == ExitCode.ALLOWED
    assert json.loads(capsys.readouterr().out)[0]["dataset"] == "train"


def test_export_prints_what_it_wrote(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert execute(["ledger", "export", "--ledger", place, "--out", str(out), "--format", "csv"]) == 0
    assert str(out / "samples.csv") in capsys.readouterr().out.splitlines()


def test_a_cut_chain_fails_against_its_head(
    place: str, ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["ledger", "head", "--ledger", place]) == ExitCode.ALLOWED
    head = tmp_path / "head.json"
    kept = json.loads(capsys.readouterr().out)
    head.write_text(json.dumps(kept))
    assert execute(["ledger", "verify", "--ledger", place, "--head", str(head)]) == ExitCode.ALLOWED
    head.write_text(json.dumps(kept | {"index": kept["index"] + 1}))
    assert execute(["ledger", "verify", "--ledger", place, "--head", str(head)]) == ExitCode.FAULT
    assert "entry 1" in capsys.readouterr().err


def test_a_signed_head_counts_only_by_a_trusted_key(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("KEY", "OTHER"):
        execute(["keys", "new", "--out", str(tmp_path / name)])
    capsys.readouterr()
    assert execute(["ledger", "head", "--ledger", place, "--key", str(tmp_path / "KEY")]) == ExitCode.ALLOWED
    head = tmp_path / "head.json"
    head.write_text(capsys.readouterr().out)
    verify = ["ledger", "verify", "--ledger", place, "--head", str(head)]
    assert execute([*verify, "--key", str(tmp_path / "KEY.pub")]) == ExitCode.ALLOWED
    assert execute([*verify, "--key", str(tmp_path / "OTHER.pub")]) == ExitCode.FAULT
    assert execute(verify) == ExitCode.INVALID
    assert "add --key" in capsys.readouterr().err


def test_a_chain_that_was_cut_does_not_reach_its_signed_head(
    place: str, ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(["keys", "new", "--out", str(tmp_path / "KEY")])
    shutil.copytree(tmp_path / "a", tmp_path / "copy")
    ledger.record_student("s", f"sha256:{1:064x}")
    capsys.readouterr()
    execute(["ledger", "head", "--ledger", place, "--key", str(tmp_path / "KEY")])
    head = tmp_path / "head.json"
    head.write_text(capsys.readouterr().out)
    cut = str(tmp_path / "copy" / "ledger.db")
    signed = ["--head", str(head), "--key", str(tmp_path / "KEY.pub")]
    assert execute(["ledger", "verify", "--ledger", cut, *signed]) == ExitCode.FAULT
    assert "the chain ends at entry 0, the head given is entry 1" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["show", "x#1"], ["teachers", "x"], ["verify"], ["audits"], ["head"]])
def test_a_ledger_that_is_not_there_is_a_usage_error(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "none.db")
    assert execute(["ledger", *arguments, "--ledger", missing]) == ExitCode.INVALID
    assert "fix:" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", '{"index": true, "hash": "x"}', '{"index": 1}'])
def test_a_head_that_is_none_cannot_verify(
    place: str, content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = tmp_path / "head.json"
    head.write_text(content)
    assert execute(["ledger", "verify", "--ledger", place, "--head", str(head)]) == ExitCode.FAULT


def test_control_characters_in_data_are_shown_not_obeyed(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(ledger, 3, "bad\x1b[2J", "x\x1b]0;title.jsonl")
    place = str(tmp_path / "a" / "ledger.db")
    execute(["ledger", "audits", "--ledger", place])
    execute(["ledger", "show", "x\x1b]0;title.jsonl#0", "--ledger", place])
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "bad\\u001b[2J" in shown


def test_damaged_rows_are_named_by_every_command(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shard,) = tmp_path.rglob("*.parquet")
    shard.write_bytes(b"PAR1" + bytes(200) + b"PAR1")
    out = str(tmp_path / "out")
    for question in (["show", "train.jsonl#3"], ["show", digest_of(3).hex()], ["export", "--out", out]):
        assert execute(["ledger", *question, "--ledger", place]) == ExitCode.FAULT
        assert "the rows of an audit cannot be read" in capsys.readouterr().err
