"""The fair-use sheet: what was measured of the rows, for the person who weighs it; it changes no outcome."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from auditor.domain.claim import Access
from auditor.domain.plan import Plan
from auditor.domain.role import TeacherRole
from auditor.engine.scan import Scan
from auditor.knowledge.catalog import Knowledge
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.facts.obligations import both
from auditor.policy.facts.release_license import release_of
from auditor.policy.fair_use.sheet import SheetFacts, TeacherRows, fair_use_sheet
from auditor.policy.pack.variables import Fact
from auditor.report.model import FairUseSheet, SheetEntry, SheetWork

if TYPE_CHECKING:
    from auditor.fingerprint.search.reference_index import ReferenceIndex


def fair_use(
    scan: Scan, plan: Plan | None, knowledge: Knowledge, indexes: tuple[tuple[str, ReferenceIndex], ...]
) -> FairUseSheet:
    """Fill the fair-use sheet from what was measured."""
    lookup = KnowledgeView(knowledge)
    facts = SheetFacts(
        rows=scan.samples,
        model_rows=scan.rows_with(lambda origin: any(str(t.access) != "none" for t in origin.teachers)),
        searched_rows=scan.searched,
        copied_rows=scan.detected,
        longest_span=scan.longest_span,
        factual_rows=scan.forms.factual,
        creative_rows=scan.forms.creative,
        open_sources=_all_open(lookup, scan),
        work_rows=scan.works.total,
        creative_work_rows=scan.forms.of_works,
        works=scan.works.facts(indexes),
        teachers=_teacher_rows(scan),
    )
    license = plan.student_release_license if plan else None
    sheet = fair_use_sheet(facts, plan, release_of(license, lookup).kind)
    entries = (
        SheetEntry(one.factor, one.question, one.known, one.direction, one.authority) for one in sheet.entries
    )
    works = (SheetWork(one.title, one.rows, one.share_of_work, one.share_of_set) for one in sheet.works)
    return FairUseSheet(sheet.digest, tuple(entries), tuple(works), sheet.notes)


def _teacher_rows(scan: Scan) -> tuple[TeacherRows, ...]:
    """Count the rows of each model by its role, the most first; text without a model has no teacher."""
    found: dict[tuple[str, TeacherRole], int] = {}
    for origin, rows in zip(scan.table.origins, scan.table.samples, strict=True):
        for key in {(one.id, one.role) for one in origin.teachers if one.access is not Access.NONE}:
            found[key] = found.get(key, 0) + rows
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(TeacherRows(name, role, rows) for (name, role), rows in ordered if rows)


def _all_open(lookup: KnowledgeView, scan: Scan) -> Fact:
    found = [lookup.open_fact(origin) for origin in scan.table.origins]
    return reduce(both, found) if found else Fact.UNKNOWN
