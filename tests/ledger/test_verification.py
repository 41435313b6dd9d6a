from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditor.cli.main import execute
from auditor.ledger.chain import Head
from auditor.ledger.store import Ledger
from auditor.ledger.verification import verify
from tests.ledger.material import opened, record


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a ledger of six entries was written once."""
    folder = tmp_path_factory.mktemp("written")
    with opened(folder) as ledger:
        for number in range(4):
            record(ledger, 9 + number)
        ledger.record_student("s", "sha256:1")
        ledger.append("permit.signed", {"permit": "sha256:2"})
    return folder


@pytest.fixture
def grown(written: Path, tmp_path: Path) -> Iterator[Ledger]:
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    with opened(tmp_path) as ledger:
        yield ledger


@pytest.fixture
def edit(tmp_path: Path) -> Callable[[str], None]:
    def run(statement: str) -> None:
        with sqlite3.connect(tmp_path / "a" / "ledger.db") as connection:
            connection.executescript(statement)
        connection.close()

    return run


def test_an_untouched_ledger_holds(grown: Ledger) -> None:
    found = verify(grown.database, grown.head())
    assert found.broken is None
    assert (found.entries, found.head) == (6, grown.head())


def test_a_head_taken_earlier_still_holds_when_the_ledger_has_grown(ledger: Ledger) -> None:
    record(ledger)
    head = ledger.head()
    record(ledger)
    assert verify(ledger.database, head).broken is None


@pytest.mark.parametrize(
    ("statement", "index", "reason"),
    [
        (
            "UPDATE events SET body = replace(body, 'deny', 'allow') WHERE \"index\" = 2",
            2,
            "content was changed",
        ),
        ("UPDATE events SET at = '2020-01-01T00:00:00Z' WHERE \"index\" = 1", 1, "content was changed"),
        ("UPDATE events SET body = '{' WHERE \"index\" = 1", 1, "not JSON"),
        ('DELETE FROM events WHERE "index" = 2', 2, "missing"),
        ('UPDATE events SET previous = hash WHERE "index" = 3', 3, "does not follow"),
        ("UPDATE verdicts SET outcome = 'allow' WHERE rowid = 4", 1, "tables hold"),
        ("UPDATE verdicts SET body = '{}' WHERE rowid = 8", 3, "tables hold"),
        ("UPDATE findings SET waived_by = 'me' WHERE rowid = 3", 2, "tables hold"),
        ("UPDATE audits SET policy_digest = 'x' WHERE event_index = 2", 2, "tables hold"),
        ("UPDATE snapshots SET digest = 'x' WHERE id = 2", 1, "tables hold"),
        ("UPDATE origin_teachers SET grade = 'A'", 0, "tables hold"),
        ("DELETE FROM waivers WHERE rowid = 2", 1, "tables hold"),
        ("UPDATE claims SET value = 'human'", None, "claim set"),
        ("UPDATE claims SET kind = 'no-such-kind'", None, "claim set"),
        ("UPDATE origins SET grade = 'Z', flags = '?'", 0, "tables hold"),
        ("UPDATE students SET name = 'other'", 4, "student"),
        ("DELETE FROM students", 4, "student"),
        (
            "INSERT INTO audits SELECT 'a-x', 99, snapshot_id, 'allow', policy, policy_digest, plan_digest, "
            "knowledge_digest, tool, indexes, coverage, started_at, finished_at FROM audits LIMIT 1",
            None,
            "a-x",
        ),
    ],
)
def test_the_first_broken_entry_is_named(
    grown: Ledger, edit: Callable[[str], None], statement: str, index: int | None, reason: str
) -> None:
    edit(statement)
    broken = verify(grown.database).broken
    assert broken is not None
    assert broken.index == index
    assert reason in broken.reason


def test_changed_and_missing_rows_are_named(grown: Ledger, tmp_path: Path) -> None:
    shard = max(tmp_path.rglob("*.parquet"), key=lambda path: path.stat().st_size)
    data = bytearray(shard.read_bytes())
    data[len(data) // 2] ^= 1
    shard.write_bytes(data)
    broken = verify(grown.database).broken
    assert broken is not None
    assert "rows of audit" in broken.reason
    assert verify(grown.database, files=False).broken is None
    shard.unlink()
    missing = verify(grown.database).broken
    assert missing is not None
    assert "missing" in missing.reason


def test_a_chain_cut_short_is_noticed_only_against_a_head(grown: Ledger, edit: Callable[[str], None]) -> None:
    head = grown.head()
    edit('DELETE FROM events WHERE "index" = 5')
    assert verify(grown.database).broken is None
    broken = verify(grown.database, head).broken
    assert broken is not None
    assert broken.index == 5
    assert "ends at entry 4" in broken.reason


def test_history_written_anew_is_noticed_against_a_head(grown: Ledger, tmp_path: Path) -> None:
    broken = verify(grown.database, Head(2, "0" * 64)).broken
    assert broken is not None
    assert broken.index == 2
    assert "rewritten" in broken.reason


def test_an_empty_ledger_holds_but_not_against_a_head(ledger: Ledger) -> None:
    assert verify(ledger.database).broken is None
    assert verify(ledger.database, Head(0, "0" * 64)).broken is not None


def test_a_number_that_no_audit_writes_is_a_break(grown: Ledger, edit: Callable[[str], None]) -> None:
    edit("UPDATE verdicts SET samples = 9e999")
    broken = verify(grown.database).broken
    assert broken is not None
    assert "not finite" in broken.reason


ROW = '{"prompt": "Q", "completion": "A", "model": "gpt-4o"}\n'


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("ledger")
    (folder / "a.jsonl").write_text(ROW, encoding="utf-8")
    ledger = folder / "l.db"
    execute(["audit", str(folder / "a.jsonl"), "-q", "--out", str(folder / "out"), "--ledger", str(ledger)])
    with sqlite3.connect(ledger) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.close()
    return ledger.read_bytes()


def exit_code(path: Path) -> int:
    return execute(["ledger", "verify", "--no-rows", "--ledger", str(path)])


def test_a_ledger_holds_where_nothing_can_be_written_beside_it(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "l.db"
    path.write_bytes(whole)
    (tmp_path / "l.db-shm").mkdir()  # SQLite's own file cannot be made
    assert exit_code(path) == 0
    assert path.read_bytes() == whole


@pytest.mark.parametrize("content", [b"", b"\n", b"no database" * 500, b"SQLite format 3\0" + b"\0" * 4080])
def test_what_is_no_ledger_is_refused(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "l.db"
    path.write_bytes(content)
    for command in (["ledger", "verify"], ["ledger", "audits"], ["ledger", "head"]):
        assert execute([*command, "--ledger", str(path)]) == 4
        shown = capsys.readouterr().err
        assert "internal" not in shown
        assert "l.db" in shown
    assert path.read_bytes() == content


def test_a_database_of_something_else_is_no_ledger(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "l.db") as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    assert exit_code(tmp_path / "l.db") == 4


def test_an_index_that_lost_its_entries_is_malformed(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "l.db"
    path.write_bytes(whole)
    with sqlite3.connect(path) as opened:
        opened.execute("PRAGMA writable_schema = ON")
        name, page = opened.execute(
            "SELECT name, rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'audits' LIMIT 1"
        ).fetchone()
        size = opened.execute("PRAGMA page_size").fetchone()[0]
    opened.close()
    data = bytearray(path.read_bytes())
    start = (page - 1) * size
    data[start + 3 : start + 5] = b"\0\0"  # the page of the index says that it holds no cell
    path.write_bytes(data)
    assert exit_code(path) == 4, name


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_ledger_cut_short_is_malformed(tmp_path: Path, whole: bytes, share: float) -> None:
    path = tmp_path / "l.db"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert exit_code(path) == 4
