"""The judge: origins against a plan under a pack. Rows inherit the verdict of their origin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from auditor.domain.claim import Access
from auditor.domain.clause import ClauseRef
from auditor.domain.license import DatasetLicense
from auditor.domain.obligation import Obligation
from auditor.domain.origin import Origin, OriginLicense, OriginTeacher
from auditor.domain.outcome import Outcome
from auditor.domain.plan import IntendedUse, Plan
from auditor.domain.rule import AppliesTo, ForEach
from auditor.domain.teacher import Resolution, ResolutionStatus, TermsSet
from auditor.domain.terms import UNKNOWN_TERMS, TermsKind
from auditor.domain.tribool import Tribool
from auditor.domain.verdict import Layer, Reason, Verdict
from auditor.knowledge.catalog import Knowledge
from auditor.policy.evaluate.decision import ENGINE, Decision, Version, combine, least_strict, merge_versions
from auditor.policy.evaluate.grounds import shown_unmet, spared_by
from auditor.policy.evaluate.models_at_work import acting, asked_parties, at_work, in_the_trainer
from auditor.policy.evaluate.open_questions import NO_USE, on_terms, open_key, which_terms
from auditor.policy.evaluate.rules import Subject, evaluate_rules
from auditor.policy.facts.dataset_licenses import Grant, license_facts
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.facts.named_facts import EMPTY_ORIGIN, plan_facts, teacher_facts
from auditor.policy.facts.obligation_facts import duty_facts
from auditor.policy.facts.release_license import Release, release_of
from auditor.policy.facts.rivals import rivals_of
from auditor.policy.facts.terms_assessment import (
    ApplicableTerms,
    Base,
    TermsAssessment,
    assess_terms,
    terms_facts,
)
from auditor.policy.facts.usage import UsageContext, usage_of
from auditor.policy.pack.load import CompiledPack
from auditor.policy.pack.variables import Role
from auditor.policy.plan.parties import party_of


@dataclass(frozen=True, slots=True)
class EvaluationContext:
    """A plan under one use, with all that does not depend on an origin."""

    usage: UsageContext
    release: Release
    base: Base
    facts: dict[str, Any]


class Judge:
    """Judges origins under one pack, plan and state of knowledge; answers on the same subject are kept."""

    def __init__(self, pack: CompiledPack, knowledge: Knowledge, plan: Plan | None, today: date) -> None:
        self.pack = pack
        self.plan = plan
        self.today = today
        self.view = KnowledgeView(knowledge)
        uses = tuple(IntendedUse) if plan is None or plan.intended_use is None else (plan.intended_use,)
        self.at_work = tuple(at_work(one) for one in plan.trainer_teachers) if plan else ()
        self.contexts = tuple(self._context(use) for use in uses)
        self._plan_decisions = {context.usage.use: self._on_plan(context) for context in self.contexts}
        self._kept: dict[tuple[object, ...], Decision] = {}

    def judge(self, origin: Origin) -> Verdict:
        """Judge one origin; without a named use, every use is tried and one answer for all stands."""
        uses = [Version(str(context.usage.use), self.decision(origin, context)) for context in self.contexts]
        if len(uses) == 1:
            return self._verdict(uses[0].decision)
        verdict = self._verdict(merge_versions(uses, NO_USE))
        return replace(verdict, matrix=tuple((one.name, one.decision.outcome) for one in uses))

    def outcome(self, origin: Origin) -> Outcome:
        """Return the outcome of one origin."""
        return self.judge(origin).outcome

    def decision(self, origin: Origin, context: EvaluationContext) -> Decision:
        """Judge one origin under one use."""
        return combine(one for _, one in self.decisions(origin, context))

    def decisions(self, origin: Origin, context: EvaluationContext) -> list[tuple[str, Decision]]:
        """Judge the parts of an origin apart: the plan, the whole, each teacher, each license."""
        facts = self._origin_facts(origin)
        context = self._shared(origin, context)
        alone = not context.usage.shared
        parts = [
            ("plan", self._plan_decisions[context.usage.use] if alone else self._on_plan(context)),
            ("origin", self._on_whole(origin, context, facts)),
        ]
        parts += [
            (f"teacher:{teacher.id}", self._on_teacher(teacher, context, facts))
            for teacher in origin.teachers
        ]
        parts += [
            (f"license:{one.expression}", self._on_license(one, origin.licenses, context, facts))
            for one in origin.licenses
        ]
        parts.append(("engine", _engine_notes(parts)))
        return parts

    def _shared(self, origin: Origin, context: EvaluationContext) -> EvaluationContext:
        """Mark the permissions that are given as a bare yes and that more than one party is asked for."""
        shared = self.unnamed([origin], context)
        return replace(context, usage=replace(context.usage, shared=shared)) if shared else context

    def unnamed(self, origins: Iterable[Origin], context: EvaluationContext | None = None) -> frozenset[str]:
        """Name the permissions that are given as a bare yes and that more than one party is asked for."""
        context = context or self.contexts[0]
        bare = context.usage.bare()
        if not bare:
            return frozenset()
        texts = self.texts(origins, context)
        return frozenset(key for key in bare if len(asked_parties(key, texts, context.usage)) > 1)

    def texts(self, origins: Iterable[Origin], context: EvaluationContext) -> list[ApplicableTerms]:
        """Return every text that reaches the student: of the base, the trainer's teachers and the rows."""
        found = self._of_base(context.base)
        teachers = (*self.at_work, *(teacher for origin in origins for teacher in origin.teachers))
        for teacher in dict.fromkeys(teachers):
            resolution = self.view.resolve(teacher, self.today)
            for version in resolution.sets:
                found += self.view.reached(teacher, version, resolution.host, teacher.role)
        return found

    def _verdict(self, decision: Decision) -> Verdict:
        reasons = sorted(decision.reasons, key=lambda reason: -reason.outcome.severity)
        fixes = (r.fix for r in reasons if r.fix and r.outcome in (Outcome.DENY, Outcome.REVIEW))
        usage = self.contexts[0].usage
        return Verdict(
            outcome=decision.outcome,
            reasons=tuple(reasons),
            obligations=_owed(decision),
            fixes=tuple(dict.fromkeys(fixes)),
            assumptions=usage.assumptions,
            questions=tuple(dict.fromkeys((*decision.questions, *usage.questions))),
            advice=decision.advice,
        )

    def _context(self, use: IntendedUse) -> EvaluationContext:
        license = self.plan.student_release_license if self.plan else None
        release = release_of(license, self.view)
        rivals = rivals_of(self.view.knowledge, self.plan)
        usage = usage_of(self.plan, use, release.kind, rivals)
        base = self.view.base(usage.plan.student_base)
        return EvaluationContext(usage, release, base, plan_facts(usage, release, base))

    def _on_plan(self, context: EvaluationContext) -> Decision:
        whole = Subject(AppliesTo.PLAN, ForEach.WHOLE, "plan", context.facts, must_match=False)
        decisions = [evaluate_rules(self.pack, whole)]
        empty = {**EMPTY_ORIGIN, **teacher_facts("", "")}
        decisions += [self._on_terms(one, context, empty) for one in self._of_base(context.base)]
        for teacher in self.at_work:
            facts = {**EMPTY_ORIGIN, "teacher.in_rows": False}
            decisions.append(in_the_trainer(teacher, self._judge_teacher(teacher, context, facts)))
        return combine(decisions)

    def _of_base(self, base: Base) -> list[ApplicableTerms]:
        found = []
        for terms in base.terms:
            # A license that many use has no maker of its own.
            maker = "" if terms.kind is TermsKind.PERMISSIVE else self.view.developer(terms)
            party = party_of(maker, terms, base.name)
            found.append(ApplicableTerms(terms, Role.BASE, base.name, base.name, maker, party=party))
        return found

    def _on_whole(self, origin: Origin, context: EvaluationContext, facts: dict[str, Any]) -> Decision:
        subject = Subject(
            AppliesTo.ORIGIN, ForEach.WHOLE, origin.id, {**context.facts, **facts}, must_match=False
        )
        return evaluate_rules(self.pack, subject)

    def _on_teacher(
        self, teacher: OriginTeacher, context: EvaluationContext, facts: dict[str, Any]
    ) -> Decision:
        key = (
            "teacher", context.usage.use, context.usage.shared, teacher.id, teacher.name, teacher.access,
            teacher.host, teacher.generated_at, teacher.candidates, teacher.views, teacher.role, *_key(facts),
        )  # fmt: skip
        if key not in self._kept:
            self._kept[key] = self._judge_teacher(teacher, context, facts)
        return self._kept[key]

    def _judge_teacher(
        self, teacher: OriginTeacher, context: EvaluationContext, facts: dict[str, Any]
    ) -> Decision:
        resolution = self.view.resolve(teacher, self.today)
        versions = [self._version(teacher, resolution, one, context, facts) for one in resolution.sets]
        if not versions:
            return self._on_teacher_facts(teacher, resolution, None, context, facts)
        decision = merge_versions(versions, open_key(teacher, resolution))
        if resolution.status is ResolutionStatus.AMBIGUOUS and decision.outcome is not Outcome.DENY:
            decision = combine([decision, self._on_teacher_facts(teacher, resolution, None, context, facts)])
        return decision

    def _version(
        self,
        teacher: OriginTeacher,
        resolution: Resolution,
        version: TermsSet,
        context: EvaluationContext,
        facts: dict[str, Any],
    ) -> Version:
        on_teacher = self._on_teacher_facts(teacher, resolution, version, context, facts)
        values = {**facts, **self._facts_of_teacher(teacher, resolution, version, context, facts)}
        reached = self.view.reached(teacher, version, resolution.host, acting(teacher, context.usage))
        if not on_teacher.outcome.passes:
            # That nobody has read a text is said of the teacher; rules on clauses could only repeat it.
            reached = [one for one in reached if one.terms.id != UNKNOWN_TERMS]
        texts = combine(self._on_terms(one, context, values) for one in reached)
        return Version(_version_name(version), combine([on_teacher, texts]), None if version.known else texts)

    def _on_teacher_facts(
        self,
        teacher: OriginTeacher,
        resolution: Resolution,
        version: TermsSet | None,
        context: EvaluationContext,
        facts: dict[str, Any],
    ) -> Decision:
        teacher_facts = self._facts_of_teacher(teacher, resolution, version, context, facts)
        values = {**context.facts, **facts, **teacher_facts}
        return evaluate_rules(self.pack, Subject(AppliesTo.ORIGIN, ForEach.TEACHER, teacher.id, values))

    def _facts_of_teacher(
        self,
        teacher: OriginTeacher,
        resolution: Resolution,
        version: TermsSet | None,
        context: EvaluationContext,
        facts: dict[str, Any],
    ) -> dict[str, Any]:
        status = resolution.status
        own = teacher_facts(
            str(version.teacher) if version and version.teacher else teacher.id,
            teacher.name or teacher.id,
            known=status in (ResolutionStatus.KNOWN, ResolutionStatus.NO_MODEL)
            or (status is ResolutionStatus.AMBIGUOUS and version is not None),
            ambiguous=status is ResolutionStatus.AMBIGUOUS and version is None,
            human=status is ResolutionStatus.NO_MODEL,
            access=str(resolution.access),
            unread=version is not None and not version.known,
            views=teacher.views,
            role=acting(teacher, context.usage),
            in_rows=bool(facts.get("teacher.in_rows", True)),
        )
        return {**own, "teacher.asks": which_terms(teacher, resolution.access)}

    def _on_terms(
        self, reached: ApplicableTerms, context: EvaluationContext, facts: dict[str, Any]
    ) -> Decision:
        assessment = assess_terms(reached, context.usage, context.release, context.base)
        return combine(
            evaluate_rules(self.pack, subject) for subject in subjects_of(assessment, context, facts)
        )

    def _on_license(
        self,
        one: OriginLicense,
        others: tuple[OriginLicense, ...],
        context: EvaluationContext,
        facts: dict[str, Any],
    ) -> Decision:
        key = ("license", context.usage.use, context.usage.shared, one, others, *_key(facts))
        if key not in self._kept:
            grants = [self.view.grants(other) for other in others]
            decision = self._on_tree(self.view.grants(one), one, grants, context, facts)
            could_be = [
                self._on_tree(tree, one, grants, context, facts) for tree in self.view.candidates(one)
            ]
            if could_be and all(each.outcome is Outcome.DENY for each in could_be):
                decision = combine([decision, *could_be])
            self._kept[key] = decision
        return self._kept[key]

    def _on_tree(
        self,
        tree: Grant,
        one: OriginLicense,
        others: list[Grant],
        context: EvaluationContext,
        facts: dict[str, Any],
    ) -> Decision:
        if tree.parts:
            parts = [
                self._on_tree(part, one, tree.beside(part, others), context, facts) for part in tree.parts
            ]
            return least_strict(parts) if tree.choice else combine(parts)
        subject = license_subject(tree, one, others, context, facts)
        decisions = [evaluate_rules(self.pack, subject)]
        for terms in self.view.tagged_terms(tree):
            teacher = teacher_facts(tree.id, tree.id, access=str(Access.OPEN_WEIGHTS))
            maker = self.view.developer(terms)
            party = party_of(maker, terms)
            reached = ApplicableTerms(terms, Role.LICENSE_TAG, tree.id, tree.id, maker, party=party)
            decisions.append(self._on_terms(reached, context, {**facts, **teacher}))
        return combine(decisions)

    def _origin_facts(self, origin: Origin) -> dict[str, Any]:
        return {
            "origin.flags": sorted(str(flag) for flag in origin.flags),
            "origin.grade": str(origin.grade),
            "origin.basis": str(origin.basis),
            "origin.teachers": len(origin.teachers),
            "origin.licenses": len(origin.licenses),
            "origin.licensed": str(self.view.licensed(origin)),
            "origin.open": str(self.view.open_fact(origin)),
        }


