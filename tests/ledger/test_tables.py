from __future__ import annotations

from auditor.ledger.store import Ledger
from auditor.ledger.tables import StoredVerdict
from tests.ledger.material import record


def test_every_look_up_by_reference_has_an_index(ledger: Ledger) -> None:
    record(ledger)
    with ledger.database.reading() as session:
        plan = session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN SELECT * FROM {StoredVerdict.__tablename__} WHERE audit_id = 'a'"
        )
        assert all("SCAN" not in row[-1] for row in plan)
