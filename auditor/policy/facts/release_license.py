"""What the student's release license says, as far as free text lets one read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from auditor.domain.terms import UNKNOWN_TERMS, Openness, Terms
from auditor.domain.tribool import Tribool
from auditor.knowledge.expression import NOASSERTION, evaluate


class Licenses(Protocol):
    """What reading a release license needs to know."""

    def reading(self, words: str) -> str:
        """Return the expression that words stand for, if every license of it is known; else nothing."""

    def ids(self, expression: str) -> tuple[str, ...]:
        """Return the ids of an expression."""

    def openness(self, expression: str) -> Openness:
        """Return the openness of a license expression."""

    def texts(self) -> Iterable[Terms]:
        """Return every text of the catalog."""

    def bars_commerce(self, expression: str) -> bool:
        """Tell whether an expression bars commercial use, whichever of its licenses is chosen."""


_UNKNOWN = {"unknown", NOASSERTION.casefold(), UNKNOWN_TERMS.casefold()}
_RESTRICTIONS = re.compile(r"\buse[- ]restrictions?\b", re.I)
_WORD = r"(?!(?:with|and|plus|or)\b)[a-z0-9][a-z0-9.\-]*"
_NAMED = rf"(?:{_WORD} ){{1,8}}use[- ]restrictions?(?: \((?:sections?|sec\.|§) ?[0-9][0-9a-z.]*\))?"
_JOINT = r"(?: ?[+,] ?(?:(?:with|and|plus) )?| (?:with|and|plus) )"
_CARRYING = re.compile(rf"(?:(?P<license>.+?){_JOINT})?(?P<named>{_NAMED}(?:{_JOINT}{_NAMED})*)", re.I)
_CHOICE = re.compile(r"\sor\s", re.I)
_OWN_TERMS = {"agreement", "license", "model", "of", "our", "own", "service", "terms", "the"}
"""Words for a text of the releaser's own; any other word could take away what the text grants."""
_GENERIC = {
    "a", "ai", "agreement", "acceptable", "community", "license", "licenseref", "model", "models", "of",
    "open", "policy", "terms", "text", "the", "to", "use",
}  # fmt: skip


class ReleaseKind(StrEnum):
    """Kinds of release license."""

    NONE = "none"
    PROPRIETARY = "proprietary"
    OPEN = "open"
    SOURCE_AVAILABLE = "source-available"
    NON_COMMERCIAL = "non-commercial"
    DESCRIBED = "described"
    """Words that nobody can parse, save for the use restrictions that they name."""
    UNPARSED = "unparsed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Release:
    """The license that the student goes out under."""

    text: str | None
    kind: ReleaseKind
    ids: tuple[str, ...] = ()
    restrictions_of: tuple[str, ...] = ()
    """Names before `use restrictions`."""
    plain: str = ""
    """The expression, without what was said of use restrictions."""

    def carries_restrictions(self, terms: Terms) -> Tribool:
        """Tell whether the license passes on the use restrictions of `terms`.

        A known license passes on nothing but its own; a proprietary text may, so that is left open.
        """
        own = {str(terms.id), *terms.also_known_as}
        if self._carries(own) or any(_names(name, terms) for name in self.restrictions_of):
            return Tribool.YES
        match self.kind:
            case (
                ReleaseKind.NONE
                | ReleaseKind.OPEN
                | ReleaseKind.SOURCE_AVAILABLE
                | ReleaseKind.NON_COMMERCIAL
            ):
                return Tribool.NO
            case ReleaseKind.PROPRIETARY | ReleaseKind.DESCRIBED | ReleaseKind.UNPARSED | ReleaseKind.UNKNOWN:
                return Tribool.UNKNOWN

    def _carries(self, own: set[str]) -> bool:
        """Tell whether one of `own` holds, whichever license of the expression is chosen."""
        if len(self.ids) == 1:
            return self.ids[0] in own
        return bool(self.ids) and evaluate(self.plain, lambda id: id not in own) is False


def release_of(text: str | None, licenses: Licenses) -> Release:
    """Read a release license: an SPDX expression, `none`, `proprietary`, or a description."""
    if text is None or text.strip().casefold() in _UNKNOWN:
        return Release(text, ReleaseKind.UNKNOWN)
    read = _restrictions(text, licenses)
    if read is None:
        return Release(text, ReleaseKind.UNPARSED)
    named, plain = read
    match plain.casefold():
        case "" if named:
            return Release(text, ReleaseKind.DESCRIBED, (), named)
        case "none" | "":
            return Release(text, ReleaseKind.NONE, (), named)
        case "proprietary" | "closed" | "commercial" | "all rights reserved":
            return Release(text, ReleaseKind.PROPRIETARY, (), named)
        case _:
            return _expression(text, plain, named, licenses)


def _expression(text: str, words: str, named: tuple[str, ...], licenses: Licenses) -> Release:
    plain = licenses.reading(words)
    if named and _CHOICE.search(f"{words} {plain}"):
        return Release(text, ReleaseKind.UNPARSED)
    if not plain:
        own = bool(named) and set(words.casefold().split()) <= _OWN_TERMS
        return Release(text, ReleaseKind.DESCRIBED if own else ReleaseKind.UNPARSED, (), named if own else ())
    ids = licenses.ids(plain)
    if licenses.bars_commerce(plain):
        return Release(text, ReleaseKind.NON_COMMERCIAL, ids, named, plain)
    if named or licenses.openness(plain) is not Openness.OPEN:
        return Release(text, ReleaseKind.SOURCE_AVAILABLE, ids, named, plain)
    return Release(text, ReleaseKind.OPEN, ids, named, plain)


def _restrictions(text: str, licenses: Licenses) -> tuple[tuple[str, ...], str] | None:
    """Return the names before `use restrictions` and the license that they join; None if a word is left over.

    A word more may take the restrictions away (`removed`, `optional`), so that every word must be known.
    """
    if not _RESTRICTIONS.search(text):
        return (), text
    match = _CARRYING.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    said = re.split(r" use[- ]restrictions?", match["named"], flags=re.I)[:-1]
    names = tuple(re.sub(rf"^(?: \([^()]*\))?(?:{_JOINT})?", "", name, flags=re.I) for name in said)
    texts = [_own_words(terms) for terms in licenses.texts()]
    if not all(any(_words(name) <= own for own in texts) for name in names):
        return None
    return names, match["license"] or ""


def _words(name: str) -> set[str]:
    return {word for word in re.split(r"[^a-z0-9.]+", name.casefold()) if word} - _GENERIC


def _own_words(terms: Terms) -> set[str]:
    return _words(f"{terms.id} {terms.name}")


def _names(name: str, terms: Terms) -> bool:
    """Tell whether a name means a text: every word is one of the text's, and one is its own."""
    words = _words(name)
    return any(not word[0].isdigit() for word in words) and words <= _own_words(terms)
