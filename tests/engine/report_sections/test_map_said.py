"""The verdict follows the map, role by role, and the report says what the map answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import execute

TEXT = "Hi there my good friend of the sea and the hills."
ROW = {"prompt": "Say hi to them", "completion": TEXT, "license": "Apache-2.0"}
QWEN = ("--teacher", "Qwen/Qwen3-8B", "--access", "open-weights")


def audited(
    folder: Path, row: dict[str, Any], lines: Sequence[str], options: Sequence[str] = ()
) -> dict[str, Any]:
    path = folder / "a.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    maps = [word for line in lines for word in ("--map", line)]
    out = ["-q", "--no-config", "--no-ledger", "--out", str(folder / "out")]
    execute(["audit", str(path), *out, *maps, *options])
    report: dict[str, Any] = json.loads((folder / "out/report.json").read_text(encoding="utf-8"))
    return report


def _teachers(report: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (one["name"], one["role"], one["slot"])
        for origin in report["origins"]
        for one in origin["teacher_details"]
    }


@pytest.mark.parametrize(
    ("row", "line", "teachers"),
    [
        ({"written": "gpt-4"}, "teacher=written", {("gpt-4", "writer", "")}),
        (
            {"translation_model": "gpt-4"},
            "teacher=translation_model",
            {("gpt-4", "translator", "translator")},
        ),
        ({"judge_model": "gpt-4"}, "teacher=judge_model", {("gpt-4", "writer", "")}),
        ({"model": "gpt-4"}, "judge=model", {("gpt-4", "judge", "judge")}),
        ({"meta": {"gen": {"m": ["gpt-4"]}}}, "teacher=meta.gen.m", {("gpt-4", "writer", "")}),
        ({"meta": json.dumps({"m": "gpt-4"})}, "teacher=meta.m", {("gpt-4", "writer", "")}),
        ({"model": "gpt-4"}, "ignore=model", set()),
        ({"model": "gpt-4"}, "id=model", set()),
        ({"gpt4_answer": TEXT + "!"}, "ignore=gpt4_answer", set()),
    ],
)
def test_teachers_are_those_of_the_map(
    tmp_path: Path, row: dict[str, Any], line: str, teachers: set[tuple[str, str, str]]
) -> None:
    assert _teachers(audited(tmp_path, {**ROW, **row}, [line])) == teachers


def test_a_learned_column_keeps_the_model_in_its_name(tmp_path: Path) -> None:
    report = audited(tmp_path, {**ROW, "gpt4_answer": TEXT + "!"}, ["learned=gpt4_answer"], QWEN)
    assert report["outcome"] == "review"
    assert any(one["rule"] == "teacher-inferred" for one in report["findings"])


@pytest.mark.parametrize(
    ("row", "line", "before", "after"),
    [
        ({"generator": "gpt-4"}, "ignore=generator", "review", "allow"),
        ({"translator": "gpt-4"}, "judge=translator", "review", "allow"),
        ({"terms_of_use": "CC-BY-NC-4.0"}, "ignore=terms_of_use", "deny", "allow"),
        ({"cond": "ask the owner first"}, "license=cond", "allow", "review"),
        ({"note": " ".join([TEXT] * 4)}, "ignore=note", "review", "allow"),
        ({"note": " ".join([TEXT] * 4)}, "id=note", "review", "allow"),
        ({"note": " ".join([TEXT] * 4)}, "prompt=note", "review", "allow"),
        ({"note": " ".join([TEXT] * 4)}, "system=note", "review", "allow"),
        ({"note": " ".join([TEXT] * 4)}, "learned=note", "review", "allow"),
        ({}, "system=completion", "allow", "review"),
        ({}, "ignore=completion", "allow", "review"),
        ({"note": "OpenOrca"}, "source=note", "allow", "review"),
    ],
)
def test_the_outcome_follows_the_map(
    tmp_path: Path, row: dict[str, Any], line: str, before: str, after: str
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "student_base: {name: x, terms: Apache-2.0}\nintended_use: commercial-api\n"
        "student_release_license: proprietary\nstudent_name: s\ncompetes_with_teacher_provider: 'no'\n"
    )
    options = (*QWEN, "--plan", str(plan), "--policy", "default")
    assert audited(tmp_path, {**ROW, **row}, [], options)["outcome"] == before
    assert audited(tmp_path, {**ROW, **row}, [line], options)["outcome"] == after


def test_each_answer_has_its_own_teacher(tmp_path: Path) -> None:
    row = {"prompt": "q", "answer_1": TEXT, "answer_2": "Quite another one of these, friend.", "by1": "gpt-4"}
    lines = ["learned@x=answer_1", "learned@y=answer_2", "teacher@x=by1", "teacher@y=by2"]
    report = audited(tmp_path, {**row, "by2": "Qwen/Qwen3-8B"}, lines)
    assert _teachers(report) == {("gpt-4", "writer", "x"), ("Qwen/Qwen3-8B", "writer", "y")}


def test_dates_and_hosts_at_a_path_decide_whose_terms_hold(tmp_path: Path) -> None:
    row = {**ROW, "model": "Qwen/Qwen3-8B", "x": {"when": 1709251200, "at": "together"}}
    report = audited(tmp_path, row, ["date=x.when", "host=x.at"])
    (teacher,) = report["origins"][0]["teacher_details"]
    assert (teacher["generated_at"], teacher["host"]) == ("2024-03-01", "together")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ignore=model", "`model` names gpt-4; --map answers that: `ignore=model`."),
        ("ignore=model", "Nobody trains on `model`, which was not judged: --map says so."),
        ("judge=model", "`model` names gpt-4; --map answers that: `judge=model`."),
        ("prompt=model", "`model` is not learned and was not searched: --map says `prompt`."),
        ("prompt=model", "`model` names gpt-4; --map answers that: `prompt=model`."),
    ],
)
def test_a_named_teacher_never_goes_silently(tmp_path: Path, line: str, said: str) -> None:
    assert said in audited(tmp_path, {**ROW, "model": "gpt-4"}, [line], QWEN)["assumptions"]


def test_a_map_that_answers_nothing_is_no_assumption(tmp_path: Path) -> None:
    report = audited(tmp_path, {**ROW, "model": "Qwen/Qwen3-8B"}, ["teacher=model", "learned=completion"])
    assert report["assumptions"] == []
