from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import auditor.ledger
from auditor.errors import LedgerError
from auditor.ledger.database import connect
from auditor.ledger.location import locate
from auditor.ledger.schema import HEAD, upgrade
from auditor.ledger.store import Ledger
from auditor.ledger.tables import Table
from auditor.ledger.verification import verify
from tests.ledger.material import NOW, record


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(auditor.ledger.__file__).with_name("migrations")))
    return config


def _to(place: str, revision: str) -> None:
    config = _config()
    engine = connect(locate(place), foreign_keys=False)
    with engine.execution_options(auditor_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        known = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
        ).first()
        (command.downgrade if known else command.upgrade)(config, revision)
    engine.dispose()


def test_models_and_migrations_agree(tmp_path: Path) -> None:
    location = locate(str(tmp_path / "l.db"))
    upgrade(location)
    engine = connect(location, foreign_keys=True)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_a_new_ledger_is_made_as_the_migrations_make_one(tmp_path: Path) -> None:
    made, migrated = str(tmp_path / "made.db"), str(tmp_path / "migrated.db")
    upgrade(locate(made))
    _to(migrated, "head")
    found = []
    for place in (made, migrated):
        statements = sqlite3.connect(place).execute("SELECT name, sql FROM sqlite_master").fetchall()
        # The order of a table's constraints is that of the source, and says nothing.
        found.append({name: sorted(re.findall(r"\w+", sql or "")) for name, sql in statements})
        assert sqlite3.connect(place).execute("SELECT * FROM alembic_version").fetchall() == [(HEAD,)]
    assert found[0] == found[1]


def test_the_head_is_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(_config()).get_heads() == [HEAD]


def test_an_old_ledger_is_upgraded_with_all_it_holds(tmp_path: Path) -> None:
    place = str(tmp_path / "l.db")
    with Ledger.open(place, lambda: NOW) as ledger:
        record(ledger)
        head = ledger.head()
    _to(place, "0001")
    with sqlite3.connect(place) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "students" not in tables
    with Ledger.open(place, lambda: NOW) as ledger:
        assert verify(ledger.database, head).broken is None
        ledger.record_student("s", "sha256:1")


def test_a_newer_ledger_is_left_alone(tmp_path: Path) -> None:
    place = str(tmp_path / "l.db")
    Ledger.open(place, lambda: NOW).close()
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerError, match="9999") as caught:
        Ledger.open(place, lambda: NOW)
    assert "upgrade auditor" in (caught.value.fix or "")


def test_a_migration_that_fails_leaves_the_old_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "l.db")
    _to(place, "0001")
    real = command.upgrade

    def fail(config: Config, revision: str) -> None:
        real(config, revision)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", fail)
    with pytest.raises(KeyboardInterrupt):
        Ledger.open(place, lambda: NOW)
    with sqlite3.connect(place) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "students" not in names
