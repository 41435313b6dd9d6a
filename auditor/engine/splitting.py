"""Write the rows that stay and the rows that go, each as it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from auditor.digest import DatasetDigest
from auditor.engine.row_sides import ABSENT, KEPT, UNJUDGED, RowSides, Sides
from auditor.engine.unreadable import UnreadableLog
from auditor.errors import EnvironmentFault, RefusedError, UnreadableInputError, UsageError
from auditor.samples.file_facts import Unreadable
from auditor.samples.inputs.sources import DataFile, find_files
from auditor.samples.readers.chunk import Fault, Line
from auditor.samples.readers.columnar import read_batches
from auditor.samples.readers.formats import SUFFIXES, Format, read_file, sniff
from auditor.samples.readers.json_arrays import array_lines, opened_objects
from auditor.samples.readers.json_lines import split_lines
from auditor.samples.readers.stored import open_bytes
from auditor.samples.rows import iter_digest_runs

SIDES = ("kept", "removed")
RECORD = "split.json"
_TOGETHER, _TOGETHER_BYTES = 4096, 1 << 22
"""Lines that are sorted to their sides at once."""
_OF_TEXTS = (Format.JSON_LINES, Format.JSON_ARRAY, Format.JSON_OBJECTS)
_BLANKS = bytes.maketrans(b"\r\n", b"  ")


@dataclass(slots=True)
class SplitResult:
    """What was written."""

    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    files: dict[str, list[str]] = field(default_factory=lambda: {side: [] for side in SIDES})
    unreadable: int = 0
    """Lines in neither file: they hold no row."""
    digest: str = ""
    """Over the rows of both sides together."""


def write_split(
    args: Sequence[str],
    sides: RowSides,
    out: Path,
    expected: str,
    progress: Callable[[int], None] = lambda rows: None,
) -> SplitResult:
    """Write `kept/` and `removed/` under `out`, a file each per input file.

    Columnar files stay Parquet with their types; the others become JSON Lines. The lines of JSON Lines are
    copied as they are, the rows of JSON as they are but for line breaks.

    Args:
        args: the data, as it was given to the audit.
        sides: where each audited row goes; rows that the audit could not judge are removed.
        expected: digest of the audited rows.
        progress: told how many rows were read; every row is read twice.

    Raises:
        RefusedError: the data is not what was audited.
        UsageError: `out` holds files that no split wrote.
        EnvironmentFault: a file cannot be written.
    """
    files = find_files(args)
    _keep_apart(files, out)
    passed = Passed(progress)
    unreadable = _check(args, sides, expected, passed)
    result = SplitResult(digest=expected)
    with UnreadableLog(out / "unreadable.jsonl") as log:
        for row in unreadable:
            log.add(row)
    try:
        _clear(out)
        taken: set[str] = set()
        for file in files:
            stem = _stem(file.name)
            faults = [row.row for row in unreadable if row.file == file.name]
            split = _Split(file, sides, np.array(faults, np.int64), result, passed)
            split.write(out, file.name if stem in taken else stem)
            taken.add(stem)
        written = [Path(name).relative_to(out).as_posix() for side in SIDES for name in result.files[side]]
        (out / RECORD).write_bytes(orjson.dumps({"digest": expected, "rows": result.rows, "files": written}))
    except OSError as error:
        raise EnvironmentFault(
            f"cannot write: {error.strerror}", where=str(out), fix="choose another --out"
        ) from error
    return result


def _keep_apart(files: Sequence[DataFile], out: Path) -> None:
    """Refuse a folder whose parts are the data: a split begins by taking away what an earlier one left."""
    sides = [(out / side).resolve() for side in SIDES]
    for file in files:
        if any(file.path.resolve().is_relative_to(side) for side in sides):
            raise UsageError(
                "the split would replace its own data", where=str(file.path), fix="give another --out"
            )


def _clear(out: Path) -> None:
    """Take away what an earlier split wrote, so that no row of it is taken for one of this."""
    for name in _written(out / RECORD):
        (out / name).unlink(missing_ok=True)
    left = [str(path) for side in SIDES for path in (out / side).rglob("*") if path.is_file()]
    if left:
        raise UsageError("there are files that no split wrote", where=left[0], fix="give another --out")


def _written(record: Path) -> list[str]:
    """Return what the record of an earlier split names, inside its two folders alone."""
    try:
        names = orjson.loads(record.read_bytes())["files"] if record.is_file() else []
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return []
    parts = [(str(name), Path(str(name)).parts) for name in names]
    return [name for name, steps in parts if steps[:1] and steps[0] in SIDES and ".." not in steps]


class Passed:
    """Rows read so far, told to whom it may concern."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._rows, self._tell = 0, tell

    def add(self, rows: int) -> None:
        """Count rows more."""
        self._rows += rows
        self._tell(self._rows)


def _check(args: Sequence[str], sides: RowSides, expected: str, passed: Passed) -> list[Unreadable]:
    """Read all rows once before a file is touched; return the lines that hold no row."""
    unreadable: list[Unreadable] = []
    digests = DatasetDigest()
    again = "run `auditor audit` again"
    for run in iter_digest_runs(args, on_fault=partial(_tell, unreadable)):
        side = sides.of(run.file, run.numbers)
        if (side == ABSENT).any():
            foreign = run.id_of(int(np.flatnonzero(side == ABSENT)[0]))
            raise RefusedError("a row was not audited", where=foreign, fix=again)
        digests.extend_run(run.where(side != UNJUDGED))
        passed.add(len(run))
    if digests.digest() != expected:
        raise RefusedError("the data is not what was audited", where=", ".join(args), fix=again)
    return unreadable


