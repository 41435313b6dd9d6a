"""The fair-use sheet: what was measured of the rows, for the person who weighs it; it changes no outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.domain.claim import Access
from auditor.domain.plan import Plan
from auditor.domain.report.fair_use import FairUseSheet
from auditor.domain.role import TeacherRole
from auditor.domain.tribool import Tribool, all_of
from auditor.engine.scan import Scan
from auditor.knowledge.catalog import Knowledge
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.facts.release_license import release_of
from auditor.policy.fair_use.sheet import SheetFacts, TeacherRows, fair_use_sheet

if TYPE_CHECKING:
    from auditor.fingerprint.search.reference_index import ReferenceIndex


def fair_use(
    scan: Scan, plan: Plan | None, knowledge: Knowledge, indexes: tuple[tuple[str, ReferenceIndex], ...]
) -> FairUseSheet:
    """Fill the fair-use sheet from what was measured."""
    view = KnowledgeView(knowledge)
    facts = SheetFacts(
        rows=scan.samples,
        model_rows=scan.rows_with(lambda origin: any(str(t.access) != "none" for t in origin.teachers)),
        searched_rows=scan.searched,
        copied_rows=scan.detected,
        longest_span=scan.longest_span,
        factual_rows=scan.forms.factual,
        creative_rows=scan.forms.creative,
        open_sources=_all_open(view, scan),
        work_rows=scan.works.total,
        creative_work_rows=scan.forms.of_works,
        works=scan.works.facts(indexes),
        teachers=_teacher_rows(scan),
    )
    license = plan.student_release_license if plan else None
    return fair_use_sheet(facts, plan, release_of(license, view).kind)


def _teacher_rows(scan: Scan) -> tuple[TeacherRows, ...]:
    """Count the rows of each model by its role, the most first; text without a model has no teacher."""
    found: dict[tuple[str, TeacherRole], int] = {}
    for origin, rows in zip(scan.table.origins, scan.table.samples, strict=True):
        for key in {(one.id, one.role) for one in origin.teachers if one.access is not Access.NONE}:
            found[key] = found.get(key, 0) + rows
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(TeacherRows(name, role, rows) for (name, role), rows in ordered if rows)


def _all_open(view: KnowledgeView, scan: Scan) -> Tribool:
    found = [view.open_fact(origin) for origin in scan.table.origins]
    return all_of(found) if found else Tribool.UNKNOWN
