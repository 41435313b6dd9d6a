"""A service has one timeline; what nobody read of it is unread, and what went on unseen does not permit."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.claim import Access
from auditor.domain.terms import UNKNOWN_TERMS
from auditor.errors import KnowledgeError
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.lint import lint_knowledge
from auditor.knowledge.load import load_knowledge

TERMS = """\
schema_version: 1
terms:
- id: Terms-Acme-1
  name: Acme terms
  kind: service-terms
  version: '2025'
  url: https://acme.example/terms
  confidence: verified-from-text
  source: contract on file
  effective_from: '2025-01-01'
  facts:
    outputs_train_other_models: {value: allowed, section: '4'}
- id: Terms-Acme-2
  name: Acme terms
  kind: service-terms
  version: '2026'
  url: https://acme.example/terms
  confidence: verified-from-text
  source: contract on file
  effective_from: '2026-01-01'
  reading: Section 4 lets the customer train any model on what it gets.
  read:
  - repository: acme/contracts
    path: terms.md
    commit: 0123456789abcdef0123456789abcdef01234567
    seen: '2026-06-30'
  facts:
    outputs_train_other_models: {value: allowed, section: '4'}
"""
SERVICES = """\
schema_version: 1
services:
- id: acme-api
  name: Acme API
  provider: Acme
  access: api
  spans:
  - {from: '2025-01-01', to: '2025-12-31', terms: [Terms-Acme-1]}
  - {from: '2026-01-01', terms: [Terms-Acme-2]}
  unread:
  - {from: null, to: '2024-12-31', what: Acme terms of 2024, where: acme.example/terms}
"""
TEACHERS = """\
schema_version: 1
hosts:
- {id: acme-host, match: '^acmehost/', operator: Acme, service: acme-api}
teachers:
- id: acme-1
  name: Acme 1
  developer: Acme
  access: api
  service: acme-api
  patterns: ['^acme-1.*$']
  confidence: verified-from-text
  source: contract on file
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """An overlay with a service, its two texts, a teacher and a host that name it."""
    folder = tmp_path / "ours"
    folder.mkdir()
    for name, text in (("terms", TERMS), ("services", SERVICES), ("teachers", TEACHERS)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def _sets(facts: Knowledge, date: str | None, name: str = "acme-1") -> list[tuple[tuple[str, ...], bool]]:
    return [(one.terms, one.known) for one in facts.resolve(name, Access.API, date).sets]


@pytest.mark.parametrize(
    ("date", "sets"),
    [
        ("2024-12-31", [((UNKNOWN_TERMS,), False)]),
        ("2025-01-01", [(("Terms-Acme-1",), True)]),
        ("2025", [(("Terms-Acme-1",), True)]),
        ("2026-06-30", [(("Terms-Acme-2",), True)]),
        ("2026-07-01", [(("Terms-Acme-2", UNKNOWN_TERMS), False)]),
        ("2026", [(("Terms-Acme-2",), True), (("Terms-Acme-2", UNKNOWN_TERMS), False)]),
    ],
)
def test_a_day_picks_the_text_of_its_service(
    overlay: Path, date: str, sets: list[tuple[tuple[str, ...], bool]]
) -> None:
    assert _sets(load_knowledge(overlay), date) == sets


def test_no_date_leaves_every_version_open_the_unseen_one_too(overlay: Path) -> None:
    sets = _sets(load_knowledge(overlay), None)
    assert (("Terms-Acme-2", UNKNOWN_TERMS), False) in sets
    assert len(sets) == 4


def test_what_went_on_unseen_is_said_in_words(overlay: Path) -> None:
    (one,) = load_knowledge(overlay).resolve("acme-1", Access.API, "2026-09-01").sets
    assert one.start == "2026-07-01"
    assert "the text after 2026-06-30 was not read" in one.note


@pytest.mark.parametrize(
    ("date", "known"), [("2026-06-30", True), ("2026-07-01", False), ("2026-08-01", False)]
)
def test_a_text_that_goes_on_in_the_next_span_holds_as_far_as_it_was_seen(
    overlay: Path, date: str, known: bool
) -> None:
    path = overlay / "services.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "{from: '2026-01-01', terms: [Terms-Acme-2]}",
        "{from: '2026-01-01', to: '2026-07-31', terms: [Terms-Acme-2]}\n"
        "  - {from: '2026-08-01', terms: [Terms-Acme-2, MIT]}",
    )
    path.write_text(text, encoding="utf-8")
    (one,) = load_knowledge(overlay).resolve("acme-1", Access.API, date).sets
    assert one.known is known
    assert "Terms-Acme-2" in one.terms


