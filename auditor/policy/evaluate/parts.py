"""The parts of an origin that are judged apart, and what the engine itself says of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.clause import ClauseRef
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer, Reason
from auditor.policy.evaluate.decision import ENGINE, Decision


class PartKind(StrEnum):
    """Kinds of parts."""

    PLAN = "plan"
    ORIGIN = "origin"
    """The origin as a whole."""
    TEACHER = "teacher"
    LICENSE = "license"


@dataclass(frozen=True, slots=True)
class Part:
    """One part, judged."""

    kind: PartKind
    id: str
    """A teacher's id, the expression of a license; empty for the plan."""
    decision: Decision


def engine_notes(parts: Iterable[Part]) -> Decision:
    """Say where the engine's own two rules decided: strictest row, and a data license that lifts nothing."""
    outcomes: dict[PartKind, set[Outcome]] = {kind: set() for kind in PartKind}
    for part in parts:
        outcomes[part.kind].add(part.decision.outcome)
    return Decision(tuple(_notes(outcomes[PartKind.TEACHER], outcomes[PartKind.LICENSE])))


def _notes(teachers: set[Outcome], licenses: set[Outcome]) -> Iterator[Reason]:
    if len(teachers) > 1:
        text = "Teachers differ; the strictest decides."
        yield _note("strictest-row-decides", "strictest row decides", text)
    if Outcome.DENY in teachers and any(outcome.passes for outcome in licenses):
        text = "The license of the data set does not lift the terms of the teacher."
        yield _note("license-lifts-nothing", "dataset license never overrides teacher terms", text)


def _note(rule: str, section: str, message: str) -> Reason:
    return Reason(rule, Outcome.ALLOW, message, message, Layer.PROVENANCE, ClauseRef(ENGINE, section))
