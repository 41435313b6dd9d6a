"""Rows digested together have the digests, and the errors, that each has alone."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from auditor.canonical import RowError
from auditor.digest import digest_json, digest_many

_ODD = [
    b'{"a":1,"a":2}',
    b'{"a":null,"a":null}',
    b'{"a":{"b":1,"b":1}}',
    b'{"a":"\\u0022","b":null}',
    b'{"a":"\\u0022","b":1,"b":2}',
    b'{"a":18446744073709551617}',
    b'{"a":1e400}',
    b'{"a":NaN}',
    b'{"\\"":null}',
    b'{"a":"\\\\u0022"}',
    b"[1]",
    b"{",
    b"",
]
_TEXTS = st.one_of(
    st.sampled_from(_ODD),
    st.dictionaries(
        st.text(max_size=4),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        max_size=4,
    ).map(lambda row: json.dumps(row, allow_nan=True).encode()),
)


def alone(raw: bytes) -> tuple[bytes, dict[str, object]] | str:
    try:
        return digest_json(raw)
    except RowError as error:
        return error.message


@given(st.lists(_TEXTS, max_size=12))
def test_rows_together_are_read_as_each_alone(raws: list[bytes]) -> None:
    together = [found.message if isinstance(found, RowError) else found for found in digest_many(raws)]
    assert repr(together) == repr([alone(raw) for raw in raws])


def test_a_gained_quote_does_not_hide_a_lost_member_of_another_row() -> None:
    gains, loses = b'{"a":"\\u0022\\u0022"}', b'{"a":1,"a":2}'
    found = digest_many([gains, loses])
    assert isinstance(found[1], RowError)
    assert found[0] == digest_json(gains)
