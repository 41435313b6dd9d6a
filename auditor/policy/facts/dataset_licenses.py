"""Licenses of the data as facts: an expression becomes a tree of grants."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
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
from auditor.domain.tribool import Tribool


@dataclass(frozen=True, slots=True)
class Grant:
    """One license, or several joined by AND or (`choice`) by OR."""

    id: str
    license: DatasetLicense | None = None
    parts: tuple[Grant, ...] = ()
    choice: bool = False
    later: tuple[DatasetLicense, ...] = ()
    """Later versions that the grant names too (`-or-later`)."""

    def leaves(self) -> Iterator[Grant]:
        """Yield the single licenses."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def beside(self, part: Grant, others: list[Grant]) -> list[Grant]:
        """Return the licenses that `part` must join: of a choice not those that are not chosen."""
        left = list(others)
        if self in left:
            left.remove(self)
            left += [part] if self.choice else self.parts
        return left

    def versions(self) -> tuple[DatasetLicense, ...]:
        """Return the license, and its later versions where the grant names them too."""
        return (self.license, *self.later) if self.license else ()

    def elections(self) -> list[tuple[DatasetLicense, ...]]:
        """Return each way in which the grant can be taken: one of a choice, one version of each license."""
        if not self.parts:
            return [(one,) for one in self.versions()] or [()]
        if self.choice:
            return [one for part in self.parts for one in part.elections()]
        ways = itertools.product(*(part.elections() for part in self.parts))
        return [sum(one, ()) for one in itertools.islice(ways, _MOST_WAYS)]


_KEEPS_COPYRIGHT = frozenset({LicenseCondition.INCLUDE_COPYRIGHT, LicenseCondition.INCLUDE_COPYRIGHT_SOURCE})
_MOST_WAYS = 256
"""Ways to take licenses that are looked through; what has more counts as not joining."""
_VERSION = re.compile(r"(.+)-(\d+(?:\.\d+)*)((?:-only)?)")
_COPYLEFT = frozenset(
    {ShareAlike.ADAPTATIONS, ShareAlike.FILE, ShareAlike.LIBRARY, ShareAlike.NETWORK, ShareAlike.DATABASE}
)
_GPL = frozenset({"GPL-2.0-only", "GPL-3.0-only", "AGPL-3.0-only"})
_BARRED_BY_GPL = {"Apache-2.0": frozenset({"GPL-2.0-only"}), "MS-PL": _GPL}
"""Licenses without share-alike that ask for more than a version of the GPL lets anyone ask."""
_TAKEN_BY = {
    # GPL 3 and AGPL 3, section 13; LGPL 2.1, section 3; LGPL 3 is GPL 3 with more permissions;
    # MPL 2.0, sections 1.12 and 3.3.
    "GPL-3.0-only": frozenset({"AGPL-3.0-only"}),
    "LGPL-2.1-only": frozenset({"GPL-2.0-only", "GPL-3.0-only"}),
    "LGPL-3.0-only": frozenset({"GPL-3.0-only", "AGPL-3.0-only"}),
    "MPL-2.0": frozenset({"LGPL-2.1-only", "LGPL-3.0-only", *_GPL}),
}


def later_versions(license: DatasetLicense, known: Iterable[DatasetLicense]) -> tuple[DatasetLicense, ...]:
    """Return the later versions of a license among those that are known."""
    own = _VERSION.fullmatch(license.id)
    found = ((one, _VERSION.fullmatch(one.id)) for one in known)
    return tuple(
        one
        for one, match in found
        if own and match and match.group(1, 3) == own.group(1, 3) and _number(match[2]) > _number(own[2])
    )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


Unfit = Callable[[DatasetLicense, DatasetLicense], bool]


def clashes(grant: Grant, others: list[Grant]) -> bool:
    """Tell whether another license of the same rows cannot join this one in one adapted work."""
    return _kept_apart(grant, others, _bars)


def may_clash(grant: Grant, others: list[Grant]) -> bool:
    """Tell whether it is open that another license of the same rows can join this one in one work."""
    return _kept_apart(grant, others, lambda left, right: _bars(left, right) or _doubtful(left, right))


