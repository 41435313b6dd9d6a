"""Check every row again at the moment it is used, and stop on the first that is not permitted.

This closes the time between the gate's check and the data loader's read. The guard goes around *raw* rows;
what turns them into tensors comes after it (`guard(rows, grant).map(tokenize)`). Rows may repeat: epochs and
samplers repeat them, and the number of duplicates was settled when the whole set was hashed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache, partial
from typing import Any

from auditor.digest import RowError, row_digest
from auditor.errors import RefusedError, UsageError
from auditor.gate.beside import check_labels
from auditor.gate.columns import column_cause
from auditor.gate.grant import Grant
from auditor.gate.row_set import short
from auditor.gate.typed_rows import typing_of

Step = Callable[[Any], Any]
_JUDGED = ("learned", "prompt", "system")
_MADE: list[type] = []


def guard(
    rows: Any, grant: Grant, *, name: str = "row", batched: bool = False, only_judged: bool = False
) -> GuardedRows | GuardedStream:
    """Wrap rows so that each is checked as it is yielded; what comes out is the copy that was checked.

    Args:
        rows: a list of dicts, a `datasets.Dataset` or `IterableDataset`, a generator, or a data loader that
            yields raw rows or lists of them.
        grant: what `require_permit` returned.
        name: how the rows are called in a refusal, as in `name#17`.
        batched: what comes are batches of columns, `{"text": [...], ...}`, as `Dataset.iter` gives them.
        only_judged: leave out columns that were not judged as learned text, prompt or system message.

    Raises:
        RefusedError: at once, where the rows' label texts are not bound; while iterating, at the first
            foreign row, which it names.
        UsageError: while iterating, where what comes is not a raw row.
    """
    check_labels(grant.permit, rows)
    kept = _judged(grant) if only_judged else None
    check = RowCheck(grant.digests, name, typing_of(rows), batched, kept)
    if hasattr(rows, "__getitem__") and hasattr(rows, "__len__"):
        return GuardedRows(rows, check)
    return _stream(rows, check, None)


class RowCheck:
    """Refuses rows whose digests are not permitted; travels to a loader's workers."""

    def __init__(
        self,
        permitted: AbstractSet[bytes],
        name: str,
        typed: Step,
        batched: bool,
        kept: frozenset[str] | None = None,
    ) -> None:
        self._permitted, self._name, self._typed, self._batched = permitted, name, typed, batched
        self._kept = kept

    @property
    def permitted(self) -> AbstractSet[bytes]:
        """Return the digests of the rows that pass."""
        return self._permitted

    def __call__(self, given: Any, number: int) -> Any:
        """Check what came at a place, a row, list or batch, and return the copy that was checked."""
        where = f"{self._name}#{number}"
        if not self._batched:
            return self._check(given, where)
        batch = _fixed(given)
        self._check(_rows_of(batch), where)
        return self._cut(batch)

    def _check(self, given: Any, where: str) -> Any:
        if isinstance(given, list | tuple):
            checked = [self._check(one, f"{where}[{place}]") for place, one in enumerate(given)]
            return checked if isinstance(given, list) else tuple(checked)
        if not isinstance(given, Mapping):
            raise UsageError(
                f"the guard checks raw rows, this is a {type(given).__name__}",
                where=where,
                fix="guard the data before it is tokenized: guard(rows, grant).map(tokenize)",
            )
        # Read once: a lazy row may answer otherwise the next time.
        copy = _fixed(given)
        row = dict(self._typed(copy))
        try:
            digest = row_digest(row)
        except RowError as error:
            raise RefusedError(f"a row is not permitted: {error.message}", where=where) from None
        if digest not in self._permitted:
            cause = column_cause(row, self._permitted.__contains__)
            detail = f": {cause}" if cause else f" (digest {short(digest)}…)"
            raise RefusedError(
                f"a row is not permitted{detail}", where=where, fix="train on the audited data"
            )
        return self._cut(copy)

    def _cut(self, row: dict[str, Any]) -> dict[str, Any]:
        kept = self._kept
        return row if kept is None else {name: value for name, value in row.items() if name in kept}


