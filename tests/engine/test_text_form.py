"""What rows are by their form."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from auditor.engine.text_form import FormCount
from auditor.fingerprint.signs.text_signs import signs_of

POEM = """The ferry waits beside the stone
And nobody has come alone
The river sings a lower key
And takes the evening out to sea"""
TALK = 'Ann looked up. "We are late," she said. "Not yet," he answered. "Then run!" She ran down the stairs.'
PROSE = "A ledger keeps the history of every row, and each entry names the one before it, so nothing is lost."


@pytest.mark.parametrize(
    ("text", "factual", "creative"),
    [
        ("```python\nprint(1)\n```", 1, 0),
        ("for (i = 0; i < 3; i++) {\n  sum += values[i];\n}\nreturn the sum to whoever asked for it", 1, 0),
        ("She sold 48/2 = 24 clips in May, and altogether 48+24 = 72 clips in April and in May.", 1, 0),
        ("Paris", 1, 0),
        (POEM, 0, 1),
        (TALK, 0, 1),
        (PROSE, 0, 0),
    ],
)
def test_form_tells_facts_from_works_and_prose_from_neither(text: str, factual: int, creative: int) -> None:
    count = FormCount()
    count.add(signs_of(pa.array([text])), np.zeros(1, np.int32), 1)
    assert (count.factual, count.creative) == (factual, creative)


def test_a_row_counts_once_whatever_its_turns() -> None:
    count = FormCount()
    count.add(signs_of(pa.array(["Paris", POEM, "Rome"])), np.array([0, 0, 1], np.int32), 3)
    assert (count.factual, count.creative) == (1, 1)
