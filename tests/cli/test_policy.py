"""The commands on policy packs and cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import execute

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


def test_an_older_word_alone_fails_no_lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.yaml"
    rules = "".join(
        f"- {{id: {scope}, title: t, applies_to: origin, for_each: {scope}, layer: provenance, "
        f"when: '{when}', outcome: review, message: m, owner: o, references: [{{ref: x}}]}}\n"
        for scope, when in (
            ("teacher", "teacher.known || !teacher.known"),
            ("terms", 'fit.scale == "over" || assessment.scale != "over"'),
            ("license", "license.known || !license.known"),
        )
    )
    path.write_text(f"pack: p\nversion: '1'\ntitle: t\nrules:\n{rules}")
    assert execute(["policy", "lint", str(path)]) == 0
    assert "renamed: terms: `fit.scale` is `assessment.scale` by now" in capsys.readouterr().out


def test_policy_diff_names_what_flips_and_why(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["policy", "diff", "default", "research-only", "--audit", str(out)]
    assert execute([*command, "--format", "json"]) == 0
    flips = json.loads(capsys.readouterr().out)
    assert {(one["before"], one["after"]) for one in flips} == {("allow", "deny"), ("review", "deny")}
    assert all("use-is-another" in one["because"] for one in flips)
    assert execute(command) == 0
    assert execute(["policy", "diff", "default", "default", "--audit", str(out)]) == 0
    assert "0 of 3 origins flip" in capsys.readouterr().out
