"""What facts that stand aside are judged by: the shipped catalog, the default pack, a commercial plan."""

from __future__ import annotations

from datetime import date

from auditor.engine.model_names import ModelNames
from auditor.engine.names import CachedCatalog
from auditor.knowledge.load import load_knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.pack.load import load_pack
from auditor.policy.testing.cases import plan_from

KNOWLEDGE = load_knowledge()
NAMES, CATALOG = ModelNames(KNOWLEDGE), CachedCatalog(KNOWLEDGE)
PLAN = plan_from(
    {
        "student_base": {"name": "Qwen/Qwen3-8B", "terms": "Apache-2.0"},
        "intended_use": "internal-commercial",
        "student_release_license": "none",
        "student_name": "Acme",
        "competes_with_teacher_provider": "yes",
    }
)
JUDGE = Judge(EvaluationContext(load_pack("default"), KNOWLEDGE, PLAN, date(2026, 11, 24)))
