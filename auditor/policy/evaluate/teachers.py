"""Judge a teacher: every version of its terms that it could be under, each with the rules on its texts."""

from __future__ import annotations

from auditor.domain.origin import OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.role import TeacherRole
from auditor.domain.teacher import Resolution, ResolutionStatus, TermsSet
from auditor.domain.terms import UNKNOWN_TERMS
from auditor.policy.evaluate.context import EvaluationContext, Surroundings
from auditor.policy.evaluate.decision import Decision, Version, combine, merge_versions
from auditor.policy.evaluate.models_at_work import acting
from auditor.policy.evaluate.open_questions import open_key, which_terms
from auditor.policy.evaluate.rules import evaluate_rules
from auditor.policy.evaluate.subjects import teacher_subject
from auditor.policy.evaluate.terms import judge_terms
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.facts.named_facts import TeacherSummary

_NAMED = (ResolutionStatus.KNOWN, ResolutionStatus.NO_MODEL)


class TeacherJudge:
    """Judges teachers; answers on the same teacher in the same surroundings are kept."""

    def __init__(self, context: EvaluationContext, view: KnowledgeView) -> None:
        self._pack = context.pack
        self._day = context.day
        self._view = view
        self._kept: dict[tuple[object, ...], Decision] = {}

    def judge(self, teacher: OriginTeacher, around: Surroundings) -> Decision:
        """Judge one teacher over every version of its terms that it could be under."""
        key = (
            *around.key(), teacher.id, teacher.name, teacher.access, teacher.host, teacher.generated_at,
            teacher.candidates, teacher.views, teacher.declared, teacher.role,
            teacher.taught,
        )  # fmt: skip
        if key not in self._kept:
            self._kept[key] = self._judge(teacher, around)
        return self._kept[key]

    def _judge(self, teacher: OriginTeacher, around: Surroundings) -> Decision:
        resolution = self._view.resolve(teacher, self._day)
        versions = [self._version(teacher, resolution, one, around) for one in resolution.sets]
        if not versions:
            return self._on_teacher(teacher, _summary(teacher, resolution, None, around), around)
        decision = merge_versions(versions, open_key(teacher, resolution))
        if resolution.status is ResolutionStatus.AMBIGUOUS and decision.outcome is not Outcome.DENY:
            unnamed = _summary(teacher, resolution, None, around)
            decision = combine([decision, self._on_teacher(teacher, unnamed, around)])
        return decision

    def _version(
        self, teacher: OriginTeacher, resolution: Resolution, version: TermsSet, around: Surroundings
    ) -> Version:
        summary = _summary(teacher, resolution, version, around)
        on_teacher = self._on_teacher(teacher, summary, around)
        acts = acting(teacher, around.planned.usage)
        reached = self._view.reached(teacher, version, resolution.host, acts)
        if not on_teacher.outcome.passes:
            # That nobody has read a text is said of the teacher; rules on clauses could only repeat it.
            reached = [one for one in reached if one.terms.id != UNKNOWN_TERMS]
        texts = combine(judge_terms(self._pack, one, summary, around) for one in reached)
        whole = combine([on_teacher, texts])
        return Version(_version_name(version), whole, None if version.known else texts)

    def _on_teacher(self, teacher: OriginTeacher, summary: TeacherSummary, around: Surroundings) -> Decision:
        return evaluate_rules(self._pack, teacher_subject(teacher.id, summary, around))


def _summary(
    teacher: OriginTeacher, resolution: Resolution, version: TermsSet | None, around: Surroundings
) -> TeacherSummary:
    """Sum a teacher up under one version of its terms; without one, as far as its name goes."""
    # In the trainer every judge teaches: its answers are what the student is rewarded for.
    taught = teacher.taught or not around.in_rows
    ambiguous = resolution.status is ResolutionStatus.AMBIGUOUS
    known = resolution.status in _NAMED or (ambiguous and version is not None)
    return TeacherSummary(
        id=str(version.teacher) if version and version.teacher else teacher.id,
        name=teacher.name or teacher.id,
        known=known or not taught,
        ambiguous=ambiguous and version is None and taught,
        human=resolution.status is ResolutionStatus.NO_MODEL,
        access=resolution.access,
        unread=version is not None and not version.known and taught,
        declared=teacher.declared,
        copied=View.DETECTED in teacher.views,
        role=acting(teacher, around.planned.usage),
        in_rows=around.in_rows and (taught or teacher.role is not TeacherRole.EVALUATION),
        taught=taught,
        asks=which_terms(teacher, resolution.access),
    )


def _version_name(version: TermsSet) -> str:
    span = f"{version.start or '…'} to {version.end or 'today'}" if version.start or version.end else ""
    terms = " + ".join(version.terms) or "unread terms"
    return " ".join(part for part in (terms, span, f"by {version.access}") if part)
