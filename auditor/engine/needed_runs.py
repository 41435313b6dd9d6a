"""What a text must hold to name something known: one of some runs of letters.

A text without any of them names nothing, which a kernel tells (`row_kernels/silent_texts.py`); of the others
each is looked up in the catalog. However a name is spelled, packed or joined to others, its letters stand
together: of each name one run of letters is needed, a digit behind it where it is short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from auditor.knowledge.catalog import OTHER, Knowledge

Run = tuple[str, bool]
"""Small letters, and whether a digit must follow them."""
Choice = frozenset[Run]
"""Runs of which a name holds one; none where nothing is known of it."""
_LONGEST = 8
"""Letters that are kept of a run."""
_ENOUGH = 3
"""Letters that need no digit behind them."""
_KEPT = 8192
"""Names, and patterns, whose runs are kept from one audit of a process to the next."""
_RUNS = re.compile(r"([a-z]+)([^a-z0-9]*[0-9])?")
_FOREIGN = re.compile(r"[\u2e80-\U0010ffff]{2}")
"""Letters of a name without Latin ones; two of them are no more bytes than a run has."""
_WORDS = """
a all api arena assistan auto bench calling chat chinese cleaned code com conversa converse data distil
distille dots endpoint exports filtered flash function gen hard hf hosted in inferenc instruct internal
it labs large ling lm local medium meta mini mixture model models modified multilin no of on open opt pairs
preferen preview problems reasonin research ring robots seed self services share stable studio text
thoughts to together traces train training translat turbo vision weights xyz
"""
_EVERYDAY = frozenset(_WORDS.split())
"""Words of many texts: another one of the same name tells more."""
_UNSURE = frozenset(("v", "plus"))
"""What a name may be read with or without: `v3` as `3`, `r+` as `r plus`."""
_NOTHING: Choice = frozenset()


def needed_runs(knowledge: Knowledge) -> Choice | None:
    """Return the runs of all names; None where some name needs none, so that any text may name it.

    A run of one or two letters is a word of its own.
    """
    choices = set(_choices(knowledge))
    return None if _NOTHING in choices else frozenset().union(*choices)


class RunSearch:
    """Looks for runs in texts of ASCII."""

    def __init__(self, runs: Choice) -> None:
        """Sort the runs by how they begin."""
        self._by_head: dict[str, list[str]] = {}
        for letters, _ in runs:
            if len(letters) >= _ENOUGH:
                self._by_head.setdefault(letters[:_ENOUGH], []).append(letters)
        words = [
            (rf"(?<![a-z0-9]){letters}" if len(letters) == 1 else rf"(?<![a-z]){letters}")
            + (r"[^a-z0-9]*[0-9]" if digit else "(?![a-z])")
            for letters, digit in sorted(runs)
            if len(letters) < _ENOUGH
        ]
        self._words = re.compile("|".join(words) or "(?!)")

    def holds(self, text: str) -> bool:
        """Tell whether a text in small letters holds a run."""
        heads = self._by_head
        for at in range(len(text) - 2):
            runs = heads.get(text[at : at + 3])
            if runs is not None and any(text.startswith(one, at) for one in runs):
                return True
        return self._words.search(text) is not None


def _choices(knowledge: Knowledge) -> Iterator[Choice]:
    """Yield the runs of each name, or pattern of names, that leads to something."""
    for one in knowledge.teachers.values():
        if one.id != OTHER:
            yield from map(_of_name, (one.id, *one.aliases, *one.dpi_names, *one.models))
            yield from map(_of_pattern, one.patterns)
    yield from (_of_pattern(entry.match) for entry in knowledge.ambiguous)
    for known in knowledge.known_sets.sets:
        yield from map(_of_name, (known.id.rpartition("/")[2], *known.aliases))
    for host in knowledge.hosts.values():
        yield from map(_of_name, (host.id, *host.aliases, *host.addresses))


@lru_cache(_KEPT)
def _of_name(name: str) -> Choice:
    plain = name.lower()
    found = _best(_of_run(letters, bool(digit)) for letters, digit in _RUNS.findall(plain))
    if not found and (foreign := _FOREIGN.search(plain)):
        return frozenset([(foreign[0], False)])
    # Of an address of numbers all but the last, which stands for any.
    number = plain.partition("*")[0].rstrip("0123456789")[:_LONGEST]
    return found or (frozenset([(number, False)]) if len(number) >= _ENOUGH else _NOTHING)


def _of_run(letters: str, digit: bool) -> Choice:
    if letters in _UNSURE or (len(letters) == 1 and not digit):
        return _NOTHING
    return frozenset([(letters[:_LONGEST], digit and len(letters) < _ENOUGH)])


def _best(choices: Iterable[Choice]) -> Choice:
    """Return the runs that fewest other texts hold."""
    return max(choices, key=_worth, default=_NOTHING)


def _worth(choice: Choice) -> tuple[int, int]:
    if not choice:
        return 0, 0
    size = min(len(letters) for letters, _ in choice)
    everyday = any(letters in _EVERYDAY for letters, _ in choice)
    return 1 if size == 1 else 2 if everyday else 3 if size < _ENOUGH else 4, size


@lru_cache(_KEPT)
def _of_pattern(pattern: str) -> Choice:
    try:
        return _of_sequence(parser.parse(pattern))
    except (re.error, RecursionError):
        return _NOTHING


def _of_sequence(steps: Sequence[tuple[Any, Any]]) -> Choice:
    """Return runs of which every text that goes through these steps of a pattern holds one."""
    found: list[Choice] = []
    letters = ""
    for step, what in [*steps, (sre.AT, None)]:
        sign = chr(what).lower() if step is sre.LITERAL else ""
        if sign.isascii() and sign.isalpha():
            letters += sign
            continue
        if letters:
            found.append(_of_run(letters, sign.isdecimal() or (step is sre.IN and _are_digits(what))))
            letters = ""
        found.append(_of_step(step, what))
    return _best(found)


def _of_step(step: Any, what: Any) -> Choice:
    """Return the runs of one step that is no letter."""
    if step is sre.SUBPATTERN:
        return _of_sequence(what[-1])
    if step is sre.BRANCH:
        branches = [_of_sequence(one) for one in what[1]]
        return _NOTHING if _NOTHING in branches else frozenset().union(*branches)
    if step in (sre.MAX_REPEAT, sre.MIN_REPEAT) and what[0] > 0:
        return _of_sequence(what[2])
    return _NOTHING


def _are_digits(items: Sequence[tuple[Any, Any]]) -> bool:
    """Tell whether a class of signs holds digits alone."""
    allowed = range(ord("0"), ord("9") + 1)
    return all(
        (kind is sre.LITERAL and what in allowed)
        or (kind is sre.RANGE and what[0] in allowed and what[1] in allowed)
        for kind, what in items
    )
