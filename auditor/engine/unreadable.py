"""Write down every row and file that could not be read: place and reason, never text."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from auditor.errors import EnvironmentFault
from auditor.samples.file_facts import Unreadable


class UnreadableLog:
    """A JSONL file of `sample_id`, `line`, `reason`; it is there only if something was unreadable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")
        self.count = 0

    def __enter__(self) -> Self:
        """Open a draft beside the target.

        Raises:
            EnvironmentFault: the folder cannot be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._draft.open("w", encoding="utf-8")
        except OSError as error:
            raise EnvironmentFault(
                f"cannot write: {error.strerror}", where=str(self._path), fix="choose another --out"
            ) from error
        return self

    def add(self, row: Unreadable) -> None:
        """Write one row down."""
        self.count += 1
        entry = {"sample_id": row.sample_id, "line": row.line, "reason": row.reason}
        self._file.write(json.dumps(entry) + "\n")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the draft in place, or drop it when it is empty or something went wrong."""
        self._file.close()
        if kind is None and self.count:
            os.replace(self._draft, self._path)
            return
        self._draft.unlink(missing_ok=True)
        if kind is None:
            self._path.unlink(missing_ok=True)
