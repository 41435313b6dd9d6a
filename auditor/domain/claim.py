"""A claim: what somebody said about a row's origin or license, and where they said it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """Who or what makes a claim."""

    ROW = "row"
    CARD = "card"
    SIDE_FILE = "side-file"
    LOG = "log"
    CLI_OPTION = "flag"
    """Said for the whole set by an option of the command line."""
    FINGERPRINT = "fingerprint"
    INFERRED = "inferred"
    """Recognized by its value, or read in prose: it may bar or ask, and is never a reason to allow."""
    NONE = "none"


class Grade(StrEnum):
    """How well a conclusion is held up; it may fall on its own, it rises only by new evidence.

    A: a generation record names the served revision. B: a row's claim that a fingerprint confirms. C: a claim
    in the row or a side file alone, or a fingerprint alone. D: a claim about the whole set alone (card,
    flag), or one that was inferred. E: no claim, or claims that disagree.
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class Access(StrEnum):
    """How the teacher was reached; the same model by another path falls under other terms."""

    API = "api"
    OPEN_WEIGHTS = "open-weights"
    CONSUMER_APP = "consumer-app"
    NONE = "none"
    UNKNOWN = "unknown"


class ClaimKind(StrEnum):
    """What a claim is about."""

    TEACHER = "teacher"
    LICENSE = "license"
    ACCESS = "access"
    HOST = "host"
    GENERATED_AT = "generated-at"
    SOURCE = "source"


CLAIM_WORDS = {
    ClaimKind.TEACHER: "teacher",
    ClaimKind.LICENSE: "license",
    ClaimKind.SOURCE: "source",
    ClaimKind.GENERATED_AT: "date",
    ClaimKind.HOST: "host",
    ClaimKind.ACCESS: "access",
}
"""What people call each kind, in the order in which they are told; roles of a map have these names too."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement, kept as it was said."""

    kind: ClaimKind
    """What it is about."""
    value: str
    """The words of the claimant, unresolved."""
    basis: Basis
    """Who or what says so."""
    where: str
    """Column path, file and key, or flag name, e.g. `generator`, `README.md:license`, `--teacher`."""
    slot: str = ""
    """The part of the row it speaks of: `chosen`, `rejected`, `prompt`; empty for all teacher text."""


@dataclass(frozen=True, slots=True)
class ClaimSet:
    """All claims that hold for a row; rows share few distinct sets."""

    claims: tuple[Claim, ...] = ()
    """In the order in which they were found."""
    slots: tuple[str, ...] = ()
    """The named slots that hold teacher text in these rows, e.g. `chosen` and `rejected`."""

    def of(self, kind: ClaimKind, slot: str | None = None) -> tuple[Claim, ...]:
        """Return the claims of one kind; with `slot`, those for that slot or for all of the row."""
        return tuple(c for c in self.claims if c.kind is kind and (slot is None or c.slot in ("", slot)))
