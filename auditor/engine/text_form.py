"""Tell rows that are plainly factual or plainly creative by their form, for the fair-use sheet alone.

Form is a weak sign: code, formulas and bare answers count as factual, verse and dialogue as creative, and
prose as neither, unless it repeats a registered work: the prose of a novel is creative. Nothing is judged
by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.signs.patterns import CODE, DIALOGUE, FORMULA, PROGRAM, SHORT, VERSE
from auditor.fingerprint.signs.text_signs import Signs


@dataclass(slots=True)
class FormCount:
    """Rows that are factual or creative by their form."""

    factual: int = 0
    creative: int = 0
    of_works: int = 0
    """Creative rows that repeat a registered work."""

    def add(
        self,
        signs: Signs,
        at: NDArray[np.int32],
        rows: int,
        repeated: NDArray[np.bool_] | None = None,
    ) -> None:
        """Count one batch of `rows` rows from the signs of its teacher texts.

        Args:
            at: the row of each text.
            repeated: the rows that repeat a registered work.
        """
        factual = signs & (CODE | FORMULA | SHORT) != 0
        creative = (signs & (VERSE | DIALOGUE) != 0) & ~factual
        facts, works = np.zeros(rows, bool), np.zeros(rows, bool)
        facts[at[factual]] = True
        works[at[creative]] = True
        if repeated is not None:
            # Lines of a book may end in a semicolon too: only plain program text keeps it from counting.
            programs = np.zeros(rows, bool)
            programs[at[signs & PROGRAM != 0]] = True
            works |= repeated & ~programs
            self.of_works += int((works & repeated).sum())
        self.factual += int((facts & ~works).sum())
        self.creative += int(works.sum())
