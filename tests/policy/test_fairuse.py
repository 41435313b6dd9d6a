from __future__ import annotations

from auditor.domain.plan import IntendedUse
from auditor.policy.fairuse import Direction, Factor, SheetFacts, fair_use_sheet
from auditor.policy.plans import plan_from
from auditor.policy.vocabulary import Fact

FACTS = SheetFacts(100, 60, 80, 5, 400, factual_rows=70, creative_rows=9, open_sources=Fact.YES)


def directions(use: str | None, facts: SheetFacts = FACTS, **declared: object) -> dict[str, Direction]:
    plan = plan_from({"intended_use": use, "facts": declared})
    return {entry.question: entry.direction for entry in fair_use_sheet(facts, plan).entries}


def test_every_factor_is_there_and_nothing_is_concluded() -> None:
    sheet = fair_use_sheet(FACTS, plan_from({"intended_use": "commercial-api"}))
    assert {entry.factor for entry in sheet.entries} == set(Factor)
    text = " ".join(f"{entry.question} {entry.known} {entry.direction}" for entry in sheet.entries).lower()
    assert not [word for word in ("fair use", "infring", "legal ", "clean") if word in text]


def test_measures_pull_their_way() -> None:
    found = directions("commercial-api")
    assert found["Is the use commercial?"] is Direction.AGAINST
    assert found["Is the text factual or creative?"] is Direction.FOR
    assert found["How much of registered text is in the rows?"] is Direction.AGAINST
    assert found["What is the longest matched span?"] is Direction.AGAINST
    assert found["Are the sources open?"] is Direction.FOR
    assert directions("research-only")["Is the use commercial?"] is Direction.FOR
    opened = directions(IntendedUse.OPEN_WEIGHTS_RELEASE)
    assert opened["Is the student released openly?"] is Direction.FOR
    creative = directions(None, SheetFacts(10, factual_rows=1, creative_rows=5))
    assert creative["Is the text factual or creative?"] is Direction.AGAINST
    assert creative["Is the use commercial?"] is Direction.UNKNOWN


def test_what_nobody_measured_or_declared_is_unknown() -> None:
    entries = fair_use_sheet(SheetFacts(0), None).entries
    assert {entry.direction for entry in entries} == {Direction.UNKNOWN}


def test_declarations_pull_their_way() -> None:
    found = directions(None, lawful_acquisition=True, license_market=True, lawful_access=False)
    assert found["Was each source acquired lawfully?"] is Direction.FOR
    assert found["Is such text licensed for training?"] is Direction.AGAINST
    assert found["SG, s. 244: was there lawful access?"] is Direction.AGAINST


def test_the_digest_follows_the_content() -> None:
    assert fair_use_sheet(FACTS, None) == fair_use_sheet(FACTS, None)
    assert fair_use_sheet(FACTS, None).digest != fair_use_sheet(SheetFacts(1), None).digest
