"""What SQLite itself calls malformed is no ledger that holds; checking one writes nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from auditor.cli.main import execute

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


def verify(path: Path) -> int:
    return execute(["ledger", "verify", "--no-rows", "--ledger", str(path)])


def test_a_ledger_holds_where_nothing_can_be_written_beside_it(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "l.db"
    path.write_bytes(whole)
    (tmp_path / "l.db-shm").mkdir()  # SQLite's own file cannot be made
    assert verify(path) == 0
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
    assert verify(tmp_path / "l.db") == 4


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
    assert verify(path) == 4, name


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_ledger_cut_short_is_malformed(tmp_path: Path, whole: bytes, share: float) -> None:
    path = tmp_path / "l.db"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert verify(path) == 4
