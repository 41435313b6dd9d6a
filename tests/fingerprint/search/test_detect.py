"""Building, keeping and searching an index."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from auditor.errors import FingerprintError, NoRowsError, UsageError
from auditor.fingerprint.search.calibrate import least_scales
from auditor.fingerprint.search.detect import SCHEMA, calibrate_built_in, calibrate_with, detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.recall import recall
from auditor.fingerprint.search.reference_index import SPEC, ReferenceIndex, open_index
from auditor.fingerprint.search.summary import summary
from tests.fingerprint.material import TEACHERS, sentence


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rng = random.Random(1)
    return [sentence(rng) for _ in range(60)]


@pytest.fixture(scope="module")
def index(texts: list[str]) -> ReferenceIndex:
    builder = IndexBuilder()
    names = [TEACHERS[i % 3] for i in range(len(texts))]
    builder.add(pa.array(texts), names, [f"ref#{i}" for i in range(len(texts))])
    built = builder.build()
    return built.with_calibration(calibrate_built_in(built))


def test_a_copy_names_teacher_reference_and_span(index: ReferenceIndex, texts: list[str]) -> None:
    row = detect(index, pa.array([texts[4]])).to_pylist()[0]
    assert (row["verdict"], row["teacher"], row["reference_id"]) == ("copied", "claude-3-opus", "ref#4")
    assert row["teachers"] == ["claude-3-opus"]
    span = row["spans"][0]
    assert (span["query_start"], span["reference_end"]) == (0, len(texts[4]) - 1)


def test_spans_are_characters_of_both_originals(index: ReferenceIndex, texts: list[str]) -> None:
    quoted = texts[7].split(" ", 3)[3]
    query = f"日本語 — “préambule” {quoted} Dixit."
    row = detect(index, pa.array([query])).to_pylist()[0]
    span = row["spans"][0]
    assert query[span["query_start"] : span["query_end"]] == quoted.rstrip(".")
    assert texts[7][span["reference_start"] : span["reference_end"]] == quoted.rstrip(".")
    assert row["matched_chars"] == len(quoted) - 1


def test_order_nulls_and_short_texts(index: ReferenceIndex, texts: list[str]) -> None:
    stranger = sentence(random.Random(99))
    found = detect(index, pa.chunked_array([[None, texts[0]], ["", "three little words", stranger]]))
    assert found["verdict"].to_pylist() == [
        "insufficient",
        "copied",
        "insufficient",
        "insufficient",
        "no-match",
    ]
    assert found.schema == SCHEMA


def test_teachers_that_tie_are_all_listed(texts: list[str]) -> None:
    builder = IndexBuilder()
    builder.add(pa.array([texts[0], texts[0], texts[1]]), ["gpt-4", "gpt-4o", "claude"], ["a", "b", "c"])
    built = builder.build()
    built = built.with_calibration(calibrate_built_in(built))
    row = detect(built, pa.array([texts[0]])).to_pylist()[0]
    assert sorted(row["teachers"]) == ["gpt-4", "gpt-4o"]
    assert row["family"] == "gpt"


def test_more_teachers_than_candidates_are_listed_when_they_tie(texts: list[str]) -> None:
    builder = IndexBuilder()
    names = [f"gpt-{number}" for number in range(9)]
    builder.add(pa.array([*[texts[0]] * 9, texts[1]]), [*names, "other"], list("abcdefghij"))
    built = builder.build()
    built = built.with_calibration(calibrate_built_in(built))
    asked = [texts[0], f"Sure! {texts[0].upper()}", texts[1]]
    rows = detect(built, pa.array(asked)).to_pylist()
    assert [row["teacher"] for row in rows] == ["gpt-0", "gpt-0", "other"]
    assert [sorted(row["teachers"]) for row in rows] == [names, names, ["other"]]


def test_prompts_are_no_evidence(texts: list[str]) -> None:
    prompt = texts[3]
    builder = IndexBuilder()
    builder.add(pa.array([f"{prompt} {texts[5]}", texts[6]]), ["gpt-4", "claude"], ["a", "b"])
    builder.add_prompts(pa.array([prompt]))
    built = builder.build()
    built = built.with_calibration(calibrate_built_in(built))
    assert detect(built, pa.array([prompt]))["verdict"].to_pylist() == ["insufficient"]
    assert detect(built, pa.array([texts[5]]))["verdict"].to_pylist() == ["copied"]


def test_number_lists_are_no_evidence(texts: list[str]) -> None:
    numbers = " ".join(str(i) for i in range(1, 200))
    builder = IndexBuilder()
    builder.add(pa.array([f"{texts[0]} {numbers}", texts[1]]), ["gpt-4", "claude"], ["a", "b"])
    built = builder.build()
    built = built.with_calibration(calibrate_built_in(built))
    assert detect(built, pa.array([numbers]))["verdict"].to_pylist() == ["insufficient"]


def test_saved_index_answers_the_same(index: ReferenceIndex, texts: list[str], tmp_path: Path) -> None:
    index.save(tmp_path / "idx")
    opened = open_index(tmp_path / "idx")
    column = pa.array([*texts[:5], sentence(random.Random(5)), "short"])
    assert detect(opened, column).equals(detect(index, column))
    assert summary(opened) == summary(index)


def test_saving_twice_gives_the_same_bytes(index: ReferenceIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "a")
    open_index(tmp_path / "a").save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_adding_in_two_steps_finds_what_one_step_finds(texts: list[str]) -> None:
    whole, first = IndexBuilder(), IndexBuilder()
    names = [TEACHERS[i % 3] for i in range(20)]
    ids = [str(i) for i in range(20)]
    whole.add(pa.array(texts[:20]), names, ids)
    whole.add_prompts(pa.array([texts[30]]))
    first.add(pa.array(texts[:9]), names[:9], ids[:9])
    first.add_prompts(pa.array([texts[30]]))
    second = IndexBuilder.extending(first.build())
    second.add(pa.array(texts[9:20]), names[9:], ids[9:])
    left, right = whole.build(), second.build()
    for name, array in left.ngrams.arrays().items():
        np.testing.assert_array_equal(array, right.ngrams.arrays()[name], err_msg=name)


@pytest.mark.parametrize(
    "damage", ["magic", "spec", "header", "cut", "posting", "bounds"], ids=lambda name: f"damaged-{name}"
)
def test_a_damaged_index_is_refused(index: ReferenceIndex, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "idx"
    index.save(path)
    data = bytearray(path.read_bytes())
    if damage == "magic":
        data[:4] = b"ZZZZ"
    elif damage == "spec":
        data = data.replace(b"fold1", b"fold9", 1)
    elif damage == "header":
        data[16] = 0x00
    elif damage == "cut":
        data = data[: len(data) // 2]
    else:
        array = index.ngrams.short.postings if damage == "posting" else index.ngrams.bounds
        at = data.find(array.tobytes())
        data[at + 4 : at + 8] = b"\xff\xff\xff\x7f"
    path.write_bytes(data)
    with pytest.raises(FingerprintError):
        open_index(path)


def test_flipped_bytes_never_crash_the_search(
    index: ReferenceIndex, texts: list[str], tmp_path: Path
) -> None:
    index.save(tmp_path / "whole")
    whole = (tmp_path / "whole").read_bytes()
    rng = random.Random(6)
    refused = 0
    for _ in range(120):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        (tmp_path / "idx").write_bytes(data)
        try:
            opened = open_index(tmp_path / "idx")
        except FingerprintError:
            refused += 1
            continue
        assert len(detect(opened, pa.array([texts[0], texts[1]]))) == 2
    assert refused > 5


def test_a_missing_index_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(FingerprintError, match="cannot be read"):
        open_index(tmp_path / "nowhere")


def test_no_reference_text_is_refused() -> None:
    builder = IndexBuilder()
    builder.add(pa.array(["...", None]), ["gpt-4", "gpt-4"], ["a", "b"])
    with pytest.raises(NoRowsError):
        builder.build()


def test_an_uncalibrated_index_refuses_to_judge(texts: list[str]) -> None:
    builder = IndexBuilder()
    builder.add(pa.array(texts[:2]), ["gpt-4", "claude"], ["a", "b"])
    with pytest.raises(FingerprintError, match="not calibrated"):
        detect(builder.build(), pa.array(["x"]))


def test_few_teachers_ask_for_more_evidence() -> None:
    one, few, many = (least_scales(count) for count in (1, 8, 100))
    assert one == least_scales(0) > least_scales(4)
    assert all(a >= b >= c for a, b, c in zip(one, few, many, strict=True))


def test_own_negatives_set_the_threshold(index: ReferenceIndex, texts: list[str]) -> None:
    rng = random.Random(8)
    mixed = [" ".join([*texts[i].split()[:40], sentence(rng, 80)]) for i in range(40)]
    own = calibrate_with(index, pa.array(mixed))
    assert own.source == "user"
    assert own.threshold(0.001) > calibrate_built_in(index).threshold(0.001)
    flagged = detect(index.with_calibration(own), pa.array(mixed), 0.001)["verdict"].to_pylist()
    assert "copied" not in flagged


def test_threads_do_not_change_the_answer(
    index: ReferenceIndex, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.fingerprint.search.detect._LEAST_BATCH", 2000)
    column = pa.array([*texts, None, *(f"{text} Ende" for text in texts)])
    assert detect(index, column, threads=4).equals(detect(index, column, threads=1))


def test_a_scaled_index_is_smaller_and_still_finds_copies(texts: list[str], tmp_path: Path) -> None:
    builder = IndexBuilder()
    builder.add(
        pa.array(texts), [TEACHERS[i % 3] for i in range(len(texts))], [str(i) for i in range(len(texts))]
    )
    builder.add_prompts(pa.array([texts[2]]))
    exact, scaled = builder.build(), builder.build(scale=4)
    assert scaled.ngrams.short.postings.size < exact.ngrams.short.postings.size / 3
    scaled = scaled.with_calibration(calibrate_built_in(scaled))
    scaled.save(tmp_path / "idx")
    opened = open_index(tmp_path / "idx")
    assert opened.ngrams.scale == 4
    assert (exact.spec, opened.spec) == (SPEC, f"{SPEC}-1in4")
    data = (tmp_path / "idx").read_bytes()
    (tmp_path / "mixed").write_bytes(data.replace(b"-1in4", b"-1in2", 1))
    with pytest.raises(FingerprintError, match="follows"):
        open_index(tmp_path / "mixed")
    stranger = sentence(random.Random(77))
    found = detect(opened, pa.array([texts[9], texts[2], stranger]))
    assert found["verdict"].to_pylist() == ["copied", "insufficient", "no-match"]


def test_a_scale_below_one_is_refused(texts: list[str]) -> None:
    builder = IndexBuilder()
    builder.add(pa.array(texts[:2]), ["gpt-4", "claude"], ["a", "b"])
    with pytest.raises(UsageError):
        builder.build(scale=0)


def test_recall_falls_with_the_edit_and_with_the_scale(texts: list[str]) -> None:
    builder = IndexBuilder()
    builder.add(
        pa.array(texts), [TEACHERS[k % 3] for k in range(len(texts))], list(map(str, range(len(texts))))
    )
    by_scale = []
    for scale in (1, 8):
        index = builder.build(scale)
        with pytest.raises(FingerprintError):
            recall(index, 0.001)
        by_scale.append(recall(index.with_calibration(calibrate_built_in(index)), 0.001))
    exact, scaled = by_scale
    assert exact["unchanged"] == scaled["unchanged"] == 1
    assert exact["one word in three dropped"] >= 0.9
    assert scaled["one word in three replaced"] < exact["one word in three replaced"] - 0.1


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_every_arrow_string_type_is_searched(
    index: ReferenceIndex, texts: list[str], kind: pa.DataType
) -> None:
    column = pa.array([texts[1], None], pa.string()).cast(kind)
    assert detect(index, column)["verdict"].to_pylist() == ["copied", "insufficient"]


def test_no_rows_and_only_nulls_have_answers(index: ReferenceIndex) -> None:
    assert detect(index, pa.array([], pa.string())).num_rows == 0
    assert detect(index, pa.chunked_array([], pa.string())).num_rows == 0
    assert detect(index, pa.nulls(3))["verdict"].to_pylist() == ["insufficient"] * 3
