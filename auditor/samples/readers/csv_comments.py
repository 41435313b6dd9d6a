"""Lines above the header of a CSV file that begin with `#`: comments, or the header itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from auditor.errors import UnreadableInputError

_MOST_COMMENTS = 100


def top_of(lines: Iterator[str]) -> tuple[list[str], str]:
    """Return the lines at the top that begin with `#`, and the first that does not."""
    comments: list[str] = []
    line = next(lines, "")
    while line.removeprefix("\ufeff").startswith("#") and len(comments) < _MOST_COMMENTS:
        comments.append(line)
        line = next(lines, "")
    return comments, line


def stand_apart(comments: list[str], header: str, delimiter: str) -> bool:
    """Tell whether lines are comments above a header; a single one that has as many cells may be the header.

    Raises:
        UnreadableInputError: they may be either.
    """
    cells = _cells(header, delimiter)
    if cells > 1 and all(_cells(line, delimiter) != cells for line in comments):
        return True
    if len(comments) == 1 and not comments[0].removeprefix("\ufeff").startswith("# "):
        return False
    raise unclear()


def _cells(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def unclear() -> UnreadableInputError:
    """Return the fault of a file whose first lines may be comments or not."""
    return UnreadableInputError(
        "lines that begin with `#` stand at the top, and whether they are comments or the header is not told",
        fix="delete the comment lines, and say in README.md what they say",
    )
