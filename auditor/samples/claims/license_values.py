"""Values that read as a license in columns of any name: inferred claims, which may bar and never allow.

What is read is the value as a whole: a license's id, name or address, or words such as "research use only".
Names that are known for licenses are read in `columns`; a column whose name only speaks of licenses, such as
`image_license`, claims one too.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.column_names import COLUMNS, NESTED, TURNED, plain_name, watched_columns
from auditor.samples.inputs.row_signs import ROW_KEYS

MAX_LICENSE_VALUE = 120
"""A longer value is a text of its own, and no license's name."""
_DEEPEST = 8
_LISTED = 512
"""Entries of a list that are looked at."""
_NUMBER = r"[ _-]?v?\d(\.\d)*"
_MARKS = r"([ _-](by|nc|sa|nd))+"
_ADDRESS = (
    r"(https?:)?(//)?(www\.)?(creativecommons\.org/(licenses|publicdomain)|opensource\.org/licenses?|"
    r"spdx\.org/licenses|choosealicense\.com/licenses|(apache|gnu)\.org/licenses|"
    r"opendatacommons\.org/licenses)/\S+"
)
_ID = (
    rf"cc{_MARKS}({_NUMBER})?([ _-](igo|[a-z]{{2}}))?|cc[ _-]?(0|zero)({_NUMBER})?|licenseref-[\w.+-]+|"
    r"(apache|[al]?gpl|gfdl|mpl|epl|eupl|ecl|osl|afl|artistic|odc-by|odbl|pddl|cdla-\w+|ms-pl|[co]-uda)"
    rf"{_NUMBER}([-+](only|or-later)?)?"
)
_NAME = (
    r"creative commons?\b[\w .,()/:-]*|attribution[ -](\d|non|share|no ?deriv|inter)[\w .,()-]*|"
    rf"(mit|apache|bsd|gnu)[\w ,.-]* licen[cs]e[\w ,.-]*|bsd[ -][234][ -]clause|apache{_NUMBER}"
)
_LIMIT = (
    r"(for |strictly )*(non[ -]?commercial|(academic|research|evaluation|educational)( (use|purposes?))?"
    r"(?= only))( (research|use|purposes?|academic|and|or|only|licen[cs]e))*|all rights reserved|"
    r"no commercial use\w*|not for commercial( (use|purposes?))?"
)
_STATED = (
    r"licen[cs]es? ?[:=] ?|((this|the|all) [\w ]{1,30})?"
    r"(licen[cs]ed|released|available|distributed|shared|published) under "
    r"(the |an? )?(terms of (the |an? )?)?"
)
"""Words before a license that say it is one: `license:mit`, `Licensed under MIT`."""
_RESERVED = r"(copyright|\(c\)|©)[\w .,&()©'-]{0,80}\ball rights reserved"
_LICENSE = re.compile(
    rf"(?i)(?P<stated>{_STATED})?"
    rf"(?P<named>({_ADDRESS}|{_ID}|{_NAME})( licen[cs]e)?|{_LIMIT}|{_RESERVED})[. ]*"
)
_FREE = re.compile(
    r"(?i)(mit|isc|bsd|apache|zlib|unlicense|wtfpl|bsl|gpl|lgpl|agpl|odbl|pddl|gfdl|cc|proprietary|"
    r"public[ -]domain|no[ _-]licen[cs]e|fair use|copyrighted|non[ _-]?permissive)"
)
"""What is a license's name only where the column's name speaks of one."""
_LICENSED = re.compile(
    r"(?!(?i:.*(driv|medical|nurs|plate|pilot|business)))"
    r"((?i:(.*[_.\- ])?licen[cs]es?([_ -]?(name|id|spdx))?)|.*Licen[cs]es?(Name|Id)?)"
)
"""A column that is named for a license: whatever stands there is one."""
_SPEAKS = re.compile(
    r"(?i)licen[cs]|copyright|^(dc[:_.]|dcterms[:_.])?(access_?)?rights$|terms_of_use|usage_terms"
)
_BEGINNINGS = {
    "cc-", "cc0", "cc_", "cc:", "lic", "apa", "gpl", "lgp", "agp", "gfd", "mpl", "epl", "eup",
    "ecl", "osl", "afl", "art", "odc", "odb", "pdd", "cdl", "ms-", "c-u", "o-u", "cre", "att",
    "mit", "bsd", "gnu", "htt", "//c", "//w", "//o", "//s", "//a", "//g", "//h", "www", "ope",
    "spd", "cho", "for", "str", "non", "not", "aca", "res", "eva", "edu", "all", "cc ", "no ",
    "thi", "the", "rel", "ava", "dis", "sha", "pub", "cop", "(c)", "© 1", "© 2",
}  # fmt: skip
"""How a value begins that may be a license: the expression is not tried on others, for speed."""
_HEADS = frozenset(
    "".join(signs)
    for word in _BEGINNINGS
    for signs in itertools.product(*((sign.lower(), sign.upper()) for sign in word))
)
"""The same in every mixture of capitals, so that no value need be lowered to be passed over."""
_OPENS = frozenset("{[ \t\n\r\u00a0")
"""Signs before which a license may stand: of JSON, and blanks."""
_LONGEST_JSON = 1 << 14
_USE = r"(_(use|usage|purposes?|allowed|permitted|ok|usable))"
_COMMERCE = re.compile(
    rf"commercial|(is_)?commercial(ly)?{_USE}{{1,2}}|(allows?|permits?)_commercial(ly)?{_USE}?"
)
"""A column that says whether commerce is allowed."""
_DENIED = frozenset(("no", "false", "not allowed", "prohibited", "forbidden", "disallowed"))
_LONGEST_WORD, _BARRED = 16, "no commercial use"
_SAYS = frozenset(("content", "parts", "text", "value", "tool_calls"))
_SPEECH = frozenset((*_SAYS, "function_call", "arguments", "input"))
"""Members of a turn that hold what it says."""
_SPOKEN_OF = re.compile(r"(?i)licen[cs]|\bcc[- ]by\b|non[- ]?commercial|research|commerc|rights")
"""A large cell is opened for these alone."""
_NOT_SAID = frozenset(("", "none", "null", "nan", "n/a", "na", "-", "true", "false", "yes", "no"))


