"""MinHashes in and out of Parquet, as datasketch's `LeanMinHash` serializes them.

Columns: `key` (string) and `lean` (binary), coming in also `teacher` and `family`. What is written here tells
in the file's metadata how shingles were hashed; of other files the caller must know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.errors import FingerprintError, NoRowsError, UsageError
from auditor.files import open_regular
from auditor.fingerprint.minhash.lean import PICKLE, LeanForm, form_of, low_bytes_of
from auditor.fingerprint.minhash.signature import (
    MinHashSpec,
    Scheme,
    ShingleHash,
    signatures_of_words,
    to_datasketch,
)
from auditor.fingerprint.search.minhash_builder import MinhashBuilder
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.parquet import ParquetFile

_SPEC, _SHINGLE = b"auditor.spec", b"auditor.shingle"
_COLUMNS = ("key", "lean", "teacher", "family")
_BATCH = 8192
_USUAL_SHINGLE = 5
_FIX = "give a Parquet file of `key` and `lean` (the bytes that LeanMinHash.serialize writes)"


@dataclass(frozen=True, slots=True)
class Made:
    """How sketches were made elsewhere, as far as the caller says; the rest is the file's word or usual.

    Attributes:
        hash: of a shingle; datasketch's own by default.
        shingle: words of one.
        seed: of the permutations, which the sketches name too.
        teacher: of all, where no column says it; the file's name by default.
    """

    hash: ShingleHash | None = None
    shingle: int | None = None
    seed: int | None = None
    teacher: str | None = None


def export_sketches(index: ReferenceIndex, spec: MinHashSpec, path: Path) -> int:
    """Write one sketch per reference text; return how many.

    Raises:
        UsageError: the index does not keep the words of its texts.
        EnvironmentFault: the file cannot be written.
    """
    from datasketch import LeanMinHash

    if not len(index.ngrams):
        raise UsageError(
            "the index keeps half of each signature and no words",
            where=str(index.path) if index.path else None,
            fix="export from an index with the lane ngrams",
        )
    rows = signatures_of_words(index.ngrams.bounds, index.ngrams.words, spec)
    sketches = []
    for row in rows:
        lean = LeanMinHash(to_datasketch(row, spec))
        data = bytearray(lean.bytesize())
        lean.serialize(data)
        sketches.append(bytes(data))
    teachers = [index.teachers[number] for number in index.ngrams.teachers.tolist()]
    columns = {
        "key": pa.array(index.reference_ids(0, len(index)), pa.string()),
        "lean": pa.array(sketches, pa.binary()),
        "teacher": pa.array(teachers, pa.string()),
    }
    table = pa.table(columns)
    table = table.replace_schema_metadata({_SPEC: spec.id.encode(), _SHINGLE: str(spec.shingle).encode()})
    fix, what = "choose a writable --out", "the sketches cannot be written"
    with ParquetFile(path, table.schema, fix=fix, what=what, compression="snappy") as file:
        file.write(table)
    return len(rows)


def import_sketches(path: Path, made: Made | None = None, folder: Path | None = None) -> ReferenceIndex:
    """Build an index of the MinHash lane from a file of sketches, uncalibrated.

    Args:
        folder: where unnamed files lie meanwhile.

    Raises:
        FingerprintError: the file is no such file, or its sketches differ in form.
        NoRowsError: it holds none.
        UsageError: the options contradict the file.
    """
    made = made or Made()
    _refuse_pickles(path)
    try:
        with pq.ParquetFile(path) as file:
            return _built(path, file, made, folder)
    except FingerprintError as error:
        where, fix = error.where or str(path), error.fix or _FIX
        raise FingerprintError(error.message, where=where, fix=fix) from error
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError, UnicodeError) as error:
        raise FingerprintError("this is not a file of MinHashes", where=str(path), fix=_FIX) from error


def _refuse_pickles(path: Path) -> None:
    try:
        with open_regular(path) as file:
            pickled = file.read(1) == PICKLE
    except OSError as error:
        raise FingerprintError(
            f"the sketches cannot be read: {error.strerror}", where=str(path), fix=_FIX
        ) from error
    if pickled or path.suffix.lower() in {".pkl", ".pickle"}:
        raise FingerprintError(
            "this is a pickle, which can run a program when it is read", where=str(path), fix=_FIX
        )


def _built(path: Path, file: pq.ParquetFile, made: Made, folder: Path | None) -> ReferenceIndex:
    names = file.schema_arrow.names
    if missing := [name for name in _COLUMNS[:2] if name not in names]:
        raise FingerprintError(f"there is no column `{missing[0]}`")
    builder: MinhashBuilder | None = None
    form: LeanForm | None = None
    for start, batch in _batches(file, [name for name in _COLUMNS if name in names]):
        leans = batch["lean"].cast(pa.large_binary()).to_pylist()
        if form is None or builder is None:
            form = _form(leans[0])
            builder = MinhashBuilder(_spec(file, form, made, path), folder)
        keys = batch["key"].cast(pa.string()).to_pylist()
        ids = [f"{path.name}#{start + at}" if key is None else key for at, key in enumerate(keys)]
        teachers, families = _labels(batch, made, path)
        slots = _low_bytes(leans, form, start)
        builder.add_signed(slots, np.ones(len(ids), np.bool_), teachers, ids, families)
    if builder is None:
        raise NoRowsError("the file holds no sketch", where=str(path), fix=_FIX)
    return builder.build()


def _batches(file: pq.ParquetFile, names: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
    start = 0
    for batch in file.iter_batches(_BATCH, columns=names):
        if batch.num_rows:
            yield start, batch
            start += batch.num_rows


def _labels(
    batch: pa.RecordBatch, made: Made, path: Path
) -> tuple[list[str | None], list[str | None] | None]:
    """Return teacher and family of each row; where nothing says so, the file's name is the teacher."""
    names = batch.schema.names
    usual = made.teacher or path.stem
    teachers: list[str | None] = [usual] * batch.num_rows
    if "teacher" in names and not made.teacher:
        teachers = [name or usual for name in batch["teacher"].cast(pa.string()).to_pylist()]
    return teachers, batch["family"].cast(pa.string()).to_pylist() if "family" in names else None


