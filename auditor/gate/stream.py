"""Check every row again at the moment it is used, and stop on the first that is not permitted.

This closes the time between the gate's check and the data loader's read. The guard goes around *raw* rows;
what turns them into tensors comes after it (`guard(rows, grant).map(tokenize)`). Rows may repeat: epochs and
samplers repeat them, and the number of duplicates was settled when the whole set was hashed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from auditor.digest import RowError, row_digest
from auditor.errors import RefusedError, UsageError
from auditor.gate.decision import column_cause, short
from auditor.gate.grant import Grant

Step = Callable[[Any], Any]


def guard(rows: Any, grant: Grant, *, name: str = "row") -> GuardedRows | GuardedStream:
    """Wrap rows so that each is checked as it is yielded.

    Args:
        rows: a list of dicts, a `datasets.Dataset` or `IterableDataset`, a generator, or a data loader that
            yields raw rows or lists of them.
        grant: what `require_permit` returned.
        name: how the rows are called in a refusal, as in `name#17`.

    Raises:
        RefusedError: while iterating, at the first foreign row, which it names.
        UsageError: while iterating, where what comes is no raw row.
    """
    if hasattr(rows, "__getitem__") and hasattr(rows, "__len__"):
        return GuardedRows(rows, grant, name)
    return GuardedStream(rows, grant, name)


def check_row(row: Any, grant: Grant, where: str) -> None:
    """Refuse a row whose digest is not permitted; a list is taken as a batch of rows."""
    if isinstance(row, list | tuple):
        for place, one in enumerate(row):
            check_row(one, grant, f"{where}[{place}]")
        return
    if not isinstance(row, Mapping):
        raise UsageError(
            f"the guard checks raw rows, this is a {type(row).__name__}",
            where=where,
            fix="guard the data before it is tokenized: guard(rows, grant).map(tokenize)",
        )
    try:
        digest = row_digest(dict(row))
    except RowError as error:
        raise RefusedError(f"a row is not permitted: {error.message}", where=where) from None
    if not grant.permits(digest):
        cause = column_cause(row, grant.permits)
        detail = f": {cause}" if cause else f" (digest {short(digest)}…)"
        raise RefusedError(f"a row is not permitted{detail}", where=where, fix="train on the audited data")


class GuardedRows:
    """Rows by number; fits a map-style data loader."""

    def __init__(self, rows: Any, grant: Grant, name: str, step: Step | None = None) -> None:
        self._rows, self._grant, self._name, self._step = rows, grant, name, step

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: int) -> Any:
        row = self._rows[number]
        check_row(row, self._grant, f"{self._name}#{number}")
        return row if self._step is None else self._step(row)

    def __getitems__(self, numbers: list[int]) -> list[Any]:
        """Return many rows, each checked; torch's loader asks so."""
        return [self[number] for number in numbers]

    def __iter__(self) -> Iterator[Any]:
        return (self[number] for number in range(len(self)))

    def map(self, step: Step) -> GuardedRows:
        """Return the rows with `step` applied to each after its check."""
        return GuardedRows(self._rows, self._grant, self._name, _then(self._step, step))


class GuardedStream:
    """Rows in the order in which they come."""

    def __init__(self, rows: Iterable[Any], grant: Grant, name: str, step: Step | None = None) -> None:
        self._rows, self._grant, self._name, self._step = rows, grant, name, step

    def __iter__(self) -> Iterator[Any]:
        for number, row in enumerate(self._rows):
            check_row(row, self._grant, f"{self._name}#{number}")
            yield row if self._step is None else self._step(row)

    def map(self, step: Step) -> GuardedStream:
        """Return the stream with `step` applied to each row after its check."""
        return GuardedStream(self._rows, self._grant, self._name, _then(self._step, step))


def _then(first: Step | None, second: Step) -> Step:
    return second if first is None else lambda row: second(first(row))
