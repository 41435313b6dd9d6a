"""Tell rows that are plainly factual or plainly creative by their form, for the fair-use sheet alone.

Form is a weak sign: code, formulas and bare answers count as factual, verse and dialogue as creative, and
prose as neither, unless it repeats a registered work: the prose of a novel is creative. Nothing is judged
by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_BARE_ANSWER = 40
"""Characters; a shorter text is a label, a number or a name."""
_PROGRAM = r"```|(?m:^\s*(?:def|class|import|#include|SELECT|public|function|const|let|var)\b.*$\n?){2}"
_CODE = _PROGRAM + r"|[;{}]\n"
_FORMULA = r"\\(?:frac|sum|int|sqrt|begin|boxed)\b|[0-9)]\s?[-+*/×÷=]\s?[0-9(]+\s?="
_VERSE = r"(?:(?:^|\n)[A-Z][^\n:|*0-9-]{8,60}){4}"
_DIALOGUE = r"(?s)(?:[“\"][A-Z][^”\"\n]{2,}[,.!?…][”\"].*){3}"


@dataclass(slots=True)
class FormCount:
    """Rows that are factual or creative by their form."""

    factual: int = 0
    creative: int = 0
    of_works: int = 0
    """Creative rows that repeat a registered work."""

    def add(
        self, parts: pa.Table | pa.RecordBatch, rows: int, repeated: NDArray[np.bool_] | None = None
    ) -> None:
        """Count one batch of `rows` rows from the row_index and text of its teacher parts.

        Args:
            repeated: the rows that repeat a registered work.
        """
        texts, at = parts.column("text"), parts.column("row_index").to_numpy()
        factual = _matches(texts, _CODE) | _matches(texts, _FORMULA) | _short(texts)
        creative = (_matches(texts, _VERSE) | _matches(texts, _DIALOGUE)) & ~factual
        facts, works = np.zeros(rows, bool), np.zeros(rows, bool)
        facts[at[factual]] = True
        works[at[creative]] = True
        if repeated is not None:
            # Lines of a book may end in a semicolon too: only plain program text keeps it from counting.
            programs = np.zeros(rows, bool)
            programs[at[_matches(texts, _PROGRAM)]] = True
            works |= repeated & ~programs
            self.of_works += int((works & repeated).sum())
        self.factual += int((facts & ~works).sum())
        self.creative += int(works.sum())


def _matches(texts: pa.ChunkedArray | pa.Array, pattern: str) -> NDArray[np.bool_]:
    found = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), bool)


def _short(texts: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    lengths = pc.fill_null(pc.utf8_length(texts), 0)
    return np.asarray(lengths.to_numpy(zero_copy_only=False) < _BARE_ANSWER, bool)
