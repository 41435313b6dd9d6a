"""The published cases: outcome, obligations and the clauses cited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.knowledge.catalog import Knowledge
from auditor.policy.pack.load import CompiledPack
from auditor.policy.testing.cases import evaluate
from tests.policy.conftest import TODAY

Case = Mapping[str, Any]


def problems_of(case: Case, got: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    """Yield what an answer has otherwise than its case expects; advice is not an obligation."""
    expected = case["expect"]
    if got["outcome"] != expected["outcome"]:
        yield f"{got['outcome']} for {expected['outcome']}"
    if "obligations" in expected:
        yield from problems_of_obligations(expected["obligations"], got["obligations"])
    refs = {reason["clause"]["ref"] for reason in got["reasons"]}
    cited = refs.union(*(knowledge.terms[ref].also_known_as for ref in refs & knowledge.terms.keys()))
    yield from (clause["ref"] for clause in case["clauses"] if clause["ref"] not in cited)
    yield from (tip for tip in expected.get("advice", []) if tip not in got["advice"])
    if "fix" in expected and not got["fix"]:
        yield "no fix"


def problems_of_obligations(expected: list[Case], got: list[Case]) -> Iterator[str]:
    """Yield where the obligations are not those that are expected, each with its prefix or text."""
    if Counter(one["id"] for one in got) != Counter(one["id"] for one in expected):
        yield str(got)
    for one in expected:
        for key in ("prefix", "text"):
            if key in one and one[key] not in [own.get(key) for own in got]:
                yield f"{key} {one[key]}"


@pytest.mark.parametrize(("file", "least"), [("policy_cases.yaml", 48), ("policy_cases_2.yaml", 20)])
def test_all_published_cases_come_out_as_expected(
    file: str, least: int, shared: Path, knowledge: Knowledge, default: CompiledPack
) -> None:
    cases = yaml.safe_load((shared / "golden" / file).read_text())["cases"]
    wrong = {
        case["id"]: found
        for case in cases
        if (found := list(problems_of(case, evaluate(case["input"], default, knowledge, TODAY), knowledge)))
    }
    assert wrong == {}
    assert len(cases) >= least
