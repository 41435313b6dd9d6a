"""A waiver: a finding that somebody accepted, why, until when, and whose signature says so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_NAMED, _DIGITS = 3, 12
_TEXTS = (
    "rule",
    "reason",
    "approved_by",
    "expires",
    "finding",
    "author",
    "created",
    "policy",
    "file",
    "digest",
)


class WaiverReason(StrEnum):
    """Why a finding is accepted."""

    PERMISSION_ON_FILE = "permission-on-file"
    COUNSEL_DECIDED = "counsel-decided"
    FALSE_POSITIVE = "false-positive"
    RISK_ACCEPTED = "risk-accepted"
    REMEDIATION_PLANNED = "remediation-planned"


class WaiverMode(StrEnum):
    """Which waivers a pack takes."""

    NONE = "none"
    NAMED = "named"
    """Of two people by their names: nobody's signature is asked for."""
    SIGNED = "signed"
    """Those alone that trusted approvers have signed."""


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody whose signature under a waiver counts, as a pack lists it."""

    key: str
    """A public key in PEM, or the id of one that the user gives."""
    name: str = ""
    """Whose key it is; empty: whoever a signature says."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One accepted finding; it holds through the day `expires`."""

    finding: str
    """Id of the finding, stable under rewording, row order and sharding."""
    rule: str
    reason: WaiverReason
    text: str
    """The reason in words."""
    author: str
    """Who asked for it."""
    approver: str
    """Who accepted it; never the author."""
    created: str
    """ISO date."""
    expires: str
    """ISO date."""
    samples: int
    """Rows that the finding touched when it was accepted; more are not covered."""
    policy: str = ""
    """Name of the pack it was accepted under; empty for any."""
    use: str = ""
    """The planned use it was accepted for; empty for any."""
    author_key: str = ""
    """Id of the author's public key, which approves nothing; empty where it was not given."""
    approvals: tuple[str, ...] = ()
    """DSSE envelopes as JSON, one for each approver who signed all of the above."""


@dataclass(frozen=True, slots=True)
class Approval:
    """What the signatures under one waiver come to."""

    keys: tuple[str, ...] = ()
    """Ids of the trusted keys that count, one a person."""
    people: tuple[str, ...] = ()
    """The names that they signed by, in the same order."""
    needed: int = 1
    faults: tuple[str, ...] = ()
    """Why other signatures do not count, one clause each."""

    @property
    def holds(self) -> bool:
        """Tell whether enough people signed."""
        return len(self.keys) >= max(self.needed, 1)


@dataclass(frozen=True, slots=True)
class AppliedWaiver:
    """A waiver that held, as a report and a permit state it: what was accepted, why and until when."""

    id: str
    rule: str
    reason: str
    approved_by: str
    """Who accepted it."""
    expires: str
    """ISO date; the last day it holds."""
    samples: int = 0
    """Rows of the finding in this audit."""
    finding: str = ""
    stale: bool = False
    """It met no finding: reports and permits of older programs list such waivers, which lift nothing."""
    author: str = ""
    """Who asked for it."""
    created: str = ""
    policy: str = ""
    file: str = ""
    """The file it was taken from, as it was named."""
    digest: str = ""
    """`sha256:…` of that file."""
    signed_by: tuple[str, ...] = ()
    """Ids of the approvers' keys; empty where the policy asks for none."""
    approvals: tuple[str, ...] = ()
    """The approvers' DSSE envelopes, as JSON."""


def applied_waiver(stated: Mapping[str, Any]) -> AppliedWaiver:
    """Read a waiver that a signed permit states; what the first permits did not say is left empty."""
    return AppliedWaiver(
        id=str(stated["id"]),
        samples=int(stated.get("samples") or 0),
        stale=bool(stated.get("stale")),
        signed_by=tuple(map(str, stated.get("signed_by") or ())),
        approvals=tuple(map(str, stated.get("approvals") or ())),
        **{name: str(stated.get(name) or "") for name in _TEXTS},
    )


_CYRILLIC = str.maketrans("авсеһніјкморѕтухԁԛԝѵӏґё", "abcehhijkmopstyxdqwvlre")
_GREEK = str.maketrans("αβεηικνορτυχγ", "abenikvoptuxy")
_GREEK_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")
_LATIN = str.maketrans("ıɑɡɩʟ", "iagil")
_ACCENTS = 200
"""The lowest combining class of marks above and below a letter."""
_UNSEEN = re.compile("[\\u034f\\u115f\\u1160\\u17b4\\u17b5\\ufe00-\\ufe0f\\U000e0100-\\U000e01ef]")
_ASIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|\{[^{}]*\})\s*$")


def same_person(name: str) -> str:
    """Fold a name: blanks, dots, accents, look-alikes, what nobody sees and brackets behind it change nobody.

    A letter of another script counts as the Latin one that it looks like; `Ann (work)` and `Ann <a@b.c>` are
    Ann.
    """
    bare = unicodedata.normalize("NFKC", name)
    while (shorter := _ASIDE.sub("", bare)) != bare and shorter.strip():
        bare = shorter
    if re.search("[A-Za-z]", bare):
        bare = bare.translate(_GREEK_CAPITALS)
    folded = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(filter(_is_seen, folded)).translate(_CYRILLIC).translate(_GREEK).translate(_LATIN)


def _is_seen(letter: str) -> bool:
    """Tell whether a letter tells people apart; vowel signs do, accents and selectors do not."""
    accent = unicodedata.combining(letter) >= _ACCENTS or _UNSEEN.match(letter)
    return not accent and unicodedata.category(letter)[0] not in "ZCPS"


def waiver_line(waivers: Iterable[AppliedWaiver]) -> str:
    """Say on one line what was waived, by whom, until when and by which file; empty where nothing was."""
    groups: dict[tuple[str, ...], list[AppliedWaiver]] = {}
    for one in waivers:
        if not one.stale:
            key = (one.approved_by, one.author, one.expires, one.file, one.digest, *one.signed_by)
            groups.setdefault(key, []).append(one)
    if not groups:
        return ""
    parts = [_accepted(group) for group in list(groups.values())[:_NAMED]]
    more = sum(map(len, list(groups.values())[_NAMED:]))
    return "; ".join([*parts, *([f"and {more:,} more"] if more else [])])


def _accepted(group: Sequence[AppliedWaiver]) -> str:
    first = group[0]
    rows = [f"{one.samples:,} row{'s' * (one.samples != 1)} of {one.finding or one.id}" for one in group]
    listed = ", ".join(
        [*rows[:_NAMED], *([f"{len(rows) - _NAMED:,} more findings"] if rows[_NAMED:] else [])]
    )
    name, _, value = first.digest.rpartition(":")
    source = " ".join(part for part in (first.file, f"{name}:{value[:_DIGITS]}" if value else "") if part)
    keys = ", ".join(key[:_DIGITS] for key in first.signed_by)
    text = f"{listed} accepted by {first.approved_by}"
    text += f" (signed by key {keys})" if keys else ""
    text += f", asked for by {first.author}" if first.author else ""
    text += f", until {first.expires}"
    return printable(f"{text} [{source}]" if source else text)


def printable(text: str) -> str:
    """Return one line; write what no reader sees, controls and marks of direction, as escapes."""
    line = " ".join(text.split())
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in line)
