"""Origins as the audit builds them: flags, views, no plan, many at once."""

from __future__ import annotations

import numpy as np
import pytest

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import Origin, OriginFlag, View
from auditor.domain.outcome import Outcome
from auditor.engine.samples_file import OriginColumns
from auditor.knowledge.catalog import Knowledge
from tests.policy.conftest import JudgeUnder
from tests.policy.origins import CC0, OLMO, PLAN, origin, teacher


@pytest.mark.parametrize(
    ("flag", "rule"),
    [
        (OriginFlag.UNDECLARED, "origin-undeclared"),
        (OriginFlag.CONTRADICTION, "origin-contradiction"),
    ],
)
def test_an_odd_origin_is_never_allowed(judge_under: JudgeUnder, flag: OriginFlag, rule: str) -> None:
    assert judge_under(PLAN).judge(origin(OLMO)).outcome is Outcome.ALLOW
    odd = judge_under(PLAN).judge(origin(OLMO, flags=frozenset({flag})))
    assert odd.outcome is Outcome.REVIEW
    assert rule in {reason.rule for reason in odd.reasons}


def test_a_contradiction_is_judged_under_both_and_the_stricter_stands(judge_under: JudgeUnder) -> None:
    both = origin(
        OLMO, teacher("meta-llama-3", views=(View.DETECTED,)), flags=frozenset({OriginFlag.CONTRADICTION})
    )
    verdict = judge_under(PLAN).judge(both)
    assert verdict.outcome is Outcome.DENY
    assert verdict.reasons[0].clause.ref == "LicenseRef-Llama-3-Community"


def test_an_origin_without_a_teacher_or_license_is_review(judge_under: JudgeUnder) -> None:
    assert judge_under(PLAN).judge(origin()).outcome is Outcome.REVIEW
    bare = judge_under(PLAN).judge(origin(OLMO, licenses=()))
    assert "license-missing" in {reason.rule for reason in bare.reasons}


def test_an_ambiguous_name_is_denied_only_if_all_that_it_could_be_are(judge_under: JudgeUnder) -> None:
    def ask(*candidates: str) -> Outcome:
        who = teacher("some llama", resolved=False, candidates=candidates, name="some llama of theirs")
        return judge_under(PLAN).judge(origin(who)).outcome

    assert ask("meta-llama-2", "meta-llama-3") is Outcome.DENY
    assert ask("meta-llama-2", "olmo") is Outcome.REVIEW
    assert ask("olmo", "pythia") is Outcome.REVIEW
    loose = teacher("llama 3", resolved=False)
    assert judge_under(PLAN).judge(origin(loose)).outcome is Outcome.REVIEW


def test_without_a_plan_only_what_decides_is_asked(judge_under: JudgeUnder) -> None:
    human = origin(teacher("templates", Access.NONE))
    verdict = judge_under(None).judge(human)
    assert verdict.outcome is Outcome.ALLOW
    assert dict(verdict.matrix)["open-weights-release"] is Outcome.ALLOW
    mixed = judge_under(None).judge(origin(teacher("exaone-4")))
    assert mixed.outcome is Outcome.REVIEW
    assert any("use" in question for question in mixed.questions)
    assert judge_under(None).judge(origin(teacher("exaone-3"))).outcome is Outcome.DENY


def test_a_million_rows_of_two_hundred_origins_are_judged_by_their_origins(
    judge_under: JudgeUnder, knowledge: Knowledge
) -> None:
    ids = sorted(knowledge.teachers)
    origins = [
        Origin(
            f"o-{at}",
            (teacher(ids[at % len(ids)], generated_at=f"2026-0{at % 9 + 1}-01"),),
            (CC0,),
            Basis.ROW,
            Grade.C,
        )
        for at in range(200)
    ]
    numbers = np.random.default_rng(0).integers(0, len(origins), 1_000_000, dtype=np.int32)
    judged, columns = judge_under(PLAN), OriginColumns()
    for one in origins:
        columns.add(one, judged.judge(one))
    outcomes = [columns.take(part)[5] for part in np.array_split(numbers, 50)]
    assert sum(len(part) for part in outcomes) == 1_000_000
    assert len({str(value) for part in outcomes for value in part.unique()}) > 1


def test_the_same_origin_gives_the_same_verdict(judge_under: JudgeUnder) -> None:
    one = origin(OLMO, teacher("openai-gpt-4", Access.API))
    first, second = (judge_under(PLAN).judge(one) for _ in range(2))
    assert first == second
