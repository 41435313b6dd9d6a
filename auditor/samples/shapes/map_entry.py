"""One line of a map: what stands at a path of the rows, `ROLE=PATH` or `ROLE@SLOT=PATH`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any

from auditor.domain.claim import ClaimKind
from auditor.domain.sample import PartRole
from auditor.errors import UsageError

OPTION = "--map"
_ENTRY = re.compile(r"([^=@]*)(?:@([^=]+))?=(.+)", re.S)


class ColumnRole(StrEnum):
    """What a column may be said to hold."""

    LEARNED = "learned"
    PROMPT = "prompt"
    SYSTEM = "system"
    TEACHER = "teacher"
    JUDGE = "judge"
    LICENSE = "license"
    SOURCE = "source"
    DATE = "date"
    HOST = "host"
    ID = "id"
    IGNORE = "ignore"


TEXTS = {
    ColumnRole.LEARNED: PartRole.TEACHER,
    ColumnRole.PROMPT: PartRole.PROMPT,
    ColumnRole.SYSTEM: PartRole.SYSTEM,
}
CLAIMS = {
    ColumnRole.TEACHER: (ClaimKind.TEACHER, ""),
    ColumnRole.JUDGE: (ClaimKind.TEACHER, "judge"),
    ColumnRole.LICENSE: (ClaimKind.LICENSE, ""),
    ColumnRole.SOURCE: (ClaimKind.SOURCE, ""),
    ColumnRole.DATE: (ClaimKind.GENERATED_AT, ""),
    ColumnRole.HOST: (ClaimKind.HOST, ""),
}
QUIET = (ColumnRole.IGNORE, ColumnRole.ID)
"""Columns that nobody trains on, and that say nothing of their row."""
SLOTTED = (ColumnRole.LEARNED, ColumnRole.TEACHER, ColumnRole.LICENSE, ColumnRole.DATE, ColumnRole.HOST)
"""Roles that may be those of one of several answers."""
_MEANT = {
    "output": ColumnRole.LEARNED, "response": ColumnRole.LEARNED, "answer": ColumnRole.LEARNED,
    "completion": ColumnRole.LEARNED, "text": ColumnRole.LEARNED, "input": ColumnRole.PROMPT,
    "instruction": ColumnRole.PROMPT, "question": ColumnRole.PROMPT, "model": ColumnRole.TEACHER,
    "generator": ColumnRole.TEACHER, "writer": ColumnRole.TEACHER, "author": ColumnRole.TEACHER,
    "evaluator": ColumnRole.JUDGE, "dataset": ColumnRole.SOURCE, "provider": ColumnRole.HOST,
    "skip": ColumnRole.IGNORE, "none": ColumnRole.IGNORE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MapEntry:
    """What somebody says of a path."""

    role: ColumnRole
    path: str
    slot: str = ""
    """The one of several answers that it is, or speaks of; empty for all."""
    said_by: str = OPTION
    file: Path | None = None
    """The only file or folder that it holds for; None for every one."""
    optional: bool = False
    """Rows may lack the column: trainers' files name more than their data has."""

    def __str__(self) -> str:
        """Return it as it is written: `teacher@response_a=model_a`."""
        return f"{self.role}{f'@{self.slot}' if self.slot else ''}={self.path}"

    def is_of(self, path: Path) -> bool:
        """Tell whether it holds for a file; a copy that lies elsewhere has the same name."""
        if self.file is None or (self.file.suffix and self.file.name == path.name):
            return True
        try:
            return path.resolve().is_relative_to(self.file.resolve())
        except (OSError, ValueError, RuntimeError):
            return False


def read_entries(given: Iterable[str], said_by: str = OPTION) -> tuple[MapEntry, ...]:
    """Read lines of a map.

    Raises:
        UsageError: a line is none, names an unknown role, or gives a slot to a role that has none.
    """
    return tuple(dict.fromkeys(_entry(text, said_by) for text in given))


def written_columns(columns: Mapping[str, Any], where: str) -> Iterator[str]:
    """Yield the lines that `columns:` of a file of settings stands for.

    A role holds a path, a list of paths, or paths by slot: `teacher: {response_a: model_a}`.

    Raises:
        UsageError: a value is none of these.
    """
    for role, said in columns.items():
        by_slot = said if isinstance(said, dict) else {"": said}
        for slot, paths in by_slot.items():
            for path in paths if isinstance(paths, list) else [paths]:
                if not isinstance(path, str) or not path or "\0" in path:
                    raise UsageError(
                        f"`columns.{role}` holds {path!r}", where=where, fix="give a path, or a list of paths"
                    )
                yield f"{role}{f'@{slot}' if slot else ''}={path}"


def _entry(text: str, said_by: str) -> MapEntry:
    found = _ENTRY.fullmatch(text)
    if found is None:
        raise UsageError(
            f"{said_by} {text!r} does not say what a column is",
            fix=f"give ROLE=PATH, e.g. ignore=notes; a role is one of {', '.join(ColumnRole)}",
        )
    word, slot, path = found[1].strip(), (found[2] or "").strip(), found[3].strip()
    if word not in list(ColumnRole) or not path:
        raise UsageError(f"{said_by} {text!r} does not say what a column is", fix=_meant(word, path))
    role = ColumnRole(word)
    if slot and role not in SLOTTED:
        raise UsageError(
            f"{said_by} {text!r} gives `{role}` to one answer alone",
            fix=f"leave `@{slot}` out; {', '.join(SLOTTED)} take one",
        )
    return MapEntry(role, path, slot, said_by)


def _meant(word: str, path: str) -> str:
    close = get_close_matches(word.lower(), list(ColumnRole), n=2, cutoff=0.5)
    close += [_MEANT[word.lower()]] if word.lower() in _MEANT else []
    meant = " or ".join(f"{one}={path or 'PATH'}" for one in dict.fromkeys(close))
    known = f"a role is one of {', '.join(ColumnRole)}"
    return f"did you mean {meant}? {known}" if meant else f"give ROLE=PATH, e.g. ignore=notes; {known}"
