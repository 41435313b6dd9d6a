"""What an audit that fails or is killed leaves in its folder: no report, and drafts until the next run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.cli.main import execute
from auditor.engine.ledger_sink import LedgerSink
from auditor.errors import LedgerError
from auditor.ledger.store import Ledger

ROW = {"prompt": "p", "completion": "c", "model": "Qwen/Qwen3-8B", "access": "open-weights"}


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    Path("a.jsonl").write_text(json.dumps(ROW) + "\n")
    return tmp_path


def test_an_audit_whose_ledger_fails_leaves_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    assert execute(["audit", "a.jsonl", "-q"]) in (0, 3)

    def full(*arguments: object) -> str:
        raise LedgerError("disk full")

    monkeypatch.setattr(LedgerSink, "commit", full)
    assert execute(["audit", "a.jsonl", "-q"]) == 4
    assert not list(Path("auditor-out").glob("report.*"))
    execute(["keys", "new", "--out", "KEY"])
    assert execute(["attest", "auditor-out", "--key", "KEY"]) == 2


def test_an_audit_killed_before_its_ledger_entry_leaves_no_report() -> None:
    kill = (
        "import os, signal, sys; from auditor.engine.ledger_sink import LedgerSink; "
        "from auditor.cli.main import execute; "
        "LedgerSink.commit = lambda *a: os.kill(os.getpid(), signal.SIGKILL); "
        "execute(['audit', 'a.jsonl', '-q'])"
    )
    assert subprocess.run([sys.executable, "-c", kill], check=False).returncode == -9
    assert not Path("auditor-out/report.json").exists()


def test_a_report_names_its_entry_in_the_ledger() -> None:
    execute(["audit", "a.jsonl", "-q"])
    named = json.loads(Path("auditor-out/report.json").read_text())["audit_id"]
    with Ledger.open(".auditor/ledger.db", lambda: None) as ledger, ledger.database.reading() as session:  # type: ignore[arg-type,return-value]
        from auditor.ledger.tables import Audit

        assert session.get(Audit, named) is not None
    execute(["audit", "a.jsonl", "-q", "--no-ledger"])
    assert json.loads(Path("auditor-out/report.json").read_text())["audit_id"] == ""


def test_drafts_of_dead_runs_are_cleared_and_no_other_file() -> None:
    out = Path("auditor-out")
    out.mkdir()
    dead = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True, check=True).stdout.strip()
    for name in (f".samples.parquet.{dead}", f".report.json.{dead}", ".samples.parquet.1", f".env.{dead}"):
        (out / name).touch()
    execute(["audit", "a.jsonl", "-q"])
    assert sorted(p.name for p in out.glob(".*")) == sorted([".samples.parquet.1", f".env.{dead}"])


def test_a_report_is_put_in_place_after_all_other_files(monkeypatch: pytest.MonkeyPatch) -> None:
    from auditor.report import interface

    written: list[str] = []
    monkeypatch.setattr(interface, "write_atomically", lambda path, content: written.append(path.name))
    execute(["audit", "a.jsonl", "-q"])
    assert written[-1] == "report.json"