def inferred_licenses(row: dict[str, Any]) -> tuple[Claim, ...]:
    """Return the licenses that stand in columns which no name tells to hold one."""
    found: list[Claim] = []
    for name, named in _columns(tuple(row)):
        value = row[name]
        if isinstance(value, str):
            if named or value[:3] in _HEADS or value[:1] in _OPENS:
                found += _in_text(value, name, named)
        elif isinstance(value, dict | list):
            found += _inner(value, name, named, 0, plain_name(name) in NESTED)
        elif value is False and _asks_commerce(name):
            found.append(_claim(_BARRED, name))
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
        (name, _says(name)) for name in names if name not in known and name.strip().lower() not in ROW_KEYS
    )


def _in_text(value: str, where: str, named: int) -> Iterator[Claim]:
    """Yield the license that a text is, or those in what it holds as JSON."""
    if len(value) <= MAX_LICENSE_VALUE and _reads(value, named):
        yield _claim(value, where)
    elif value.lstrip()[:1] in ("{", "[") and (len(value) <= _LONGEST_JSON or _SPOKEN_OF.search(value)):
        yield from _inner(opened_cell(value.strip()), where, named, 0, plain_name(where) in NESTED)
    elif len(value) <= _LONGEST_WORD and value.strip().lower() in _DENIED and _asks_commerce(where):
        yield _claim(_BARRED, where)


def _says(name: str) -> int:
    if _LICENSED.fullmatch(name):
        return 2
    return 1 if _SPEAKS.search(name) or _asks_commerce(name) else 0


def _asks_commerce(where: str) -> bool:
    return _COMMERCE.fullmatch(plain_name(where.rpartition(".")[2])) is not None


def _reads(text: str, named: int) -> bool:
    text = text.strip()
    if text[:3] in _HEADS and _LICENSE.fullmatch(text) is not None:
        return True
    if not named or text.lower() in _NOT_SAID or text.isdecimal():
        return False
    return named == 2 or _FREE.fullmatch(text) is not None


def _claim(value: str, where: str) -> Claim:
    found = _LICENSE.fullmatch(value.strip())
    named = found["named"] if found and found["stated"] else value.strip()
    return Claim(ClaimKind.LICENSE, named, Basis.INFERRED, where)


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
        if len(value) <= MAX_LICENSE_VALUE and _reads(value, named):
            yield _claim(value, where)
        elif _asks_commerce(where) and value.strip().lower() in _DENIED:
            yield _claim(_BARRED, where)
    elif value is False and _asks_commerce(where):
        yield _claim(_BARRED, where)
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
    return _says(name) != 0


_BEFORE_DIGITS = frozenset(head[:size] for head in _HEADS for size in range(3) if head[size].isdigit())


def may_begin(stem: str) -> bool:
    """Tell whether a text may begin as licenses do, or as what may hold one, where no name speaks of them.

    Args:
        stem: the text without the digits at its end, whatever these are.
    """
    return stem[:3] in _HEADS or stem[:1] in _OPENS or stem in _BEFORE_DIGITS
