"""`plan.yaml` and the plan half of a case."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.domain.claim import Access
from auditor.domain.plan import (
    Declaration,
    FactValue,
    IntendedUse,
    Plan,
    StudentBase,
    TrainerTeacher,
)
from auditor.domain.role import TeacherRole, role_of
from auditor.domain.tribool import Tribool
from auditor.errors import PlanError
from auditor.policy.plan.declarations import BadDeclaration, unwrapped
from auditor.policy.plan.parties import KEYED
from auditor.strict_yaml import Document, fault, read

PLAN_KEYS = (
    "student_base",
    "intended_use",
    "student_release_license",
    "student_name",
    "competes_with_teacher_provider",
    "facts",
    "trainer_teachers",
)
_TRAINER_KEYS = ("name", "role", "access", "host", "revision", "generated_at")
FACT_KEYS = frozenset(
    {
        "competes_with",
        "dataset_modified",
        "dataset_merged",
        "dataset_published",
        "distributed",
        "licensee_principal_place",
        "mau",
        "mau_at_teacher_release",
        "modality",
        "purpose",
        "automated_extraction",
        "training_ground",
        "license_covers_training",
        "outputs_by_web_search",
        "student_trains_models",
        "monthly_revenue_usd",
        "order_form_permission",
        "place_of_use",
        "self_hosted",
        "end_user_of_product",
        "separate_license",
        "student_kind",
        "student_performs_similarly",
        "teacher_variant",
        "written_authorization",
        "generated_by",
        "access_evasion",
        "confidential_source",
        "same_purpose",
        "free_source_available",
        "student_reproduces_text",
        "license_market",
        "student_substitutes_source",
        "lawful_acquisition",
        "tdm_reservation",
        "research_organization",
        "harms_owner",
        "lawful_access",
        "non_commercial_research",
        "commercial",
        "necessity",
        "works_published",
        "market_dilution",
    }
)


def load_plan(path: Path) -> Plan:
    """Read a plan file.

    Raises:
        PlanError: unreadable, no valid YAML, an unknown key, or a value of the wrong kind; with its place.
    """
    return plan_of(read(Path(path), PlanError))


def plan_of(document: Document) -> Plan:
    """Check a parsed plan and build it."""
    data = document.data
    if not isinstance(data, dict):
        raise fault(PlanError, "a plan is a mapping of keys", document.where, document.mark())
    unknown = [key for key in data if key not in PLAN_KEYS]
    if unknown:
        raise fault(
            PlanError,
            f"unknown key `{unknown[0]}`",
            document.where,
            document.key(unknown[0]),
            f"known keys: {', '.join(PLAN_KEYS)}; put further facts under `facts`",
        )
    try:
        return plan_from(data, document.where)
    except _BadValue as problem:
        mark = document.mark(*problem.place)
        raise fault(PlanError, problem.message, document.where, mark) from problem


class _BadValue(ValueError):
    def __init__(self, message: str, *place: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


def plan_from(data: Mapping[str, Any], source: str = "") -> Plan:
    """Build a plan from plain values; keys that are not those of a plan are left to the caller.

    Raises:
        ValueError: a value of the wrong kind.
    """
    use = _told(data.get("intended_use"))
    facts = data.get("facts")
    if facts is not None and not isinstance(facts, Mapping):
        raise _BadValue("`facts` is a mapping of keys", "facts")
    values, declared_by = _attributed(facts or {})
    return Plan(
        student_base=_base(_told(data.get("student_base"))),
        intended_use=None if use is None else _use(use),
        student_release_license=_text(data, "student_release_license"),
        student_name=_told(_text(data, "student_name")),
        competes_with_teacher_provider=_answer(data.get("competes_with_teacher_provider")),
        facts=MappingProxyType({str(key): _fact(key, value) for key, value in values.items()}),
        trainer_teachers=_trainer_teachers(data.get("trainer_teachers")),
        declarations=MappingProxyType(declared_by),
        source=source,
    )


def _attributed(facts: Mapping[object, Any]) -> tuple[dict[object, Any], dict[str, Declaration]]:
    """Part facts given as {value, by, on, evidence} into values and who stands for them."""
    try:
        return unwrapped(facts)
    except BadDeclaration as problem:
        raise _BadValue(problem.message, "facts", problem.key) from None


def _told(value: Any) -> Any:
    """Return a value, None where it is the word `unknown`: an unknown key is a missing one."""
    return None if isinstance(value, str) and value.strip().casefold() == "unknown" else value


def _use(value: Any) -> IntendedUse:
    try:
        return IntendedUse(value)
    except ValueError:
        raise _BadValue(
            f"intended_use `{value}` is not one of {', '.join(IntendedUse)}", "intended_use"
        ) from None


def _base(value: Any) -> StudentBase | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) - {"name", "terms"}:
        raise _BadValue("`student_base` has the keys `name` and `terms`", "student_base")
    name, terms = (value.get(key) or "" for key in ("name", "terms"))
    if not isinstance(name, str | int | float) or not isinstance(terms, str):
        raise _BadValue("`name` and `terms` must be text", "student_base")
    return StudentBase(str(name), terms) if name or terms else None


def _trainer_teachers(value: Any) -> tuple[TrainerTeacher, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _BadValue("`trainer_teachers` is a list of mappings with a name and a role", "trainer_teachers")
    return tuple(_trainer_teacher(item, at) for at, item in enumerate(value))


def _trainer_teacher(item: Any, at: int) -> TrainerTeacher:
    place = ("trainer_teachers", at)
    if not isinstance(item, Mapping) or set(item) - set(_TRAINER_KEYS):
        raise _BadValue(f"a trainer's teacher has the keys {', '.join(_TRAINER_KEYS)}", *place)
    given = {key: str(value).strip() for key, value in item.items() if value is not None}
    if not given.get("name"):
        raise _BadValue("a trainer's teacher needs a `name`", *place)
    role = role_of(given.get("role", ""))
    if role is None:
        raise _BadValue(f"`role` of {given['name']} is one of {', '.join(TeacherRole)}", *place)
    try:
        access = Access(given.get("access", "unknown"))
    except ValueError:
        raise _BadValue(f"`access` of {given['name']} is one of {', '.join(Access)}", *place) from None
    other = {key: given.get(key) or None for key in ("host", "revision", "generated_at")}
    return TrainerTeacher(given["name"], role, access, **other)


def _text(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, bool) and key == "student_release_license" and not value:
        return "none"
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise _BadValue(f"`{key}` must be text", key)
    return str(value).strip() or None


def _answer(value: Any) -> Tribool | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return Tribool.of(value)
    try:
        return Tribool(str(value).strip().casefold())
    except ValueError:
        key = "competes_with_teacher_provider"
        raise _BadValue(f"`{key}` is yes, no or unknown, not `{value}`", key) from None


def _fact(key: object, value: Any) -> FactValue:
    if isinstance(value, list):
        if all(isinstance(item, str | int | float) for item in value):
            return tuple(str(item) for item in value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise _BadValue(f"the fact `{key}` must be a finite number", "facts", str(key))
    elif isinstance(value, str | int | float | bool):
        return value
    elif value is None:
        return "unknown"
    elif isinstance(value, Mapping):
        return _by_party(str(key), value)
    raise _BadValue(f"the fact `{key}` must be a text, a number, yes/no or a list", "facts", str(key))


def _by_party(key: str, value: Mapping[object, Any]) -> FactValue:
    """Read a fact that is given party by party; each answer is yes, no or unknown."""
    if key not in KEYED:
        raise _BadValue(f"the fact `{key}` must be a text, a number, yes/no or a list", "facts", key)
    found: dict[str, str | bool] = {}
    for party, answer in value.items():
        told = "unknown" if answer is None else answer
        known = isinstance(told, bool) or str(told).strip().casefold() in ("yes", "no", "unknown")
        if not isinstance(party, str) or not party.strip() or not known:
            raise _BadValue(f"`{key}` maps each party to yes, no or unknown", "facts", key, str(party))
        found[party.strip()] = told if isinstance(told, bool) else str(told).strip().casefold()
    return MappingProxyType(dict(sorted(found.items())))
