from __future__ import annotations

from pathlib import Path

import pytest

from auditor.cli.exit_codes import ExitCode
from auditor.cli.main import execute
from tests.ledger.material import opened, record


def test_impact_names_what_rests_on_terms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(tmp_path / "a" / "ledger.db")
    with opened(tmp_path) as ledger:
        record(ledger)
        ledger.record_student("student-1", f"sha256:{9:064x}")
    assert execute(["impact", "openai-terms-2024-01", "--ledger", place]) == ExitCode.ALLOWED
    shown = capsys.readouterr().out
    assert "'train'  3 rows  deny  newest audit" in shown
    assert "student-1" in shown
    assert execute(["impact", "nobody", "--ledger", place]) == ExitCode.ALLOWED
    assert "Nothing on record" in capsys.readouterr().out
