"""One mapping of outcomes to exit codes, with one order of priority."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.exit_code import ExitCode, combine, of_audit, of_outcome
from auditor.domain.outcome import Outcome


@pytest.mark.parametrize(
    ("outcome", "code"),
    [(Outcome.ALLOW, 0), (Outcome.ALLOW_WITH_OBLIGATIONS, 0), (Outcome.REVIEW, 3), (Outcome.DENY, 1)],
)
def test_an_outcome_has_one_code(outcome: Outcome, code: int) -> None:
    assert of_outcome(outcome) == code


def test_review_ok_lifts_review_and_nothing_else() -> None:
    assert of_outcome(Outcome.REVIEW, review_ok=True) == 0
    assert of_outcome(Outcome.DENY, review_ok=True) == 1


def test_the_highest_of_4_2_1_3_0_wins() -> None:
    order = [4, 2, 1, 3, 0]
    for left, right in itertools.pairwise(order):
        assert combine([ExitCode(right), ExitCode(left)]) == left


def test_nothing_done_is_invalid() -> None:
    assert combine([]) == ExitCode.INVALID


@given(st.lists(st.sampled_from(ExitCode), min_size=1))
def test_zero_comes_only_of_zeros(codes: list[ExitCode]) -> None:
    assert (combine(codes) == 0) == all(code == 0 for code in codes)


def test_a_whole_file_that_cannot_be_read_is_invalid_input_whatever_the_outcome() -> None:
    for outcome in Outcome:
        assert of_audit(outcome, unreadable_files=True, review_ok=True) == ExitCode.INVALID
        assert of_audit(outcome, unreadable_files=False) == of_outcome(outcome)