def _tell(unreadable: list[Unreadable], sample: str, fault: Fault) -> None:
    unreadable.append(Unreadable(sample.rpartition("#")[0], fault.row, fault.line, fault.reason))


@dataclass(frozen=True, slots=True)
class _Split:
    """One file on its way to both sides."""

    file: DataFile
    sides: RowSides
    faults: NDArray[np.int64]
    """Numbers of the lines that hold no row."""
    result: SplitResult
    passed: Passed

    def write(self, out: Path, stem: str) -> None:
        """Write a file for each side that has rows."""
        try:
            kind = sniff(self.file.stored)
        except UnreadableInputError:
            return
        writer = _ColumnarSide if kind.columnar else _LineSide
        written = {side: writer(out / side, stem) for side in SIDES}
        pieces = self._batches() if kind.columnar else self._runs(kind)
        for side, piece, rows in pieces:
            if rows:
                written[side].add(piece, rows)
        for side in SIDES:
            self.result.rows[side] += written[side].close()
            if written[side].path.exists():
                self.result.files[side].append(str(written[side].path))

    def _batches(self) -> Iterator[tuple[str, Any, int]]:
        number = 0
        for batch in read_batches(self.file.stored):
            side = self._sides(np.arange(number, number + batch.num_rows))
            self.result.unreadable += int((side == ABSENT).sum())
            for name, mask in _masks(side):
                yield name, batch.filter(pa.array(mask)), int(mask.sum())
            number += batch.num_rows

    def _runs(self, kind: Format) -> Iterator[tuple[str, Any, int]]:
        rows = self._lines(kind) if kind in _OF_TEXTS else self._rows(kind)
        for numbers, lines in rows:
            side = self._sides(numbers)
            side[np.isin(numbers, self.faults)] = ABSENT
            self.result.unreadable += int((side == ABSENT).sum())
            for name, mask in _masks(side):
                chosen = lines if mask.all() else [lines[place] for place in np.flatnonzero(mask).tolist()]
                yield name, b"".join([b"\n".join(chosen), b"\n"]), len(chosen)

    def _lines(self, kind: Format) -> Iterator[tuple[NDArray[np.int64], list[bytes]]]:
        """Yield each row's own text in a line, numbered as rows are; one that could not be read is empty."""
        number = 0
        with self._texts(kind) as rows:
            texts = (b"" if isinstance(text, str) else text for _, text in rows if _is_row(text))
            while together := _some(texts):
                lines = together if kind is Format.JSON_LINES else [_in_a_line(text) for text in together]
                yield np.arange(number, number + len(lines)), lines
                number += len(lines)

    @contextmanager
    def _texts(self, kind: Format) -> Iterator[Iterator[Line]]:
        if kind is Format.JSON_OBJECTS:
            with opened_objects(lambda: open_bytes(self.file.stored)) as objects:
                yield objects.lines if objects.table is None else map(_with_text, objects.table)
            return
        with open_bytes(self.file.stored) as stream:
            yield split_lines(stream) if kind is Format.JSON_LINES else array_lines(stream)

    def _rows(self, kind: Format) -> Iterator[tuple[NDArray[np.int64], list[bytes]]]:
        """Yield the rows of a format without lines of its own, written as JSON."""
        for chunk in read_file(self.file.stored, kind):
            self.result.unreadable += len(chunk.faults)
            yield np.array(chunk.numbers, np.int64), list(map(_line, chunk.rows))

    def _sides(self, numbers: NDArray[np.int64]) -> Sides:
        """Return where rows go; a number that no audited row has is a line without a row."""
        self.passed.add(len(numbers))
        return self.sides.of(self.file.name, numbers)


def _some(texts: Iterator[bytes]) -> list[bytes]:
    """Return the next texts, at most `_TOGETHER` or some megabytes."""
    taken, size = list[bytes](), 0
    for text in texts:
        taken.append(text)
        size += len(text)
        if len(taken) == _TOGETHER or size >= _TOGETHER_BYTES:
            break
    return taken


def _in_a_line(text: bytes) -> bytes:
    """Return a row's text without line breaks, which stand between its members: no string holds one."""
    return text.translate(_BLANKS) if b"\n" in text or b"\r" in text else text


def _with_text(row: Any) -> Line:
    return 0, _line(row)


def _is_row(text: bytes | str) -> bool:
    """Tell whether a line takes a row's number: all do but blank ones."""
    return isinstance(text, str) or bool(text.strip())


def _masks(side: Sides) -> list[tuple[str, NDArray[np.bool_]]]:
    kept = side == KEPT
    return [("kept", kept), ("removed", ~kept & (side != ABSENT))]


class _LineSide:
    def __init__(self, folder: Path, stem: str) -> None:
        self.path = folder / f"{stem}.jsonl"
        self._rows = 0
        self._stream: Any = None

    def add(self, lines: bytes, count: int) -> None:
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.path.open("wb")
        self._stream.write(lines)
        self._rows += count

    def close(self) -> int:
        if self._stream is not None:
            self._stream.close()
        return self._rows


class _ColumnarSide:
    def __init__(self, folder: Path, stem: str) -> None:
        self.path = folder / f"{stem}.parquet"
        self._rows = 0
        self._writer: Any = None

    def add(self, batch: Any, count: int) -> None:
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self.path, batch.schema)
        self._writer.write_batch(batch)
        self._rows += count

    def close(self) -> int:
        if self._writer is not None:
            self._writer.close()
        return self._rows


def _line(row: Any) -> bytes:
    try:
        return orjson.dumps(row)
    except TypeError:  # integers past 64 bits
        import json

        return json.dumps(row, ensure_ascii=False).encode()


def _stem(name: str) -> str:
    path = Path(name)
    while path.suffix.lower() in SUFFIXES:
        path = path.with_suffix("")
    return path.as_posix()
