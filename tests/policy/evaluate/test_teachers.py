"""What a teacher did decides what is asked of its terms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.claim import Access
from auditor.domain.outcome import Outcome
from auditor.domain.plan import IntendedUse, TrainerTeacher
from auditor.domain.role import TeacherRole
from auditor.domain.tribool import Tribool
from tests.policy.conftest import JudgeUnder
from tests.policy.origins import OLMO, PLAN, origin, teacher

RIVAL = replace(PLAN, competes_with_teacher_provider=Tribool.YES)
GPT = teacher("openai-gpt-4o", Access.API, generated_at="2025-09-01", host="openai")


@pytest.mark.parametrize(
    ("role", "slot", "outcome"),
    [
        (TeacherRole.JUDGE, "judge", Outcome.ALLOW),
        (TeacherRole.FILTER, "filter", Outcome.ALLOW),
        (TeacherRole.EVALUATION, "evaluation", Outcome.ALLOW),
        (TeacherRole.REWARD, "judge", Outcome.DENY),
        (TeacherRole.REWRITER, "rewriter", Outcome.DENY),
        (TeacherRole.TRANSLATOR, "translator", Outcome.DENY),
        (TeacherRole.PROMPT_WRITER, "prompt", Outcome.DENY),
        (TeacherRole.WRITER, "", Outcome.DENY),
        (TeacherRole.JUDGE, "", Outcome.DENY),
    ],
)
def test_a_ban_on_outputs_reaches_what_is_learned_of_a_row(
    judge_under: JudgeUnder, role: TeacherRole, slot: str, outcome: Outcome
) -> None:
    beside = origin(OLMO, replace(GPT, role=role, slot=slot))
    assert judge_under(RIVAL).judge(beside).outcome is outcome


def test_a_duty_that_goes_by_results_reaches_a_judge(judge_under: JudgeUnder) -> None:
    llama = teacher("meta-llama-3.3", role=TeacherRole.JUDGE, slot="judge")
    verdict = judge_under(replace(RIVAL, intended_use=IntendedUse.OPEN_WEIGHTS_RELEASE)).judge(
        origin(OLMO, llama)
    )
    assert "name-prefix" in {duty.id for duty in verdict.obligations}


def test_a_judge_in_the_trainer_is_learned_from(judge_under: JudgeUnder) -> None:
    at_work = TrainerTeacher(GPT.id, TeacherRole.JUDGE, Access.API, "openai", None, "2025-09-01")
    plan = replace(RIVAL, trainer_teachers=(at_work,))
    assert judge_under(plan).judge(origin(OLMO)).outcome is Outcome.DENY
