"""What lies in the named data and was not read: in the report as facts, and as a finding for a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from auditor.domain.finding import Finding
from auditor.domain.report.unread_file import UnreadFile
from auditor.engine.own_finding import NOT_READ, engine_finding
from auditor.printable import name_of
from auditor.samples.inputs.sources import DataFile, place_of
from auditor.samples.unread import unread_beside

UNREAD = "data-unread"


def unread_files(data: Sequence[str], read: Iterable[DataFile], out: Path) -> tuple[UnreadFile, ...]:
    """Return every data-like file in the named data that gave no rows, but for what this audit writes.

    Args:
        read: the files that were read.
        out: the audit's folder.
    """
    written = place_of(out / "report.json").parent
    found = unread_beside(data, read)
    return tuple(UnreadFile(one.name, one.reason) for one in found if place_of(one.path).parent != written)


def unread_findings(files: Sequence[UnreadFile]) -> tuple[Finding, ...]:
    """Return one finding that names all of them; none where there are none.

    Its id goes by their names: who accepted some files has not accepted others.
    """
    if not files:
        return ()
    number = f"{len(files):,} {'files' if len(files) > 1 else 'file'}"
    return (
        engine_finding(
            UNREAD,
            "Files in the named data were not read",
            f"{number} in the named data gave no rows, so nobody "
            f"knows what a trainer would learn there: {_listed(files)}.",
            "name the data files alone, move the others out of the folder, or convert them",
            cause=hashlib.sha256("\0".join(sorted(one.path for one in files)).encode()).hexdigest(),
            clause=NOT_READ,
        ),
    )


def _listed(files: Sequence[UnreadFile]) -> str:
    by_reason = sorted(files, key=lambda one: (one.reason, one.path))
    groups = groupby(by_reason, key=lambda one: one.reason)
    return "; ".join(
        f"{', '.join(name_of(one.path) for one in found)} ({reason})" for reason, found in groups
    )
