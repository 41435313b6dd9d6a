"""What a span answers: memory and what is unread may bar, and never permit."""

from __future__ import annotations

import pytest

from auditor.domain.axes import Confidence, OutputsUse, SilentBasis
from auditor.domain.claim import Access
from auditor.domain.timeline import Ground, Known, Lane, Segment, answer, bars, known_by, strictness
from auditor.ids import TermsId


def _segment(known: Known, outputs: OutputsUse) -> Segment:
    return Segment(None, None, known, (Ground(TermsId("T"), "T", outputs),))


@pytest.mark.parametrize("outputs", OutputsUse)
def test_only_what_was_read_permits(outputs: OutputsUse) -> None:
    for known in (Known.READ, Known.REPORTED):
        assert _segment(known, outputs).outputs is outputs
    for known in (Known.MEMORY, Known.UNREAD):
        assert _segment(known, outputs).outputs is (outputs if bars(outputs) else None)


def test_a_span_without_a_text_answers_nothing() -> None:
    assert Segment(None, None, Known.UNREAD).outputs is None


def test_every_value_has_words_of_its_own() -> None:
    said = [answer(one) for one in OutputsUse if one is not OutputsUse.SILENT]
    said += [answer(OutputsUse.SILENT, basis) for basis in SilentBasis] + [answer(None)]
    assert len(set(said)) == len(said)
    assert answer(OutputsUse.SILENT).startswith("not known")


def test_values_are_ordered_by_what_they_ask() -> None:
    assert sorted(OutputsUse, key=strictness)[0] is OutputsUse.ALLOWED
    assert sorted(OutputsUse, key=strictness)[-1] is OutputsUse.FORBIDDEN
    assert [known_by(one) for one in Confidence] == [Known.READ, Known.REPORTED, Known.MEMORY]
    assert sorted(Known, key=lambda one: one.weakness)[-1] is Known.UNREAD


def test_a_path_is_named() -> None:
    assert Lane("t", Access.API, None, ()).title == "api"
    assert Lane("t", Access.API, "azure", ()).title == "api at azure"
    assert Lane("t", Access.UNKNOWN, "azure", ()).title == "path not told at azure"
