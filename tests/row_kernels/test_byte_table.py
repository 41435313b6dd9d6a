"""Byte strings are numbered by every byte, and a table takes no more than it has room for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.jit.compile import COMPILED
from auditor.row_kernels.byte_table import ByteTable

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")


@given(st.lists(st.binary(max_size=20) | st.sampled_from((b"", b"\0", b"\0" * 8, b"\0" * 9)), max_size=60))
def test_equal_strings_have_one_number_and_no_others(keys: list[bytes]) -> None:
    table, numbers = ByteTable(64, 1 << 12), {}
    for key in keys:
        assert table.add(key) == numbers.setdefault(key, len(numbers))
    assert len(table) == len(numbers)


def test_a_table_takes_no_more_strings_or_bytes_than_it_has_room_for() -> None:
    table = ByteTable(2, 10)
    assert [table.add(key) for key in (b"a" * 8, b"b" * 8, b"c", b"d", b"c", b"a" * 8)] == [
        0,
        -1,
        1,
        -1,
        1,
        0,
    ]
