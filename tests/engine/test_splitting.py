"""Rows are split by copying what was read; a split row by row gives the same rows."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.digest import DatasetDigest, row_digest
from auditor.engine.row_sides import ABSENT, KEPT, REMOVED, UNJUDGED, RowSides
from auditor.engine.splitting import write_split
from auditor.samples.rows import iter_row_digests

LINES = [
    b'{"text": "a",   "n": 1}',
    b"",
    b'{"n": 123456789012345678901234567890, "text": "b"}\r',
    b"{broken",
    b'{"text": "\\u00e9 \xc3\xa9", "x": [1.50, {"y": null}]}',
    b"   ",
    b'{"text": "unjudged"}',
    b'{"text": "a",   "n": 1}',
]
"""Four rows that were judged, two blank lines, one that is no row and one that nobody judged."""


def sides(name: str) -> RowSides:
    found = RowSides()
    ids = pa.array([f"{name}#{row}" for row in (0, 1, 3, 5)])
    found.add(ids, pa.array([True, False, True, False]))
    found.add_unjudged([f"{name}#2", f"{name}#4", "a name without a row"])
    return found


def digest(path: Path, but: set[str]) -> str:
    gathered = DatasetDigest()
    rows = iter_row_digests([str(path)], on_fault=lambda sample, fault: None)
    gathered.extend(found for sample, found in rows if sample.rpartition("#")[2] not in but)
    return gathered.digest()


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_lines_are_copied_as_they_were_read(tmp_path: Path, name: str) -> None:
    data = tmp_path / name
    raw = b"\xef\xbb\xbf" + b"\n".join(LINES)
    data.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    told: list[int] = []
    known, out = sides(name), tmp_path / "out"
    result = write_split([str(data)], known, out, digest(data, {"4"}), told.append)
    assert result.rows == {"kept": 2, "removed": 3}
    assert result.unreadable == 1
    kept, removed = (Path(result.files[side][0]).read_bytes() for side in ("kept", "removed"))
    assert kept == LINES[0] + b"\n" + LINES[4] + b"\n"
    assert removed == b"".join(line + b"\n" for line in (LINES[2], LINES[6], LINES[7]))
    [unreadable] = (out / "unreadable.jsonl").read_text().splitlines()
    assert json.loads(unreadable)["sample_id"].endswith("#2")
    record = json.loads((out / "split.json").read_text())
    assert record["rows"] == result.rows
    assert told == sorted(told)
    assert told[-1] == 5 + 6


WHOLE = [
    b'{\n "text": "a",\r\n   "n": 1e0}',
    b"7",
    b'{"n":123456789012345678901234567890}',
    b'{"text":"\\u00e9\\n"}',
]


@pytest.mark.parametrize("around", [b"[%s]", b'{"license": "MIT",\n"data": [%s], "model": "m"}', b"%s"])
@pytest.mark.parametrize("packed", [False, True])
def test_rows_of_json_keep_their_own_text(tmp_path: Path, around: bytes, packed: bool) -> None:
    wrapped = around.startswith(b"{")
    texts = [text for text in WHOLE if not wrapped or text != b"7"]
    raw = around % (b"\n" if around == b"%s" else b",\n").join(texts)
    data = tmp_path / ("rows.json.gz" if packed else "rows.json")
    data.write_bytes(gzip.compress(raw) if packed else raw)
    known, last = RowSides(), len(texts) - 1
    numbers = [at for at, text in enumerate(texts) if text != b"7"]
    known.add(pa.array([f"{data.name}#{at}" for at in numbers]), pa.array([at < last for at in numbers]))
    result = write_split([str(data)], known, tmp_path / "out", digest(data, set()))
    assert result.unreadable == (not wrapped)
    kept, removed = (Path(result.files[side][0]).read_bytes() for side in ("kept", "removed"))
    assert kept == b'{  "text": "a",     "n": 1e0}\n' + WHOLE[2] + b"\n"
    assert removed == WHOLE[3] + b"\n"


@pytest.mark.parametrize("suffix", ["json", "csv", "parquet", "arrow"])
def test_every_format_gives_each_side_the_rows_that_are_its_own(tmp_path: Path, suffix: str) -> None:
    rows = [{"text": f"row {at}", "n": str(at)} for at in range(20_000)]
    data = tmp_path / f"rows.{suffix}"
    table = pa.Table.from_pylist(rows)
    if suffix == "json":
        data.write_text(json.dumps(rows))
    elif suffix == "csv":
        data.write_text("text,n\n" + "".join(f"{row['text']},{row['n']}\n" for row in rows))
    elif suffix == "parquet":
        pq.write_table(table, data, row_group_size=3000)
    else:
        with pa.ipc.new_file(data, table.schema) as writer:
            writer.write_table(table, max_chunksize=3000)
    stay = [at % 3 == 0 or at > 15_000 for at in range(len(rows))]
    known = RowSides()
    ids = pa.array([f"{data.name}#{at}" for at in range(len(rows))])
    for start in (10_000, 0):
        known.add(ids[start : start + 10_000], pa.array(stay[start : start + 10_000]))
    result = write_split([str(data)], known, tmp_path / "out", digest(data, set()))
    for side, wanted in (("kept", True), ("removed", False)):
        found = [one for _, one in iter_row_digests(result.files[side])]
        assert found == [row_digest(row) for row, stays in zip(rows, stay, strict=True) if stays is wanted]


def test_a_row_has_the_side_that_was_said_last_and_none_where_nobody_said() -> None:
    known = RowSides()
    known.add(pa.array(["a#b#3", "a#b#1", "a#b#3"]), pa.array([False, True, True]))
    known.add_unjudged(["a#b#7"])
    assert known.of("a#b", [0, 1, 2, 3, 7, 8]).tolist() == [ABSENT, KEPT, ABSENT, KEPT, UNJUDGED, ABSENT]
    known.add(pa.array(["a#b#1"]), pa.array([False]))
    assert known.of("a#b", [1]).tolist() == [REMOVED]
    assert known.of("b", [1]).tolist() == [ABSENT]
    with pytest.raises(pa.ArrowInvalid):
        known.add(pa.array(["no row"]), pa.array([True]))
