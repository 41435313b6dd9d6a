"""Answers on parts come back to the right rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from auditor.domain.match import MatchVerdict
from auditor.engine.part_texts import PartTexts
from auditor.engine.search import MATCH_FIELDS, search
from auditor.fingerprint.search.detect import SCHEMA


class Fixed:
    """An index that calls every text holding `copy` copied from the teacher named after it."""

    def detect(self, texts: pa.Array | pa.ChunkedArray, fpr: float) -> pa.Table:
        rows = []
        for text in texts.to_pylist():
            words = (text or "").split()
            copied = "copy" in words
            verdict = "copied" if copied else "no-match" if len(words) > 2 else "insufficient"
            teacher = words[words.index("copy") + 1] if copied else None
            span = {"query_start": 0, "query_end": 4, "reference_start": 9, "reference_end": 13}
            rows.append(
                {
                    "verdict": verdict,
                    "teacher": teacher,
                    "teachers": [teacher] if copied else [],
                    "family": None,
                }
                | {"score": float(len(words)), "matched_chars": 4 * copied, "spans": [span] * copied}
                | {"reference_id": "r#1" if copied else None}
            )
        return pa.Table.from_pylist(rows, SCHEMA)


def parts(*entries: tuple[int, str, str]) -> PartTexts:
    rows, slots, texts = zip(*entries, strict=True)
    table = pa.table({"row_index": pa.array(rows, pa.int32()), "slot": list(slots), "text": list(texts)})
    return PartTexts(table, np.arange(len(rows)))


def test_a_row_takes_the_strongest_verdict_of_its_parts() -> None:
    batch = parts(
        (0, "chosen", "a b c"),
        (0, "rejected", "copy gpt now"),
        (1, "output", "short"),
        (3, "output", "a b c"),
    )
    found = search([("refs", Fixed())], batch, 4, 0.001)
    assert [found.rows_of(verdict).tolist() for verdict in MatchVerdict] == [[0], [3], [1, 2], [], []]
    assert [d.label for d in found.detections.of(0)] == ["gpt"]
    assert found.detections.of(0)[0].slot == "rejected"
    assert found.count(MatchVerdict.COPIED) == 1
    assert found.searched == 4


class Sharing(Fixed):
    """An index that finds a shared passage in every text, too short to tell."""

    def detect(self, texts: pa.Array | pa.ChunkedArray, fpr: float) -> pa.Table:
        rows = [{"verdict": "insufficient", "reason": "shared-passage", "score": 0.5}] * len(texts)
        return pa.Table.from_pylist(rows, SCHEMA)


def test_a_shared_passage_is_not_cleared_by_another_index_or_part() -> None:
    batch = parts((0, "output", "a b c"), (1, "chosen", "copy gpt now"), (2, "output", "short"))
    found = search([("refs", Fixed()), ("more", Sharing())], batch, 3, 0.001)
    assert found.rows_of(MatchVerdict.INSUFFICIENT).tolist() == [0, 2]
    assert found.rows_of(MatchVerdict.COPIED).tolist() == [1]
    assert found.columns()[0].to_pylist() == ["insufficient", "copied", "insufficient"]


def test_the_best_part_gives_the_evidence_columns() -> None:
    batch = parts((0, "turn 1", "copy a"), (0, "turn 3", "copy b and more"))
    table = pa.table(search([("refs", Fixed())], batch, 2, 0.001).columns(), schema=pa.schema(MATCH_FIELDS))
    assert table["match_teacher"].to_pylist() == ["b", None]
    assert table["match_slot"].to_pylist() == ["turn 3", None]
    assert table["spans"].to_pylist()[0][0]["reference_start"] == 9


def test_without_an_index_nothing_was_searched() -> None:
    found = search([], parts((0, "output", "copy a")), 1, 0.001)
    assert found.searched == 0
    assert found.columns()[0].to_pylist() == [None]


def test_a_second_index_can_find_what_the_first_did_not() -> None:
    class Blind(Fixed):
        def detect(self, texts: pa.Array | pa.ChunkedArray, fpr: float) -> pa.Table:
            return super().detect(pa.array(["a b c"] * len(texts)), fpr)

    found = search([("blind", Blind()), ("refs", Fixed())], parts((0, "output", "copy a")), 1, 0.001)
    assert found.detections.of(0)[0].index == "refs"


def test_of_equal_scores_the_first_part_of_the_first_index_is_shown() -> None:
    class Another(Fixed):
        def detect(self, texts: pa.Array | pa.ChunkedArray, fpr: float) -> pa.Table:
            table = super().detect(texts, fpr)
            return table.set_column(1, "teacher", pa.array(["other"] * len(texts)))

    found = search(
        [("refs", Fixed()), ("others", Another())],
        parts((0, "turn 1", "copy a"), (0, "turn 3", "copy b")),
        1,
        0.1,
    )
    assert [(one.label, one.slot, one.index) for one in found.detections.of(0)] == [
        ("a", "turn 1", "refs"),
        ("b", "turn 3", "refs"),
        ("other", "turn 1", "others"),
        ("other", "turn 3", "others"),
    ]
    assert [column.to_pylist()[0] for column in found.columns()][1] == "a"


def test_a_row_without_a_match_has_no_spans() -> None:
    columns = search([("refs", Fixed())], parts((0, "a", "copy a"), (1, "a", "x y z")), 3, 0.1).columns()
    assert [column.is_null().to_pylist() for column in columns[1:-1]] == [[False, True, True]] * 6
    assert columns[-1].null_count == 3


def test_who_holds_public_passages_is_said_of_each_row() -> None:
    class Public:
        def detect(self, texts: pa.Array | pa.ChunkedArray, fpr: float) -> pa.Table:
            names = [["openai"], ["openai", "public:shipped"], []]
            verdicts = ["public-text", "public-text", "no-match"]
            rows = [
                {"verdict": verdict, "public": held, "matched_chars": 9, "score": 0.0, "teachers": []}
                for verdict, held in zip(verdicts, names, strict=True)
            ]
            return pa.Table.from_pylist(rows, SCHEMA)

    batch = parts((0, "a", "x y"), (0, "b", "x y"), (1, "a", "x y"))
    found = search([("refs", Public())], batch, 2, 0.1)
    assert found.codes.tolist() == [2, 1]
    assert found.decided.all()
    assert found.columns()[-1].to_pylist() == [["openai", "public:shipped"], None]
    assert not len(found.hits)
