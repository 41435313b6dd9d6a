from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from auditor.ledger.answers import find_audit, teacher_shares
from auditor.ledger.sample import show
from auditor.ledger.store import Ledger
from auditor.ledger.tables import StoredVerdict
from tests.ledger.material import NOW, digest_of, record

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


def test_every_look_up_by_reference_has_an_index(ledger: Ledger) -> None:
    record(ledger)
    with ledger.database.reading() as session:
        plan = session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN SELECT * FROM {StoredVerdict.__tablename__} WHERE audit_id = 'a'"
        )
        assert all("SCAN" not in row[-1] for row in plan)
