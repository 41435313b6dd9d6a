"""The judge: origins against a plan under a pack. Rows inherit the verdict of their origin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.domain.obligation import Obligation
from auditor.domain.origin import Origin
from auditor.domain.outcome import Outcome
from auditor.domain.plan import IntendedUse
from auditor.domain.verdict import Verdict
from auditor.policy.evaluate.context import EvaluationContext, PlannedUse, Surroundings, planned_use
from auditor.policy.evaluate.decision import Decision, Version, combine, merge_versions
from auditor.policy.evaluate.licenses import LicenseJudge
from auditor.policy.evaluate.models_at_work import asked_parties, at_work, in_the_trainer
from auditor.policy.evaluate.open_questions import NO_USE
from auditor.policy.evaluate.parts import Part, PartKind, engine_notes
from auditor.policy.evaluate.rules import evaluate_rules
from auditor.policy.evaluate.subjects import origin_subject, plan_subject
from auditor.policy.evaluate.teachers import TeacherJudge
from auditor.policy.evaluate.terms import judge_terms, terms_of_base
from auditor.policy.facts.applicable_terms import ApplicableTerms
from auditor.policy.facts.knowledge_view import KnowledgeView, stated_licenses
from auditor.policy.facts.named_facts import OriginSummary, TeacherSummary


class Judge:
    """Judges origins in one context; answers on the same part of an origin are kept."""

    def __init__(self, context: EvaluationContext) -> None:
        self.context = context
        self._view = KnowledgeView(context.knowledge)
        self._teachers = TeacherJudge(context, self._view)
        self._licenses = LicenseJudge(context, self._view)
        plan = context.plan
        uses = tuple(IntendedUse) if plan is None or plan.intended_use is None else (plan.intended_use,)
        self._at_work = tuple(at_work(one) for one in plan.trainer_teachers) if plan else ()
        self._planned = tuple(planned_use(self._view, plan, use) for use in uses)
        self._plan_decisions = {one.usage.use: self._on_plan(one) for one in self._planned}

    def judge(self, origin: Origin) -> Verdict:
        """Judge one origin; without a named use, every use is tried and one answer for all stands."""
        summary = self._summary(origin)
        uses = [Version(str(one.usage.use), self._decision(origin, summary, one)) for one in self._planned]
        if len(uses) == 1:
            return self._verdict(uses[0].decision)
        verdict = self._verdict(merge_versions(uses, NO_USE))
        return replace(verdict, matrix=tuple((one.name, one.decision.outcome) for one in uses))

    def outcome(self, origin: Origin) -> Outcome:
        """Return the outcome of one origin."""
        return self.judge(origin).outcome

    def unnamed(self, origins: Iterable[Origin]) -> frozenset[str]:
        """Name the permissions that are given as a bare yes and that more than one party is asked for."""
        return self._unnamed(origins, self._planned[0])

    def _unnamed(self, origins: Iterable[Origin], planned: PlannedUse) -> frozenset[str]:
        bare = planned.usage.bare()
        if not bare:
            return frozenset()
        texts = self._texts(origins, planned)
        return frozenset(key for key in bare if len(asked_parties(key, texts, planned.usage)) > 1)

    def _texts(self, origins: Iterable[Origin], planned: PlannedUse) -> list[ApplicableTerms]:
        """Return every text that reaches the student: of the base, the trainer's teachers and the rows."""
        found = terms_of_base(planned.base, self._view)
        teachers = (*self._at_work, *(teacher for origin in origins for teacher in origin.teachers))
        for teacher in dict.fromkeys(teachers):
            resolution = self._view.resolve(teacher, self.context.day)
            for version in resolution.sets:
                found += self._view.reached(teacher, version, resolution.host, teacher.role)
        return found

    def _decision(self, origin: Origin, summary: OriginSummary, planned: PlannedUse) -> Decision:
        """Judge one origin under one use."""
        shared = self._unnamed([origin], planned)
        if shared:
            planned = replace(planned, usage=replace(planned.usage, shared=shared))
        on_plan = self._on_plan(planned) if shared else self._plan_decisions[planned.usage.use]
        parts = [Part(PartKind.PLAN, "", on_plan), *self._parts(origin, Surroundings(planned, summary))]
        return combine([*(part.decision for part in parts), engine_notes(parts)])

    def _parts(self, origin: Origin, around: Surroundings) -> list[Part]:
        """Judge the parts of an origin apart: the whole, each teacher, each license."""
        whole = evaluate_rules(self.context.pack, origin_subject(origin, around))
        teachers = [
            Part(PartKind.TEACHER, one.id, self._teachers.judge(one, around)) for one in origin.teachers
        ]
        licenses = [
            Part(PartKind.LICENSE, one.expression, self._licenses.judge(one, origin.licenses, around))
            for one in origin.licenses
        ]
        return [Part(PartKind.ORIGIN, origin.id, whole), *teachers, *licenses]

    def _summary(self, origin: Origin) -> OriginSummary:
        return OriginSummary(
            flags=origin.flags,
            grade=origin.grade,
            basis=origin.basis,
            teachers=len(origin.teachers),
            licenses=len(stated_licenses(origin)),
            licensed=self._view.licensed(origin),
            open=self._view.open_fact(origin),
        )

    def _on_plan(self, planned: PlannedUse) -> Decision:
        """Judge what needs no origin: the plan, the student's base, the models that work in the trainer."""
        around = Surroundings(planned, in_rows=False)
        decisions = [evaluate_rules(self.context.pack, plan_subject(planned))]
        decisions += [
            judge_terms(self.context.pack, one, TeacherSummary(), around)
            for one in terms_of_base(planned.base, self._view)
        ]
        decisions += [in_the_trainer(one, self._teachers.judge(one, around)) for one in self._at_work]
        return combine(decisions)

    def _verdict(self, decision: Decision) -> Verdict:
        reasons = sorted(decision.reasons, key=lambda reason: -reason.outcome.severity)
        fixes = (r.fix for r in reasons if r.fix and r.outcome in (Outcome.DENY, Outcome.REVIEW))
        usage = self._planned[0].usage
        return Verdict(
            outcome=decision.outcome,
            reasons=tuple(reasons),
            obligations=_owed(decision),
            fixes=tuple(dict.fromkeys(fixes)),
            assumptions=usage.assumptions,
            questions=tuple(dict.fromkeys((*decision.questions, *usage.questions))),
            advice=decision.advice,
        )


def _owed(decision: Decision) -> tuple[Obligation, ...]:
    """Return the duties that go with the outcome: all of an allowed use, else those that decided."""
    if decision.outcome.passes:
        return tuple(duty for _, duty in decision.obligations)
    return tuple(duty for outcome, duty in decision.obligations if outcome is decision.outcome)
