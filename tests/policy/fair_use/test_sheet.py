from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from auditor.attest.record import declared, plan_digest
from auditor.domain.plan import Declaration, IntendedUse
from auditor.domain.report.fair_use import SheetWork, sheet_digest
from auditor.domain.role import TeacherRole
from auditor.domain.tribool import Tribool
from auditor.errors import PlanError
from auditor.policy.facts.usage import usage_of
from auditor.policy.fair_use.sheet import (
    COMMERCIAL,
    CONTRACT,
    Direction,
    Factor,
    SheetFacts,
    TeacherRows,
    fair_use_sheet,
    sheet_questions,
)
from auditor.policy.plan.plans import load_plan, plan_from

FACTS = SheetFacts(
    100,
    60,
    80,
    5,
    400,
    factual_rows=70,
    creative_rows=9,
    open_sources=Tribool.YES,
    work_rows=3,
    works=(SheetWork("The Lamp", 3, 0.25),),
    teachers=(
        TeacherRows("openai-gpt-4o", TeacherRole.WRITER, 60),
        TeacherRows("qwen", TeacherRole.JUDGE, 9),
    ),
)


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


def test_an_open_release_is_not_by_itself_commercial_and_the_plan_is_asked() -> None:
    release = {"intended_use": "open-weights-release"}
    assert directions("open-weights-release")["Is the use commercial?"] is Direction.UNKNOWN
    assert sheet_questions(plan_from(release)) == (COMMERCIAL,)
    assert sheet_questions(plan_from({**release, "facts": {"commercial": "no"}})) == ()
    assert sheet_questions(plan_from({"intended_use": "research-only"})) == ()
    found = directions("open-weights-release", commercial="no")
    assert found["Is the use commercial?"] is Direction.FOR
    assert found["Is the student released openly?"] is Direction.FOR


def test_declared_commerce_makes_research_commercial_and_never_less_so() -> None:
    uses = [("research-only", "yes"), ("research-only", "unknown"), ("commercial-api", "no")]
    plans = [plan_from({"intended_use": use, "facts": {"commercial": said}}) for use, said in uses]
    assert [usage_of(plan, plan.intended_use).commercial for plan in plans] == [
        Tribool.YES, Tribool.UNKNOWN, Tribool.YES,
    ]  # fmt: skip


def test_every_line_cites_an_authority() -> None:
    for facts in (FACTS, SheetFacts(0)):
        assert all(entry.authority for entry in fair_use_sheet(facts, None).entries)


def test_the_sheet_says_what_teachers_wrote_and_in_which_role() -> None:
    known = {entry.question: entry.known for entry in fair_use_sheet(FACTS, None).entries}
    said = known["How much of the set did a teacher write, and in which role?"]
    assert said == "openai-gpt-4o as writer: 60 rows (60%); qwen as judge: 9 rows (9%)"


def test_each_work_has_its_share_of_itself_and_of_the_set() -> None:
    (work,) = fair_use_sheet(FACTS, None).works
    assert (work.title, work.rows, work.share_of_work, work.share_of_set) == ("The Lamp", 3, 0.25, 0.03)


@pytest.mark.parametrize("facts", [SheetFacts(0), SheetFacts(9, 9, 9, 2), SheetFacts(9, 3, 9)])
def test_without_a_work_the_factors_have_no_object(facts: SheetFacts) -> None:
    about, contract = fair_use_sheet(facts, None).notes
    assert "the factors have no object" in about
    assert contract == CONTRACT
    assert "no object" not in fair_use_sheet(FACTS, None).notes[0]


def test_copies_of_a_teacher_alone_say_nothing_of_the_amount_of_a_work() -> None:
    found = directions("commercial-api", SheetFacts(100, 100, 100, 40, 900))
    assert found["How much of registered text is in the rows?"] is Direction.UNKNOWN


def test_prose_of_a_work_pulls_against_however_little_of_the_set_it_is() -> None:
    few = SheetFacts(100, factual_rows=90, creative_rows=2, work_rows=2, creative_work_rows=2)
    assert directions(None, few)["Is the text factual or creative?"] is Direction.AGAINST


def test_a_declared_fact_carries_who_when_and_on_what_evidence() -> None:
    told = {"value": "yes", "by": "Ada", "on": "2026-05-01", "evidence": "memo 7"}
    plan = plan_from({"facts": {"license_market": told, "same_purpose": "no"}})
    known = {entry.question: entry.known for entry in fair_use_sheet(FACTS, plan).entries}
    assert known["Is such text licensed for training?"] == (
        "declared: yes (by Ada, 2026-05-01, evidence: memo 7)"
    )
    assert "is not said" in known["Does the student serve the purpose of its source?"]
    assert plan.facts["license_market"] == "yes"


def test_who_stands_for_a_fact_counts_in_the_digest_of_the_plan() -> None:
    plain = plan_from({"facts": {"commercial": "no"}})
    named = plan_from({"facts": {"commercial": {"value": "no", "by": "Ada"}}})
    assert plan_digest(declared(plain)) != plan_digest(declared(named))


@pytest.mark.parametrize(
    "told",
    [
        {"value": "yes", "on": "soon"},
        {"value": "yes", "by": ["Ada"]},
        {"value": {"a": 1}},
        {"value": "yes", "who": "Ada"},
        {"by": "Ada"},
    ],
)
def test_a_declaration_that_cannot_be_read_is_a_mistake_in_the_plan(told: object, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(json.dumps({"facts": {"commercial": told}}))
    with pytest.raises(PlanError):
        load_plan(path)


def test_a_bare_on_of_yaml_is_a_date(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("facts:\n  commercial: {value: no, by: Ada, on: 2026-05-01, evidence: memo}\n")
    assert load_plan(path).declarations["commercial"] == Declaration("Ada", "2026-05-01", "memo")


def test_a_sheet_has_one_digest() -> None:
    sheet = asdict(fair_use_sheet(FACTS, None))
    assert sheet_digest(json.loads(json.dumps(sheet))) == sheet["digest"]
