"""The MinHash lane is searched, alone and beside the n-grams."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pytest

from auditor.errors import FingerprintError
from auditor.fingerprint.search.detect import SCHEMA, detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.minhash_builder import MinhashBuilder
from auditor.fingerprint.search.reference_index import SPEC, ReferenceIndex, open_index
from auditor.fingerprint.search.summary import summary
from auditor.fingerprint.search.thresholds import calibrated, with_minhash
from tests.fingerprint.material import TEACHERS, sentence


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rng = random.Random(5)
    return [sentence(rng) for _ in range(60)]


def columns(texts: list[str]) -> tuple[pa.Array, list[str | None], list[str]]:
    return (
        pa.array(texts),
        [TEACHERS[k % 3] for k in range(len(texts))],
        [f"r#{k}" for k in range(len(texts))],
    )


def alone(texts: list[str], tmp_path: Path) -> ReferenceIndex:
    builder = MinhashBuilder()
    builder.add(*columns(texts))
    calibrated(builder.build()).save(tmp_path / "near.idx")
    return open_index(tmp_path / "near.idx")


def both(texts: list[str], tmp_path: Path, prompts: list[str] | None = None) -> ReferenceIndex:
    builder = IndexBuilder()
    builder.add(*columns(texts))
    builder.add_prompts(pa.array(prompts or [], pa.string()))
    calibrated(with_minhash(builder.build())).save(tmp_path / "both.idx")
    return open_index(tmp_path / "both.idx")


def test_whole_texts_are_found_in_any_case_space_and_unicode_form(texts: list[str], tmp_path: Path) -> None:
    index = alone(texts, tmp_path)
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in texts[3])
    queries = [texts[0], texts[1].upper(), texts[2].replace(" ", "\n \t"), wide, sentence(random.Random(77))]
    found = detect(index, pa.array(queries))
    assert found.schema == SCHEMA
    assert found["verdict"].to_pylist() == ["copied"] * 4 + ["no-match"]
    assert found["lane"].to_pylist() == ["minhash"] * 4 + [None]
    assert found["reference_id"].to_pylist() == ["r#0", "r#1", "r#2", "r#3", None]
    assert found["teacher"].to_pylist() == [*TEACHERS, TEACHERS[0], None]
    assert found["spans"].to_pylist() == [[]] * 5


def test_a_light_edit_is_near_and_a_heavy_one_is_not(texts: list[str], tmp_path: Path) -> None:
    words = texts[0].split()
    light = " ".join(word for at, word in enumerate(words) if at % 40)
    heavy = " ".join(word for at, word in enumerate(words) if at % 4)
    found = detect(alone(texts, tmp_path), pa.array([light, heavy]))
    assert found["verdict"].to_pylist() == ["copied", "no-match"]
    assert found["score"][0].as_py() > 1 > found["score"][1].as_py()


def test_texts_too_short_for_a_signature_are_insufficient(texts: list[str], tmp_path: Path) -> None:
    short = [" ".join(texts[0].split()[:19]), "", "..."]
    assert (
        detect(alone(short[:1] + texts, tmp_path), pa.array(short))["verdict"].to_pylist()
        == ["insufficient"] * 3
    )


def test_texts_of_several_teachers_tie(texts: list[str], tmp_path: Path) -> None:
    index = alone([texts[0], texts[0], texts[1], texts[0]], tmp_path)
    [match] = detect(index, pa.array([texts[0]])).to_pylist()
    assert match["teachers"] == TEACHERS[:2]
    assert (match["family"], match["reference_id"]) == (None, "r#0")


def test_disguised_texts_are_searched_as_they_read(texts: list[str], tmp_path: Path) -> None:
    hidden = texts[4].replace("a", "\u0430").replace("e", "\u0435").replace("o", "\u043e")
    [match] = detect(alone(texts, tmp_path), pa.array([hidden])).to_pylist()
    assert (match["verdict"], match["lane"]) == ("copied", "minhash")
    assert match["undone"] == ["look-alike-letters"]


def test_beside_ngrams_the_lane_that_found_it_is_told(texts: list[str], tmp_path: Path) -> None:
    index = both(texts, tmp_path)
    found = detect(index, pa.array([texts[0], sentence(random.Random(78))]))
    assert found["lane"].to_pylist() == ["ngrams", None]
    assert index.spec == f"{SPEC}+{index.near.spec.id}" if index.near else False
    assert summary(index)["lanes"] == ["ngrams", "minhash"]


def test_beside_ngrams_a_near_text_is_shown_with_its_spans(
    texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = both(texts, tmp_path)
    monkeypatch.setattr("auditor.fingerprint.search.candidates.LONGEST_LIST", 0)
    monkeypatch.setattr("auditor.fingerprint.search.detect.score", lambda features, *_: features[:, :, 0] * 0)
    [match] = detect(index, pa.array([texts[0]])).to_pylist()
    assert (match["verdict"], match["lane"], match["reference_id"]) == ("copied", "minhash", "r#0")
    assert match["matched_chars"] >= len(texts[0]) - 1
    assert match["spans"][0]["reference_start"] == 0


def test_a_text_that_stands_more_often_than_posting_lists_are_long_is_found(
    texts: list[str], tmp_path: Path
) -> None:
    builder, many = IndexBuilder(), [texts[0]] * 4200 + texts[1:]
    builder.add(pa.array(many), [TEACHERS[k % 2] for k in range(len(many))], list(map(str, range(len(many)))))
    index = calibrated(with_minhash(builder.build()))
    [match] = detect(index, pa.array([texts[0]])).to_pylist()
    assert (match["verdict"], match["lane"], match["teachers"]) == ("copied", "ngrams", TEACHERS[:2])


def test_the_words_must_bear_the_signature_out(
    texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = both(texts, tmp_path)
    monkeypatch.setattr("auditor.fingerprint.search.detect.score", lambda features, *_: features[:, :, 0] * 0)
    monkeypatch.setattr("auditor.fingerprint.search.near.borne_out", lambda *_: False)
    assert detect(index, pa.array([texts[0]]))["reason"].to_pylist() == ["shared-passage"]


def test_a_prompt_is_no_evidence_in_either_lane(texts: list[str], tmp_path: Path) -> None:
    index = both(texts, tmp_path, prompts=[texts[5]])
    assert detect(index, pa.array([texts[5]]))["verdict"].to_pylist() != ["copied"]


def test_an_index_of_ngrams_alone_is_the_file_it_was(texts: list[str], tmp_path: Path) -> None:
    builder = IndexBuilder()
    builder.add(*columns(texts))
    calibrated(builder.build()).save(tmp_path / "old.idx")
    assert b"minhash" not in (tmp_path / "old.idx").read_bytes()
    opened = open_index(tmp_path / "old.idx")
    assert (opened.near, opened.spec) == (None, SPEC)


def test_indexes_without_thresholds_for_a_lane_refuse_to_judge(texts: list[str]) -> None:
    builder = MinhashBuilder()
    builder.add(*columns(texts))
    index = builder.build()
    with pytest.raises(FingerprintError, match="not calibrated"):
        detect(index, pa.array(["x"]))


def test_own_negatives_set_the_threshold_of_the_lane(texts: list[str], tmp_path: Path) -> None:
    index = alone(texts, tmp_path)
    near = [" ".join(text.split()[20:]) for text in texts]
    assert detect(index, pa.array(near))["verdict"].to_pylist().count("copied") > 50
    own = calibrated(index, pa.array(near))
    assert "copied" not in detect(own, pa.array(near))["verdict"].to_pylist()


def test_the_same_texts_make_the_same_bytes(texts: list[str], tmp_path: Path) -> None:
    alone(texts, tmp_path)
    first = (tmp_path / "near.idx").read_bytes()
    alone(texts, tmp_path)
    assert (tmp_path / "near.idx").read_bytes() == first


def test_a_short_text_must_be_nearer(tmp_path: Path) -> None:
    rng = random.Random(31)
    references = [sentence(rng, 40) for _ in range(30)]
    index = alone(references, tmp_path)
    words = references[3].split()
    changed = " ".join([*words[:10], "otherwise", *words[11:25], "otherwise", *words[26:]])
    found = detect(index, pa.array([references[3], changed])).to_pylist()
    assert [(row["verdict"], row["reason"]) for row in found] == [
        ("copied", None),
        ("insufficient", "shared-passage"),
    ]
