"""What the catalog permits rests on a text, or on a listed account of one; never on memory or notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.domain.axes import Confidence, OutputsUse
from auditor.domain.terms import UNKNOWN_TERMS, Terms
from auditor.ids import TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.coverage import coverage
from auditor.knowledge.readings import SERVICES
from auditor.policy.pack.load import CompiledPack
from auditor.policy.testing.cases import evaluate
from tests.policy.conftest import TODAY

LENIENT: dict[str, Any] = {
    "dataset_licenses": ["CC0-1.0"],
    "student_base": {"name": "Qwen/Qwen3-8B", "terms": "Apache-2.0"},
    "intended_use": "research-only",
    "student_release_license": "none",
    "student_name": "tiny",
    "competes_with_teacher_provider": "no",
    "facts": {"student_performs_similarly": False, "distributed": False, "automated_extraction": False},
}
"""A plan that asks as little as one can: kept in house, for research, in nobody's way."""
BY_ACCOUNT = {
    "Terms-Alibaba-Model-Studio", "Terms-Baidu-AI-Cloud-Intl", "Terms-Gemini-API-2026",
    "Terms-Kimi-OpenPlatform", "Terms-MiniMax-OpenPlatform-2026-03", "Terms-NVIDIA-API-Trial",
    "Terms-OpenRouter-2026-07",
}  # fmt: skip
"""Service texts that permit something, read by others who quote the section, and give its number and day."""


def _permitted(
    knowledge: Knowledge, default: CompiledPack
) -> Iterator[tuple[str, tuple[TermsId, ...], bool]]:
    """Yield each day on which the most lenient plan passes, with the texts and whether all were known."""
    seen: dict[tuple[object, ...], str] = {}
    for one in coverage(knowledge):
        entry = knowledge.teachers[one.teacher]
        for period in one.periods:
            day = period.start or period.end or "2026-11-01"
            sets = knowledge.terms_for(entry, one.access, day, None)
            terms = tuple(dict.fromkeys(id for one_set in sets for id in one_set.terms))
            known = all(one_set.known for one_set in sets) and UNKNOWN_TERMS not in terms
            key = (terms, known, entry.confidence, one.access)
            if key not in seen:
                who = {"id": entry.id, "access": str(one.access), "generated": day}
                seen[key] = evaluate({**LENIENT, "teachers": [who]}, default, knowledge, TODAY)["outcome"]
            if seen[key].startswith("allow"):
                yield f"{entry.id} by {one.access} on {day}", terms, known


def test_no_permission_rests_on_memory_or_on_a_text_nobody_read(
    knowledge: Knowledge, default: CompiledPack
) -> None:
    permitted = list(_permitted(knowledge, default))
    assert len(permitted) > 100
    for who, ids, known in permitted:
        assert known, who
        for terms in (knowledge.terms[id] for id in ids):
            outputs = terms.facts.outputs
            assert Confidence.MEMORY not in (terms.confidence, outputs.confidence), (who, terms.id)
            assert not _dated_by_notes(terms), (who, terms.id)


def _dated_by_notes(terms: Terms) -> bool:
    return terms.not_verified.startswith("the days:")


def test_a_text_whose_days_come_from_notes_stands_beside_an_unread_one(knowledge: Knowledge) -> None:
    noted = {id for id, terms in knowledge.terms.items() if _dated_by_notes(terms)}
    assert noted
    spans = [span for one in knowledge.services.values() for span in one.spans if noted & set(span.terms)]
    assert spans
    assert all(UNKNOWN_TERMS in span.terms for span in spans)


def test_service_texts_that_permit_by_an_account_are_listed(
    knowledge: Knowledge, default: CompiledPack
) -> None:
    reported = {
        id
        for _, ids, _ in _permitted(knowledge, default)
        for id in ids
        if knowledge.terms[id].confidence is Confidence.SECONDARY and knowledge.terms[id].kind in SERVICES
    }
    assert reported <= BY_ACCOUNT
    for id in BY_ACCOUNT:
        terms = knowledge.terms[TermsId(id)]
        assert terms.facts.outputs.section, id
        assert any(copy.seen for copy in terms.read), id
        assert terms.facts.outputs.value is not OutputsUse.FORBIDDEN, id
