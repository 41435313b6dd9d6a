"""Licenses of the data as facts: an expression becomes a tree of grants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.domain.axes import Confidence
from auditor.domain.license import (
    DatasetLicense,
    LicenseCondition,
    LicenseFamily,
    Limitation,
    Permission,
    ShareAlike,
)
from auditor.policy.vocabulary import Fact


@dataclass(frozen=True, slots=True)
class Grant:
    """One license, or several joined by AND or (`choice`) by OR."""

    id: str
    license: DatasetLicense | None = None
    parts: tuple[Grant, ...] = ()
    choice: bool = False

    def leaves(self) -> Iterator[Grant]:
        """Yield the single licenses."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def beside(self, part: Grant, others: list[Grant]) -> list[Grant]:
        """Return the licenses that `part` must join: of a choice not those that are not chosen."""
        left = list(others)
        if self.choice:
            for rival in (leaf for other in self.parts if other is not part for leaf in other.leaves()):
                if rival in left:
                    left.remove(rival)
        return left


_BOUND = (ShareAlike.ADAPTATIONS,)


def clashes(grant: Grant, others: list[Grant]) -> bool:
    """Tell whether another license of the same rows cannot join this one in one adapted work.

    Share-alike licenses with different elements each demand themselves; a license without derivatives joins
    nothing.
    """
    own = grant.license
    if own is None:
        return False
    for other in others:
        license = other.license
        if license is None or license.id == own.id:
            continue
        if own.no_derivatives or license.no_derivatives:
            return True
        if own.share_alike in _BOUND and license.share_alike in _BOUND and not _joins(own, license):
            return True
        if own.share_alike in _BOUND and license.non_commercial and not own.non_commercial:
            return True
        if license.share_alike in _BOUND and own.non_commercial and not license.non_commercial:
            return True
    return False


def _joins(left: DatasetLicense, right: DatasetLicense) -> bool:
    """Tell whether one of two licenses lets adapted material go out under the other; one way is enough."""
    named = (left.id, right.relicensable_as), (right.id, left.relicensable_as)
    return any(id == one.split(" (")[0] for id, accepted in named for one in accepted)


def license_facts(grant: Grant, clash: bool) -> dict[str, Any]:
    """Return the facts of a license under the names that rules use."""
    license = grant.license
    if license is None:
        return {
            **dict.fromkeys(("license.non_commercial", "license.no_derivatives"), "unknown"),
            "license.id": grant.id,
            "license.note": "",
            "license.known": False,
            "license.recalled": False,
            "license.family": str(LicenseFamily.NON_LICENSE),
            "license.share_alike": str(ShareAlike.UNKNOWN),
            "license.reach": "unknown",
            "license.attribution": False,
            "license.notices": False,
            "license.marks_changes": False,
            "license.redistribution": False,
            "license.clashes": clash,
        }
    real = license.family is not LicenseFamily.NON_LICENSE
    copyright_kept = {LicenseCondition.INCLUDE_COPYRIGHT, LicenseCondition.INCLUDE_COPYRIGHT_SOURCE}
    passed_on = Permission.DISTRIBUTION in license.permissions
    kept_back = Limitation.NO_REDISTRIBUTION in license.limitations
    return {
        "license.id": license.id,
        "license.note": license.note,
        "license.known": real,
        "license.recalled": license.confidence is Confidence.MEMORY,
        "license.family": str(license.family),
        "license.non_commercial": _fact(license.non_commercial),
        "license.no_derivatives": _fact(license.no_derivatives),
        "license.share_alike": str(license.share_alike),
        "license.reach": str(license.reach),
        "license.attribution": license.attribution and real,
        "license.notices": bool(copyright_kept & license.conditions),
        "license.marks_changes": LicenseCondition.DOCUMENT_CHANGES in license.conditions,
        "license.redistribution": passed_on and not kept_back,
        "license.clashes": clash,
    }


def _fact(value: bool | None) -> str:
    return str(Fact.UNKNOWN if value is None else Fact.YES if value else Fact.NO)
