"""Patterns that are asked together answer as they would one by one."""

from __future__ import annotations

import pytest

from auditor.errors import KnowledgeError
from auditor.knowledge.patterns import FirstOf


@pytest.mark.parametrize(
    "patterns",
    [
        ["^a(b|c)?$", "^ab.*$", "^(x)(y)$"],
        ["^(a)b\\1$", "^ab.*$", "^(?P<n>x)y$"],  # cannot be joined
    ],
)
def test_the_first_that_matches_all_wins(patterns: list[str]) -> None:
    asked = FirstOf([(one, "here", at) for at, one in enumerate(patterns)])
    assert asked.first("XY") == 2
    assert asked.first("abz") == 1
    assert asked.first("zzz") is None


def test_a_prefix_is_told_with_its_end() -> None:
    asked = FirstOf([("^aa/", "h", "first"), ("^a+/", "h", "second")])
    assert asked.prefix("aa/b") == ("first", 3)
    assert asked.prefix("aaa/b") == ("second", 4)
    assert asked.prefix("b/a") is None
    assert FirstOf([("^(a)\\1/", "h", "apart")]).prefix("aa/b") == ("apart", 3)


def test_no_patterns_match_nothing() -> None:
    empty: FirstOf[int] = FirstOf([])
    assert not empty
    assert empty.first("") is None


def test_a_broken_pattern_is_named() -> None:
    with pytest.raises(KnowledgeError, match="not a regular expression"):
        FirstOf([("^a$", "one", 1), ("^b(", "two", 2)])