def _form(data: bytes | None) -> LeanForm:
    if data is not None and data[:1] == PICKLE:
        raise FingerprintError("the sketches are pickles, which can run a program when they are read")
    return form_of(data or b"")


def _low_bytes(leans: list[bytes | None], form: LeanForm, start: int) -> np.ndarray:
    try:
        return low_bytes_of(leans, form)
    except FingerprintError as error:
        raise FingerprintError(f"{error.message} (of rows {start} on)") from error


def _spec(file: pq.ParquetFile, form: LeanForm, made: Made, path: Path) -> MinHashSpec:
    """Return the specification that the sketches follow.

    Raises:
        UsageError: what the caller says is not what the file says.
        FingerprintError: the file names a specification of this package and holds another.
    """
    facts = file.schema_arrow.metadata or {}
    own = _SPEC in facts
    usual = ShingleHash.SHA1_64 if form.scheme is Scheme.AFFINE64 else ShingleHash.SHA1_32
    hash_ = made.hash or (ShingleHash.WORDS if own else usual)
    shingle = made.shingle or (int(facts[_SHINGLE]) if own else _USUAL_SHINGLE)
    if made.seed not in {None, form.seed}:
        raise UsageError(
            f"the sketches were made with seed {form.seed}, not {made.seed}",
            where=str(path),
            fix="leave --seed out",
        )
    spec = MinHashSpec(shingle, form.permutations, form.seed, hash_, form.scheme)
    stated = facts.get(_SPEC, b"").decode("utf-8", "replace")
    if own and stated != spec.id:
        raise FingerprintError(f"the sketches follow {stated}, not {spec.id}")
    return spec
