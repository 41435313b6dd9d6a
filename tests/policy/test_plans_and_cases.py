from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import execute
from auditor.domain.plan import IntendedUse
from auditor.domain.tribool import Tribool
from auditor.errors import PlanError
from auditor.policy.plan.plans import load_plan, plan_of
from auditor.strict_yaml import parse
from tests.policy.conftest import Evaluate


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


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError):
        load_plan(tmp_path / "none.yaml")


CASE: dict[str, Any] = {
    "teachers": [{"id": "openai-gpt-4", "access": "api", "generated": "2023-06-01"}],
    "dataset_licenses": ["MIT"],
    "student_base": {"name": "Qwen/Qwen3-8B", "terms": "Apache-2.0"},
    "intended_use": "commercial-api",
    "student_release_license": "proprietary",
    "student_name": "Acme",
    "competes_with_teacher_provider": "yes",
}


def evaluate(tmp_path: Path, body: object, *options: str) -> int:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(body))
    return execute(["policy", "eval", str(path), *options])


def test_eval_prints_the_contract_and_exits_by_outcome(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(tmp_path, CASE, "--format", "json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["outcome"] == "deny"
    assert answer["reasons"][0]["clause"] == {"ref": "Terms-OpenAI-ToU-2023-03", "section": "2(c)(iii)"}
    assert answer["fix"]
    assert evaluate(tmp_path, {"input": {**CASE, "competes_with_teacher_provider": "no"}}) == 0
    unknown = {**CASE, "competes_with_teacher_provider": "unknown"}
    assert evaluate(tmp_path, unknown) == 3
    assert evaluate(tmp_path, unknown, "--review-ok") == 0
    assert "--review-ok" in capsys.readouterr().err


def test_a_list_of_cases_gives_a_list_and_a_bad_one_is_review_with_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad: list[object] = [
        3,
        {**CASE, "teachers": [3]},
        {**CASE, "teachers": 3},
        {**CASE, "teachers": [{"id": "x", "access": "telepathy"}]},
        {**CASE, "dataset_licenses": [3]},
        {**CASE, "intended_use": "selling"},
    ]
    assert evaluate(tmp_path, {"cases": bad}, "--format", "json") == 3
    answers = json.loads(capsys.readouterr().out)
    assert [answer["outcome"] for answer in answers] == ["review"] * len(bad)
    assert all(answer["error"] for answer in answers)
    assert evaluate(tmp_path, bad) == 3
    assert evaluate(tmp_path, []) == 2
    assert execute(["policy", "eval", str(tmp_path / "none.yaml")]) == 2


def test_short_forms_of_teachers_and_licenses(verdict_on: Evaluate) -> None:
    assert verdict_on("x", teachers="human", dataset_licenses="MIT")["outcome"] == "allow"
    assert verdict_on("x", teachers={"name": "human", "access": "none"})["outcome"] == "allow"


def test_without_a_use_every_use_is_tried(verdict_on: Evaluate) -> None:
    answer = verdict_on("mistral-mrl", intended_use=None)
    assert answer["outcome"] == "review"
    assert answer["matrix"]["commercial-api"] == "deny"
    assert answer["matrix"]["research-only"] != "deny"
    assert verdict_on("dbrx", intended_use=None)["outcome"] == "deny"


def test_pack_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["policy", "list"]) == 0
    assert execute(["policy", "list", "--format", "json"]) == 0
    assert execute(["policy", "show", "default"]) == 0
    assert execute(["policy", "show", "default", "--format", "json"]) == 0
    assert "sha256:" in capsys.readouterr().out
    pack = tmp_path / "p.yaml"
    pack.write_text(
        "pack: p\nversion: '1'\ntitle: t\nrules:\n- {id: a, title: t, applies_to: plan, layer: provenance, "
        "when: 'plan.given && !plan.given', outcome: deny, message: m, owner: o, references: [{ref: x}]}\n"
    )
    for format in ("terminal", "json"):
        for command in ("lint", "test", "mutate"):
            assert execute(["policy", command, str(pack), "--format", format]) == 2
    pack.write_text(pack.read_text().replace("plan.given &&", "plan.gvn &&"))
    assert execute(["policy", "lint", str(pack)]) == 2
    assert "where: p.yaml:5" in capsys.readouterr().err


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
