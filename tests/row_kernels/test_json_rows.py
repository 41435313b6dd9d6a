"""The kernel over JSON text gives the exact path's digests, or leaves a row to it; it never gives another."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.canonical import RowError, parse_canonical
from auditor.jit.compile import COMPILED
from auditor.row_kernels import json_rows
from auditor.row_kernels.json_rows import DONE, RowDigests
from auditor.row_kernels.text import PAD
from tests.effort import tries

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")

PIECES = [
    "a",
    "model",
    " ",
    "é",
    "日",
    "\U0001f600",
    '"',
    "\\",
    "/",
    "\n",
    "\t",
    "\x01",
    "\x1f",
    "\x7f",
    "\u2028",
    "\ue000",
]
KEYS = ["a", "b", "ab", "", "é", "model", "z" * 40, 'a"b', "x\\y", "\ue000", "\U0001f600", "日本"]
ODD = [
    b"-0",
    b"0.0",
    b"-0.0",
    b"1e5",
    b"1.50",
    b"00",
    b"1.",
    b".5",
    b"-",
    b"+1",
    b"nul",
    b"tru",
    b"True",
    b"[null]",
    b"0.1000000000000000055511151231257827",
    b"123456789012345.6",
    b"0.000001",
    b"0.0000001",
    b"1234567890123456789",
    b"999999999999999999",
    b"9007199254740993",
    b"1e400",
    b"0.30000000000000004",
    b"0.3000000000000000444",
    b'"\\u0041"',
    b'"\\ud83d\\ude00"',
    b'"\\ud83d"',
    b'"\\ud83dx"',
    b'"\\/"',
    b'"\\u0022"',
    b'"\\u001F"',
    b'"\\x"',
    b'"\xed\xa0\x80"',
    b'"\xc0\x80"',
    b'"\xff"',
    b'"\xf4\x90\x80\x80"',
    b'"\t"',
    b'"open',
    b"{}",
    b"[]",
    b"[,]",
    b"{,}",
    b'{"b":1,"b":2}',
    b'{"b":null,"b":2}',
    b'{"b" 1}',
    b"[1 2]",
    b"[1,]",
    b'{"b":1,}',
    b"1 2",
    b"}",
    b"]",
]


def exact(raw: bytes) -> bytes | None:
    try:
        return hashlib.sha256(parse_canonical(raw)[1]).digest()
    except RowError:
        return None


def by_kernel(raws: Sequence[bytes], between: bytes = b"\n") -> list[bytes | None]:
    """Return the kernel's digests; None for a row that it leaves."""
    text, starts, ends = bytearray(), [], []
    for raw in raws:
        starts.append(len(text))
        text += raw
        ends.append(len(text))
        text += between
    buffer = np.frombuffer(bytes(text) + bytes(PAD), np.uint8)
    digests, states = RowDigests().of_rows(buffer, np.array(starts, np.int64), np.array(ends, np.int64))
    return [d.tobytes() if s == DONE else None for d, s in zip(digests, states, strict=True)]


def agree(raws: Sequence[bytes], between: bytes = b"\n") -> int:
    """Hold the kernel to the exact path; return how many rows it digested itself."""
    done = 0
    for raw, digest in zip(raws, by_kernel(raws, between), strict=True):
        if digest is not None:
            assert digest == exact(raw), raw
            done += 1
    return done


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=6),
    max_leaves=20,
)


