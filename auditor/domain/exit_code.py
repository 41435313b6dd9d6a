"""What a command tells a shell: the codes, which of several wins, and what an audit's answer comes to.

A report states the code for people and for CI; no check reads it there.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import assert_never

from auditor.domain.outcome import Outcome


class ExitCode(IntEnum):
    """What a shell sees; when several hold the highest in the order 4, 2, 1, 3, 0 wins."""

    ALLOWED = 0
    DENIED = 1
    INVALID = 2
    REVIEW = 3
    FAULT = 4


_PRIORITY = (ExitCode.FAULT, ExitCode.INVALID, ExitCode.DENIED, ExitCode.REVIEW, ExitCode.ALLOWED)


def combine(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the code that wins among `codes`; none at all is `INVALID`, since nothing was done."""
    return min(codes, key=_PRIORITY.index, default=ExitCode.INVALID)


def of_outcome(outcome: Outcome, *, review_ok: bool = False) -> ExitCode:
    """Map an outcome; `review_ok` turns review into 0 and the caller must say so aloud."""
    match outcome:
        case Outcome.ALLOW | Outcome.ALLOW_WITH_OBLIGATIONS:
            return ExitCode.ALLOWED
        case Outcome.REVIEW:
            return ExitCode.ALLOWED if review_ok else ExitCode.REVIEW
        case Outcome.DENY:
            return ExitCode.DENIED
        case _:
            assert_never(outcome)


def of_audit(outcome: Outcome, *, unreadable_files: bool, review_ok: bool = False) -> ExitCode:
    """Map an audit's answer: a whole file that could not be read is invalid input."""
    invalid = [ExitCode.INVALID] if unreadable_files else []
    return combine([of_outcome(outcome, review_ok=review_ok), *invalid])
