"""Words of older packs that have another name by now: they are read as the new one, and lint says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from auditor.domain.rule import Rule

RENAMED = {
    f"fit.{name}": f"assessment.{name}"
    for name in (
        "family", "competes", "barred", "permission", "exception", "derivative", "territory", "scale", "asks",
        "ground",
    )
}  # fmt: skip
"""The new name of each old word."""
_MOST_RULES = 4096
"""So many rules are kept in today's words."""
_FIRST = {new: old for old, new in RENAMED.items()}


def _token(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds a comment, a text in quotes, or one of the words outside of both."""
    return re.compile(
        r"//[^\n]*"
        r"|[rR]\"[^\"]*\"|[rR]'[^']*'"
        r"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
        rf"|(?<![\w.])(?P<word>{'|'.join(map(re.escape, words))})\b"
    )


_TOKEN, _CURRENT = _token(RENAMED), _token(_FIRST)
_NAMED = re.compile(r"\{([^{}]*)\}")


def current_word(word: str) -> str:
    """Return the name that a word goes by now."""
    return RENAMED.get(word, word)


@lru_cache(_MOST_RULES)
def current_rule(rule: Rule) -> Rule:
    """Return a rule with every old word replaced, in its conditions and in what it says."""
    return _reworded(rule, RENAMED, _TOKEN)


def first_rule(rule: Rule) -> Rule:
    """Return a rule with every word as it was first called: the form that a pack's digest is over.

    A new name of a word changes no answer, so a permit of before must still be for the pack.
    """
    return _reworded(rule, _FIRST, _CURRENT)


def _reworded(rule: Rule, names: Mapping[str, str], token: re.Pattern[str]) -> Rule:
    def said(text: str) -> str:
        return _NAMED.sub(lambda match: f"{{{names.get(match[1], match[1])}}}", text)

    def asked(source: str) -> str:
        return token.sub(lambda match: names.get(match.group(), match.group()), source)

    return replace(
        rule,
        when=tuple((name, asked(source)) for name, source in rule.when),
        message=said(rule.message),
        fix=said(rule.fix),
        question=said(rule.question),
    )


def current_words(source: str) -> str:
    """Return a condition with every old word replaced; texts in quotes and comments stay."""
    return _TOKEN.sub(lambda match: current_word(match.group()), source)


def older_words(rule: Rule) -> tuple[str, ...]:
    """Name the old words of a rule, each once."""
    used = [match["word"] for _, source in rule.when for match in _TOKEN.finditer(source)]
    said = _NAMED.findall(" ".join((rule.message, rule.fix, rule.question)))
    return tuple(dict.fromkeys(word for word in (*used, *said) if word in RENAMED))


def column_as_written(source: str, line: int, column: int) -> int:
    """Return the column in a condition as it is written for one in `current_words` of it; both from 1."""
    start = sum(len(one) + 1 for one in source.split("\n")[: line - 1])
    text = source[start:].split("\n", 1)[0]
    grown = 0
    for match in _TOKEN.finditer(text):
        added = len(current_word(match.group())) - len(match.group())
        if added and column - 1 > match.start() + grown:
            grown += min(added, column - 1 - match.start() - grown)
    return column - grown
