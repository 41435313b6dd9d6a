"""Encodings are undone in a time that grows with the text alone, and each character keeps its place."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.fingerprint.disguise import encodings
from auditor.fingerprint.disguise.encodings import decoded
from auditor.fingerprint.disguise.view import Disguise, View

WORD = "abcdefghijklmnop"
TAGS = re.compile(
    r"<!--.{0,4000}?-->|</?([A-Za-z][\w:-]{0,40})(?:\s[^<>]{0,2000})?/?>|<![A-Za-z][^<>]{0,200}>", re.S
)
PIECES = ["<!--", "-->", "<b>", "<", ">", "a", " ", "<!D>", "--", "<!", "é", "x" * 3995]


class Counting(str):
    """A text that counts how often something is looked for in it."""

    looked = 0

    def find(self, *given: Any) -> int:
        self.looked += 1
        return super().find(*given)


@pytest.mark.parametrize("end", ["", "-->"])
def test_the_end_of_a_comment_is_looked_for_once(end: str) -> None:
    text = Counting("<!--" * 5000 + end)
    assert len(list(encodings._tags(text))) == bool(end)
    assert text.looked == 1


def test_a_row_of_escapes_is_one_match() -> None:
    assert len(list(encodings._ESCAPES.finditer("\\" * 1000))) == 1
    assert len(list(encodings._ESCAPES.finditer("\\n" * 1000))) == 1


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_comments_are_found_as_one_pattern_finds_them(text: str) -> None:
    spans = [(one.span(), one[1]) for one in TAGS.finditer(text)]
    assert [(one.span(), one[1]) for one in encodings._tags(text)] == spans


def spread(first: int, last: int, size: int) -> list[tuple[int, int]]:
    """Return where each of `size` characters that replace a stretch stands: the stretch in even parts."""
    edges = np.linspace(first, last, size + 1).astype(np.int64)
    starts = np.minimum(edges[:-1], last - 1)
    ends = np.maximum(edges[1:] - 1, edges[:-1]).clip(first, last - 1)
    return list(zip(starts.tolist(), (ends + 1).tolist(), strict=True))


@given(st.text("ab.", max_size=40), st.lists(st.text("XYZ", max_size=9), min_size=1, max_size=4))
def test_what_replaces_a_stretch_stands_evenly_where_it_stood(text: str, pieces: list[str]) -> None:
    matches = list(re.finditer("[ab]+", text))
    told = iter(pieces * len(matches))
    view = View.of(text).replaced(matches, lambda match: next(told), Disguise.HEX)
    if view is None:
        assert not matches
        return
    places: list[tuple[int, int]] = []
    done, chosen = 0, iter(pieces * len(matches))
    for match in matches:
        places += [(place, place + 1) for place in range(done, match.start())]
        places += spread(*match.span(), len(next(chosen)))
        done = match.end()
    places += [(place, place + 1) for place in range(done, len(text))]
    assert list(zip(view.starts.tolist(), view.ends.tolist(), strict=True)) == places
    assert len(view.text) == len(places)


def test_a_row_of_escapes_stands_where_its_backslashes_stood() -> None:
    view = decoded(View.of('say \\"no\\"\\n\\\\u0041 \\u0042'))
    assert view.text == 'say "no"\n\\u0041 B'  # the backslash that is left is none of the row
    assert [view.origin(place, place + 1) for place in (4, 7, 8, 9)] == [(4, 6), (8, 10), (10, 12), (12, 14)]


def test_base64_before_another_word_is_read_up_to_it() -> None:
    code = "aGVsbG8gd29ybGQgYWdhaW4gYW5kIG1vcmU"
    assert decoded(View.of(f"{code} {WORD}é")).text.startswith("hello world again and more ")
