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
from auditor.domain.verdict import Layer, Reason, Verdict
from auditor.knowledge.catalog import Knowledge
from auditor.policy.evaluate.decision import ENGINE, Opinion, Version, agree, join, mildest
from auditor.policy.evaluate.grounds import shown_unmet, spared_by
from auditor.policy.evaluate.models_at_work import acting, asked_parties, at_work, in_the_trainer
from auditor.policy.evaluate.open_questions import NO_USE, on_terms, open_key, which_terms
from auditor.policy.evaluate.rules import Subject, opinion_on
from auditor.policy.facts.dataset_licenses import Grant, license_facts
from auditor.policy.facts.knowledge_view import Lookup
from auditor.policy.facts.named_facts import EMPTY_ORIGIN, plan_facts, teacher_facts
from auditor.policy.facts.obligation_facts import duty_facts
from auditor.policy.facts.release_license import Release, release_of
from auditor.policy.facts.rivals import rivals_of
from auditor.policy.facts.terms_assessment import Base, Fit, Reached, fit_of, terms_facts
from auditor.policy.facts.usage import Stance, stance_of
from auditor.policy.pack.load import CompiledPack
from auditor.policy.pack.variables import Fact, Role
from auditor.policy.plan.parties import party_of


@dataclass(frozen=True, slots=True)
class Setting:
    """A plan under one use, with all that does not depend on an origin."""

    stance: Stance
    release: Release
    base: Base
    facts: dict[str, Any]


