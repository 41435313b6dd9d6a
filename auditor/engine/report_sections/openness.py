"""What may be called open: each teacher by its terms, each license of the data, the student."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.domain.report.openness_fact import OpennessFact
from auditor.domain.report.origin_facts import OriginFacts
from auditor.domain.terms import Openness
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.openness import least_open
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.facts.release_license import ReleaseKind, release_of


def openness_facts(
    knowledge: Knowledge, release: str | None, origins: Iterable[OriginFacts]
) -> tuple[OpennessFact, ...]:
    """Grade each teacher, each license of the data and the student.

    Args:
        release: the license that the plan releases the student under.
    """
    view = KnowledgeView(knowledge)
    found: dict[tuple[str, str], Openness] = {}
    for origin in origins:
        for teacher in origin.teacher_details:
            key = ("teacher", teacher.id)
            grade = view.teacher_openness(teacher)
            found[key] = least_open((found.get(key, grade), grade))
        for license in origin.licenses:
            found["data", license] = view.openness(license)
    if release:
        found["student", release] = _of_student(view, release)
    return tuple(OpennessFact(subject, name, grade) for (subject, name), grade in found.items())


def _of_student(view: KnowledgeView, license: str) -> Openness:
    """Grade a release as the packs read it; words of no known license are unknown."""
    match release_of(license, view).kind:
        case ReleaseKind.OPEN:
            return Openness.OPEN
        case ReleaseKind.NONE | ReleaseKind.PROPRIETARY:
            return Openness.CLOSED
        case ReleaseKind.SOURCE_AVAILABLE | ReleaseKind.NON_COMMERCIAL | ReleaseKind.DESCRIBED:
            return Openness.SOURCE_AVAILABLE
        case ReleaseKind.UNPARSED | ReleaseKind.UNKNOWN:
            return Openness.UNKNOWN
