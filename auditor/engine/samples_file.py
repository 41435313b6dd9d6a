"""The answer on each row as Arrow, and `samples.parquet`, which holds it."""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.domain.origin import Origin
from auditor.domain.verdict import Verdict
from auditor.engine.search import MATCH_FIELDS
from auditor.errors import InputError
from auditor.parquet import ParquetFile

STRINGS = pa.list_(pa.string())
SCHEMA = pa.schema(
    [
        pa.field("sample_id", pa.string()),
        pa.field("digest", pa.string()),
        pa.field("origin_id", pa.string()),
        pa.field("teachers", STRINGS),
        pa.field("licenses", STRINGS),
        pa.field("basis", pa.string()),
        pa.field("grade", pa.string()),
        pa.field("outcome", pa.string()),
        pa.field("rules", STRINGS),
        pa.field("line", pa.int64()),
        *MATCH_FIELDS,
    ]
)
_SHARED = ["origin_id", "basis", "grade", "outcome", "match", "match_teacher", "match_slot"]
_SHARED += [f"{name}.list.element" for name in ("teachers", "licenses", "rules")]
"""Columns of few values; of the others a dictionary would be begun and given up."""
_PREFIX = b"sha256:"


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what a damaged `samples.parquet` raises into an error that names it.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        yield
    except (OSError, pa.ArrowException, KeyError) as error:  # KeyError: a column is not there
        fix = "run `auditor audit` again"
        raise InputError("the audit's rows cannot be read", where=str(path), fix=fix) from error


class OriginColumns:
    """The columns that a row inherits from its origin, gathered once per origin."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._teachers: list[list[str]] = []
        self._licenses: list[list[str]] = []
        self._basis: list[str] = []
        self._grades: list[str] = []
        self._outcomes: list[str] = []
        self._rules: list[list[str]] = []
        self._last: tuple[int, list[pa.Array]] | None = None
        """The columns of the last batch that was of one origin alone, and which."""

    def __len__(self) -> int:
        """Return how many origins are known."""
        return len(self._ids)

    def add(self, origin: Origin, verdict: Verdict) -> None:
        """Append the next origin with its verdict."""
        self._ids.append(origin.id)
        self._teachers.append(sorted({t.id for t in origin.teachers}))
        self._licenses.append(sorted({entry.expression for entry in origin.licenses}))
        self._basis.append(str(origin.basis))
        self._grades.append(str(origin.grade))
        self._outcomes.append(str(verdict.outcome))
        self._rules.append(sorted({reason.rule for reason in verdict.reasons}))

    def take(self, numbers: NDArray[np.int32]) -> list[pa.Array]:
        """Return the columns origin_id to rules for rows of these origins."""
        if len(numbers) and (numbers == numbers[0]).all():
            return self._repeated(int(numbers[0]), len(numbers))
        met, places = np.unique(numbers, return_inverse=True)
        return self._taken(met.tolist(), pa.array(places))

    def _repeated(self, number: int, rows: int) -> list[pa.Array]:
        """Return the columns for rows of one origin; most files are of one, batch after batch."""
        if self._last is None or self._last[0] != number or len(self._last[1][0]) < rows:
            self._last = number, self._taken([number], pa.array(np.zeros(rows, np.int32)))
        return [column.slice(0, rows) for column in self._last[1]]

    def _taken(self, known: list[int], at: pa.Array) -> list[pa.Array]:

        def taken(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
            return pa.array([values[number] for number in known], kind).take(at)

        lists, texts = (self._teachers, self._licenses), (self._basis, self._grades, self._outcomes)
        return [
            taken(self._ids, pa.string()),
            *(taken(values, STRINGS) for values in lists),
            *(taken(values, pa.string()) for values in texts),
            taken(self._rules, STRINGS),
        ]


def sample_table(
    ids: pa.StringArray,
    digests: bytes | memoryview,
    inherited: list[pa.Array],
    lines: NDArray[np.int64] | None,
    matches: list[pa.Array],
) -> pa.RecordBatch:
    """Put one batch of rows together in the order of `SCHEMA`; their digests come end to end."""
    line_column = pa.nulls(len(ids), pa.int64()) if lines is None else pa.array(lines)
    columns = [ids, written_digests(digests), *inherited, line_column, *matches]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def written_digests(run: bytes | memoryview) -> pa.StringArray:
    """Return row digests, given end to end, as they are written, `sha256:` and hex."""
    rows, width = len(run) // 32, len(_PREFIX) + 64
    text = np.empty((rows, width), np.uint8)
    text[:, : len(_PREFIX)] = np.frombuffer(_PREFIX, np.uint8)
    text[:, len(_PREFIX) :] = np.frombuffer(hexlify(run), np.uint8).reshape(rows, 64)
    ends = np.arange(rows + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(rows, pa.py_buffer(ends), pa.py_buffer(text))


class SamplesFile(ParquetFile):
    """Write `samples.parquet` a batch at a time; the file appears only when all was written."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            SCHEMA,
            fix="choose another --out",
            use_dictionary=_SHARED,
            column_encoding={"sample_id": "DELTA_BYTE_ARRAY", "line": "DELTA_BINARY_PACKED"},
            write_statistics=["sample_id", "origin_id", "match"],
        )
