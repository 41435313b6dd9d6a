"""Compare data with a permit: rows in files or in memory, and what stands beside them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.attest.row_list import RowList
from auditor.digest import DatasetDigest, RowError, row_digest
from auditor.domain.permit import BoundFile, Permit
from auditor.errors import RefusedError, UsageError
from auditor.gate.beside import check_beside, check_labels
from auditor.gate.columns import column_cause
from auditor.gate.data_files import Snapshot
from auditor.gate.digest_set import DigestSet
from auditor.gate.row_set import Progress, check_rows
from auditor.gate.typed_rows import typing_of
from auditor.gate.writers import Watch

if TYPE_CHECKING:
    from auditor.samples.rows import DigestRun

_TOGETHER = 4096
"""Rows in memory whose digests are handed on at once."""


def check_files(
    permit: Permit,
    places: Sequence[str],
    listed: RowList | None,
    progress: Progress = lambda rows, total: None,
) -> tuple[DatasetDigest, tuple[BoundFile, ...]]:
    """Hash the rows of files and folders; refuse other rows, and files that change meanwhile.

    What stands beside the rows is compared too: cards, licenses, side files, label texts, and what the
    object around wrapped rows says. What of it is gone is returned.

    Raises:
        RefusedError: as `check_rows` and `check_beside`, or the files changed.
        InputError: a place is missing, or a row is unreadable.
    """
    from auditor.samples.claims.beside import beside_files, beside_paths, bound_around
    from auditor.samples.inputs import boxed
    from auditor.samples.inputs.sources import find_files
    from auditor.samples.readers.archives.box import forget
    from auditor.samples.rows import iter_digest_runs

    def watched() -> list[Path]:
        files = find_files(places)
        return [*(file.path for file in files), *beside_paths(files)]

    around: dict[str, BoundFile] = {}

    def note(name: str, about: dict[str, Any]) -> None:
        around.setdefault((bound := bound_around(name, about)).digest, bound)

    with Watch(file.path for file in find_files(places)) as watch:
        forget()
        boxed.forget()
        before = Snapshot.take(watched())
        try:
            gathered = check_rows(permit, lambda: iter_digest_runs(places, on_around=note), listed, progress)
        except RefusedError as refusal:
            cause = _cause(places, refusal.where, listed)
            if cause is None:
                raise
            raise RefusedError(f"{refusal.message}; {cause}", where=refusal.where, fix=refusal.fix) from None
        absent = check_beside(permit, (*beside_files(find_files(places)), *around.values()))
        before.check(watched())
        watch.check()
    return gathered, absent


def check_given_rows(permit: Permit, rows: Any, listed: RowList | None) -> DatasetDigest:
    """Hash rows in memory and the label texts that they carry; refuse others than the permitted ones.

    Raises:
        RefusedError: as `check_rows` and `check_labels`, or a row has no canonical form.
        UsageError: the rows can be read once only.
    """
    check_labels(permit, rows)
    return check_rows(permit, lambda: _given_rows(rows), listed)


def is_rows(data: object) -> bool:
    """Tell whether these are rows themselves, not the files and folders that hold them."""
    if isinstance(data, str | os.PathLike):
        return False
    if isinstance(data, list | tuple):
        return bool(data) and isinstance(data[0], Mapping)
    return True


def _cause(places: Sequence[str], name: str | None, listed: RowList | None) -> str | None:
    from auditor.samples.rows import iter_chunks

    if name is None or listed is None:
        return None
    known = DigestSet(listed.run)
    for file, chunk in iter_chunks(places):
        for number, row in zip(chunk.numbers, chunk.rows, strict=True):
            if f"{file.name}#{number}" == name:
                return column_cause(row, known.__contains__)
    return None


def _given_rows(data: Any) -> Iterator[DigestRun]:
    from auditor.samples.rows import DigestRun

    if iter(data) is data:
        raise UsageError(
            "rows that can be read once only cannot be checked first", fix="give a list or files"
        )
    typed = typing_of(data)
    first, digests = 0, list[bytes]()
    for number, row in enumerate(data):
        try:
            digests.append(row_digest(typed(row)))
        except (RowError, TypeError, AttributeError):
            raise RefusedError("a row has no canonical form", where=f"row#{number}") from None
        if len(digests) == _TOGETHER:
            yield DigestRun("row", range(first, number + 1), b"".join(digests))
            first, digests = number + 1, []
    yield DigestRun("row", range(first, first + len(digests)), b"".join(digests))
