from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import LedgerError
from auditor.ledger.lookup import DigestIndex

digests = st.lists(st.none() | st.binary(min_size=2, max_size=2).map(lambda head: head * 16), max_size=40)


@given(digests, st.binary(min_size=1, max_size=3), st.integers(1, 7))
def test_exactly_the_rows_with_the_prefix_are_found(
    values: list[bytes | None], prefix: bytes, size: int
) -> None:
    builder = DigestIndex.Builder()
    chunks = [pa.array(values[at : at + size], pa.binary(32)) for at in range(0, len(values), size)]
    builder.add(pa.chunked_array(chunks, pa.binary(32)).slice(0))
    found = list(builder.build().rows(prefix))
    assert sorted(found) == [row for row, value in enumerate(values) if value and value.startswith(prefix)]


def test_slices_are_read_from_their_own_start() -> None:
    column = pa.chunked_array([pa.array([bytes([n]) * 32 for n in range(9)], pa.binary(32)).slice(4, 3)])
    builder = DigestIndex.Builder()
    builder.add(column)
    index = builder.build()
    assert [list(index.rows(bytes([n]))) for n in (3, 4, 6, 7)] == [[], [0], [2], []]


@pytest.mark.parametrize("content", [b"", b"not numpy", b"\x93NUMPY\x01\x00"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match=r"x\.npy"):
        DigestIndex.open(path)


def test_a_file_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    builder = DigestIndex.Builder()
    builder.add(pa.chunked_array([pa.array([b"a" * 32, None, b"b" * 32], pa.binary(32))]))
    builder.build().save(tmp_path / "x.npy")
    opened = DigestIndex.open(tmp_path / "x.npy")
    assert (len(opened), list(opened.rows(b"b" * 32))) == (2, [2])
