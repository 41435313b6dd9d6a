"""Whatever is asked, an answer comes; knowing less never leaves fewer versions open."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.domain.claim import Access
from auditor.domain.teacher import ResolutionStatus
from auditor.domain.terms import UNKNOWN_TERMS
from auditor.knowledge.load import load_knowledge
from tests.effort import tries

KNOWLEDGE = load_knowledge()
accesses = st.sampled_from((None, *Access))
days = st.dates().map(str)
dates = st.one_of(st.none(), days, days.map(lambda d: d[:7]), days.map(lambda d: d[:4]), st.text(max_size=12))
recent = st.dates(min_value=date(2022, 1, 1)).map(str)
hosts = st.one_of(st.none(), st.sampled_from(list(KNOWLEDGE.hosts)), st.text(max_size=8))
known_names = st.sampled_from([name for t in KNOWLEDGE.teachers.values() for name in (t.id, *t.aliases)])
names = st.one_of(known_names, known_names.map(str.upper), st.text(max_size=60))


@given(names, accesses, dates, hosts)
@settings(deadline=None, max_examples=tries(400))
def test_every_key_has_an_answer_and_unknown_is_never_known(
    name: str, access: Access | None, day: str | None, host: str | None
) -> None:
    found = KNOWLEDGE.resolve(name, access, day, host)
    assert found.sets
    assert (found.teacher is not None) == (
        found.status in (ResolutionStatus.KNOWN, ResolutionStatus.NO_MODEL)
    )
    assert bool(found.candidates) == (found.status is ResolutionStatus.AMBIGUOUS)
    for one in found.sets:
        assert one.known == (UNKNOWN_TERMS not in one.terms)
    if found.status is ResolutionStatus.UNKNOWN:
        assert not any(one.known for one in found.sets)


@given(st.sampled_from(list(KNOWLEDGE.teachers)), accesses, recent)
@settings(deadline=None, max_examples=tries(300))
def test_a_known_version_on_a_day_is_open_without_the_day_and_by_its_year(
    teacher: str, access: Access | None, day: str
) -> None:
    on_the_day = {one.terms for one in KNOWLEDGE.terms_for(teacher, access, day) if one.known}
    in_the_year = {one.terms for one in KNOWLEDGE.terms_for(teacher, access, day[:4])}
    ever = {one.terms for one in KNOWLEDGE.terms_for(teacher, access)}
    assert on_the_day <= in_the_year
    assert on_the_day <= ever


@given(st.sampled_from(list(KNOWLEDGE.teachers)), recent)
@settings(deadline=None, max_examples=tries(200))
def test_a_known_version_by_the_entrys_path_is_open_without_the_path(teacher: str, day: str) -> None:
    path = KNOWLEDGE.teachers[teacher].access  # type: ignore[index]
    by_path = {one.terms for one in KNOWLEDGE.terms_for(teacher, path, day) if one.known}
    assert by_path <= {one.terms for one in KNOWLEDGE.terms_for(teacher, None, day)}


@given(st.sampled_from(list(KNOWLEDGE.teachers)), accesses, st.sampled_from(["together", "openrouter", "x"]))
@settings(deadline=None, max_examples=tries(200))
def test_a_host_never_takes_terms_away(teacher: str, access: Access | None, host: str) -> None:
    with_host = KNOWLEDGE.terms_for(teacher, access, None, host)
    own = [set(one.terms) for one in KNOWLEDGE.terms_for(teacher)]
    for one in with_host:
        assert not one.known or any(terms <= set(one.terms) for terms in own)


@pytest.mark.timeout(30)
def test_long_and_crafted_names_are_answered_at_once() -> None:
    for part in ("a-", "llama-3.1-", "gpt-4-", "openai/", "((((", "mistral-large-", "deepseek-r1:"):
        assert KNOWLEDGE.resolve(part * (300 // len(part))) is not None


def test_a_day_before_the_release_is_unknown_by_every_path() -> None:
    found = KNOWLEDGE.terms_for("qwen-3.8-max", None, "2026-01-01")
    assert [(one.terms, one.known) for one in found] == [((UNKNOWN_TERMS,), False)]
