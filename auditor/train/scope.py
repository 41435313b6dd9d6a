"""Is the permit for this student? The rows may be permitted and the student still be another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.domain.permit import Permit
from auditor.errors import RefusedError
from auditor.ids import Digest
from auditor.train.config import Method, TrainConfig


def named(config: TrainConfig, permit: Permit) -> TrainConfig:
    """Return the configuration with student and base named, as the permitted plan names them.

    Raises:
        RefusedError: the configuration names another student or base than the plan.
    """
    plan = plan_of(permit)
    name, base = plan.get("student_name"), (plan.get("student_base") or {}).get("name")
    _same("student", config.student_name, name)
    _same("student base", config.base_model, base)
    return replace(
        config,
        student_name=config.student_name or name or Path(config.out).name,
        base_model=config.base_model or base or Path(config.student).name,
    )


def check_scope(config: TrainConfig, permit: Permit, bound: Mapping[str, Digest]) -> None:
    """Refuse a logit teacher that no permitted row is from, and a binding that cannot be compared.

    Raises:
        RefusedError: either holds.
    """
    unseen = sorted(permit.bound.keys() - bound.keys())
    if unseen:
        raise RefusedError(
            f"the permit binds a {unseen[0]}, which this step cannot compare",
            where=config.student,
            fix="give the student base as a folder with tokenizer.json, or attest without this --bind",
        )
    if config.method is Method.LOGITS and config.teacher_name.casefold() not in _teachers(permit):
        raise RefusedError(
            f"no permitted row is from the teacher {config.teacher_name!r}: its terms were not judged",
            where=config.teacher,
            fix="audit and attest rows of this teacher, or name it as the permit's origins do",
        )


def plan_of(permit: Permit) -> Mapping[str, Any]:
    """Return the plan that the permit was given for; empty without one."""
    content = (permit.facts.get("plan") or {}).get("content")
    return content if isinstance(content, Mapping) else {}


def _teachers(permit: Permit) -> set[str]:
    found: set[str] = set()
    for origin in permit.facts.get("origins") or []:
        found.update(str(teacher).casefold() for teacher in origin.get("teachers") or [])
        details = origin.get("teacher_details") or []
        found.update(str(detail["name"]).casefold() for detail in details if detail.get("name"))
    return found


def _same(what: str, configured: str, planned: str | None) -> None:
    if configured and planned and configured.casefold() != planned.casefold():
        raise RefusedError(
            f"the permit is for the {what} {planned!r}, this is {configured!r}",
            fix="audit and attest again with a plan for it, or train what the plan names",
        )
