"""Elements are cut by machine code where the reader's own expression cuts them, however a file is cut."""

from __future__ import annotations

import io
import random

import pytest

from auditor.jit.compile import COMPILED
from auditor.row_kernels.json_elements import find_elements
from auditor.row_kernels.text import PAD
from auditor.samples.readers import json_arrays, json_wrapped
from auditor.samples.readers.chunk import Chunk

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")
PIECES = (
    *(
        b'{"a": 1}',
        b'{"a": "]}"}',
        b'{"a": "\\\\"}',
        b'{"a": "\\"]"}',
        b"[1, [2]]",
        b"{}",
        b"7",
        b'"x"',
        b"]",
    ),
    *(b"}", b"{", b'{"a": "', b",", b"\n", b" ", b'{"a": [{"b": {}}],\n "c": "\xc3\xa9\n"}'),
    b'{"l": "%b"}' % (b"x" * 99),
)


def test_elements_end_where_their_brackets_close() -> None:
    text = b' {"a": "]"}, {"b": [{}]} , {"c": '
    starts, ends, state = find_elements(text + bytes(PAD), 0, 0, 0)
    assert [text[a:b] for a, b in zip(starts, ends, strict=True)] == [b'{"a": "]"}', b'{"b": [{}]}']
    assert state == (28, 1, 27)


def chunks(data: bytes, by_kernel: bool, monkeypatch: pytest.MonkeyPatch) -> list[Chunk]:
    monkeypatch.setattr(json_arrays, "pays", lambda size: by_kernel)
    return list(json_arrays.read_array(io.BytesIO(data), 7))


@pytest.mark.parametrize("seed", range(300))
def test_lists_are_cut_alike(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    good = chance.choice((0.5, 0.9, 1.0))
    made = [chance.choice(PIECES[:4] if chance.random() < good else PIECES) for _ in range(40)]
    data = b"[" + chance.choice((b",", b", \n", b"")).join(made) + chance.choice((b"]", b"", b"] x"))
    monkeypatch.setattr(json_wrapped, "_BLOCK", chance.choice((1, 5, 64, 1 << 20)))
    own, other = (chunks(data, by_kernel, monkeypatch) for by_kernel in (True, False))
    assert [(one.numbers, one.lines, one.digests, one.faults, one.rows) for one in own] == [
        (one.numbers, one.lines, one.digests, one.faults, one.rows) for one in other
    ]
