"""Values that read as a license in columns of any name: inferred claims, which may bar and never allow.

What is read is the value as a whole: a license's id, name or address, or words such as "research use only".
Names that are known for licenses are read in `columns`; a column whose name only speaks of licenses, such as
`image_license`, claims one too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.column_names import COLUMNS, NESTED, TURNED, plain_name, watched_columns
from auditor.samples.claims.license_words import (
    BARRED,
    HEADS,
    SPOKEN_OF,
    affirms,
    asks_bar,
    asks_commerce,
    denies,
    license_in,
    speaks_of_terms,
)
from auditor.samples.inputs.row_signs import ROW_KEYS

_DEEPEST = 8
_LISTED = 512
"""Entries of a list that are looked at."""
_OPENS = frozenset("{[ \t\n\r\u00a0")
"""Signs before which a license may stand: of JSON, and blanks."""
_LONGEST_JSON = 1 << 14
_SAYS = frozenset(("content", "parts", "text", "value", "tool_calls"))
_SPEECH = frozenset((*_SAYS, "function_call", "arguments", "input"))
"""Members of a turn that hold what it says."""


def inferred_licenses(row: dict[str, Any]) -> tuple[Claim, ...]:
    """Return the licenses that stand in columns which no name tells to hold one."""
    found: list[Claim] = []
    for name, named in _columns(tuple(row)):
        value = row[name]
        if isinstance(value, str):
            if named or value[:3] in HEADS or value[:1] in _OPENS:
                found += _in_text(value, name, named)
        elif isinstance(value, dict | list):
            found += _inner(value, name, named, 0, plain_name(name) in NESTED)
        elif isinstance(value, bool) and _says_barred(value, name):
            found.append(_claim(BARRED, name))
    for name in _turned(tuple(row)):
        found += _of_turns(row[name], name)
    return tuple(dict.fromkeys(found)) if found else ()


@lru_cache(4096)
def _turned(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of turns."""
    return tuple(name for name, plain in watched_columns(names) if plain in TURNED)


@lru_cache(4096)
def _columns(names: tuple[str, ...], read: bool = True) -> tuple[tuple[str, int], ...]:
    """Return the columns to look into, each with what its name says: nothing, of licenses, one.

    Args:
        read: what stands under the usual names is read with the row.
    """
    known = {name for name, plain in watched_columns(names) if plain in TURNED or (read and plain in COLUMNS)}
    return tuple(
        (name, speaks_of_terms(name))
        for name in names
        if name not in known and name.strip().lower() not in ROW_KEYS
    )


def _in_text(value: str, where: str, named: int) -> Iterator[Claim]:
    """Yield the license that a text is, or those in what it holds as JSON."""
    if (license := license_in(value, named, where)) is not None:
        yield _claim(license, where)
    elif value.lstrip()[:1] in ("{", "[") and (len(value) <= _LONGEST_JSON or SPOKEN_OF.search(value)):
        yield from _inner(opened_cell(value.strip()), where, named, 0, plain_name(where) in NESTED)
    elif _says_barred(value, where):
        yield _claim(BARRED, where)


def _says_barred(value: str | bool, where: str) -> bool:
    """Tell whether a column that asks about commerce says that it is barred."""
    said = str(value)
    return (denies(said) and asks_commerce(where)) or (affirms(said) and asks_bar(where))


def _claim(license: str, where: str) -> Claim:
    return Claim(ClaimKind.LICENSE, license, Basis.INFERRED, where)


def _is_turn(value: dict[str, Any]) -> bool:
    return "role" in value and not _SAYS.isdisjoint(value)


def _of_turns(turns: Any, where: str) -> Iterator[Claim]:
    """Yield the licenses in objects that turns hold beside their text."""
    for turn in turns if isinstance(turns, list) else ():
        if isinstance(turn, dict) and len(turn) > 2:
            for name, value in turn.items():
                if isinstance(value, dict) and name not in _SPEECH and plain_name(name) not in NESTED:
                    yield from _inner(value, f"{where}[].{name}", 0, 1, False)


def _inner(value: Any, where: str, named: int, depth: int, read: bool) -> Iterator[Claim]:
    """Yield the licenses in objects and lists; turns are texts, and are not looked into.

    Args:
        read: the usual names in such objects are read with the row.
    """
    if isinstance(value, str):
        if (license := license_in(value, named, where)) is not None:
            yield _claim(license, where)
        elif _says_barred(value, where):
            yield _claim(BARRED, where)
    elif isinstance(value, bool) and _says_barred(value, where):
        yield _claim(BARRED, where)
    elif depth >= _DEEPEST:
        return
    elif isinstance(value, list):
        for item in value[:_LISTED]:
            if isinstance(item, str | dict | list):
                yield from _inner(item, where, named, depth + 1, read)
    elif isinstance(value, dict) and not _is_turn(value):
        for name, inner in _columns(tuple(map(str, value)), read):
            at, below = f"{where}.{name}", read and plain_name(name) in NESTED
            yield from _inner(value.get(name), at, max(named and 1, inner), depth + 1, below)


def looks_at_texts(name: str) -> bool:
    """Tell whether a text in a column of this name may be read as a license."""
    return bool(_columns((name,)))


def speaks(name: str) -> bool:
    """Tell whether a name speaks of licenses or of commerce, so that any word there may say something."""
    return speaks_of_terms(name) != 0 or asks_commerce(name)


_BEFORE_DIGITS = frozenset(head[:size] for head in HEADS for size in range(3) if head[size].isdigit())


def may_begin(stem: str) -> bool:
    """Tell whether a text may begin as licenses do, or as what may hold one, where no name speaks of them.

    Args:
        stem: the text without the digits at its end, whatever these are.
    """
    return stem[:3] in HEADS or stem[:1] in _OPENS or stem in _BEFORE_DIGITS
