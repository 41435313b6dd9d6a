"""How well the word of a claimant holds a conclusion up."""

from __future__ import annotations

from typing import assert_never

from auditor.domain.claim import Basis, Grade


def grade_of(basis: Basis) -> Grade:
    """Return the grade of what one claimant alone says."""
    match basis:
        case Basis.LOG:
            return Grade.A
        case Basis.ROW | Basis.SIDE_FILE | Basis.FINGERPRINT:
            return Grade.C
        case Basis.CARD | Basis.CLI_OPTION | Basis.INFERRED:
            return Grade.D
        case Basis.NONE:
            return Grade.E
        case _:
            assert_never(basis)


def rank(grade: Grade) -> int:
    """Return the place of a grade, the best first."""
    return list(Grade).index(grade)
