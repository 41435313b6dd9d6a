"""A verdict: the policy's answer on one origin, with every reason kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.clause import ClauseRef
from auditor.domain.obligation import Obligation
from auditor.domain.outcome import Outcome


class Layer(StrEnum):
    """Layers are judged apart and the strictest wins."""

    COPYRIGHT = "copyright"
    SERVICE_TERMS = "service-terms"
    WEIGHTS_LICENSE = "weights-license"
    DATASET_LICENSE = "dataset-license"
    ACCESS = "access"
    CONFIDENTIALITY = "confidentiality"
    PROVENANCE = "provenance"
    REGULATION = "regulation"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that spoke, on one clause, about one origin."""

    rule: str
    """Id of the rule."""
    outcome: Outcome
    title: str
    message: str
    layer: Layer
    clause: ClauseRef
    fix: str = ""
    """What would settle it."""
    subject: str = ""
    """What it is about: a teacher id, a license, a plan key."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one origin (or of a case) and all that led to it."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    obligations: tuple[Obligation, ...] = ()
    fixes: tuple[str, ...] = ()
    """What would settle it, each once."""
    assumptions: tuple[str, ...] = ()
    """Facts that nobody gave and that took a stated default."""
    questions: tuple[str, ...] = ()
    """Facts that a person must supply; each is why something is `review`."""
    advice: tuple[str, ...] = ()
    """Good practice that no text forces."""
    matrix: tuple[tuple[str, Outcome], ...] = ()
    """Outcome by intended use, where the plan names none."""