def _kept_apart(grant: Grant, others: list[Grant], unfit: Unfit) -> bool:
    """Tell whether a license meets one that it does not fit, and no way of taking all of them avoids that."""
    rest = list(others)
    if grant in rest:
        rest.remove(grant)
    near = {one.id: one for other in rest for leaf in other.leaves() for one in leaf.versions()}
    if not any(unfit(own, one) for own in grant.versions() for one in near.values()):
        return False
    taken = [{own.id: own} for own in grant.versions()]
    for other in rest:
        grown: dict[frozenset[str], dict[str, DatasetLicense]] = {}
        for held, way in itertools.product(taken, other.elections()):
            if not any(unfit(one, new) for one in held.values() for new in way) and not any(
                unfit(one, new) for one, new in itertools.combinations(way, 2)
            ):
                both = held | {one.id: one for one in way}
                grown[frozenset(both)] = both
        if not grown or len(grown) > _MOST_WAYS:
            return True
        taken = list(grown.values())
    return False


def _bars(own: DatasetLicense, other: DatasetLicense) -> bool:
    """Tell whether two licenses plainly bar one adapted work of both.

    Share-alike licenses with different elements each demand themselves; a license without derivatives joins
    nothing.
    """
    if own.id == other.id:
        return False
    if own.no_derivatives or other.no_derivatives:
        return True
    bound = (own.share_alike is ShareAlike.ADAPTATIONS, other.share_alike is ShareAlike.ADAPTATIONS)
    if all(bound) and not _joins(own, other):
        return True
    if bound[0] and other.non_commercial and not own.non_commercial:
        return True
    return bool(bound[1] and own.non_commercial and not other.non_commercial)


def _doubtful(own: DatasetLicense, other: DatasetLicense) -> bool:
    """Tell whether nobody wrote down that two licenses can join: each kind of share-alike demands its own."""
    if own.id == other.id:
        return False
    pairs = ((own, other), (other, own))
    if any(right.id in _BARRED_BY_GPL.get(left.id, ()) for left, right in pairs):
        return True
    bound = (own.share_alike in _COPYLEFT, other.share_alike in _COPYLEFT)
    if all(bound):
        return not _joins(own, other) and not any(r.id in _TAKEN_BY.get(left.id, ()) for left, r in pairs)
    return any(
        left.share_alike in _COPYLEFT and r.non_commercial and not left.non_commercial for left, r in pairs
    )


def _joins(left: DatasetLicense, right: DatasetLicense) -> bool:
    """Tell whether one of two licenses lets adapted material go out under the other; one way is enough."""
    named = (left.id, right.relicensable_as), (right.id, left.relicensable_as)
    return any(id == one.split(" (")[0] for id, accepted in named for one in accepted)


def license_facts(grant: Grant, others: list[Grant]) -> dict[str, Any]:
    """Return the facts of a license under the names that rules use.

    Args:
        others: the licenses of the same rows.
    """
    return {
        **(_unread(grant.id) if grant.license is None else _read(grant.license)),
        "license.clashes": clashes(grant, others),
        "license.may_clash": may_clash(grant, others),
    }


def _unread(id: str) -> dict[str, Any]:
    """Return the facts of a license that the catalog does not have: nothing is granted, nothing known."""
    return {
        "license.id": id,
        "license.note": "",
        "license.known": False,
        "license.recalled": False,
        "license.family": str(LicenseFamily.NON_LICENSE),
        "license.non_commercial": str(Tribool.UNKNOWN),
        "license.no_derivatives": str(Tribool.UNKNOWN),
        "license.share_alike": str(ShareAlike.UNKNOWN),
        "license.reach": "unknown",
        "license.attribution": False,
        "license.notices": False,
        "license.marks_changes": False,
        "license.redistribution": False,
    }


def _read(license: DatasetLicense) -> dict[str, Any]:
    """Return the facts of a license of the catalog."""
    known = license.family is not LicenseFamily.NON_LICENSE
    passed_on = Permission.DISTRIBUTION in license.permissions
    kept_back = Limitation.NO_REDISTRIBUTION in license.limitations
    return {
        "license.id": license.id,
        "license.note": license.note,
        "license.known": known,
        "license.recalled": license.confidence is Confidence.MEMORY,
        "license.family": str(license.family),
        "license.non_commercial": str(Tribool.of(license.non_commercial)),
        "license.no_derivatives": str(Tribool.of(license.no_derivatives)),
        "license.share_alike": str(license.share_alike),
        "license.reach": str(license.reach),
        "license.attribution": license.attribution and known,
        "license.notices": bool(_KEEPS_COPYRIGHT & license.conditions),
        "license.marks_changes": LicenseCondition.DOCUMENT_CHANGES in license.conditions,
        "license.redistribution": passed_on and not kept_back,
    }
