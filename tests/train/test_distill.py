"""The divergence from a teacher is that of its definition."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")


def test_the_divergence_is_that_of_its_definition_and_zero_between_equals() -> None:
    from auditor.train.distill import divergence
    from auditor.train.lesson import IGNORED

    torch.manual_seed(3)
    student, teacher = torch.randn(2, 5, 7), torch.randn(2, 5, 7)
    labels = torch.tensor([[IGNORED, IGNORED, 3, 1, 6], [IGNORED, 2, 0, IGNORED, IGNORED]])
    temperature, expected, places = 2.5, 0.0, [(0, 1), (0, 2), (0, 3), (1, 0), (1, 1)]
    for row, place in places:  # the token at `place` foretells the label after it
        weights = [
            [math.exp(v / temperature) for v in one[row, place].tolist()] for one in (student, teacher)
        ]
        own, wanted = ([w / sum(one) for w in one] for one in weights)
        expected += sum(p * math.log(p / q) for p, q in zip(wanted, own, strict=True))
    expected *= temperature**2 / len(places)
    assert float(divergence(student, teacher, labels, temperature)) == pytest.approx(expected, rel=1e-5)
    assert float(divergence(teacher, teacher, labels, temperature)) == pytest.approx(0, abs=1e-6)
