"""Where in the files a finding lies, for formats that point at lines."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.domain.finding import Evidence, Finding
from auditor.domain.report.report import Report


def locations(report: Report) -> dict[str, str]:
    """Return each file's path as seen from the working directory, by its path in sample ids."""
    return {file.path: file.seen for file in report.dataset.files}


def located(sample_id: str, report: Report) -> str:
    """Return a row's name with its file as seen from the working directory; `explain` takes it too."""
    file, mark, row = sample_id.rpartition("#")
    return f"{locations(report).get(file, file)}{mark}{row}"


def sample_ids(given: str, report: Report) -> tuple[str, ...]:
    """Return the sample ids that a row's name may stand for; its file as in ids comes first."""
    file, mark, row = given.rpartition("#")
    wanted = posixpath.normpath(file)
    found = [path for path, location in locations(report).items() if posixpath.normpath(location) == wanted]
    return tuple(dict.fromkeys((given, *(f"{path}{mark}{row}" for path in found)))) if mark else (given,)


@dataclass(frozen=True, slots=True)
class Place:
    """A file with the example rows of one finding in it."""

    file: str
    """As seen from the working directory."""
    line: int
    """1-based line of the first example; 1 where the container has no lines."""
    rows: tuple[Evidence, ...] = ()


def places(finding: Finding, report: Report) -> Iterator[Place]:
    """Yield a place a file, in the order of the evidence; without examples it is the first file."""
    by_file: dict[str, list[Evidence]] = {}
    for row in finding.evidence:
        file = row.sample_id.rpartition("#")[0] or row.sample_id
        by_file.setdefault(file, []).append(row)
    seen = locations(report)
    for file, rows in by_file.items():
        yield Place(seen.get(file, file), rows[0].line or 1, tuple(rows))
    if not by_file and report.dataset.files:
        yield Place(seen[report.dataset.files[0].path], 1)
