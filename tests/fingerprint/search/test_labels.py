"""Many texts are labelled together as each by itself."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from auditor.fingerprint.search.candidates import CANDIDATES
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.labels import _TIE, _with_twins, label

_DRAW = random.Random(5)
_TEXTS = [" ".join(_DRAW.choices("abcdefgh", k=12)) for _ in range(5)] * 2
_NAMES = ["gpt-4", "gpt-4o", "claude-3", "gpt-4", "mistral", "claude-2", "gpt-4", "gpt-4o", "grök", "gpt-4"]
_BUILDER = IndexBuilder()
_BUILDER.add(pa.array(_TEXTS), _NAMES, [f"réf#{at}" for at in range(10)])
INDEX = _BUILDER.build()
ROW = st.lists(
    st.tuples(st.integers(-1, 9), st.sampled_from([0.0, 0.5, 0.985, 0.99, 1.0, 2.0])),
    min_size=CANDIDATES,
    max_size=CANDIDATES,
)


def _alone(candidates: list[int], scores: np.ndarray) -> tuple[list[str], str | None, str | None]:
    """Label one text, as it was chosen by its best score."""
    best = int(scores.argmax())
    if candidates[best] < 0:
        return [], None, None
    order = np.argsort(-scores, kind="stable")
    tied = [candidates[k] for k in order if scores[k] >= scores.max() * (1 - _TIE) and candidates[k] >= 0]
    numbers = INDEX.ngrams.teachers
    members = list(dict.fromkeys(int(numbers[text]) for text in tied))
    if len(tied) == CANDIDATES:
        members = _with_twins(INDEX.ngrams, tied)
    kin = {INDEX.families[number] for number in members}
    family = kin.pop() if len(kin) == 1 else None
    return [INDEX.teachers[number] for number in members], family, INDEX.reference_id(candidates[best])


@given(st.lists(ROW, max_size=6))
def test_texts_together_are_labelled_as_one_by_one(rows: list[list[tuple[int, float]]]) -> None:
    candidates = np.array([[one for one, _ in row] for row in rows], np.int32).reshape(-1, CANDIDATES)
    scores = np.array([[score for _, score in row] for row in rows], np.float32).reshape(-1, CANDIDATES)
    scores = np.where(candidates >= 0, scores, np.float32(0))
    chosen = candidates[np.arange(len(rows)), scores.argmax(axis=1)] if rows else np.empty(0, np.int32)
    found = label(INDEX, candidates, scores, chosen)
    wanted = [_alone(row.tolist(), line) for row, line in zip(candidates, scores, strict=True)]
    assert found.teachers.to_pylist() == [teachers for teachers, _, _ in wanted]
    assert found.first.to_pylist() == [teachers[0] if teachers else None for teachers, _, _ in wanted]
    assert found.families.to_pylist() == [family for _, family, _ in wanted]
    assert found.references.to_pylist() == [reference for _, _, reference in wanted]
