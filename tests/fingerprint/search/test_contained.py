"""Short texts: what their calibration promises, and what is said where it cannot."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from auditor.fingerprint.search.calibrate import Calibration, calibrate
from auditor.fingerprint.search.detect import calibrate_built_in, detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.overlap_features import FEATURES
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.search.slices import LENGTHS, slices
from auditor.fingerprint.tokens.words import scan
from tests.fingerprint.material import TEACHERS, sentence

STOCK = "I hope that this answer helps you and please let me know if you have any more questions"


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rng = random.Random(4)
    return [f"{sentence(rng, 150)} {STOCK}." if k % 2 else sentence(rng, 150) for k in range(60)]


@pytest.fixture(scope="module")
def index(texts: list[str]) -> ReferenceIndex:
    short = " ".join(sentence(random.Random(5), 12).split())
    builder = IndexBuilder()
    names = [TEACHERS[k % 3] for k in range(len(texts))]
    builder.add(pa.array([*texts, short]), [*names, "gpt-4o"], [str(k) for k in range(61)])
    built = builder.build()
    return built.with_calibration(calibrate_built_in(built))


def words(text: str, start: int, stop: int) -> str:
    return " ".join(text.split()[start:stop])


def said(index: ReferenceIndex, text: str, fpr: float = 0.001) -> tuple[str, str | None]:
    [row] = detect(index, pa.array([text]), fpr).to_pylist()
    return row["verdict"], row["reason"]


def test_a_stock_sentence_is_nobodys_and_is_not_cleared(index: ReferenceIndex) -> None:
    assert said(index, STOCK) == ("insufficient", "shared-passage")


def test_the_middle_of_an_answer_proves_more_than_its_opening(
    index: ReferenceIndex, texts: list[str]
) -> None:
    assert said(index, words(texts[0], 60, 84)) == ("copied", None)
    assert said(index, words(texts[0], 0, 24)) == ("insufficient", "shared-passage")


def test_the_rate_decides_about_short_texts_too(index: ReferenceIndex, texts: list[str]) -> None:
    opening = words(texts[0], 0, 20)
    assert said(index, opening, 0.001) == ("insufficient", "shared-passage")
    assert said(index, opening, 0.01) == ("copied", None)


def test_a_text_that_is_a_whole_reference_is_a_copy_however_short(index: ReferenceIndex) -> None:
    whole = sentence(random.Random(5), 12)
    assert said(index, whole) == ("copied", None)
    assert said(index, words(whole, 0, 9))[0] == "insufficient"


@pytest.mark.parametrize("length", [15, 20, 25])
def test_a_short_excerpt_in_a_long_text_is_never_cleared(
    index: ReferenceIndex, texts: list[str], length: int
) -> None:
    strange = sentence(random.Random(6), 400).split()
    row = " ".join([*strange[:200], *texts[2].split()[40 : 40 + length], *strange[200:]])
    assert said(index, row)[0] in {"copied", "insufficient"}
    assert said(index, " ".join(strange)) == ("no-match", None)


def test_reasons_tell_few_words_from_nothing_rare(index: ReferenceIndex) -> None:
    assert said(index, "only four words here") == ("insufficient", "few-words")
    assert said(index, "1 2 3 4 5 6 7 8 9 10 11 12") == ("insufficient", "nothing-rare")


def test_an_index_calibrated_before_promises_nothing_for_short_texts(
    index: ReferenceIndex, texts: list[str]
) -> None:
    assert index.calibration is not None
    known = index.calibration.to_json()
    del known["brief"]
    before = index.with_calibration(Calibration.from_json(known))
    assert before.calibration == replace(index.calibration, brief=None)
    assert said(before, words(texts[0], 60, 84)) == ("insufficient", "shared-passage")
    assert said(before, texts[0]) == ("copied", None)


def test_a_calibration_is_read_as_it_was_written(index: ReferenceIndex) -> None:
    assert index.calibration is not None
    written = json.loads(json.dumps(index.calibration.to_json()))
    assert Calibration.from_json(written) == index.calibration
    written["brief"]["contained"]["0.001"] = 0
    with pytest.raises(ValueError, match="not positive"):
        Calibration.from_json(written)


def test_slices_that_are_alike_raise_what_containment_needs() -> None:
    features = np.zeros((2000, 1, FEATURES), np.float32)
    features[:, 0, :4] = (20, 18, 13, 20)
    features[:40, 0, 4:14] = (15, 11, 0, 0, 13, 18, 0, 0, 50, 200)
    experience = calibrate(features[40:], "built-in", 41, [features[40:]])
    raised = calibrate(features[40:], "built-in", 41, [features])
    assert experience.brief is not None
    assert raised.brief is not None
    assert raised.brief.contained.threshold(0.001) > experience.brief.contained.threshold(0.001)
    assert raised.brief.contained.threshold(0.05) == experience.brief.contained.threshold(0.05)


def test_slices_are_first_words_and_others_of_each_length() -> None:
    column = scan(pa.array([" ".join(f"word{k}" for k in range(70)), "too short"]))
    cut = list(slices(column))
    lengths = [length for group in LENGTHS for length in group if length < 70]
    assert [int(part.bounds[1]) for _, part, _ in cut] == [one for one in lengths for _ in range(2)]
    for number, part, rows in cut:
        assert rows.tolist() == [0]
        begin = column.hashes.tolist().index(int(part.hashes[0]))
        assert part.hashes.tolist() == column.hashes[begin : begin + part.hashes.size].tolist()
        assert (begin == 0) == (number % 2 == 0)
