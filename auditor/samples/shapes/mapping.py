"""What the user says of columns (`--map ROLE=PATH`), over what a layout guesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.sample import PartRole
from auditor.errors import UsageError
from auditor.samples.claims.values import values
from auditor.samples.parts import PROMPT_SLOT, Part
from auditor.samples.shapes.paths import at_path


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


_TEXTS = {
    ColumnRole.LEARNED: PartRole.TEACHER,
    ColumnRole.PROMPT: PartRole.PROMPT,
    ColumnRole.SYSTEM: PartRole.SYSTEM,
}
_CLAIMS = {
    ColumnRole.TEACHER: (ClaimKind.TEACHER, ""),
    ColumnRole.JUDGE: (ClaimKind.TEACHER, "judge"),
    ColumnRole.LICENSE: (ClaimKind.LICENSE, ""),
    ColumnRole.SOURCE: (ClaimKind.SOURCE, ""),
    ColumnRole.DATE: (ClaimKind.GENERATED_AT, ""),
    ColumnRole.HOST: (ClaimKind.HOST, ""),
}


@dataclass(frozen=True, slots=True)
class Mapping:
    """Roles and paths, in the order in which they were given."""

    entries: tuple[tuple[ColumnRole, str], ...]

    @property
    def ignored(self) -> tuple[str, ...]:
        """Return the paths that nobody trains on."""
        quiet = (ColumnRole.IGNORE, ColumnRole.ID)
        return tuple(sorted(path for role, path in self.entries if role in quiet))

    def parts(self, row: dict[str, Any], guessed: list[Part]) -> list[Part]:
        """Return a row's parts: the mapped columns in the role that was said, the others as guessed.

        A column that is said to be ignored stays judged where the layout takes it for text.
        """
        mapped = [
            Part(_TEXTS[role], PROMPT_SLOT if role is ColumnRole.PROMPT else "", text)
            for role, path in self.entries
            if role in _TEXTS
            for text in at_path(row, path)
            if text
        ]
        taken = {id(part.text) for part in mapped}
        return [part for part in guessed if id(part.text) not in taken] + mapped if mapped else guessed

    def claims(self, row: dict[str, Any]) -> Iterator[Claim]:
        """Yield what the mapped columns say of a row."""
        for role, path in self.entries:
            if role in _CLAIMS:
                kind, slot = _CLAIMS[role]
                for text in at_path(row, path):
                    yield from (Claim(kind, value, Basis.ROW, path, slot) for value in values(kind, text))


def read_mapping(given: Sequence[str]) -> Mapping | None:
    """Read `ROLE=PATH` pairs; None for none.

    Raises:
        UsageError: no pair, or an unknown role.
    """
    entries = []
    for text in given:
        role, sign, path = text.partition("=")
        if not sign or not path or role not in list(ColumnRole):
            raise UsageError(
                f"--map {text!r} does not say what a column is",
                fix=f"give ROLE=PATH, e.g. ignore=notes; a role is one of {', '.join(ColumnRole)}",
            )
        entries.append((ColumnRole(role), path))
    return Mapping(tuple(entries)) if entries else None
