"""Where in the files a finding lies, for formats that point at lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.domain.finding import Evidence, Finding
from auditor.report.model import Report


@dataclass(frozen=True, slots=True)
class Place:
    """A file with the example rows of one finding in it."""

    file: str
    line: int
    """1-based line of the first example; 1 where the container has no lines."""
    rows: tuple[Evidence, ...] = ()


def places(finding: Finding, report: Report) -> Iterator[Place]:
    """Yield a place a file, in the order of the evidence; without examples it is the first file."""
    by_file: dict[str, list[Evidence]] = {}
    for row in finding.evidence:
        file = row.sample_id.rpartition("#")[0] or row.sample_id
        by_file.setdefault(file, []).append(row)
    for file, rows in by_file.items():
        yield Place(file, rows[0].line or 1, tuple(rows))
    if not by_file and report.dataset.files:
        yield Place(report.dataset.files[0].path, 1)
