"""Cases read off the clauses by hand: outcome, duties and the clause cited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.knowledge.catalog import Knowledge
from auditor.policy.pack.load import CompiledPack
from auditor.policy.testing.cases import evaluate
from auditor.strict_yaml import parse
from tests.policy.conftest import TODAY

FILE = parse(Path(__file__).with_name("readings.yaml").read_text(encoding="utf-8"), "readings.yaml").data
CASES: list[dict[str, Any]] = FILE["cases"]


def test_the_readings_are_many_and_each_has_its_name() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names)) >= 240


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_clause_decides(case: dict[str, Any], default: CompiledPack, knowledge: Knowledge) -> None:
    told = {**FILE["plan"], "teachers": case["teachers"], **case.get("with", {})}
    answer = evaluate({k: v for k, v in told.items() if v is not None}, default, knowledge, TODAY)
    assert "error" not in answer
    assert answer["outcome"] == case["outcome"]
    if "duties" in case:
        assert sorted(duty["id"] for duty in answer["obligations"]) == sorted(case["duties"])
    clauses = [reason["clause"] for reason in answer["reasons"]]
    for cited in case.get("cites", []):
        ref, section = cited if isinstance(cited, list) else (cited, None)
        assert any(one["ref"] == ref and section in (None, one["section"]) for one in clauses), cited
    assert answer["outcome"] != "deny" or answer["fix"]
