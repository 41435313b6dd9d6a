from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from auditor.domain.plan import Plan
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.load import load_knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.pack.load import CompiledPack, load_pack
from auditor.policy.testing.cases import evaluate

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def default() -> CompiledPack:
    return load_pack("default")


Evaluate = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def verdict_on(knowledge: Knowledge, default: CompiledPack) -> Evaluate:
    """Judge an allowed case with some of its keys replaced; a key set to None is left out."""

    def run(teacher: str, access: str = "open-weights", generated: str | None = None, **keys: Any) -> Any:
        who = {"id": teacher, "access": access}
        if generated:
            who["generated"] = generated
        case: dict[str, Any] = {
            "teachers": [who],
            "dataset_licenses": ["CC0-1.0"],
            "student_base": {"name": "Qwen/Qwen3-8B", "terms": "Apache-2.0"},
            "intended_use": "commercial-api",
            "student_release_license": "proprietary",
            "student_name": "Acme",
            "competes_with_teacher_provider": "no",
            **keys,
        }
        return evaluate({k: v for k, v in case.items() if v is not None}, default, knowledge, TODAY)

    return run


JudgeUnder = Callable[..., Judge]


@pytest.fixture(scope="session")
def judge_under(knowledge: Knowledge, default: CompiledPack) -> JudgeUnder:
    """Build the judge of a plan, on the day of the tests."""

    def build(plan: Plan | None, pack: CompiledPack = default) -> Judge:
        return Judge(EvaluationContext(pack, knowledge, plan, TODAY))

    return build
