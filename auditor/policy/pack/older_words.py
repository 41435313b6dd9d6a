"""Words of older packs that have another name by now: they are read as the new one, and lint says so."""

from __future__ import annotations

import re

RENAMED = {
    f"fit.{name}": f"assessment.{name}"
    for name in (
        "family", "competes", "barred", "permission", "exception", "derivative", "territory", "scale", "asks",
        "ground",
    )
}  # fmt: skip
"""The new name of each old word."""
_TOKEN = re.compile(
    r"//[^\n]*"
    r"|[rR]\"[^\"]*\"|[rR]'[^']*'"
    r"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
    rf"|(?<![\w.])(?P<word>{'|'.join(map(re.escape, RENAMED))})\b"
)
"""A comment, a text in quotes, or an old word outside of both."""


def current_word(word: str) -> str:
    """Return the name that a word goes by now."""
    return RENAMED.get(word, word)


def current_words(source: str) -> str:
    """Return a condition with every old word replaced; texts in quotes and comments stay."""
    return _TOKEN.sub(lambda match: current_word(match.group()), source)


def older_words(source: str) -> tuple[str, ...]:
    """Name the old words of a condition, each once."""
    return tuple(dict.fromkeys(match["word"] for match in _TOKEN.finditer(source) if match["word"]))


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
