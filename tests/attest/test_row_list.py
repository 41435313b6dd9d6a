from __future__ import annotations

import random

import pyarrow as pa
import pytest

from auditor.attest.row_list import RowList
from auditor.attest.row_order import row_list

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
    names = pa.chunked_array([[name for name, _ in given[:9]], [name for name, _ in given[9:]]], pa.string())
    made = row_list(b"".join(digest for _, digest in given), names)
    assert made.dump() == plain.encode() == RowList.of(given).dump()
    read = RowList.parse(bytes(made.dump()))
    assert (read.run, bytes(read.lines)) == (made.run, bytes(made.lines))
    assert read.root() == made.root()


def test_a_list_in_another_order_is_read_all_the_same() -> None:
    lines = bytes(RowList.of(rows()[:500]).dump()).splitlines(keepends=True)
    backwards = b"".join(reversed(lines)).replace(b"\n", b"\r\n")
    assert RowList.parse(backwards) == RowList.parse(b"".join(sorted(lines))[:-1])
    assert len(RowList.parse(b"")) == 0
    assert len(row_list(b"", pa.chunked_array([], pa.string()))) == 0
