"""Who counts as declared is one question, asked of a teacher and of an origin."""

from __future__ import annotations

import pytest

from auditor.domain.claim import Basis, Grade
from auditor.domain.origin import Origin, OriginTeacher, View
from auditor.policy.facts.named_facts import TeacherSummary


@pytest.mark.parametrize(
    ("views", "basis", "declared"),
    [
        ((View.DECLARED,), Basis.ROW, True),
        ((View.DECLARED, View.DETECTED), Basis.CARD, True),
        ((View.DECLARED,), Basis.INFERRED, False),
        ((View.DECLARED, View.DETECTED), Basis.INFERRED, False),
        ((View.DETECTED,), Basis.FINGERPRINT, False),
    ],
)
def test_what_was_only_inferred_or_found_is_declared_by_nobody(
    views: tuple[View, ...], basis: Basis, declared: bool
) -> None:
    teacher = OriginTeacher("gpt-4", "gpt-4", True, views, basis, Grade.D)
    assert teacher.declared is declared
    assert Origin("o", (teacher,), (), basis, Grade.D).declared is declared
    assert not Origin("o", (), (), Basis.NONE, Grade.E).declared


def test_rules_read_the_same_answer() -> None:
    assert TeacherSummary(declared=False, copied=True).facts()["teacher.declared"] is False
