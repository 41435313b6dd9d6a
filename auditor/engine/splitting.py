"""Write the rows that stay and the rows that go, each as it was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.digest import DatasetDigest
from auditor.engine.unreadable import UnreadableLog
from auditor.errors import EnvironmentFault, RefusedError, UnreadableInputError, UsageError
from auditor.samples.file_facts import Unreadable
from auditor.samples.inputs.sources import DataFile, find_files
from auditor.samples.readers.chunk import Fault
from auditor.samples.readers.columnar import read_batches
from auditor.samples.readers.formats import read_file, sniff
from auditor.samples.rows import iter_row_digests

SIDES = ("kept", "removed")
RECORD = "split.json"


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
    args: Sequence[str], stays: dict[str, bool], unjudged: Iterable[str], out: Path, expected: str
) -> SplitResult:
    """Write `kept/` and `removed/` under `out`, a file each per input file.

    Columnar files stay Parquet with their types; the others become JSON Lines.

    Args:
        args: the data, as it was given to the audit.
        stays: by sample id, whether the row stays.
        unjudged: sample ids that the audit could not read; those that are rows at all are removed.
        expected: digest of the audited rows.

    Raises:
        RefusedError: the data is not what was audited.
        UsageError: `out` holds files that no split wrote.
        EnvironmentFault: a file cannot be written.
    """
    files = find_files(args)
    _keep_apart(files, out)
    unreadable = _check(args, stays, unjudged, expected)
    stays = stays | dict.fromkeys(unjudged, False)
    result = SplitResult(digest=expected)
    with UnreadableLog(out / "unreadable.jsonl") as log:
        for row in unreadable:
            log.add(row)
    try:
        _clear(out)
        taken: set[str] = set()
        for file in files:
            stem = _stem(file.name)
            _split_file(file, file.name if stem in taken else stem, stays, out, result)
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


def _check(
    args: Sequence[str], stays: dict[str, bool], unjudged: Iterable[str], expected: str
) -> list[Unreadable]:
    """Read all rows once before a file is touched; return the lines that hold no row."""
    unreadable: list[Unreadable] = []
    digests = DatasetDigest()
    again = "run `auditor audit` again"
    passed_over = frozenset(unjudged)
    for sample, digest in iter_row_digests(args, on_fault=partial(_tell, unreadable)):
        if sample in passed_over:
            continue
        if sample not in stays:
            raise RefusedError("a row was not audited", where=sample, fix=again)
        digests.add(digest)
    if digests.digest() != expected:
        raise RefusedError("the data is not what was audited", where=", ".join(args), fix=again)
    return unreadable


def _tell(unreadable: list[Unreadable], sample: str, fault: Fault) -> None:
    unreadable.append(Unreadable(sample.rpartition("#")[0], fault.row, fault.line, fault.reason))


def _split_file(file: DataFile, stem: str, stays: dict[str, bool], out: Path, result: SplitResult) -> None:
    try:
        kind = sniff(file.path)
    except UnreadableInputError:
        return
    writer = _ColumnarSide if kind.columnar else _LineSide
    sides = {side: writer(out / side, stem) for side in SIDES}
    number = 0
    if kind.columnar:
        for batch in read_batches(file.path):
            ids = [f"{file.name}#{number + at}" for at in range(batch.num_rows)]
            for side in SIDES:
                mask = [id in stays and _side(stays[id]) == side for id in ids]
                sides[side].add(batch.filter(pa.array(mask)), sum(mask))
            result.unreadable += sum(id not in stays for id in ids)
            number += len(ids)
    else:
        for chunk in read_file(file.path, kind):
            result.unreadable += len(chunk.faults)
            for at, row in zip(chunk.numbers, chunk.rows, strict=True):
                sides[_side(stays[f"{file.name}#{at}"])].add(row, 1)
    for side in SIDES:
        result.rows[side] += sides[side].close()
        if sides[side].path.exists():
            result.files[side].append(str(sides[side].path))


def _side(stays: bool) -> str:
    return "kept" if stays else "removed"


class _LineSide:
    def __init__(self, folder: Path, stem: str) -> None:
        self.path = folder / f"{stem}.jsonl"
        self._rows = 0
        self._stream: Any = None

    def add(self, row: Any, count: int) -> None:
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.path.open("wb")
        self._stream.write(_line(row))
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
        if not count:
            return
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
        return orjson.dumps(row) + b"\n"
    except TypeError:  # integers past 64 bits
        import json

        return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _stem(name: str) -> str:
    path = Path(name)
    packed = {".gz", ".zst", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".arrow"}
    while path.suffix.lower() in packed:
        path = path.with_suffix("")
    return path.as_posix()
