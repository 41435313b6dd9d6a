"""What is set beside the verdicts for people: the other uses, openness, the fair-use sheet, the waivers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce

from auditor.domain.claim import Access
from auditor.domain.finding import Finding
from auditor.domain.origin import OriginTeacher
from auditor.domain.outcome import Outcome, strictest
from auditor.domain.plan import IntendedUse, Plan
from auditor.domain.terms import Openness
from auditor.domain.verdict import Verdict
from auditor.domain.waiver import Waiver as Accepted
from auditor.engine.scan import Scan
from auditor.engine.setting import Setting
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.openness import least_open, openness
from auditor.policy.catalog import Lookup
from auditor.policy.duties import both
from auditor.policy.fairuse import SheetFacts, fair_use_sheet
from auditor.policy.judge import Judge
from auditor.policy.vocabulary import Fact
from auditor.policy.waivers import Applied, apply_waivers, effective_outcome, load_waivers
from auditor.report.model import FairUseSheet, OpennessFact, OriginFacts, SheetEntry, UseOutcome, Waiver


def other_uses(
    setting: Setting, scan: Scan, whole: Verdict, floor: Iterable[Outcome] = ()
) -> tuple[UseOutcome, ...]:
    """Judge the same rows for every use; the rest of the plan stays as it is.

    Args:
        floor: outcomes that hold for every use.
    """
    least = tuple(floor)
    today = setting.request.now.date()
    base = setting.plan or Plan()
    answers = []
    for use in IntendedUse:
        plan = None if setting.plan is None else replace(base, intended_use=use)
        judged = (
            (dict(verdict.matrix).get(use, verdict.outcome) for verdict in scan.verdicts)
            if plan is None
            else map(Judge(setting.pack, setting.knowledge, plan, today).outcome, scan.table.origins)
        )
        answers.append(UseOutcome(use, strictest((whole.outcome, *least, *judged))))
    return tuple(answers)


def waived(setting: Setting, findings: Sequence[Finding]) -> Applied:
    """Apply the waiver file of the request, unless the pack takes none."""
    request, pack = setting.request, setting.pack
    if request.waivers is None or not pack.pack.waivers:
        return Applied(tuple(findings), (), ())
    return apply_waivers(findings, load_waivers(request.waivers), pack.name, request.now.date())


def effective(scan: Scan, applied: Applied, whole: Iterable[Outcome]) -> Outcome:
    """Return the outcome once waivers count; what concerns the whole set (`whole`) no waiver lifts."""
    verdicts = {origin.id: verdict for origin, verdict in zip(scan.table.origins, scan.verdicts, strict=True)}
    return effective_outcome(verdicts, applied, whole)


def waiver_facts(applied: Applied, findings: Sequence[Finding]) -> tuple[Waiver, ...]:
    """Return the waivers that held, as the report lists them."""
    rows = {finding.id: finding.samples for finding in findings}
    return tuple(_waiver(one, rows.get(one.finding, 0)) for one in applied.used)


def _waiver(one: Accepted, samples: int) -> Waiver:
    return Waiver(
        id=f"W-{one.finding.removeprefix('F-')}",
        rule=one.rule,
        reason=f"{one.reason}: {one.text}",
        approved_by=one.approver,
        expires=one.expires,
        samples=samples,
        finding=one.finding,
    )


def fair_use(setting: Setting, scan: Scan) -> FairUseSheet:
    """Fill the fair-use sheet from what was measured; it changes no outcome."""
    facts = SheetFacts(
        rows=scan.samples,
        model_rows=scan.rows_with(lambda origin: any(str(t.access) != "none" for t in origin.teachers)),
        searched_rows=scan.searched,
        copied_rows=scan.detected,
        longest_span=scan.longest_span,
        factual_rows=scan.nature.factual,
        creative_rows=scan.nature.creative,
        open_sources=_all_open(setting.knowledge, scan),
    )
    sheet = fair_use_sheet(facts, setting.plan)
    entries = (SheetEntry(one.factor, one.question, one.known, one.direction) for one in sheet.entries)
    return FairUseSheet(sheet.digest, tuple(entries))


def _all_open(knowledge: Knowledge, scan: Scan) -> Fact:
    lookup = Lookup(knowledge)
    found = [lookup.open_fact(origin) for origin in scan.table.origins]
    return reduce(both, found) if found else Fact.UNKNOWN


def openness_facts(setting: Setting, origins: Iterable[OriginFacts]) -> tuple[OpennessFact, ...]:
    """Say what may be called open: each teacher by its terms, each license of the data, the student."""
    knowledge = setting.knowledge
    found: dict[tuple[str, str], Openness] = {}
    for origin in origins:
        for teacher in origin.teacher_details:
            found["teacher", teacher.id] = _of_teacher(knowledge, teacher)
        for license in origin.licenses:
            found["data", license] = openness(knowledge, license)
    plan = setting.plan
    if plan is not None and plan.student_release_license:
        found["student", plan.student_release_license] = _of_student(knowledge, plan.student_release_license)
    return tuple(OpennessFact(subject, name, grade) for (subject, name), grade in found.items())


def _of_teacher(knowledge: Knowledge, teacher: OriginTeacher) -> Openness:
    """Grade a model by the license of its weights; by the way it was reached where it has none."""
    as_reached = (teacher.access, teacher.host, teacher.generated_at)
    for access, host, date in ((Access.OPEN_WEIGHTS, None, None), as_reached):
        terms = knowledge.resolve(teacher.name, access=access, date=date, host=host).terms
        grade = least_open(openness(knowledge, term) for term in terms)
        if grade is not Openness.UNKNOWN:
            return grade
    return Openness.UNKNOWN


def _of_student(knowledge: Knowledge, license: str) -> Openness:
    text = license.strip().casefold()
    if text in ("none", "proprietary"):
        return Openness.CLOSED
    if "use restrictions" in text:
        return Openness.SOURCE_AVAILABLE
    return openness(knowledge, license)