@settings(max_examples=tries(150), deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=8), values, max_size=6), min_size=1, max_size=8), st.booleans()
)
def test_any_row_has_the_digest_of_the_exact_path(rows: list[dict[str, Any]], ascii_only: bool) -> None:
    raws = [json.dumps(row, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass") for row in rows]
    agree(raws)


def test_plain_rows_are_digested_by_the_kernel_itself() -> None:
    rows = [
        {
            "instruction": "Say “hi” in Français",
            "input": "",
            "output": 'He said "no"\n\\ \t/',
            "score": 0.1234567,
        },
        {
            "messages": [{"role": "user", "content": "日本語" * 40}, {"role": "assistant", "content": None}],
            "n": [1, None],
        },
        {"b": 1, "a": {"d": True, "c": False, "e": None}, "f": 0.30000000000000004, "g": -17, "h": 12.0},
        {},
    ]
    for spread in (None, 2):
        for ascii_only in (True, False):
            raws = [json.dumps(row, ensure_ascii=ascii_only, indent=spread).encode() for row in rows]
            assert agree(raws) == len(raws)


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_an_odd_value_is_digested_as_by_the_exact_path_or_left(odd: bytes) -> None:
    shapes = [
        b'{"a":%b}',
        b'{"a":[%b,1],"b":"x"}',
        b'{"z":{"a":%b},"a":%b}',
        b'{"a":%b',
        b"{%b:1}",
        b"%b",
        b' {"a" : %b } ',
    ]
    raws = [shape.replace(b"%b", odd) for shape in shapes]
    for between in (b"\n", b"", b'"', b"}", b"0"):
        agree(raws, between)


def test_where_a_row_ends_nothing_behind_it_is_read() -> None:
    whole = b'{"a": "some text", "b": [1.25, true, null], "c": {"d": "e"}}'
    cut = [whole[:size] for size in range(len(whole))]
    assert by_kernel(cut, whole) == [None] * len(cut)


def _text(chance: random.Random) -> str:
    return "".join(chance.choices(PIECES, k=chance.choice([0, 1, 3, 31, 32, 33, 64])))


def _value(chance: random.Random, depth: int) -> Any:
    kind = chance.random()
    if depth > 4 or kind < 0.4:
        return _text(chance)
    if kind < 0.6:
        return chance.choice(
            [
                0,
                -1,
                10**17,
                10**18,
                2**63,
                2**64,
                -(2**63),
                chance.random() * 10 ** chance.randint(-8, 20),
                round(chance.random() * 1000, chance.randint(0, 8)),
                float(chance.randint(-99, 99)),
            ]
        )
    if kind < 0.7:
        return chance.choice([True, False, None])
    if kind < 0.85:
        return {chance.choice(KEYS): _value(chance, depth + 1) for _ in range(chance.randint(0, 6))}
    return [_value(chance, depth + 1) for _ in range(chance.randint(0, 5))]


def _raw(chance: random.Random) -> bytes:
    """Return the text of a row, now and then with an odd value, or with bytes changed."""
    row = {chance.choice(KEYS): _value(chance, 1) for _ in range(chance.randint(0, 8))}
    separators = chance.choice([(",", ":"), (", ", ": "), (" ,\t", " :\r")])
    raw = json.dumps(row, ensure_ascii=chance.random() < 0.5, separators=separators).encode()
    kind = chance.random()
    if kind < 0.2:
        raw = raw.replace(
            chance.choice([b'"a"', b"true", b"0", b",", b":"]), chance.choice(ODD), chance.randint(1, 3)
        )
    elif kind < 0.4:
        changed = bytearray(raw)
        for _ in range(chance.randint(1, 3)):
            changed[chance.randrange(len(raw))] = chance.choice(
                [*b'"\\,:{}[] \x80\xc3', chance.randrange(256)]
            )
        raw = bytes(changed)
    return raw


@pytest.mark.parametrize("seed", range(4))
def test_fuzzed_rows_have_the_digest_of_the_exact_path(seed: int) -> None:
    chance = random.Random(seed)
    raws = [_raw(chance) for _ in range(2000)]
    assert agree(raws, chance.choice([b"\n", b"", b'"'])) > 300


@pytest.mark.slow
def test_many_fuzzed_rows_have_the_digest_of_the_exact_path() -> None:
    chance = random.Random(20261127)
    for _ in range(10):
        agree([_raw(chance) for _ in range(10_000)], chance.choice([b"\n", b"", b'"', b","]))


def test_a_processor_without_its_own_sha_256_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    raws = [_raw(chance) for _ in range(500)]
    own = by_kernel(raws)
    monkeypatch.setattr(json_rows, "OWN_SHA256", False)
    assert by_kernel(raws) == own


def test_objects_of_very_many_members_are_left() -> None:
    wide = json.dumps({f"k{n:05}": n for n in range(5000, 0, -1)}).encode()
    assert by_kernel([wide, b'{"a":1}'])[0] is None
    assert agree([wide, b'{"a":1}']) == 1
