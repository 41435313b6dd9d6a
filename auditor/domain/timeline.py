"""A timeline: what held for a teacher's outputs, path by path and span by span, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from auditor.domain.axes import Confidence, OutputsUse, SilentBasis
from auditor.domain.claim import Access
from auditor.domain.outcome import Outcome
from auditor.ids import TermsId


class Known(StrEnum):
    """On what an answer about a span rests, the firmest first."""

    READ = "read"
    """The text was read."""
    REPORTED = "reported"
    """Somebody else's account of the text was read."""
    MEMORY = "from-memory"
    UNREAD = "unread"
    """A text that held, or may have held, was read by nobody."""

    @property
    def weakness(self) -> int:
        """Return how little it says: 0 for a text that was read."""
        return list(Known).index(self)


def known_by(confidence: Confidence) -> Known:
    """Return what a clause of that confidence rests on."""
    match confidence:
        case Confidence.TEXT:
            return Known.READ
        case Confidence.SECONDARY:
            return Known.REPORTED
        case Confidence.MEMORY:
            return Known.MEMORY
    assert_never(confidence)


@dataclass(frozen=True, slots=True)
class Ground:
    """What one text says of outputs, where it says so, and how that is known."""

    terms: TermsId
    name: str
    outputs: OutputsUse
    section: str = ""
    reading: str = ""
    """Our reading in a sentence."""
    source: str = ""
    confidence: Confidence = Confidence.MEMORY
    url: str = ""
    silent_basis: SilentBasis | None = None
    effective_from: str | None = None
    seen: str | None = None
    """The last day on which a copy of the text was seen."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Days on which the same texts held together."""

    start: str | None
    """ISO date; None: since ever."""
    end: str | None
    """ISO date; None: to this day."""
    known: Known
    grounds: tuple[Ground, ...] = ()
    """The text that decides comes first."""
    note: str = ""
    outcome: Outcome | None = None
    """Under the plan that was asked about; None where there was none."""
    why: str = ""
    """The first reason for that outcome."""

    @property
    def outputs(self) -> OutputsUse | None:
        """Return what decides; None where that was not read: memory may bar, it may not permit."""
        first = self.grounds[0].outputs if self.grounds else None
        return None if self.known in (Known.MEMORY, Known.UNREAD) and not bars(first) else first


@dataclass(frozen=True, slots=True)
class Lane:
    """One way to the model: its segments follow on each other."""

    teacher: str
    """The catalog's entry for this path."""
    access: Access
    host: str | None
    segments: tuple[Segment, ...]
    dated: tuple[str, ...] = ()
    """Days of rows that came this way."""
    since: str | None = None
    """The day since which the answer of the last segment holds; None: since ever."""

    @property
    def title(self) -> str:
        """Return the path in words."""
        at = f" at {self.host}" if self.host else ""
        return f"{self.access}{at}" if self.access is not Access.UNKNOWN else f"path not told{at}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """All ways to a model that were asked for."""

    name: str
    """As it was asked for."""
    teacher: str
    """The catalog's entry; several are joined by commas where the name leaves them open."""
    developer: str
    lanes: tuple[Lane, ...]
    until: str
    """The day up to which it is drawn."""


_STRICTNESS = (
    OutputsUse.ALLOWED,
    OutputsUse.SILENT,
    OutputsUse.CONDITIONAL,
    OutputsUse.FORBIDDEN_IF_COMPETING,
    OutputsUse.FORBIDDEN,
)


def strictness(outputs: OutputsUse) -> int:
    """Return how much a value asks, 0 for a plain permission."""
    return _STRICTNESS.index(outputs)


def bars(outputs: OutputsUse | None) -> bool:
    """Tell whether a value keeps outputs from some training, whatever other texts say."""
    return outputs in (OutputsUse.FORBIDDEN, OutputsUse.FORBIDDEN_IF_COMPETING)


def answer(outputs: OutputsUse | None, basis: SilentBasis | None = None) -> str:
    """Say in a few words whether outputs may train another model."""
    match outputs:
        case None:
            return "not known: not all that held was read"
        case OutputsUse.ALLOWED:
            return "yes"
        case OutputsUse.CONDITIONAL:
            return "yes, under conditions"
        case OutputsUse.FORBIDDEN_IF_COMPETING:
            return "not for a model that competes"
        case OutputsUse.FORBIDDEN:
            return "no"
        case OutputsUse.SILENT:
            return _silence(basis)
    assert_never(outputs)


def _silence(basis: SilentBasis | None) -> str:
    match basis:
        case SilentBasis.BROAD_USE_GRANT:
            return "not spoken of, within a broad grant of use"
        case SilentBasis.NON_COMMERCIAL_GRANT:
            return "not spoken of, within a non-commercial grant"
        case SilentBasis.LIMITED_GRANT:
            return "not spoken of, beside a limited grant"
        case SilentBasis.TEXT_NOT_READ | None:
            return "not known: the text was not read"
    assert_never(basis)
