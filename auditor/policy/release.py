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

    def known_ids(self, expression: str) -> tuple[str, ...]:
        """Return the ids of an expression whose every license is known; else none."""

    def openness(self, id: str) -> Openness:
        """Return the openness of a license or of terms."""

    def bars_commerce(self, expression: str) -> bool:
        """Tell whether an expression bars commercial use, whichever of its licenses is chosen."""


_RESTRICTIONS = re.compile(
    r"\s*(?:\+|with|and|plus)?\s*(?:the\s+)?([\w .-]+?)\s+use[- ]restrictions?\b", re.I
)


class ReleaseKind(StrEnum):
    """Kinds of release license."""

    NONE = "none"
    PROPRIETARY = "proprietary"
    OPEN = "open"
    SOURCE_AVAILABLE = "source-available"
    NON_COMMERCIAL = "non-commercial"
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
            case ReleaseKind.PROPRIETARY | ReleaseKind.UNPARSED | ReleaseKind.UNKNOWN:
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
    named = tuple(match.group(1).strip() for match in _RESTRICTIONS.finditer(text))
    plain = _RESTRICTIONS.sub(" ", text).strip(" +,;")
    match plain.casefold():
        case "none" | "":
            return Release(text, ReleaseKind.NONE, (), named)
        case "proprietary" | "closed" | "commercial" | "all rights reserved":
            return Release(text, ReleaseKind.PROPRIETARY, (), named)
        case _:
            return _expression(text, plain, named, licenses)


def _expression(text: str, plain: str, named: tuple[str, ...], licenses: Licenses) -> Release:
    ids = licenses.known_ids(plain)
    if not ids:
        return Release(text, ReleaseKind.UNPARSED, (), named)
    if licenses.bars_commerce(plain):
        return Release(text, ReleaseKind.NON_COMMERCIAL, ids, named, plain)
    kinds = {licenses.openness(one) for one in ids}
    if named or kinds != {Openness.OPEN}:
        return Release(text, ReleaseKind.SOURCE_AVAILABLE, ids, named, plain)
    return Release(text, ReleaseKind.OPEN, ids, named, plain)


def _names(name: str, terms: Terms) -> bool:
    words = [word for word in re.split(r"[^a-z0-9.]+", name.casefold()) if word not in ("", "license", "the")]
    own = re.split(r"[^a-z0-9.]+", f"{terms.id} {terms.name}".casefold())
    return bool(words) and all(word in own for word in words)