def subjects_of(
    assessment: TermsAssessment, context: EvaluationContext, facts: dict[str, Any]
) -> Iterable[Subject]:
    """Yield what rules are evaluated for on one text: the text, then each duty."""
    values = {**context.facts, **facts, **terms_facts(assessment)}
    teacher = str(values.get("teacher.name", ""))
    values["fit.asks"] = on_terms(assessment, teacher, context.usage.third_party())
    values["fit.ground"] = spared_by(assessment)
    name = (
        str(assessment.reached.terms.id)
        if assessment.reached.role is Role.BASE
        else assessment.reached.subject
    )
    yield Subject(AppliesTo.ORIGIN, ForEach.TERMS, name, values, assessment=assessment)
    for duty in assessment.duties:
        if duty.triggered != Tribool.NO:
            found = {**values, **duty_facts(duty), "duty.shown": shown_unmet(context.usage)}
            yield Subject(AppliesTo.ORIGIN, ForEach.DUTY, name, found, assessment=assessment, duty=duty)


def license_subject(
    grant: Grant, one: OriginLicense, others: list[Grant], context: EvaluationContext, facts: dict[str, Any]
) -> Subject:
    """Build the subject for one license of the data."""
    known: DatasetLicense | None = grant.license
    values = {
        **context.facts,
        **facts,
        **license_facts(grant, others),
        "license.declared": one.declared or one.expression,
    }
    return Subject(AppliesTo.ORIGIN, ForEach.LICENSE, grant.id, values, license=known)


