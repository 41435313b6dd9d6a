"""What was audited: the files, the rows that could not be read, what lies beside the rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What was audited."""

    digest: str
    """`sha256:…` over all readable rows, whatever their order or shard."""
    samples: int
    unreadable: int = 0
    files: tuple[FileFacts, ...] = ()
    unreadable_examples: tuple[UnreadableRow, ...] = ()
    arguments: tuple[str, ...] = ()
    """The data as it was named to the audit."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One input file and the row layout it was read with."""

    path: str
    """Relative to the argument's root, as in sample ids."""
    samples: int = 0
    unreadable: int = 0
    shape: str = ""
    """Empty where the file could not be read."""
    runner_up: str = ""
    """The layout that came second; empty for none."""
    error: str = ""
    """Why the whole file is unreadable."""
    location: str = ""
    """The path as seen from the working directory of the audit; empty where nobody noted it."""

    @property
    def seen(self) -> str:
        """Return the path that a person or a CI service can open."""
        return self.location or self.path


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that could not be read, and so was not judged."""

    sample_id: str
    reason: str
    line: int | None = None
    """Line of the file; None where its format has no lines."""


class BesideKind(StrEnum):
    """What stands beside the rows and the verdict rested on."""

    CARD = "card"
    LICENSE = "license"
    SIDE_FILE = "side-file"
    AROUND = "around"
    """Members around the rows of a wrapped JSON file."""
    LABELS = "labels"
    """Texts that a file's metadata gives to numbers in its rows."""


@dataclass(frozen=True, slots=True)
class BesideFile:
    """One such file, or part of a file, by digest."""

    path: str
    """Relative to the data's root, as in sample ids; `FILE!around` and `FILE!labels` for parts of a file."""
    kind: BesideKind
    digest: str
    """`sha256:…` of the file's bytes, or of the part's content."""
