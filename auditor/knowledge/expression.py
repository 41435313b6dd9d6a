"""SPDX expressions in three values: yes, no, unknown.

The syntax is that of SPDX 3.0.1 annex B; license-expression parses it and lists the ids. `NOASSERTION` and
ids that nobody knows are unknown leaves: `A AND unknown` is no where A is no and unknown otherwise, `A OR
unknown` is yes where A is yes and unknown otherwise (Kleene's strong logic).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, assert_never

from auditor.errors import InputError

MAX_LENGTH = 4_000
MAX_DEPTH = 32
NOASSERTION, NONE = "NOASSERTION", "NONE"
Predicate = Callable[[str], bool | None]
"""Answers for one license id, or `ID WITH EXCEPTION`; None is unknown."""

# In SPDX list 3.28 or 3.29, and not in license-expression's index, which follows 3.27.
LATER_IDS = """
    Advanced-Cryptics-Dictionary ALGLIB-Documentation atc-game BOLA-1.1 Brian-Gladman-3-Clause-no-conversion
    BSD-2-Clause-pos-unchanged BSD-3-Clause-OpenWebUI BSD-3-Clause-Tso BSD-ask-to-endorse
    BSD-Mark-Modifications BSD-Source-alt-GPL BSD-Source-Code-no-disclaimer Buddy Bugroff CAPEC-tou
    CC-BY-NC-3.0-IGO ESA-PL-permissive-2.4 ESA-PL-strong-copyleft-2.4 ESA-PL-weak-copyleft-2.4 FDK-MPEG-H
    GPL-2.0-with-bison-exception Hippocratic-3.0-core HPND-sell-variant-critical-systems HPND-SMC
    hyphen-bulgarian Informatica ISO-permission MIT-STK MMPL-1.0.1 MVT-1.1 NIST-PD-TNT OpenMDW-1.0
    OpenMDW-1.1 OSC-1.0 OSSP ParaType-Free-Font-1.3 SGMLUG-PM TekHVC UnRAR Vixie-Cron WordNet WTFNMFPL
    X11-no-permit-persons
"""


class Join(StrEnum):
    """The words that join the parts of an expression."""

    AND = "AND"
    OR = "OR"


@dataclass(frozen=True, slots=True)
class License:
    """A single license, with its exception where it has one."""

    id: str
    exception: str = ""

    def __str__(self) -> str:
        return f"{self.id} WITH {self.exception}" if self.exception else self.id


@dataclass(frozen=True, slots=True)
class Joined:
    """Two or more parts under one operator; no part has the same operator, none comes twice."""

    join: Join
    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return f" {self.join} ".join(f"({p})" if isinstance(p, Joined) else str(p) for p in self.parts)


Expression = License | Joined


def parse(text: str, own: Mapping[str, str] | None = None) -> Expression:
    """Parse an SPDX expression; ids get their listed case and current spelling.

    Args:
        text: the expression, ids in any case.
        own: further ids with the id each stands for, e.g. those of the catalog.

    Raises:
        InputError: it does not parse, is longer than 4,000 characters or deeper than 32 levels.
    """
    if len(text) > MAX_LENGTH or _depth(text) > MAX_DEPTH:
        raise InputError("the license expression is too long or too deep")
    names = {name.lower(): id for name, id in (own or {}).items()}
    if text.strip().lower() in names:
        return License(names[text.strip().lower()])
    from license_expression import ExpressionError, Licensing

    try:
        tree = Licensing().parse(text, simple=True)
    except (ExpressionError, RecursionError, ValueError, IndexError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else "nested too deeply"
        raise InputError(f"not an SPDX expression: {text[:80]!r}: {reason}") from None
    if tree is None:
        raise InputError("the license expression is empty")
    return _build(tree, names)


def _depth(text: str) -> int:
    deepest = level = 0
    for character in text:
        level += (character == "(") - (character == ")")
        deepest = max(deepest, level)
    return deepest


def _build(tree: Any, own: dict[str, str]) -> Expression:
    kind = type(tree).__name__
    if kind == "LicenseWithExceptionSymbol":
        return License(_spell(tree.license_symbol.key, own), _spell(tree.exception_symbol.key, own))
    if kind == "LicenseSymbol":
        return License(_spell(tree.key, own))
    return join(Join(kind), (_build(part, own) for part in tree.args))


def join(operator: Join, parts: Iterable[Expression]) -> Expression:
    """Join parts in their order: same operators are flattened, repeated parts dropped."""
    flat: dict[Expression, None] = {}
    for part in parts:
        inner = part.parts if isinstance(part, Joined) and part.join is operator else (part,)
        flat.update(dict.fromkeys(inner))
    return next(iter(flat)) if len(flat) == 1 else Joined(operator, tuple(flat))


def _spell(key: str, own: dict[str, str]) -> str:
    """Give an id its listed spelling; an id with a blank in it is several words and no id."""
    if " " in key:
        raise InputError(f"not an SPDX expression: {key[:80]!r} is not a license id")
    lower = key.lower()
    return own.get(lower) or (key.upper() if lower in ("noassertion", "none") else spdx_ids().get(lower, key))


@cache
def spdx_ids() -> dict[str, str]:
    """Return the ids of the SPDX list (3.29) and of ScanCode by lower-case spelling, old ones to the new."""
    from license_expression import get_license_index

    found: dict[str, str] = {}
    listed = [entry for entry in get_license_index() if entry.get("spdx_license_key")]
    for entry in listed:
        for other in entry.get("other_spdx_license_keys") or ():
            found.setdefault(other.lower(), entry["spdx_license_key"])
    found.update({entry["spdx_license_key"].lower(): entry["spdx_license_key"] for entry in listed})
    found.update({name.lower(): name for name in LATER_IDS.split()})
    return found


def is_listed(id: str) -> bool:
    """Tell whether `id` is on the SPDX list or among ScanCode's references."""
    return id.lower() in spdx_ids()