def _key(facts: dict[str, Any]) -> tuple[object, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in facts.values())


def _version_name(version: TermsSet) -> str:
    span = f"{version.start or '…'} to {version.end or 'today'}" if version.start or version.end else ""
    terms = " + ".join(version.terms) or "unread terms"
    return " ".join(part for part in (terms, span, f"by {version.access}") if part)


def _owed(decision: Decision) -> tuple[Obligation, ...]:
    """Return the duties that go with the outcome: all of an allowed use, else those that decided."""
    if decision.outcome.passes:
        return tuple(duty for _, duty in decision.obligations)
    return tuple(duty for outcome, duty in decision.obligations if outcome is decision.outcome)


def _engine_notes(parts: list[tuple[str, Decision]]) -> Decision:
    """Say where the engine's own two rules decided: strictest row, and a data license that lifts nothing."""
    teachers = [decision for name, decision in parts if name.startswith("teacher:")]
    licenses = [decision for name, decision in parts if name.startswith("license:")]
    outcomes = {decision.outcome for decision in teachers}
    notes = []
    if len(outcomes) > 1:
        notes.append(
            ("strictest-row-decides", "strictest row decides", "Teachers differ; the strictest decides.")
        )
    if Outcome.DENY in outcomes and any(decision.outcome.passes for decision in licenses):
        text = "The license of the data set does not lift the terms of the teacher."
        notes.append(("license-lifts-nothing", "dataset license never overrides teacher terms", text))
    return Decision(
        tuple(
            Reason(rule, Outcome.ALLOW, message, message, Layer.PROVENANCE, ClauseRef(ENGINE, section))
            for rule, section, message in notes
        )
    )
