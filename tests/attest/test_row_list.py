from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from auditor.attest.row_list import RowList
from auditor.attest.row_order import row_list
from auditor.errors import EvidenceError
from auditor.ids import digest_of

PLAIN = str.maketrans({"\n": "\\n", "\r": "\\r"})


@pytest.mark.parametrize(
    "line",
    [
        b"00 data.jsonl#0\n",
        b"0" * 64 + b"\n",
        b"g" * 64 + b" data.jsonl#0\n",
        b"\n",
        b"0" * 63 + b"A a\n",
        b"0" * 65 + b" a\n",
        b"0" * 64 + b" \xff\n",
    ],
)
def test_a_damaged_line_of_a_row_list_is_no_row(line: bytes) -> None:
    whole = RowList.of([("data.jsonl#0", bytes(32))]).dump()
    assert list(RowList.parse(whole).ids) == ["data.jsonl#0"]
    with pytest.raises(ValueError, match=r"row list|codec can't decode"):
        RowList.parse(whole + line)


def rows() -> list[tuple[str, bytes]]:
    """Return rows in no order, with equal digests, near ones, and names of many kinds."""
    chance = random.Random(3)
    digests = [chance.randbytes(32) for _ in range(70_000)]
    found = [(f"file-{at % 7}.jsonl#{at}", digest) for at, digest in enumerate(digests)]
    found += [(f"é\n\r{at}", digests[at % 20]) for at in range(200)]
    found += [("z", digests[0][:8] + bytes(24)), ("", digests[0][:8] + b"\xff" * 24)]
    chance.shuffle(found)
    return found


def test_a_list_made_of_columns_is_the_one_made_row_by_row() -> None:
    given = rows()
    plain = "".join(
        f"{digest.hex()} {name.translate(PLAIN)}\n" for digest, name in sorted((d, n) for n, d in given)
    )
    parts = [given[:9], given[9:9], given[9:]]
    made = row_list(
        (b"".join(digest for _, digest in part), pa.array([name for name, _ in part], pa.string()))
        for part in parts
    )
    assert made.dump() == plain.encode() == RowList.of(given).dump()
    read = RowList.parse(made.dump())
    assert (read.run, read.dump()) == (made.run, made.dump())
    assert (read.root(), read.digest()) == (made.root(), digest_of(plain.encode()))


def test_a_list_in_another_order_is_read_all_the_same() -> None:
    lines = RowList.of(rows()[:500]).dump().splitlines(keepends=True)
    backwards = b"".join(reversed(lines)).replace(b"\n", b"\r\n")
    assert RowList.parse(backwards).dump() == RowList.parse(b"".join(sorted(lines))[:-1]).dump()
    assert len(RowList.parse(b"")) == 0
    assert len(row_list([])) == 0


def test_a_list_is_read_from_its_file_without_its_ids(tmp_path: Path) -> None:
    made = RowList.of(rows())
    path = tmp_path / "permit.intoto.json.rows"
    path.write_bytes(made.dump())
    read = RowList.read(path, made.digest())
    assert (read.run, list(read.ids), read.digest()) == (made.run, list(made.ids), made.digest())
    with pytest.raises(EvidenceError, match="not the one that the permit names"):
        RowList.read(path, digest_of(b""))


@pytest.mark.parametrize("change", [lambda raw: raw[:-1], lambda raw: raw.replace(b"\n", b"\r\n")])
def test_a_file_of_other_line_ends_is_read_all_the_same(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    made = RowList.of(rows()[:100])
    path = tmp_path / "list"
    path.write_bytes(change(made.dump()))
    read = RowList.read(path, digest_of(path.read_bytes()))
    assert (read.run, list(read.ids)) == (made.run, list(made.ids))
    with pytest.raises(EvidenceError, match="not the one that the permit names"):
        RowList.read(path, made.digest())


def test_a_damaged_file_is_first_another_file_than_the_permit_names(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_bytes(RowList.of(rows()[:100]).dump() + b"00 short\n" + bytes(1 << 23))
    with pytest.raises(ValueError, match="row list"):
        RowList.read(path, digest_of(path.read_bytes()))
    with pytest.raises(EvidenceError, match="not the one that the permit names"):
        RowList.read(path, digest_of(b""))
