from __future__ import annotations

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import Origin, OriginFlag, OriginLicense, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.report.origin_facts import origin_facts, origin_of

TEACHER = OriginTeacher(
    "acme-large", "Acme Large", True, (View.DECLARED,), Basis.ROW, Grade.C, Access.API, where="generator"
)
ORIGIN = Origin(
    "o-1",
    (TEACHER,),
    (OriginLicense("mit", "MIT", Basis.CARD),),
    Basis.ROW,
    Grade.C,
    frozenset({OriginFlag.UNKNOWN_TEACHER, OriginFlag.CONTRADICTION}),
)


def test_an_origin_is_told_again_from_its_facts() -> None:
    facts = origin_facts(ORIGIN, ("acme-terms",), 3, 12, Outcome.REVIEW, ("b", "a", "b"))
    assert origin_of(facts) == ORIGIN
    assert (facts.share, facts.rules, facts.licenses) == (0.25, ("a", "b"), ("MIT",))


def test_a_set_without_rows_has_no_share() -> None:
    assert origin_facts(ORIGIN, (), 0, 0, Outcome.ALLOW).share == 0.0
