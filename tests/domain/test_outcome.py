"""The strictest answer wins, and nothing judged is never a pass."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.outcome import Outcome, strictest


def test_outcomes_rank_from_allow_to_deny() -> None:
    assert [o.severity for o in Outcome] == [0, 1, 2, 3]
    assert strictest([Outcome.ALLOW, Outcome.REVIEW, Outcome.ALLOW_WITH_OBLIGATIONS]) is Outcome.REVIEW


def test_nothing_judged_is_review() -> None:
    assert strictest([]) is Outcome.REVIEW


@given(st.lists(st.sampled_from(Outcome), min_size=1), st.sampled_from(Outcome))
def test_adding_an_outcome_never_makes_the_answer_milder(seen: list[Outcome], more: Outcome) -> None:
    assert strictest([*seen, more]).severity >= strictest(seen).severity