class Judge:
    """Judges origins under one pack, plan and state of knowledge; answers on the same subject are kept."""

    def __init__(self, pack: CompiledPack, knowledge: Knowledge, plan: Plan | None, today: date) -> None:
        self.pack = pack
        self.plan = plan
        self.today = today
        self.lookup = Lookup(knowledge)
        uses = tuple(IntendedUse) if plan is None or plan.intended_use is None else (plan.intended_use,)
        self.at_work = tuple(at_work(one) for one in plan.trainer_teachers) if plan else ()
        self.settings = tuple(self._setting(use) for use in uses)
        self._plan_opinions = {setting.stance.use: self._on_plan(setting) for setting in self.settings}
        self._kept: dict[tuple[object, ...], Opinion] = {}

    def judge(self, origin: Origin) -> Verdict:
        """Judge one origin; without a named use, every use is tried and one answer for all stands."""
        uses = [Version(str(setting.stance.use), self.opinion(origin, setting)) for setting in self.settings]
        if len(uses) == 1:
            return self._verdict(uses[0].opinion)
        verdict = self._verdict(agree(uses, NO_USE))
        return replace(verdict, matrix=tuple((one.name, one.opinion.outcome) for one in uses))

    def outcome(self, origin: Origin) -> Outcome:
        """Return the outcome of one origin."""
        return self.judge(origin).outcome

    def opinion(self, origin: Origin, setting: Setting) -> Opinion:
        """Judge one origin under one use."""
        return join(one for _, one in self.opinions(origin, setting))

    def opinions(self, origin: Origin, setting: Setting) -> list[tuple[str, Opinion]]:
        """Judge the parts of an origin apart: the plan, the whole, each teacher, each license."""
        facts = self._origin_facts(origin)
        setting = self._shared(origin, setting)
        alone = not setting.stance.shared
        parts = [
            ("plan", self._plan_opinions[setting.stance.use] if alone else self._on_plan(setting)),
            ("origin", self._on_whole(origin, setting, facts)),
        ]
        parts += [
            (f"teacher:{teacher.id}", self._on_teacher(teacher, setting, facts))
            for teacher in origin.teachers
        ]
        parts += [
            (f"license:{one.expression}", self._on_license(one, origin.licenses, setting, facts))
            for one in origin.licenses
        ]
        parts.append(("engine", _engine_notes(parts)))
        return parts

    def _shared(self, origin: Origin, setting: Setting) -> Setting:
        """Mark the permissions that are given as a bare yes and that more than one party is asked for."""
        shared = self.unnamed([origin], setting)
        return replace(setting, stance=replace(setting.stance, shared=shared)) if shared else setting

    def unnamed(self, origins: Iterable[Origin], setting: Setting | None = None) -> frozenset[str]:
        """Name the permissions that are given as a bare yes and that more than one party is asked for."""
        setting = setting or self.settings[0]
        bare = setting.stance.bare()
        if not bare:
            return frozenset()
        texts = self.texts(origins, setting)
        return frozenset(key for key in bare if len(asked_parties(key, texts, setting.stance)) > 1)

    def texts(self, origins: Iterable[Origin], setting: Setting) -> list[Reached]:
        """Return every text that reaches the student: of the base, the trainer's teachers and the rows."""
        found = self._of_base(setting.base)
        teachers = (*self.at_work, *(teacher for origin in origins for teacher in origin.teachers))
        for teacher in dict.fromkeys(teachers):
            resolution = self.lookup.resolve(teacher, self.today)
            for version in resolution.sets:
                found += self.lookup.reached(teacher, version, resolution.host, teacher.role)
        return found

    def _verdict(self, opinion: Opinion) -> Verdict:
        reasons = sorted(opinion.reasons, key=lambda reason: -reason.outcome.severity)
        fixes = (r.fix for r in reasons if r.fix and r.outcome in (Outcome.DENY, Outcome.REVIEW))
        stance = self.settings[0].stance
        return Verdict(
            outcome=opinion.outcome,
            reasons=tuple(reasons),
            obligations=_owed(opinion),
            fixes=tuple(dict.fromkeys(fixes)),
            assumptions=stance.assumptions,
            questions=tuple(dict.fromkeys((*opinion.questions, *stance.questions))),
            advice=opinion.advice,
        )

    def _setting(self, use: IntendedUse) -> Setting:
        license = self.plan.student_release_license if self.plan else None
        release = release_of(license, self.lookup)
        rivals = rivals_of(self.lookup.knowledge, self.plan)
        stance = stance_of(self.plan, use, release.kind, rivals)
        base = self.lookup.base(stance.plan.student_base)
        return Setting(stance, release, base, plan_facts(stance, release, base))

    def _on_plan(self, setting: Setting) -> Opinion:
        whole = Subject(AppliesTo.PLAN, ForEach.WHOLE, "plan", setting.facts, must_match=False)
        opinions = [opinion_on(self.pack, whole)]
        empty = {**EMPTY_ORIGIN, **teacher_facts("", "")}
        opinions += [self._on_terms(one, setting, empty) for one in self._of_base(setting.base)]
        for teacher in self.at_work:
            facts = {**EMPTY_ORIGIN, "teacher.in_rows": False}
            opinions.append(in_the_trainer(teacher, self._judge_teacher(teacher, setting, facts)))
        return join(opinions)

    def _of_base(self, base: Base) -> list[Reached]:
        found = []
        for terms in base.terms:
            # A license that many use has no maker of its own.
            maker = "" if terms.kind is TermsKind.PERMISSIVE else self.lookup.developer(terms)
            party = party_of(maker, terms, base.name)
            found.append(Reached(terms, Role.BASE, base.name, base.name, maker, party=party))
        return found

    def _on_whole(self, origin: Origin, setting: Setting, facts: dict[str, Any]) -> Opinion:
        subject = Subject(
            AppliesTo.ORIGIN, ForEach.WHOLE, origin.id, {**setting.facts, **facts}, must_match=False
        )
        return opinion_on(self.pack, subject)

    def _on_teacher(self, teacher: OriginTeacher, setting: Setting, facts: dict[str, Any]) -> Opinion:
        key = (
            "teacher", setting.stance.use, setting.stance.shared, teacher.id, teacher.name, teacher.access,
            teacher.host, teacher.generated_at, teacher.candidates, teacher.views, teacher.role, *_key(facts),
        )  # fmt: skip
        if key not in self._kept:
            self._kept[key] = self._judge_teacher(teacher, setting, facts)
        return self._kept[key]

    def _judge_teacher(self, teacher: OriginTeacher, setting: Setting, facts: dict[str, Any]) -> Opinion:
        resolution = self.lookup.resolve(teacher, self.today)
        versions = [self._version(teacher, resolution, one, setting, facts) for one in resolution.sets]
        if not versions:
            return self._on_teacher_facts(teacher, resolution, None, setting, facts)
        opinion = agree(versions, open_key(teacher, resolution))
        if resolution.status is ResolutionStatus.AMBIGUOUS and opinion.outcome is not Outcome.DENY:
            opinion = join([opinion, self._on_teacher_facts(teacher, resolution, None, setting, facts)])
        return opinion

    def _version(
        self,
        teacher: OriginTeacher,
        resolution: Resolution,
        version: TermsSet,
        setting: Setting,
        facts: dict[str, Any],
    ) -> Version:
        on_teacher = self._on_teacher_facts(teacher, resolution, version, setting, facts)
        values = {**facts, **self._facts_of_teacher(teacher, resolution, version, setting, facts)}
        reached = self.lookup.reached(teacher, version, resolution.host, acting(teacher, setting.stance))
        if not on_teacher.outcome.passes:
            # That nobody has read a text is said of the teacher; rules on clauses could only repeat it.
            reached = [one for one in reached if one.terms.id != UNKNOWN_TERMS]
        texts = join(self._on_terms(one, setting, values) for one in reached)
        return Version(_version_name(version), join([on_teacher, texts]), None if version.known else texts)

    def _on_teacher_facts(
        self,
        teacher: OriginTeacher,
        resolution: Resolution,
        version: TermsSet | None,
        setting: Setting,
        facts: dict[str, Any],
    ) -> Opinion:
        teacher_facts = self._facts_of_teacher(teacher, resolution, version, setting, facts)
        values = {**setting.facts, **facts, **teacher_facts}
        return opinion_on(self.pack, Subject(AppliesTo.ORIGIN, ForEach.TEACHER, teacher.id, values))

    def _facts_of_teacher(
        self,
        teacher: OriginTeacher,
        resolution: Resolution,
        version: TermsSet | None,
        setting: Setting,
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
            role=acting(teacher, setting.stance),
            in_rows=bool(facts.get("teacher.in_rows", True)),
        )
        return {**own, "teacher.asks": which_terms(teacher, resolution.access)}

    def _on_terms(self, reached: Reached, setting: Setting, facts: dict[str, Any]) -> Opinion:
        fit = fit_of(reached, setting.stance, setting.release, setting.base)
        return join(opinion_on(self.pack, subject) for subject in subjects_of(fit, setting, facts))

    def _on_license(
        self,
        one: OriginLicense,
        others: tuple[OriginLicense, ...],
        setting: Setting,
        facts: dict[str, Any],
    ) -> Opinion:
        key = ("license", setting.stance.use, setting.stance.shared, one, others, *_key(facts))
        if key not in self._kept:
            grants = [self.lookup.grants(other) for other in others]
            opinion = self._on_tree(self.lookup.grants(one), one, grants, setting, facts)
            could_be = [
                self._on_tree(tree, one, grants, setting, facts) for tree in self.lookup.candidates(one)
            ]
            if could_be and all(each.outcome is Outcome.DENY for each in could_be):
                opinion = join([opinion, *could_be])
            self._kept[key] = opinion
        return self._kept[key]

    def _on_tree(
        self, tree: Grant, one: OriginLicense, others: list[Grant], setting: Setting, facts: dict[str, Any]
    ) -> Opinion:
        if tree.parts:
            parts = [
                self._on_tree(part, one, tree.beside(part, others), setting, facts) for part in tree.parts
            ]
            return mildest(parts) if tree.choice else join(parts)
        subject = license_subject(tree, one, others, setting, facts)
        opinions = [opinion_on(self.pack, subject)]
        for terms in self.lookup.tagged_terms(tree):
            teacher = teacher_facts(tree.id, tree.id, access=str(Access.OPEN_WEIGHTS))
            maker = self.lookup.developer(terms)
            party = party_of(maker, terms)
            reached = Reached(terms, Role.LICENSE_TAG, tree.id, tree.id, maker, party=party)
            opinions.append(self._on_terms(reached, setting, {**facts, **teacher}))
        return join(opinions)

    def _origin_facts(self, origin: Origin) -> dict[str, Any]:
        return {
            "origin.flags": sorted(str(flag) for flag in origin.flags),
            "origin.grade": str(origin.grade),
            "origin.basis": str(origin.basis),
            "origin.teachers": len(origin.teachers),
            "origin.licenses": len(origin.licenses),
            "origin.licensed": str(self.lookup.licensed(origin)),
            "origin.open": str(self.lookup.open_fact(origin)),
        }


