from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.domain.claim import Access, Basis, Grade
from auditor.errors import UsageError
from auditor.ledger.answers import TeacherShare, find_audit, impact, list_audits, teacher_shares
from auditor.ledger.sample import show
from auditor.ledger.store import Ledger
from tests.ledger.material import NOW, digest_of, record


def test_teachers_come_with_share_and_ground_and_rows_without_one_are_counted(ledger: Ledger) -> None:
    record(ledger, 12)
    with ledger.database.reading() as session:
        shares = teacher_shares(session, find_audit(session, "train"))
    assert shares == [
        TeacherShare(None, Access.UNKNOWN, Basis.NONE, Grade.E, 8, 8 / 12),
        TeacherShare("openai/gpt-4", Access.API, Basis.ROW, Grade.C, 4, 4 / 12),
    ]


def test_a_dataset_answers_to_name_digest_and_audit_with_its_newest_audit(ledger: Ledger) -> None:
    old, new = record(ledger, 9), record(ledger, 12)
    with ledger.database.reading() as session:
        assert find_audit(session, "train").id == new
        assert find_audit(session, old).id == old
        assert find_audit(session, f"{9:064x}").id == old
        assert [line.id for line in list_audits(session, "train")] == [new, old]
        with pytest.raises(UsageError):
            find_audit(session, "missing%")


@pytest.mark.parametrize(
    "subject", ["openai/gpt-4", "gpt-4", "MIT", "openai-terms-2024-01", "openai-policies", "OpenAI-Policies"]
)
def test_impact_names_datasets_audits_and_students(ledger: Ledger, subject: str) -> None:
    old, new = record(ledger, 9), record(ledger, 12)
    ledger.record_student("student-1", f"sha256:{12:064x}", "sha256:permit")
    with ledger.database.reading() as session:
        found = impact(session, subject)
    assert [(t.audit, t.samples, t.newest) for t in found.audits] == [(new, 4, True), (old, 3, False)]
    assert [student.name for student in found.students] == ["student-1"]


def test_impact_of_what_nothing_rests_on_is_empty(ledger: Ledger) -> None:
    record(ledger)
    with ledger.database.reading() as session:
        assert impact(session, "mi").audits == ()


STORED = 150


def _steps(ledger: Ledger, action: Callable[[], object]) -> int:
    """The work of SQLite in tens of virtual machine steps."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    with ledger.database.reading() as session:
        raw = session.connection().connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.set_progress_handler(tick, 10)
    action()
    raw.set_progress_handler(None, 0)
    return count


@pytest.mark.slow
def test_an_answer_costs_what_its_own_audit_holds_not_what_is_stored(tmp_path: Path) -> None:
    with Ledger.open(str(tmp_path / "l.db"), lambda: NOW) as ledger:

        def teachers() -> None:
            with ledger.database.reading() as session:
                teacher_shares(session, find_audit(session, "mine"))

        record(ledger, 30, "mine")
        alone = _steps(ledger, teachers)
        for number in range(STORED):
            record(ledger, 30, f"other-{number}", f"{number}.jsonl")
        crowded = _steps(ledger, teachers)
        (answer,) = show(ledger.database, digest_of(3).hex())
    assert 0 < crowded <= 1.5 * alone
    assert len(answer.audits) == STORED + 1