def test_a_text_that_its_successor_ends_holds_to_the_day_before(overlay: Path) -> None:
    """Terms-Acme-1 was never seen again; that Terms-Acme-2 followed at once is proof enough."""
    path = overlay / "terms.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "  effective_from: '2025-01-01'\n",
        "  effective_from: '2025-01-01'\n  read:\n"
        "  - {repository: acme/contracts, path: old.md, seen: '2025-02-01'}\n",
    )
    path.write_text(text, encoding="utf-8")
    facts = load_knowledge(overlay)
    assert _sets(facts, "2025-12-31") == [(("Terms-Acme-1",), True)]


def test_what_a_host_replaces_need_not_have_been_read(knowledge: Knowledge) -> None:
    """The contract is with Azure: that OpenAI's own text went on unread does not matter there."""
    own = knowledge.resolve("gpt-4o", Access.API, "2026-10-01").terms
    served = knowledge.resolve("azure/gpt-4o", Access.API, "2026-10-01").terms
    assert UNKNOWN_TERMS in own
    assert "Terms-OpenAI-Services-Agreement-2026" not in served


def test_a_host_adds_the_texts_of_its_service_by_date(overlay: Path) -> None:
    facts = load_knowledge(overlay)
    base = facts.resolve("Llama-3.1-8B", Access.OPEN_WEIGHTS, "2025-06-01").terms
    for date, added in (("2025-06-01", "Terms-Acme-1"), ("2026-03-01", "Terms-Acme-2")):
        assert facts.resolve("acmehost/Llama-3.1-8B", date=date).terms == (*base, added)
    assert facts.resolve("acmehost/Llama-3.1-8B", date="2024-10-01").terms == (*base, UNKNOWN_TERMS)


def test_the_terms_of_today_are_those_of_the_service(overlay: Path) -> None:
    assert load_knowledge(overlay).teachers["acme-1"].terms == ("Terms-Acme-2",)  # type: ignore[index]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("teachers", "  service: acme-api\n", "  service: acme\n", "the service `acme`, which is not there"),
        ("teachers", "service: acme-api}", "service: acme}", "the service `acme`, which is not there"),
        (
            "teachers",
            "  service: acme-api\n",
            "  service: acme-api\n  terms_by_date:\n  - {from: '2025-01-01', terms: [MIT]}\n",
            "both say what held when",
        ),
        ("teachers", "service: acme-api}", "service: acme-api, adds_terms: [MIT]}", "both say which texts"),
        ("teachers", "  service: acme-api\n", "", "`terms` is empty"),
        ("services", "[Terms-Acme-2]", "[Terms-Acme-3]", "`Terms-Acme-3`, which is not there"),
        ("services", "[Terms-Acme-2]", "[LicenseRef-Unknown]", "alone"),
        ("services", "from: '2026-01-01'", "from: '2025-06-01'", "overlap"),
        ("services", "access: api", "access: phone", "unknown value 'phone'"),
        ("services", ", where: acme.example/terms", "", "`where` must be text"),
        ("terms", "commit: 0123456789abcdef0123456789abcdef01234567", "commit: main", "hex digits"),
        ("terms", "seen: '2026-06-30'", "seen: June", "must be a date"),
    ],
)
def test_a_broken_timeline_is_refused(overlay: Path, file: str, old: str, new: str, said: str) -> None:
    path = overlay / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=said):
        load_knowledge(overlay)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("to: '2025-12-31'", "to: '2025-11-30'", "ends later than its texts were seen"),
        ("from: '2025-01-01'", "from: '2024-06-01'", "starts before Terms-Acme-1 took effect"),
    ],
)
def test_a_span_claims_no_more_than_its_copies_prove(overlay: Path, old: str, new: str, said: str) -> None:
    assert [r for r in lint_knowledge(load_knowledge(overlay)) if r.where == "service acme-api"] == []
    path = overlay / "services.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    remarks = [r.message for r in lint_knowledge(load_knowledge(overlay)) if r.where == "service acme-api"]
    assert any(said in message for message in remarks)


def test_shipped_teachers_of_one_service_share_its_timeline(knowledge: Knowledge) -> None:
    for teacher in knowledge.teachers.values():
        if teacher.service:
            assert teacher.spans == knowledge.services[teacher.service].spans
