"""Copied code is found without its names, comments and layout; what everybody writes is not called copied."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from auditor.cli.main import execute
from auditor.fingerprint.code.code_calibration import FLOORS, calibrate_code
from auditor.fingerprint.code.lane_builder import CodeBuilder
from auditor.fingerprint.search.detect import SCHEMA, detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.lanes import Lane, read_lanes
from auditor.fingerprint.search.reference_index import ReferenceIndex, open_index
from auditor.fingerprint.search.summary import summary
from auditor.fingerprint.search.thresholds import calibrated
from tests.fingerprint.material import TEACHERS, sentence
from tests.fingerprint.programs import program, renamed, snake, stripped

QUICKSORT = """def quicksort(arr):
    if len(arr) <= 1:
        return arr
    pivot = arr[len(arr) // 2]
    left = [x for x in arr if x < pivot]
    middle = [x for x in arr if x == pivot]
    right = [x for x in arr if x > pivot]
    return quicksort(left) + middle + quicksort(right)
"""


def answer(code: str, rng: random.Random) -> str:
    return f"{sentence(rng, 12)}\n\n```python\n{code}```\n{sentence(rng, 12)}"


@pytest.fixture(scope="module")
def programs() -> list[str]:
    rng = random.Random(11)
    return [program(rng) for _ in range(24)]


def built(texts: list[str], prompts: list[str] | None = None, code: bool = True) -> ReferenceIndex:
    builder = IndexBuilder(code=CodeBuilder() if code else None)
    builder.add(
        pa.array(texts), [TEACHERS[k % 3] for k in range(len(texts))], [f"r#{k}" for k in range(len(texts))]
    )
    if prompts:
        builder.add_prompts(pa.array(prompts))
    return calibrated(builder.build())


@pytest.fixture(scope="module")
def index(programs: list[str], tmp_path_factory: pytest.TempPathFactory) -> ReferenceIndex:
    rng = random.Random(12)
    path = tmp_path_factory.mktemp("shapes") / "code.idx"
    built([answer(code, rng) for code in programs] + [sentence(rng) for _ in range(12)]).save(path)
    return open_index(path)


@pytest.mark.parametrize("edit", [renamed, stripped, snake, lambda code: renamed(stripped(code))])
def test_edited_code_is_found_with_its_spans(
    index: ReferenceIndex, programs: list[str], edit: Callable[[str], str]
) -> None:
    rows = [edit(code) for code in programs]
    found = detect(index, pa.array(rows))
    assert found.schema == SCHEMA
    assert found["verdict"].to_pylist() == ["copied"] * len(rows)
    assert found["reference_id"].to_pylist() == [f"r#{k}" for k in range(len(rows))]
    assert found["teacher"].to_pylist() == [TEACHERS[k % 3] for k in range(len(rows))]
    for row, match in zip(rows, found.to_pylist(), strict=True):
        assert all(0 <= span["query_start"] < span["query_end"] <= len(row) for span in match["spans"])
        assert match["matched_chars"] > 0.5 * len(row.strip())


def test_renamed_code_says_that_the_code_lane_found_it(index: ReferenceIndex, programs: list[str]) -> None:
    found = detect(index, pa.array([renamed(programs[0]), answer(renamed(programs[1]), random.Random(5))]))
    assert found["lane"].to_pylist() == ["code", "code"]
    assert index.lanes == (Lane.NGRAMS, Lane.CODE)
    assert index.spec.endswith("+code1-run12")


def test_spans_are_in_characters_of_both_texts(index: ReferenceIndex, programs: list[str]) -> None:
    row = "\u00e9\u65e5 " + answer(renamed(programs[2]), random.Random(6))
    [match] = detect(index, pa.array([row])).to_pylist()
    [span] = match["spans"]
    assert row[span["query_start"] :].startswith("def qaa(")
    assert row[: span["query_end"]].endswith(renamed(programs[2]).strip().rsplit(" ", 1)[-1])
    assert span["reference_end"] - span["reference_start"] == len(programs[2].strip())


def test_other_code_is_no_match(index: ReferenceIndex) -> None:
    rng = random.Random(99)
    found = detect(index, pa.array([program(rng) for _ in range(40)]))
    assert set(found["verdict"].to_pylist()) == {"no-match"}


def test_what_every_teacher_writes_is_no_copy_of_one(programs: list[str]) -> None:
    rng = random.Random(13)
    index = built([answer(QUICKSORT, rng) for _ in range(9)] + [answer(code, rng) for code in programs])
    rows = [
        QUICKSORT,
        renamed(QUICKSORT),
        f"```python\n{QUICKSORT}```",
        "for (i = 0; i < n; i++) { s += a[i]; }",
    ]
    verdicts = detect(index, pa.array(rows))["verdict"].to_pylist()
    assert set(verdicts) <= {"insufficient", "public-text"}
    assert verdicts[1] == verdicts[3] == "insufficient"


def test_code_of_a_prompt_is_no_evidence(programs: list[str]) -> None:
    rng = random.Random(14)
    texts = [answer(code, rng) for code in programs]
    index = built(texts, prompts=[f"Explain:\n```\n{programs[3]}```"])
    found = detect(index, pa.array([renamed(programs[3]), renamed(programs[4])]))
    assert found["verdict"].to_pylist() == ["insufficient", "copied"]


def test_teachers_with_the_very_code_tie(programs: list[str]) -> None:
    rng = random.Random(15)
    index = built(
        [answer(programs[0], rng), answer(programs[0], rng), *(answer(c, rng) for c in programs[1:])]
    )
    [match] = detect(index, pa.array([renamed(programs[0])])).to_pylist()
    assert (match["teachers"], match["family"]) == (TEACHERS[:2], None)


def test_no_lane_where_no_text_has_code_or_none_was_asked_for(programs: list[str], tmp_path: Path) -> None:
    rng = random.Random(16)
    prose = [sentence(rng) for _ in range(9)]
    assert built(prose).lanes == (Lane.NGRAMS,)
    old = built([answer(code, rng) for code in programs], code=False)
    old.save(tmp_path / "old.idx")
    assert b"code_" not in (tmp_path / "old.idx").read_bytes()
    assert open_index(tmp_path / "old.idx").code is None
    assert "code" not in detect(old, pa.array([renamed(programs[0])]))["lane"].to_pylist()


def test_an_index_grows_and_shrinks_with_its_code(index: ReferenceIndex, programs: list[str]) -> None:
    more = program(random.Random(17))
    builder = IndexBuilder(code=CodeBuilder())
    builder.include(index)
    builder.add(pa.array([answer(more, random.Random(18))]), ["gpt-4o"], ["new"])
    builder.include(built([answer(program(random.Random(19)), random.Random(20)), *["x = 1"] * 2]))
    assert builder.remove(ids=["r#0", "r#5"]) >= 2
    grown = calibrated(builder.build())
    rows = pa.array([renamed(more), renamed(programs[1]), renamed(programs[5])])
    found = detect(grown, rows)
    assert found["verdict"].to_pylist() == ["copied", "copied", "no-match"]
    assert found["reference_id"].to_pylist() == ["new", "r#1", None]


def test_the_same_texts_make_the_same_bytes(programs: list[str], tmp_path: Path) -> None:
    for name in ("one.idx", "two.idx"):
        rng = random.Random(21)
        built([answer(code, rng) for code in programs]).save(tmp_path / name)
    assert (tmp_path / "one.idx").read_bytes() == (tmp_path / "two.idx").read_bytes()


def test_any_number_of_threads_gives_the_same(index: ReferenceIndex, programs: list[str]) -> None:
    rows = pa.array([renamed(code) for code in programs] * 40)
    assert detect(index, rows, threads=1).equals(detect(index, rows, threads=3))


def test_the_commands_take_the_lane(
    programs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import pyarrow.parquet as pq

    rng = random.Random(22)
    texts = [answer(code, rng) for code in programs[:9]]
    pq.write_table(pa.table({"text": texts, "teacher": TEACHERS * 3}), tmp_path / "t.parquet")
    out = str(tmp_path / "c.idx")
    assert (
        execute(["index", "build", str(tmp_path / "t.parquet"), "--out", out, "--lanes", "ngrams,code"]) == 0
    )
    assert summary(open_index(Path(out)))["code"]["texts"] == 9
    assert execute(["index", "remove", out, "--teacher", TEACHERS[0]]) == 0
    assert execute(["index", "info", out]) == 0
    assert "6 texts" in capsys.readouterr().out
    assert execute(["index", "build", str(tmp_path / "t.parquet"), "--out", out, "--lanes", "code"]) == 2


def test_lanes_are_read_in_their_order() -> None:
    assert read_lanes("code,ngrams") == (Lane.NGRAMS, Lane.CODE)


def test_negatives_that_are_copies_do_not_raise_the_threshold() -> None:
    scores, wording = np.array([9.0, 1.5, 0.1] * 100, np.float32), np.array([0.9, 0.1, 0.0] * 100, np.float32)
    made = calibrate_code(scores, wording, "built-in")
    assert (made.negatives, made.threshold(0.001)) == (200, pytest.approx(1.5, abs=1e-3))
    assert calibrate_code(scores[:0], wording[:0], "user").thresholds == FLOORS


def test_a_lane_that_leads_outside_itself_is_not_opened(index: ReferenceIndex, tmp_path: Path) -> None:
    from dataclasses import replace

    from auditor.errors import FingerprintError

    assert index.code is not None
    broken = replace(index.code, postings=index.code.postings + np.uint32(1000))
    index.with_code(broken).save(tmp_path / "broken.idx")
    with pytest.raises(FingerprintError, match="contradicts itself"):
        open_index(tmp_path / "broken.idx")
