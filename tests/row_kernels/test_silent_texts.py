"""A text is silent by its bytes only where no run of letters stands in it, and no beginning."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from row_kernels.told_silent import told_silent

from auditor.jit.compile import COMPILED
from auditor.row_kernels.silent_texts import SilentTexts

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")
RUNS = frozenset([("qwen", False), ("deepseek", False), ("o", True), ("mt", True), ("yi", False)])
SILENT = SilentTexts(["mit", "cc-"], RUNS)
PIECES = (
    "qwen",
    "Qwen",
    "QWE",
    "deepsee",
    "DeepSeek",
    "o",
    "O1",
    "o-3",
    "mt",
    "mt5",
    "yi",
    "Yi",
    "mit",
    "CC-",
)
PIECES += (
    "5",
    "12",
    "a",
    "x",
    "-",
    "_",
    " ",
    "/",
    "Z",
    "T05:00",
    "\u017f",
    "\u212a",
    "é",
    "日本",
    "да",
    "ß",
    "\n",
)


def says_nothing_to(text: str, silent: SilentTexts | None = SILENT) -> bool:
    return told_silent(text, silent, beside="qwen")


def holds_a_run(text: str) -> bool:
    long = "|".join(letters for letters, _ in RUNS if len(letters) > 2)
    words = r"(?<![a-z0-9])o[^a-z0-9]*[0-9]|(?<![a-z])mt[^a-z0-9]*[0-9]|(?<![a-z])yi(?![a-z])"
    return re.search(f"{long}|{words}", text.lower()) is not None


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
@example("row-17")
@example("2024-05-01T12:00:00Z")
@example("3f2a-99o1")
def test_a_text_with_a_run_or_a_beginning_is_not_silent(text: str) -> None:
    if says_nothing_to(text):
        assert not holds_a_run(text)
        assert text[:3].lower() not in ("mit", "cc-")
        assert text == text.strip()


@pytest.mark.parametrize(
    "text",
    ["row-17", "r1", "550e8400-e29b-41d4-a716-446655440000", "2024-05-01T12:00:00Z", "a", "12", "to 5",
     "smt5", "yield", "deepsee", "café au lait", "сорок", "日本語", "The capital of France?", "cc", "m i t"],
)  # fmt: skip
def test_ids_times_and_plain_words_are_silent(text: str) -> None:
    assert says_nothing_to(text)


@pytest.mark.parametrize(
    "text",
    ["qwen", "xQWENx", "Qwen2.5", "my deepseek-r1", "o1", "o 3", "a-o-4", "MT_5", "yi", "a yi b", "Mit",
     "cc-by", " a", "a ", "a\nb", "a\\u0071wen", "\u212a", "ſ", "ß", "\u3000a", "\x1ca",
     '["x"]', "{x"],
)  # fmt: skip
def test_what_may_say_something_is_left_to_be_asked(text: str) -> None:
    assert not says_nothing_to(text)


def test_without_runs_that_are_known_no_text_is_told() -> None:
    assert not says_nothing_to("row-17", None)
    assert says_nothing_to("qwen", SilentTexts([], []))
