"""Proof trees: fact, clause, rule, outcome, waiver, and what would change the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from auditor.domain.finding import Finding
from auditor.domain.origin import Origin
from auditor.domain.outcome import Outcome
from auditor.domain.plan import IntendedUse, Plan
from auditor.domain.tribool import Tribool
from auditor.domain.verdict import Reason, Verdict
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.waivers.waivers import waived_finding


@dataclass(frozen=True, slots=True)
class Proof:
    """All that led to an answer on one origin."""

    origin: Origin
    verdict: Verdict
    counterfactuals: tuple[Counterfactual, ...]


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One change and what it would come to."""

    change: str
    outcome: Outcome


def prove(judge: Judge, origin: Origin) -> Proof:
    """Explain one origin; the counterfactuals are real judgments of the same origin."""
    verdict = judge.judge(origin)
    found = tuple(_counterfactuals(judge, origin)) if not verdict.outcome.passes else ()
    better = tuple(one for one in found if one.outcome.severity < verdict.outcome.severity)
    return Proof(origin, verdict, better)


def _counterfactuals(judge: Judge, origin: Origin) -> Iterator[Counterfactual]:
    for change, changed in _other_origins(origin):
        yield Counterfactual(change, judge.judge(changed).outcome)
    for change, plan in _other_plans(judge.context.plan):
        yield Counterfactual(change, Judge(replace(judge.context, plan=plan)).outcome(origin))


def _other_origins(origin: Origin) -> Iterator[tuple[str, Origin]]:
    if len(origin.teachers) > 1:
        for teacher in origin.teachers:
            rest = tuple(one for one in origin.teachers if one is not teacher)
            yield f"no text of `{teacher.id}` were in the rows", replace(origin, teachers=rest)
    if origin.flags:
        yield "the claims agreed and named the origin", replace(origin, flags=frozenset())
    for license in origin.licenses:
        if len(origin.licenses) > 1:
            rest_licenses = tuple(one for one in origin.licenses if one is not license)
            yield f"no row stood under {license.expression}", replace(origin, licenses=rest_licenses)


def _other_plans(plan: Plan | None) -> Iterator[tuple[str, Plan]]:
    if plan is None:
        return
    for use in IntendedUse:
        if use is not plan.intended_use:
            yield f"the use were {use}", replace(plan, intended_use=use)
    if plan.competes_with_teacher_provider is not Tribool.NO:
        yield (
            "the student did not compete with the teacher's provider",
            replace(plan, competes_with_teacher_provider=Tribool.NO),
        )
    if plan.student_name and not plan.student_name.startswith("Llama"):
        yield (
            f'the student were named "Llama-{plan.student_name}"',
            replace(plan, student_name=f"Llama-{plan.student_name}"),
        )
    for key in ("written_authorization", "separate_license"):
        if plan.facts.get(key) is not True:
            facts = {**plan.facts, key: True}
            yield f"{key.replace('_', ' ')} were on record", replace(plan, facts=facts)


def proof_lines(proof: Proof, findings: Iterable[Finding] = ()) -> Iterator[str]:
    """Write a proof as an indented tree.

    Args:
        findings: of the audit; a reason whose own finding was waived names the waiver.
    """
    known = tuple(findings)
    origin, verdict = proof.origin, proof.verdict
    yield f"{verdict.outcome.upper()}  origin {origin.id}"
    yield "facts"
    for teacher in origin.teachers:
        views = "+".join(teacher.views)
        when = teacher.generated_at or "date not given"
        yield (
            f"  teacher {teacher.id} ({teacher.name}) by {teacher.access}, {when}: {views} by {teacher.basis}"
            f" {teacher.where}, grade {teacher.grade}"
        )
    for license in origin.licenses:
        yield f"  license {license.expression}: {license.basis} {license.where}".rstrip()
    for flag in sorted(origin.flags):
        yield f"  {flag}"
    for reason in verdict.reasons:
        yield from _reason_lines(reason, waived_finding(reason, origin.id, known))
    if verdict.obligations:
        yield "obligations"
        yield from (f"  {duty.id} ({duty.status}): {duty.message}" for duty in verdict.obligations)
    for title, texts in (("questions", verdict.questions), ("assumed", verdict.assumptions)):
        if texts:
            yield title
            yield from (f"  {text}" for text in texts)
    if proof.counterfactuals:
        yield "what would change it"
        yield from (f"  if {one.change}: {one.outcome}" for one in proof.counterfactuals)


def _reason_lines(reason: Reason, waived: Finding | None) -> Iterator[str]:
    clause = " ".join(part for part in (reason.clause.ref, reason.clause.section) if part)
    yield f"{reason.outcome}: {reason.title}"
    yield f"  clause {clause}" + (f" ({reason.clause.confidence})" if reason.clause.confidence else "")
    if reason.clause.url:
        yield f"         {reason.clause.url}"
    yield f"  rule   {reason.rule}: {reason.message}"
    if reason.fix and not reason.outcome.passes:
        yield f"  fix    {reason.fix}"
    if waived is not None:
        yield f"  waiver {waived.waived_by} (of {waived.id})"


def proof_json(proof: Proof, findings: Iterable[Finding] = ()) -> dict[str, Any]:
    """Return a proof as JSON values; `findings` as for `proof_lines`."""
    known = tuple(findings)
    waived = [waived_finding(reason, proof.origin.id, known) for reason in proof.verdict.reasons]
    return {
        "origin": proof.origin.id,
        "outcome": str(proof.verdict.outcome),
        "facts": [
            {"teacher": t.id, "access": str(t.access), "grade": str(t.grade), "basis": str(t.basis)}
            for t in proof.origin.teachers
        ],
        "reasons": [
            {
                "rule": r.rule,
                "outcome": str(r.outcome),
                "message": r.message,
                "clause": {"ref": r.clause.ref, "section": r.clause.section, "url": r.clause.url},
                "fix": r.fix,
                "waived_by": found.waived_by if found else None,
            }
            for r, found in zip(proof.verdict.reasons, waived, strict=True)
        ],
        "would_pass_if": [one.change for one in proof.counterfactuals if one.outcome.passes],
        "would_change_if": {one.change: str(one.outcome) for one in proof.counterfactuals},
    }
