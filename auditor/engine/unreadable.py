"""Write down every row and file that could not be read: place and reason, never text."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Self

from auditor.files import Draft, write_faults
from auditor.samples.file_facts import Unreadable


class UnreadableLog:
    """A JSONL file of `sample_id`, `line`, `reason`; it is there only if something was unreadable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fault = (path, "choose another --out")
        self.count = 0

    def __enter__(self) -> Self:
        """Open a draft beside the target.

        Raises:
            EnvironmentFault: the folder cannot be written.
        """
        with write_faults(*self._fault):
            self._draft = Draft.beside(self._path)
        return self

    def add(self, row: Unreadable) -> None:
        """Write one row down.

        Raises:
            EnvironmentFault: the disk is full.
        """
        self.count += 1
        entry = {"sample_id": row.sample_id, "line": row.line, "reason": row.reason}
        with write_faults(*self._fault):
            self._draft.file.write(json.dumps(entry).encode() + b"\n")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the draft in place, or drop it when it is empty or something went wrong."""
        with write_faults(*self._fault):
            if kind is None and self.count:
                self._draft.place()
                return
            self._draft.drop()
            if kind is None:
                self._path.unlink(missing_ok=True)
