"""What is set beside the verdicts for people: the other uses, openness, the fair-use sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.domain.claim import Access
from auditor.domain.outcome import Outcome, strictest
from auditor.domain.plan import IntendedUse, Plan
from auditor.domain.report.fair_use import FairUseSheet
from auditor.domain.report.openness_fact import OpennessFact
from auditor.domain.report.origin_facts import OriginFacts
from auditor.domain.report.use_outcome import UseOutcome
from auditor.domain.role import TeacherRole
from auditor.domain.terms import Openness
from auditor.domain.tribool import Tribool, all_of
from auditor.domain.verdict import Verdict
from auditor.engine.inputs import AuditInputs
from auditor.engine.scan import Scan
from auditor.knowledge.openness import least_open
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.facts.release_license import ReleaseKind, release_of
from auditor.policy.fair_use.sheet import SheetFacts, TeacherRows, fair_use_sheet
from auditor.policy.waivers.waivers import Applied, effective_outcome


def other_uses(
    setting: AuditInputs, scan: Scan, whole: Verdict, floor: Iterable[Outcome] = ()
) -> tuple[UseOutcome, ...]:
    """Judge the same rows for every use; the rest of the plan stays as it is.

    Args:
        floor: outcomes that hold for every use.
    """
    least = tuple(floor)
    base = setting.plan or Plan()
    answers = []
    for use in IntendedUse:
        plan = None if setting.plan is None else replace(base, intended_use=use)
        judged = (
            (dict(verdict.matrix).get(use, verdict.outcome) for verdict in scan.verdicts)
            if plan is None
            else map(Judge(replace(setting.context, plan=plan)).outcome, scan.table.origins)
        )
        answers.append(UseOutcome(use, strictest((whole.outcome, *least, *judged))))
    return tuple(answers)


def effective(scan: Scan, applied: Applied, whole: Iterable[Outcome]) -> Outcome:
    """Return the outcome once waivers count; what concerns the whole set (`whole`) no waiver lifts."""
    verdicts = {origin.id: verdict for origin, verdict in zip(scan.table.origins, scan.verdicts, strict=True)}
    return effective_outcome(verdicts, applied, whole)


def fair_use(setting: AuditInputs, scan: Scan) -> FairUseSheet:
    """Fill the fair-use sheet from what was measured; it changes no outcome."""
    lookup = KnowledgeView(setting.knowledge)
    facts = SheetFacts(
        rows=scan.samples,
        model_rows=scan.rows_with(lambda origin: any(str(t.access) != "none" for t in origin.teachers)),
        searched_rows=scan.searched,
        copied_rows=scan.detected,
        longest_span=scan.longest_span,
        factual_rows=scan.nature.factual,
        creative_rows=scan.nature.creative,
        open_sources=_all_open(lookup, scan),
        work_rows=scan.works.total,
        creative_work_rows=scan.nature.of_works,
        works=scan.works.facts(setting.indexes),
        teachers=_teacher_rows(scan),
    )
    license = setting.plan.student_release_license if setting.plan else None
    return fair_use_sheet(facts, setting.plan, release_of(license, lookup).kind)


def _teacher_rows(scan: Scan) -> tuple[TeacherRows, ...]:
    """Count the rows of each model by its role, the most first; text without a model has no teacher."""
    found: dict[tuple[str, TeacherRole], int] = {}
    for origin, rows in zip(scan.table.origins, scan.table.samples, strict=True):
        for key in {(one.id, one.role) for one in origin.teachers if one.access is not Access.NONE}:
            found[key] = found.get(key, 0) + rows
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(TeacherRows(name, role, rows) for (name, role), rows in ordered if rows)


def _all_open(lookup: KnowledgeView, scan: Scan) -> Tribool:
    found = [lookup.open_fact(origin) for origin in scan.table.origins]
    return all_of(found) if found else Tribool.UNKNOWN


def openness_facts(setting: AuditInputs, origins: Iterable[OriginFacts]) -> tuple[OpennessFact, ...]:
    """Say what may be called open: each teacher by its terms, each license of the data, the student."""
    lookup = KnowledgeView(setting.knowledge)
    found: dict[tuple[str, str], Openness] = {}
    for origin in origins:
        for teacher in origin.teacher_details:
            key = ("teacher", teacher.id)
            grade = lookup.teacher_openness(teacher)
            found[key] = least_open((found.get(key, grade), grade))
        for license in origin.licenses:
            found["data", license] = lookup.openness(license)
    plan = setting.plan
    if plan is not None and plan.student_release_license:
        found["student", plan.student_release_license] = _of_student(lookup, plan.student_release_license)
    return tuple(OpennessFact(subject, name, grade) for (subject, name), grade in found.items())


def _of_student(lookup: KnowledgeView, license: str) -> Openness:
    """Grade a release as the packs read it; words of no known license are unknown."""
    match release_of(license, lookup).kind:
        case ReleaseKind.OPEN:
            return Openness.OPEN
        case ReleaseKind.NONE | ReleaseKind.PROPRIETARY:
            return Openness.CLOSED
        case ReleaseKind.SOURCE_AVAILABLE | ReleaseKind.NON_COMMERCIAL | ReleaseKind.DESCRIBED:
            return Openness.SOURCE_AVAILABLE
        case ReleaseKind.UNPARSED | ReleaseKind.UNKNOWN:
            return Openness.UNKNOWN
