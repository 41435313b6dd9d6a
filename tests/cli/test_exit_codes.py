"""One mapping of outcomes and errors to exit codes, with one order of priority."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import errors
from auditor.cli.exit_codes import ExitCode, combine, of_error, of_outcome
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


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("x"), 2),
        (errors.NoRowsError("x"), 2),
        (errors.PolicyError("x", line=3, column=7, where="pack.yaml"), 2),
        (errors.PlanError("x"), 2),
        (errors.KnowledgeError("x"), 2),
        (errors.RefusedError("x"), 1),
        (errors.EvidenceError("x"), 4),
        (errors.LedgerError("x"), 4),
        (errors.EnvironmentFault("x"), 4),
    ],
)
def test_an_error_has_one_code(error: errors.AuditorError, code: int) -> None:
    assert of_error(error) == code


def test_a_policy_error_names_file_line_and_column() -> None:
    assert str(errors.PolicyError("bad", line=3, column=7, where="pack.yaml")) == "pack.yaml:3:7: bad"