def _fixed(value: Any) -> Any:
    """Return a value as plain dicts and lists, each member read once."""
    if isinstance(value, Mapping):
        return {name: _fixed(value[name]) for name in value}
    if isinstance(value, list):
        return [_fixed(item) for item in value]
    return tuple(_fixed(item) for item in value) if type(value) is tuple else value


def _judged(grant: Grant) -> frozenset[str]:
    """Return the columns that the permit says were judged.

    Raises:
        UsageError: it says none.
    """
    names = (name for role in _JUDGED for name in grant.permit.columns.get(role, ()))
    found = frozenset(re.split(r"[.\[]", name)[0] for name in names)
    if not found:
        raise UsageError(
            "the permit has no map of columns", fix="leave only_judged out, or audit and attest again"
        )
    return found


def permitted_by(rows: Any) -> AbstractSet[bytes] | None:
    """Return the digests that guarded rows let pass; None where nothing guards them."""
    # A class made from these may hand on other rows, and a loader's stream is made by `_loadable` alone.
    kind = type(rows)
    check = vars(rows).get("_check") if kind in (GuardedRows, GuardedStream, *_MADE) else None
    return check.permitted if type(check) is RowCheck else None


def _rows_of(batch: Any) -> list[dict[str, Any]]:
    columns = list(batch.values()) if isinstance(batch, Mapping) else []
    if (
        not columns
        or not all(isinstance(column, list) for column in columns)
        or len(set(map(len, columns))) > 1
    ):
        raise UsageError("this is not a batch of columns", fix="leave out batched=True")
    return [dict(zip(batch, cells, strict=True)) for cells in zip(*columns, strict=True)]


class GuardedRows:
    """Rows by number; fits a map-style data loader."""

    def __init__(self, rows: Any, check: RowCheck, step: Step | None = None) -> None:
        self._rows, self._check, self._step = rows, check, step

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: int) -> Any:
        row = self._check(self._rows[number], number)
        return row if self._step is None else self._step(row)

    def __getitems__(self, numbers: list[int]) -> list[Any]:
        """Return many rows, each checked; torch's loader asks so."""
        return [self[number] for number in numbers]

    def __iter__(self) -> Iterator[Any]:
        return (self[number] for number in range(len(self)))

    def map(self, step: Step) -> GuardedRows:
        """Return the rows with `step` applied to each after its check."""
        return GuardedRows(self._rows, self._check, _then(self._step, step))


class GuardedStream:
    """Rows in the order in which they come; where torch is there it fits a data loader too."""

    def __init__(self, rows: Iterable[Any], check: RowCheck, step: Step | None = None) -> None:
        self._rows, self._check, self._step = rows, check, step

    def __len__(self) -> int:
        return len(self._rows)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Any]:
        for number, given in enumerate(self._rows):
            row = self._check(given, number)
            yield row if self._step is None else self._step(row)

    def __reduce__(self) -> tuple[Any, ...]:
        return _stream, (self._rows, self._check, self._step)

    def map(self, step: Step) -> GuardedStream:
        """Return the stream with `step` applied to each row after its check."""
        return _stream(self._rows, self._check, _then(self._step, step))


def _stream(rows: Iterable[Any], check: RowCheck, step: Step | None) -> GuardedStream:
    torch_data = sys.modules.get("torch.utils.data")
    kind = GuardedStream if torch_data is None else _loadable(torch_data.IterableDataset)
    return kind(rows, check, step)


@cache
def _loadable(base: type) -> type[GuardedStream]:
    # A data loader takes a stream only from torch's own class.
    kind = type(GuardedStream.__name__, (GuardedStream, base), {})
    _MADE.append(kind)
    return kind


def _then(first: Step | None, second: Step) -> Step:
    return second if first is None else partial(_one_after_the_other, first, second)


def _one_after_the_other(first: Step, second: Step, row: Any) -> Any:
    return second(first(row))
