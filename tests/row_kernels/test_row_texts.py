"""Texts come out of their JSON as a parser gives them, with those that rows bring along between them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.jit.compile import COMPILED
from auditor.row_kernels.json_rows import RowDigests
from auditor.row_kernels.row_schemas import RowSchemas
from auditor.row_kernels.row_texts import texts_of_rows
from auditor.row_kernels.text import PAD
from auditor.samples.readers.runs import Outline

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")
TEXTS = st.text(st.sampled_from('ab"\\/\n\t\r\b\f\x01é日\u2028\U0001f600 '), min_size=1, max_size=90)


def outline(texts: list[str], ascii_only: bool) -> Outline:
    """Return the outline of rows of one text each."""
    raws = [json.dumps({"a": text}, ensure_ascii=ascii_only).encode() for text in texts]
    ends = np.cumsum([len(raw) for raw in raws])
    starts = np.array([0, *ends[:-1]], np.int64)
    held = np.frombuffer(b"".join(raws) + bytes(PAD), np.uint8)
    notes = RowSchemas().notes(len(raws), len(raws))
    RowDigests.shared().of_rows(held, starts, ends, notes)
    return Outline.of(notes, held, slice(None), escaped=True)


@given(st.lists(TEXTS, min_size=1, max_size=9), st.lists(TEXTS, max_size=3), st.booleans())
@settings(deadline=None)
def test_texts_are_those_that_a_parser_gives(texts: list[str], own: list[str], ascii_only: bool) -> None:
    many = np.full(len(texts), -1, np.int64)
    many[0] = len(own)
    encoded = [text.encode() for text in own]
    brought: Any = (many, np.cumsum([len(one) for one in encoded]).astype(np.int64), b"".join(encoded))
    count = len(texts) - 1 + len(own)
    ends, text = texts_of_rows(
        outline(texts, ascii_only), len(texts), np.zeros(1, np.int64), np.array([1, 0]), brought, count
    )
    cuts = [0, *ends.tolist()]
    found = [text[a:b].tobytes().decode() for a, b in pairwise(cuts)]
    assert found == own + texts[1:]
