"""Terms: a text that reaches a teacher's outputs, as facts on closed axes and duties with triggers.

A fact's words stay beside its value (`text`, `note`), but only the value decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from auditor.domain.axes import (
    Attribution,
    Axis,
    AxisValue,
    BarredModels,
    CommercialUse,
    Confidence,
    EvaluationUse,
    FieldLimit,
    OutputOwnership,
    OutputsUse,
    Redistribution,
    ScaleLimit,
    ShareAlikeTerms,
    SilentBasis,
    StudentStatus,
    Termination,
)
from auditor.domain.term_obligation import TermObligation, Territory, Threshold
from auditor.ids import TermsId


class TermsKind(StrEnum):
    """What sort of text it is."""

    PERMISSIVE = "permissive-license"
    LICENSE = "license-and-contract"
    SERVICE = "service-terms"
    USE_POLICY = "acceptable-use-policy"
    NONE = "none"
    """No model, hence no terms."""
    UNKNOWN = "unknown"


V = TypeVar("V", bound=AxisValue, covariant=True)


@dataclass(frozen=True, slots=True)
class Clause(Generic[V]):
    """One fact: the value on its axis, the words behind it, and where they stand."""

    axis: Axis
    value: V
    section: str = ""
    """As the text numbers it."""
    text: str = ""
    """The reading in a few words where the value alone says less."""
    note: str = ""
    """What a reader of the entry should know."""
    confidence: Confidence = Confidence.MEMORY
    source: str = ""
    """What the value was read from."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the terms say, one clause an axis; None where they were not asked or do not say."""

    outputs: Clause[OutputsUse]
    silent_basis: SilentBasis | None = None
    """Given exactly where `outputs` is silent."""
    student: Clause[StudentStatus] | None = None
    commercial: Clause[CommercialUse] | None = None
    redistribution: Clause[Redistribution] | None = None
    attribution: Clause[Attribution] | None = None
    share_alike: Clause[ShareAlikeTerms] | None = None
    field_limit: Clause[FieldLimit] | None = None
    scale: Clause[ScaleLimit] | None = None
    termination: Clause[Termination] | None = None
    ownership: Clause[OutputOwnership] | None = None
    evaluation: Clause[EvaluationUse] | None = None
    barred: Clause[BarredModels] | None = None

    def clauses(self) -> Iterator[Clause[AxisValue]]:
        """Yield the clauses that are there, in the order of `Axis`."""
        every: tuple[Clause[AxisValue] | None, ...] = (
            self.outputs,
            self.student,
            self.commercial,
            self.redistribution,
            self.attribution,
            self.share_alike,
            self.field_limit,
            self.scale,
            self.termination,
            self.ownership,
            self.evaluation,
            self.barred,
        )
        return (clause for clause in every if clause is not None)


class Openness(StrEnum):
    """What may be called open: OSI-approved or Open Definition conformant, without limits of use."""

    OPEN = "open"
    SOURCE_AVAILABLE = "source-available"
    """The material is there to take, with limits of use, field, size or place (Llama, RAIL, NC, ND)."""
    CLOSED = "closed"
    """A service or an agreement; no material is handed out."""
    NOT_APPLICABLE = "not-applicable"
    """No model is involved."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """A decisive place of a text: its section, and the digest of the line that says it."""

    section: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A copy of a text that somebody had in front of them."""

    repository: str
    """Owner and name of the repository, or what holds the document."""
    path: str
    commit: str = ""
    """40 hex digits; of a document that is in no repository, none."""
    seen: str | None = None
    """The last day on which the copy is known to have been the text in force."""
    sha256: str = ""
    """Of the whole text as stored."""
    chars: int = 0
    """Its length in characters; 0 where nobody counted."""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """A license, service agreement or use policy, in one version."""

    id: TermsId
    name: str
    kind: TermsKind
    version: str
    url: str
    source: str
    confidence: Confidence
    facts: Facts
    conditions: tuple[TermObligation, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    """Sizes of the scale axis."""
    territories: tuple[Territory, ...] = ()
    openness: Openness = Openness.UNKNOWN
    also_known_as: tuple[str, ...] = ()
    """SPDX or ScanCode ids of the same text."""
    effective_from: str | None = None
    """ISO date; None where not known."""
    effective_to: str | None = None
    engine_note: str = ""
    not_verified: str = ""
    """What of the text was not read."""
    reading: str = ""
    """What the text says of outputs, in one sentence of ours that counsel can check."""
    read: tuple[Reading, ...] = ()
    """The copies that were read."""
    overlay: str = ""
    """The overlay folder that gave this entry; empty for the built-in knowledge."""


UNKNOWN_TERMS = TermsId("LicenseRef-Unknown")
"""The entry that stands for terms nobody has read; it can only lead to review."""
