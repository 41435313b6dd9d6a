"""One compiled pass finds the signs that the patterns find."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.fingerprint.phrases import SIEVE, find_phrases
from auditor.fingerprint.signs.kernel import find_signs
from auditor.fingerprint.signs.patterns import BARE_ANSWER, SPOKEN, signs_by_patterns
from auditor.fingerprint.signs.text_signs import _tables, signs_of, spoken
from auditor.fingerprint.tokens.words import utf8
from auditor.jit.compile import COMPILED

pytestmark = pytest.mark.skipif(not COMPILED, reason="without a compiler the patterns are the only way")

SIGNS = "\n|\n\n| |\t|\r\n|\f|  |\u00a0|;|{|}|`|```|\\|=|\"|“|”|…|’|'|.|,|!|?|A|B|Zz|aa|é|文|😀|0|12"
MORE_SIGNS = "(|)|×|÷|+|-"
PROGRAMS = "def |def|class X|import a|#include <x>|SELECT|public|function f|const|let|letter"
FORMULAS = "\\frac|\\fracs|\\int{"
PROSE = 'The evening takes the river|A colon: no|And nobody came|Said he. “No way”, |"Yes, sir." |"A." '
PHRASES = "I'm |i’m |I am |im |my name is |This is |thiſ iſ |as |aſ |AS\n|an |a |my training"
NAMES = "GPT-4|gpt 3|OpenAI|Claude|miſtral |Le Chat|command r|yi-34b|meta ai|AI|virtual ai"
MAKERS = "trained by |built\tby  |made by|by |01.AI|xAI|google|text-based AI|large language model"
REFUSALS = "I'm sorry|I am ſorry|i’m not able|I am unable|I cannot |I can't |i can’t|my \u212anowledge"
PIECES = (
    *"|".join((SIGNS, MORE_SIGNS, PROGRAMS, FORMULAS, PROSE, PHRASES, NAMES, MAKERS, REFUSALS)).split("|"),
    *("x" * 61, "Y" + "y" * 60, "3 + 4 = ", "(2)*7=", "1×2 =", "|"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def _by_kernel(texts: pa.Array) -> np.ndarray:
    found, buffer = np.zeros(len(texts), np.uint8), utf8(texts)
    starts, stops = buffer.offsets[:-1], buffer.offsets[1:]
    find_signs(buffer.data, starts, stops, *_tables(), BARE_ANSWER, found)
    return found


def _compare(texts: list[str | None]) -> None:
    column = pa.array(texts, pa.large_string())
    found, wanted = _by_kernel(column), signs_by_patterns(column)
    wrong = (found ^ wanted) & ~np.uint8(SPOKEN) != 0
    wrong |= (wanted & SPOKEN != 0) & (found & SPOKEN == 0)
    assert not wrong.any(), [(texts[at], found[at], wanted[at]) for at in np.flatnonzero(wrong)[:3]]


@given(st.lists(TEXTS, max_size=8))
@settings(deadline=None)
def test_the_compiled_pass_finds_what_the_patterns_find(texts: list[str]) -> None:
    _compare([None, *texts, ""])


def _spellings(pattern: str) -> list[str]:
    """Return a text for every branch of a pattern, with and without what may be left out."""
    return ["".join(parts) for parts in _branches(list(parser.parse(pattern, re.IGNORECASE)))]


def _branches(tokens: list[tuple[object, object]]) -> Iterator[tuple[str, ...]]:
    yield from product(*([*_branch(str(op), value)] for op, value in tokens))


def _branch(op: str, value: Any) -> Iterator[str]:
    match op:
        case "LITERAL":
            yield from {chr(value), {"k": "\u212a", "s": "ſ"}.get(chr(value), chr(value))}
        case "BRANCH":
            yield from ("".join(parts) for one in value[1] for parts in _branches(list(one)))
        case "SUBPATTERN":
            yield from ("".join(parts) for parts in _branches(list(value[3])))
        case "MAX_REPEAT":
            least, _, of = value
            yield from [""] * (not least)
            yield from ("".join(parts) for parts in _branches(list(of)))
        case "IN":
            yield chr(value[0][1]) if str(value[0][0]) == "LITERAL" else " " if "SPACE" in str(value) else "7"
        case _:
            yield ""


def test_no_phrase_that_the_sieve_lets_through_is_passed_over() -> None:
    texts = [f"So {text}" for text in dict.fromkeys(_spellings(SIEVE))]
    column = pa.array([*texts, *map(str.upper, texts)])
    let_through = pc.match_substring_regex(column, SIEVE).to_numpy(zero_copy_only=False)
    assert let_through.sum() > 1_000
    missed = let_through & (_by_kernel(column) & SPOKEN == 0)
    assert not missed.any(), column.filter(pa.array(missed))[:3]


def test_many_texts_of_all_lengths_and_every_place_in_a_block() -> None:
    draw = random.Random(7)
    texts = ["".join(draw.choices(PIECES, k=draw.randrange(60))) for _ in range(20_000)]
    texts += [
        " " * shift + text for shift in range(70) for text in ("I am ChatGPT.", "\n```", "1+1=", "as\tyi")
    ]
    _compare([*texts])


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_slice_of_a_chunked_column_is_read_where_it_stands(kind: pa.DataType) -> None:
    texts = [
        "I am ChatGPT.",
        None,
        "def f():\n  def g():",
        "Paris",
        "plain prose that goes on for a while, so it is long",
    ]
    column = pa.chunked_array([pa.array(texts, kind), pa.array(texts[::-1], kind)]).slice(2, 6)
    plain = signs_by_patterns(column)
    assert signs_of(column).tolist() == plain.tolist()
    assert {phrase.row for phrase in find_phrases(column)} <= {*np.flatnonzero(spoken(plain)).tolist()}
    places = np.array([0, 2, 4, 5])
    assert signs_of(column, places).tolist() == plain[places].tolist()


def test_small_inputs_load_no_kernel() -> None:
    code = (
        "import sys, pyarrow as pa\n"
        "from auditor.fingerprint.signs.text_signs import signs_of\n"
        "print(signs_of(pa.array(['I am ChatGPT.'])).tolist(), 'numba' in sys.modules)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.split() == [f"[{SPOKEN + 8}]", "False"]
