"""What the engine says of the parts of one origin together."""

from __future__ import annotations

from auditor.domain.clause import ClauseRef
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer, Reason
from auditor.policy.evaluate.decision import Decision
from auditor.policy.evaluate.parts import Part, PartKind, engine_notes


def _part(kind: PartKind, outcome: Outcome, id: str = "x") -> Part:
    return Part(kind, id, Decision((Reason("r", outcome, "t", "m", Layer.PROVENANCE, ClauseRef("c")),)))


def _notes(*parts: Part) -> list[str]:
    return [reason.rule for reason in engine_notes(parts).reasons]


def test_teachers_that_differ_are_named_by_their_kind_and_not_by_their_id() -> None:
    deny, allow = _part(PartKind.TEACHER, Outcome.DENY), _part(PartKind.TEACHER, Outcome.ALLOW)
    assert _notes(deny, allow) == ["strictest-row-decides"]
    assert _notes(deny, _part(PartKind.PLAN, Outcome.ALLOW)) == []
    assert _notes(deny, _part(PartKind.ORIGIN, Outcome.ALLOW, "license:MIT")) == []


def test_a_license_that_allows_lifts_no_teacher_that_denies() -> None:
    fine = _part(PartKind.LICENSE, Outcome.ALLOW)
    assert _notes(_part(PartKind.TEACHER, Outcome.DENY), fine) == ["license-lifts-nothing"]
    assert _notes(_part(PartKind.TEACHER, Outcome.REVIEW), fine) == []