@cache
def _exceptions() -> frozenset[str]:
    from license_expression import get_license_index

    found = set()
    for entry in get_license_index():
        if entry.get("is_exception"):
            found |= {entry.get("spdx_license_key"), *(entry.get("other_spdx_license_keys") or ())}
    return frozenset(key.lower() for key in found if key and not key.startswith("LicenseRef-"))


def single_ids() -> dict[str, str]:
    """Return the ids of licenses, without those of exceptions, by lower-case spelling."""
    return {name: id for name, id in spdx_ids().items() if not is_exception(id)}


def is_exception(id: str) -> bool:
    """Tell whether `id` is an exception of the SPDX list: a text that only adds permissions to a license."""
    return id.lower() in _exceptions()


def leaves(expression: Expression) -> Iterator[License]:
    """Yield the single licenses from left to right."""
    if isinstance(expression, License):
        yield expression
    else:
        for part in expression.parts:
            yield from leaves(part)


def has_choice(expression: Expression) -> bool:
    """Tell whether somebody may choose among licenses of the expression."""
    if isinstance(expression, License):
        return False
    return expression.join is Join.OR or any(has_choice(part) for part in expression.parts)


def evaluate(expression: Expression | str, predicate: Predicate) -> bool | None:
    """Evaluate in three values.

    Args:
        expression: parsed or as text; a text that does not parse is unknown.
        predicate: asked for each license but `NOASSERTION`, which is unknown by itself.
    """
    if isinstance(expression, str):
        try:
            expression = parse(expression)
        except InputError:
            return None
    if isinstance(expression, License):
        return None if expression.id == NOASSERTION else predicate(str(expression))
    answers = [evaluate(part, predicate) for part in expression.parts]
    match expression.join:
        case Join.AND:
            return all_of(answers)
        case Join.OR:
            return any_of(answers)
        case _:
            assert_never(expression.join)


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Return no where one is no, else unknown where one is unknown, else yes."""
    listed = list(answers)
    return False if False in listed else None if None in listed else True


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Return yes where one is yes, else unknown where one is unknown, else no."""
    listed = list(answers)
    return True if True in listed else None if None in listed else False


def normalize(text: str) -> str:
    """Return the expression with listed spellings, flat and without repeats; idempotent.

    Raises:
        InputError: it does not parse.
    """
    return str(parse(text))
