"""A copy is found through what hides it, with its teacher, its reference and its place."""

from __future__ import annotations

import base64
import gzip
import random
from collections.abc import Callable

import pyarrow as pa
import pytest

from auditor.fingerprint.search.detect import calibrate_built_in, detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.search.undisguised import vocabulary_of
from tests.fingerprint.material import TEACHERS, WORDS, sentence


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rng = random.Random(1)
    return [sentence(rng) for _ in range(60)]


@pytest.fixture(scope="module")
def index(texts: list[str]) -> ReferenceIndex:
    builder = IndexBuilder()
    builder.add(pa.array(texts), [TEACHERS[i % 3] for i in range(60)], [f"ref#{i}" for i in range(60)])
    built = builder.build()
    return built.with_calibration(calibrate_built_in(built))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("hide", "undone"),
    [
        (encoded, ["base64"]),
        (lambda text: text.encode().hex(), ["hex"]),
        (lambda text: "".join(f"&#{ord(c)};" for c in text), ["entities"]),
        (" ".join, ["spaced-letters"]),
        (lambda text: text.replace(" ", ""), ["no-spaces"]),
        (lambda text: encoded("".join(f"&#{ord(c)};" for c in text)), ["base64", "entities"]),
    ],
)
def test_a_hidden_copy_is_found(
    index: ReferenceIndex, texts: list[str], hide: Callable[[str], str], undone: list[str]
) -> None:
    query = hide(texts[4])
    row = detect(index, pa.array([query])).to_pylist()[0]
    assert (row["verdict"], row["teacher"], row["reference_id"]) == ("copied", "claude-3-opus", "ref#4")
    assert row["undone"] == undone
    assert 0 < row["matched_chars"] <= len(query)
    assert all(0 <= one["query_start"] < one["query_end"] <= len(query) for one in row["spans"])


def test_the_span_is_that_of_the_code_in_the_row(index: ReferenceIndex, texts: list[str]) -> None:
    before = sentence(random.Random(5), 60) + "\n"
    code = encoded(texts[9])
    row = detect(index, pa.array([before + code])).to_pylist()[0]
    assert row["reference_id"] == "ref#9"
    starts, ends = zip(*((one["query_start"], one["query_end"]) for one in row["spans"]), strict=True)
    assert min(starts) >= len(before)
    assert max(ends) <= len(before + code)
    assert row["matched_chars"] > 0.9 * len(code)


def test_plain_rows_are_answered_as_before_and_in_order(index: ReferenceIndex, texts: list[str]) -> None:
    stranger = sentence(random.Random(99))
    rows = [texts[3], None, stranger, encoded(texts[5]), "", encoded(stranger), encoded("Hi there you")]
    found = detect(index, pa.array(rows)).to_pylist()
    assert [row["verdict"] for row in found] == [
        "copied",
        "insufficient",
        "no-match",
        "copied",
        "insufficient",
        "no-match",
        "insufficient",
    ]
    assert [row["undone"] for row in found] == [[], [], [], ["base64"], [], ["base64"], []]
    assert found[3]["reference_id"] == "ref#5"


def test_threads_change_nothing(index: ReferenceIndex, texts: list[str]) -> None:
    rows = pa.array([encoded(text) if k % 3 else text for k, text in enumerate(texts * 40)])
    assert detect(index, rows, threads=1).equals(detect(index, rows, threads=4))


def test_the_vocabulary_of_an_open_index_is_counted_once(index: ReferenceIndex) -> None:
    assert vocabulary_of(index.ngrams.words) is vocabulary_of(index.ngrams.words)


def test_code_that_nothing_undoes_is_unreadable_and_not_clean(
    index: ReferenceIndex, texts: list[str]
) -> None:
    packed = base64.b64encode(gzip.compress(texts[3].encode())).decode()
    rows = [packed, base64.b85encode(texts[3].encode()).decode(), "See this: " + packed, packed[:60]]
    found = detect(index, pa.array(rows)).to_pylist()
    assert [row["verdict"] for row in found] == ["unreadable-text"] * 3 + ["insufficient"]
    assert all(row["teacher"] is None and row["spans"] == [] for row in found)


def test_prose_beside_code_pictures_and_addresses_are_read(index: ReferenceIndex) -> None:
    rng = random.Random(8)
    code = base64.b64encode(rng.randbytes(300)).decode()
    rows = [
        sentence(rng, 200) + " " + code,
        sentence(rng) + " data:image/png;base64," + code * 4,
        " ".join(
            f"https://example.org/{rng.randbytes(9).hex()}/{rng.choice(WORDS)}?q=A1b2C3" for _ in range(20)
        ),
        " ".join(
            rng.choice(WORDS) + "_" + rng.choice(WORDS) + "_of_the_" + rng.choice(WORDS) for _ in range(40)
        ),
    ]
    verdicts = [row["verdict"] for row in detect(index, pa.array(rows)).to_pylist()]
    assert "unreadable-text" not in verdicts
