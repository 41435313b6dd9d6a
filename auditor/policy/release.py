"""What the student's release license says, as far as free text lets one read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from auditor.domain.terms import Openness, Terms
from auditor.knowledge.expression import evaluate
from auditor.policy.vocabulary import Fact


class Licenses(Protocol):
    """What reading a release license needs to know."""

    def reading(self, words: str) -> str:
        """Return the expression that words stand for, if every license of it is known; else nothing."""

    def ids(self, expression: str) -> tuple[str, ...]:
        """Return the ids of an expression."""

    def openness(self, expression: str) -> Openness:
        """Return the openness of a license expression."""

    def bars_commerce(self, expression: str) -> bool:
        """Tell whether an expression bars commercial use, whichever of its licenses is chosen."""


_RESTRICTIONS = re.compile(r"\buse[- ]restrictions?\b(?:\s*\([^()]*\))?", re.I)
_DENIED = re.compile(r"\b(no|not|without|lacks?|excluding|except|minus|free of|instead of)\b", re.I)
_GENERIC = {
    "a", "ai", "agreement", "acceptable", "community", "license", "licenseref", "model", "models", "of",
    "open", "policy", "terms", "text", "the", "to", "use",
}  # fmt: skip
_JOINTS = re.compile(r"[+,;:()]|\b(?:with|and|plus|including|incl\.?|under|carrying)\s", re.I)


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

    def carries_restrictions(self, terms: Terms) -> Fact:
        """Tell whether the license passes on the use restrictions of `terms`.

        A known license passes on nothing but its own; a proprietary text may, so that is left open.
        """
        own = {str(terms.id), *terms.also_known_as}
        if self._carries(own) or any(_names(name, terms) for name in self.restrictions_of):
            return Fact.YES
        match self.kind:
            case (
                ReleaseKind.NONE
                | ReleaseKind.OPEN
                | ReleaseKind.SOURCE_AVAILABLE
                | ReleaseKind.NON_COMMERCIAL
            ):
                return Fact.NO
            case ReleaseKind.PROPRIETARY | ReleaseKind.DESCRIBED | ReleaseKind.UNPARSED | ReleaseKind.UNKNOWN:
                return Fact.UNKNOWN

    def _carries(self, own: set[str]) -> bool:
        """Tell whether one of `own` holds, whichever license of the expression is chosen."""
        if len(self.ids) == 1:
            return self.ids[0] in own
        return bool(self.ids) and evaluate(self.plain, lambda id: id not in own) is False


def release_of(text: str | None, licenses: Licenses) -> Release:
    """Read a release license: an SPDX expression, `none`, `proprietary`, or a description."""
    if text is None or text.casefold() == "unknown":
        return Release(text, ReleaseKind.UNKNOWN)
    named, plain = _restrictions(text)
    if named and _DENIED.search(text):
        return Release(text, ReleaseKind.UNPARSED)
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
    if not plain:
        return Release(text, ReleaseKind.DESCRIBED if named else ReleaseKind.UNPARSED, (), named)
    ids = licenses.ids(plain)
    if licenses.bars_commerce(plain):
        return Release(text, ReleaseKind.NON_COMMERCIAL, ids, named, plain)
    if named or licenses.openness(plain) is not Openness.OPEN:
        return Release(text, ReleaseKind.SOURCE_AVAILABLE, ids, named, plain)
    return Release(text, ReleaseKind.OPEN, ids, named, plain)


def _restrictions(text: str) -> tuple[tuple[str, ...], str]:
    """Return the names before `use restrictions`, and the text without them."""
    named = []
    while match := _RESTRICTIONS.search(text):
        head = text[: match.start()]
        joint = max(_JOINTS.finditer(head), key=lambda one: one.start(), default=None)
        named.append(head[joint.end() if joint else 0 :].strip())
        text = f"{head[: joint.start() if joint else 0]} {text[match.end() :]}"
    return tuple(named), text.strip(" +,;:()") if named else text


def _names(name: str, terms: Terms) -> bool:
    """Tell whether a name means a text: every word is one of the text's, and one is its own."""
    words = {word for word in re.split(r"[^a-z0-9.]+", name.casefold()) if word} - _GENERIC
    own = set(re.split(r"[^a-z0-9.]+", f"{terms.id} {terms.name}".casefold())) - _GENERIC
    return any(not word[0].isdigit() for word in words) and words <= own
