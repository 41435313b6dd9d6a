"""What origins are judged by, and what stands around a part of one while it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.domain.plan import IntendedUse, Plan
from auditor.knowledge.catalog import Knowledge
from auditor.policy.facts.applicable_terms import Base
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.facts.named_facts import NO_ORIGIN, OriginSummary, plan_facts
from auditor.policy.facts.release_license import Release, release_of
from auditor.policy.facts.rivals import rivals_of
from auditor.policy.facts.usage import UsageContext, usage_of
from auditor.policy.pack.load import CompiledPack


@dataclass(frozen=True, slots=True)
class EvaluationContext:
    """The pack, the knowledge, the plan and the day, in the one order in which they are given everywhere."""

    pack: CompiledPack
    knowledge: Knowledge
    plan: Plan | None
    day: date
    """Terms in force on this day count; nothing was made after it."""


@dataclass(frozen=True, slots=True)
class PlannedUse:
    """A plan under one use, with all that does not depend on an origin."""

    usage: UsageContext
    release: Release
    base: Base
    facts: Mapping[str, Any]
    """The facts named `plan.*`."""


def planned_use(view: KnowledgeView, plan: Plan | None, use: IntendedUse | None) -> PlannedUse:
    """Work out a plan under one use, which is the plan's own where it names one."""
    release = release_of(plan.student_release_license if plan else None, view)
    usage = usage_of(plan, use, release.kind, rivals_of(view.knowledge, plan))
    base = view.base(usage.plan.student_base)
    return PlannedUse(usage, release, base, plan_facts(usage, release, base))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What rules on a part of an origin know beside the part: the planned use and the origin as a whole."""

    planned: PlannedUse
    origin: OriginSummary = NO_ORIGIN
    in_rows: bool = True
    """The part stands in rows; a model that works in the trainer leaves none."""

    def facts(self) -> dict[str, Any]:
        """Return the facts named `plan.*` and `origin.*`."""
        return {**self.planned.facts, **self.origin.facts()}

    def key(self) -> tuple[object, ...]:
        """Return what tells answers on the same part apart."""
        usage = self.planned.usage
        return (usage.use, usage.shared, self.origin, self.in_rows)
