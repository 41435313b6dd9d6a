"""What is found out about a file as its rows are read, and what of it could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.sample import Shape
from auditor.samples.readers.formats import Format


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is not judged, without its text."""

    file: str
    row: int
    line: int | None
    reason: str

    @property
    def sample_id(self) -> str:
        """Return `file#row`."""
        return f"{self.file}#{self.row}"


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """A file that cannot be read, or not to its end."""

    file: str
    reason: str
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What was found out about one file."""

    name: str
    path: str
    size: int
    """Bytes, as stored."""
    format: Format
    split: str
    shape: Shape | None = None
    layout: str = ""
    score: float = 0.0
    """Share of the first rows that the shape fits."""
    runner_up: tuple[Shape, float] | None = None
    rows: int = 0
    unreadable: int = 0
    left_out: tuple[str, ...] = ()
    """Columns whose text belongs to no part of the shape, told from the first rows."""
