"""The published cases: outcome, obligations and the clauses cited."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml

from auditor.knowledge.catalog import Knowledge
from auditor.policy.pack.load import CompiledPack
from auditor.policy.testing.cases import evaluate
from tests.policy.conftest import TODAY


def test_all_published_cases_come_out_as_expected(
    shared: Path, knowledge: Knowledge, default: CompiledPack
) -> None:
    cases = yaml.safe_load((shared / "golden/policy_cases.yaml").read_text())["cases"]
    wrong = {}
    for case in cases:
        got = evaluate(case["input"], default, knowledge, TODAY)
        expected = case["expect"]
        cited = {reason["clause"]["ref"] for reason in got["reasons"]}
        problems = []
        if got["outcome"] != expected["outcome"]:
            problems.append(f"{got['outcome']} for {expected['outcome']}")
        if "obligations" in expected:
            wanted = Counter(duty["id"] for duty in expected["obligations"])
            if Counter(duty["id"] for duty in got["obligations"]) != wanted:
                problems.append(str(got["obligations"]))
            problems += [
                f"{key} {duty[key]}"
                for duty in expected["obligations"]
                for key in ("prefix", "text")
                if key in duty and duty[key] not in [own.get(key) for own in got["obligations"]]
            ]
        problems += [clause["ref"] for clause in case["clauses"] if clause["ref"] not in cited]
        problems += [tip for tip in expected.get("advice", []) if tip not in got["advice"]]
        if "fix" in expected and not got["fix"]:
            problems.append("no fix")
        if problems:
            wrong[case["id"]] = problems
    assert wrong == {}
    assert len(cases) >= 48
