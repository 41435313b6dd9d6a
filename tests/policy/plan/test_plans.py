"""`plan.yaml`: what is read, and what is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.plan import IntendedUse
from auditor.domain.tribool import Tribool
from auditor.errors import PlanError
from auditor.policy.plan.plans import load_plan, plan_of
from auditor.strict_yaml import parse


def test_a_plan_is_read_with_yaml_booleans_and_lists() -> None:
    text = (
        "student_base: {name: b, terms: MIT}\nintended_use: commercial-api\nstudent_release_license: no\n"
        "student_name: 7\ncompetes_with_teacher_provider: yes\n"
        "facts: {competes_with: [openai], mau: 3, since: 2026-01-01, odd: null}\n"
    )
    plan = plan_of(parse(text, "plan.yaml", PlanError))
    assert plan.intended_use is IntendedUse.COMMERCIAL_API
    assert plan.competes_with_teacher_provider is Tribool.YES
    assert plan.student_release_license == "none"
    assert plan.student_name == "7"
    assert dict(plan.facts) == {
        "competes_with": ("openai",),
        "mau": 3,
        "since": "2026-01-01",
        "odd": "unknown",
    }


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("[]", "p.yaml:1:1"),
        ("use: x", "p.yaml:1:1"),
        ("intended_use: selling", "p.yaml:1:15"),
        ("student_base: 3", "p.yaml:1:15"),
        ("student_base: {name: [x]}", "p.yaml:1:15"),
        ("student_base: {nam: x}", "p.yaml:1:15"),
        ("student_name: [x]", "p.yaml:1:15"),
        ("competes_with_teacher_provider: maybe", "p.yaml:1:33"),
        ("facts: 3", "p.yaml:1:8"),
        ("facts: {a: {b: 1}}", "p.yaml:1:12"),
        ("facts: {mau: .nan}", "p.yaml:1:14"),
        ("a: 1\na: 2", "p.yaml:2:1"),
        ("? [a]\n: 1", "p.yaml:1:3"),
        ("x: 2026-13-45", "p.yaml:1:4"),
    ],
)
def test_a_broken_plan_is_refused_with_its_place(body: str, place: str) -> None:
    with pytest.raises(PlanError) as caught:
        plan_of(parse(body, "p.yaml", PlanError))
    assert caught.value.where == place


def test_a_plan_names_the_teachers_that_leave_no_row(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("trainer_teachers:\n- {name: gpt-4o, role: logits, access: api, host: openai}\n")
    (one,) = load_plan(path).trainer_teachers
    assert (one.name, one.role, one.access, one.host) == ("gpt-4o", "logits", "api", "openai")


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("trainer_teachers: gpt-4o\n", "is a list", "1:19"),
        ("trainer_teachers:\n- name: gpt-4o\n  role: boss\n", "is one of writer", "2:3"),
        ("trainer_teachers:\n- role: logits\n", "needs a `name`", "2:3"),
        ("trainer_teachers:\n- {name: x, role: logits, access: magic}\n", "`access` of x is one of", "2:3"),
        ("trainer_teachers:\n- {name: x, role: logits, model: y}\n", "has the keys", "2:3"),
    ],
)
def test_a_wrong_teacher_of_the_trainer_is_told_with_its_place(
    tmp_path: Path, text: str, message: str, place: str
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(text)
    with pytest.raises(PlanError, match=message) as caught:
        load_plan(path)
    assert str(caught.value.where).endswith(place)


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError):
        load_plan(tmp_path / "none.yaml")
