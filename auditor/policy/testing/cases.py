"""Cases: the plan and the teachers in one mapping, judged without any data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import Origin, OriginLicense, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.permit import PermitPurpose
from auditor.domain.plan import Plan, TrainerTeacher
from auditor.domain.role import WRITES, TeacherRole, role_of
from auditor.domain.verdict import Verdict
from auditor.errors import PlanError
from auditor.knowledge.catalog import Knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.facts.usage import usage_of
from auditor.policy.pack.load import CompiledPack
from auditor.policy.plan.plans import plan_from
from auditor.strict_yaml import read


class BadCase(ValueError):
    """A case that cannot be read."""


def load_cases(path: Path) -> Any:
    """Read a case file: one case, a list of cases, or golden cases with their `input`.

    Raises:
        PlanError: unreadable, no valid YAML, or holding no case.
    """
    data = read(Path(path), PlanError, aliases=True).data
    if isinstance(data, dict) and isinstance(data.get("cases"), list):
        data = data["cases"]
    if not isinstance(data, dict | list) or data in ({}, []):
        raise PlanError("the file holds no case", where=str(path), fix="see `auditor policy eval --help`")
    if isinstance(data, list):
        return [one.get("input", one) if isinstance(one, dict) else one for one in data]
    return data.get("input", data)


def evaluate(case: object, pack: CompiledPack, knowledge: Knowledge, day: date) -> dict[str, Any]:
    """Judge one case; a bad one is `review` with an `error`, never an exception."""
    try:
        return as_answer(judge_case(case, pack, knowledge, day))
    except ValueError as error:
        return {
            "outcome": str(Outcome.REVIEW),
            "obligations": [],
            "reasons": [],
            "fix": [],
            "error": str(error),
        }


def judge_case(case: object, pack: CompiledPack, knowledge: Knowledge, day: date) -> Verdict:
    """Judge one case.

    Raises:
        ValueError: the case cannot be read.
    """
    if not isinstance(case, Mapping):
        raise BadCase("a case is a mapping of keys")
    plan, origin = apart(plan_from(case), origin_of(case, knowledge))
    return Judge(EvaluationContext(pack, knowledge, plan, day)).judge(origin)


def apart(plan: Plan, origin: Origin) -> tuple[Plan, Origin]:
    """Take models out of a case's rows that only evaluate what others wrote: they leave no row."""
    idle = tuple(one for one in origin.teachers if one.role is TeacherRole.EVALUATION)
    rest = tuple(one for one in origin.teachers if one.role is not TeacherRole.EVALUATION)
    if (
        not idle
        or not any(one.role in WRITES for one in rest)
        or usage_of(plan, None).purpose() is PermitPurpose.EVALUATION
    ):
        return plan, origin
    named = (TrainerTeacher(t.name, t.role, t.access, t.host, None, t.generated_at) for t in idle)
    at_work = (*plan.trainer_teachers, *named)
    return replace(plan, trainer_teachers=at_work), replace(origin, teachers=rest)


def origin_of(case: Mapping[str, Any], knowledge: Knowledge) -> Origin:
    """Build the origin that a case describes; its licenses are read as an audit reads them."""
    teachers = tuple(_teacher(item) for item in _list(case, "teachers"))
    licenses = tuple(_license(item, knowledge) for item in _list(case, "dataset_licenses"))
    return Origin("case", teachers, licenses, Basis.CLI_OPTION, Grade.D)


def _list(case: Mapping[str, Any], key: str) -> list[Any]:
    value = case.get(key) or []
    if isinstance(value, str | Mapping):
        return [value]
    if not isinstance(value, list):
        raise BadCase(f"`{key}` must be a list")
    return value


def _teacher(item: Any) -> OriginTeacher:
    entry = {"id": item} if isinstance(item, str) else item
    if not isinstance(entry, Mapping) or not isinstance(entry.get("id") or entry.get("name"), str):
        raise BadCase("a teacher has an `id`")
    name = str(entry.get("id") or entry.get("name"))
    try:
        access = Access(entry.get("access") or "unknown")
    except ValueError:
        raise BadCase(f"access `{entry.get('access')}` is not one of {', '.join(Access)}") from None
    role = _role(entry)
    when = next((entry[key] for key in ("generated", "generated_at", "date") if entry.get(key)), None)
    return OriginTeacher(
        id=name,
        name=name,
        resolved=True,
        views=(View.DECLARED,),
        basis=Basis.CLI_OPTION,
        grade=Grade.D,
        access=access,
        host=None if entry.get("host") is None else str(entry["host"]),
        generated_at=None if when is None else str(when),
        where="case",
        role=role,
    )


def _role(entry: Mapping[str, Any]) -> TeacherRole:
    """Read what a teacher did: `role`, in any word that is known, or `signal: logits`."""
    said = [str(entry[key]) for key in ("role", "signal") if entry.get(key) not in (None, "", "text")]
    roles = [role_of(word) for word in said]
    for word, role in zip(said, roles, strict=True):
        if role is None:
            raise BadCase(f"the role `{word}` is not one of {', '.join(TeacherRole)}")
    # What was signaled is the narrower word: a writer that gives its logits gives logits.
    return next((role for role in reversed(roles) if role is not None), TeacherRole.WRITER)


def _license(item: Any, knowledge: Knowledge) -> OriginLicense:
    if not isinstance(item, str):
        raise BadCase("a dataset license is text")
    read = knowledge.normalize_license(item)
    return OriginLicense(item, read.expression, Basis.CLI_OPTION, "case", read.candidates)


def as_answer(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as `policy eval` prints it."""
    return {
        "outcome": str(verdict.outcome),
        "obligations": [
            {
                "id": duty.id,
                "status": str(duty.status),
                **{key: duty.params[key] for key in ("prefix", "text") if key in duty.params},
                "clause": {"ref": duty.clause.ref, "section": duty.clause.section},
            }
            for duty in verdict.obligations
        ],
        "reasons": [
            {
                "rule": reason.rule,
                "outcome": str(reason.outcome),
                "layer": str(reason.layer),
                "subject": reason.subject,
                "message": reason.message,
                "clause": {"ref": reason.clause.ref, "section": reason.clause.section},
            }
            for reason in verdict.reasons
        ],
        "fix": list(verdict.fixes),
        "assumptions": list(verdict.assumptions),
        "questions": list(verdict.questions),
        "advice": list(verdict.advice),
        **({"matrix": {use: str(outcome) for use, outcome in verdict.matrix}} if verdict.matrix else {}),
    }
