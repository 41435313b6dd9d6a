"""Every entry says what it was read from; a verified one says what was read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.axes import Confidence
from auditor.ids import TeacherId, TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.lint_sources import says_nothing, source_remarks

TERMS, TEACHER = TermsId("LicenseRef-Llama-3-Community"), TeacherId("openai-gpt-4o")


@pytest.mark.parametrize(
    "source",
    ["", "?", "todo", "TODO:", "n/a", "none", "unknown", "(tbd)", "the web", "to be read - x"],
)
def test_a_source_that_says_nothing_is_refused(knowledge: Knowledge, source: str) -> None:
    assert says_nothing(source)
    teacher = replace(knowledge.teachers[TEACHER], source=source, confidence=Confidence.TEXT)
    told = replace(knowledge, teachers={**knowledge.teachers, TEACHER: teacher})
    assert [where for where, _ in source_remarks(told)] == [f"teacher {TEACHER}"]


@pytest.mark.parametrize(
    "source", ["contract of 3 February 2026", "acme/terms@0123", "the license text", "none such press"]
)
def test_a_source_that_names_something_is_taken(source: str) -> None:
    assert not says_nothing(source)


def test_what_is_recalled_needs_no_source_but_may_not_be_left_open(knowledge: Knowledge) -> None:
    for source, remarks in (("none (recall)", 0), ("none", 0), ("to be read - the page", 1)):
        teacher = replace(knowledge.teachers[TEACHER], source=source, confidence=Confidence.MEMORY)
        told = replace(knowledge, teachers={**knowledge.teachers, TEACHER: teacher})
        assert len(list(source_remarks(told))) == remarks, source


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"overlay": "acme@01", "reading": ""}, "without `reading`"),
        ({"overlay": "acme@01", "reading": "It bars rivals."}, ""),
        ({"overlay": "acme@01", "reading": "to be read"}, "still to be read: reading"),
        ({"overlay": "acme@01", "reading": "", "confidence": Confidence.SECONDARY}, ""),
        ({"overlay": ""}, ""),
    ],
)
def test_what_an_overlay_calls_verified_has_a_reading(
    knowledge: Knowledge, changes: dict[str, object], said: str
) -> None:
    terms = replace(knowledge.terms[TERMS], **changes)  # type: ignore[arg-type]
    remarks = [message for _, message in source_remarks(replace(knowledge, terms={TERMS: terms}))]
    assert any(said in one for one in remarks) if said else remarks == []


def test_the_section_is_named(knowledge: Knowledge) -> None:
    terms = replace(knowledge.terms[TERMS], overlay="acme@01", reading="It bars rivals.")
    outputs = replace(terms.facts.outputs, section="")
    bare = replace(terms, facts=replace(terms.facts, outputs=outputs))
    remarks = [message for _, message in source_remarks(replace(knowledge, terms={TERMS: bare}))]
    assert any("without the `section`" in one for one in remarks)