def subjects_of(fit: Fit, setting: Setting, facts: dict[str, Any]) -> Iterable[Subject]:
    """Yield what rules are evaluated for on one text: the text, then each duty."""
    values = {**setting.facts, **facts, **terms_facts(fit)}
    teacher = str(values.get("teacher.name", ""))
    values["fit.asks"] = on_terms(fit, teacher, setting.stance.third_party())
    values["fit.ground"] = spared_by(fit)
    name = str(fit.reached.terms.id) if fit.reached.role is Role.BASE else fit.reached.subject
    yield Subject(AppliesTo.ORIGIN, ForEach.TERMS, name, values, fit=fit)
    for duty in fit.duties:
        if duty.triggered != Fact.NO:
            found = {**values, **duty_facts(duty), "duty.shown": shown_unmet(setting.stance)}
            yield Subject(AppliesTo.ORIGIN, ForEach.DUTY, name, found, fit=fit, duty=duty)


def license_subject(
    grant: Grant, one: OriginLicense, others: list[Grant], setting: Setting, facts: dict[str, Any]
) -> Subject:
    """Build the subject for one license of the data."""
    known: DatasetLicense | None = grant.license
    values = {
        **setting.facts,
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


def _owed(opinion: Opinion) -> tuple[Obligation, ...]:
    """Return the duties that go with the outcome: all of an allowed use, else those that decided."""
    if opinion.outcome.passes:
        return tuple(duty for _, duty in opinion.obligations)
    return tuple(duty for outcome, duty in opinion.obligations if outcome is opinion.outcome)


def _engine_notes(parts: list[tuple[str, Opinion]]) -> Opinion:
    """Say where the engine's own two rules decided: strictest row, and a data license that lifts nothing."""
    teachers = [opinion for name, opinion in parts if name.startswith("teacher:")]
    licenses = [opinion for name, opinion in parts if name.startswith("license:")]
    outcomes = {opinion.outcome for opinion in teachers}
    notes = []
    if len(outcomes) > 1:
        notes.append(
            ("strictest-row-decides", "strictest row decides", "Teachers differ; the strictest decides.")
        )
    if Outcome.DENY in outcomes and any(opinion.outcome.passes for opinion in licenses):
        text = "The license of the data set does not lift the terms of the teacher."
        notes.append(("license-lifts-nothing", "dataset license never overrides teacher terms", text))
    return Opinion(
        tuple(
            Reason(rule, Outcome.ALLOW, message, message, Layer.PROVENANCE, ClauseRef(ENGINE, section))
            for rule, section, message in notes
        )
    )
