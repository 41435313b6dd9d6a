"""The rows of `samples.parquet` against the origins that they inherit from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from auditor.attest.record import AuditRecord
from auditor.confirm.grounds import AGAIN
from auditor.domain.match import MatchVerdict
from auditor.domain.origin import Origin, View
from auditor.domain.verdict import Verdict
from auditor.engine.samples_file import OriginColumns
from auditor.errors import EvidenceError
from auditor.parquet import open_parquet

INHERITED = ("origin_id", "teachers", "licenses", "basis", "grade", "outcome", "rules")
ANSWER = ("sample_id", "digest", "origin_id", "outcome", "match", "match_teacher")
"""What two accounts of the same rows must agree in."""
_ANSWERS = pa.schema([(name, pa.string()) for name in ANSWER])


@dataclass(slots=True)
class RowCounts:
    """How many rows there are of each kind."""

    rows: dict[str, int] = field(default_factory=dict)
    """By origin id."""
    searched: int = 0
    copied: int = 0
    insufficient: int = 0
    unreadable_text: int = 0
    public_text: int = 0


def check_rows(record: AuditRecord, origins: Sequence[Origin], verdicts: Mapping[str, Verdict]) -> RowCounts:
    """Compare what each row says with its origin and verdict, and count the rows.

    Raises:
        EvidenceError: a row says something else, or the file cannot be read.
    """
    columns = OriginColumns()
    for origin in origins:
        columns.add(origin, verdicts[origin.id])
    known = pa.array([origin.id for origin in origins], pa.string())
    detected = np.array([any(View.DETECTED in t.views for t in one.teachers) for one in origins], bool)
    counts = RowCounts(dict.fromkeys(known.to_pylist(), 0))
    for batch in _batches(record, (*INHERITED, "match", "sample_id")):
        numbers = pc.index_in(batch.column("origin_id"), known)
        if numbers.null_count:
            raise _differs(record, batch, pc.is_null(numbers), "has an origin that the report does not list")
        at = numbers.to_numpy().astype(np.int32)
        for name, wanted in zip(INHERITED, columns.take(at), strict=True):
            if not batch.column(name).equals(wanted):
                raise _differs(record, batch, _unlike(batch.column(name), wanted), f"has other {name}")
        match = batch.column("match")
        copied = pc.fill_null(pc.equal(match, str(MatchVerdict.COPIED)), False).to_numpy(zero_copy_only=False)
        if (odd := copied != detected[at]).any():
            raise _differs(record, batch, pa.array(odd), "has a match that its origin does not show")
        for number, rows in zip(*np.unique(at, return_counts=True), strict=True):
            counts.rows[origins[number].id] += int(rows)
        counts.searched += len(match) - match.null_count
        counts.copied += int(copied.sum())
        insufficient = pc.sum(pc.equal(match, str(MatchVerdict.INSUFFICIENT))).as_py()
        counts.insufficient += insufficient or 0
        unreadable = pc.sum(pc.equal(match, str(MatchVerdict.UNREADABLE))).as_py()
        counts.unreadable_text += unreadable or 0
        counts.public_text += pc.sum(pc.equal(match, str(MatchVerdict.PUBLIC))).as_py() or 0
    return counts


class OtherAccount:
    """Another account of an audit's rows, compared as it comes; rows that agree are not kept."""

    def __init__(self, record: AuditRecord) -> None:
        self._record = record
        self._said = _batches(record, ANSWER)
        self._ahead: list[pa.RecordBatch] = []
        self._same = 0
        self._rest: list[pa.RecordBatch] = []

    def add(self, rows: pa.RecordBatch) -> None:
        """Compare rows with the next ones of the audit.

        Raises:
            EvidenceError: the audit's file cannot be read.
        """
        rows = rows.select(list(ANSWER))
        if self._rest or not self._next(len(rows)).equals(pa.Table.from_batches([rows])):
            self._rest.append(rows)
        else:
            self._same += len(rows)

    def agrees(self) -> bool:
        """Tell whether all rows came in the order of the audit and say the same."""
        return not self._rest and not len(self._next(1))

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """Return what the audit says and what the other account says, each in order."""
        said = pa.Table.from_batches(_batches(self._record, ANSWER), _ANSWERS)
        rest = pa.Table.from_batches(self._rest, _ANSWERS)
        return in_order(said), in_order(pa.concat_tables([said.slice(0, self._same), rest]))

    def _next(self, rows: int) -> pa.Table:
        """Take the next rows of the audit, fewer at its end."""
        taken, missing = list[pa.RecordBatch](), rows
        while missing and (batch := self._ahead.pop() if self._ahead else next(self._said, None)) is not None:
            if len(batch) > missing:
                self._ahead.append(batch.slice(missing))
            taken.append(batch.slice(0, missing))
            missing -= len(taken[-1])
        return pa.Table.from_batches(taken, _ANSWERS)


def in_order(rows: pa.Table) -> pa.Table:
    """Return rows in an order that does not depend on how they came."""
    return rows.select(list(ANSWER)).sort_by([(name, "ascending") for name in ANSWER]).combine_chunks()


def first_difference(said: pa.Table, found: pa.Table) -> str | None:
    """Name the first row in which two accounts differ, both in order; None where they agree."""
    if said.equals(found):
        return None
    if len(said) != len(found):
        return f"there are {len(found):,} rows, the audit has {len(said):,}"
    unlike = np.zeros(len(said), bool)
    for name in ANSWER:
        column = _unlike(said.column(name).combine_chunks(), found.column(name).combine_chunks())
        unlike |= column.to_numpy(zero_copy_only=False)
    at = int(np.flatnonzero(unlike)[0])
    old, new = (table.slice(at, 1).to_pylist()[0] for table in (said, found))
    parts = [f"{name} {old[name]} is {new[name]}" for name in ANSWER if old[name] != new[name]]
    return f"{old['sample_id']}: {', '.join(parts)}"


def _unlike(left: pa.Array, right: pa.Array) -> pa.Array:
    pairs = zip(left.to_pylist(), right.to_pylist(), strict=True)
    return pa.array([one != other for one, other in pairs], pa.bool_())


def _batches(record: AuditRecord, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    path = record.samples_path
    try:
        with open_parquet(path) as file:
            for batch in file.iter_batches(8192, columns=list(names), use_threads=False):
                chosen = batch.select(list(names))
                if names == ANSWER and not chosen.schema.equals(_ANSWERS):
                    raise pa.ArrowInvalid("its columns are of other types")
                yield chosen
    except (OSError, pa.ArrowException, KeyError) as error:
        raise EvidenceError(f"cannot read: {error}", where=str(path), fix=AGAIN) from None


def _differs(record: AuditRecord, batch: pa.RecordBatch, odd: pa.Array, what: str) -> EvidenceError:
    name = batch.column("sample_id").filter(odd)[0]
    return EvidenceError(
        f"the report does not come out the same: the row {name} {what}",
        where=str(record.samples_path),
        fix=AGAIN,
    )
