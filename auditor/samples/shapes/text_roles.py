"""Which texts of a row its parts come from, and so what each text is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auditor.domain.sample import PartRole
from auditor.samples.claims.cells import opened_cell
from auditor.samples.parts import UNKNOWN_ROLE, Part, is_short
from auditor.samples.shapes.paths import leaves

LEARNED, PROMPT, SYSTEM, TOOL = "learned", "prompt", "system", "tool"
MASKED = "masked"
CLAIM, UNJUDGED, IGNORED = "claim", "unjudged", "ignored"
_ROLES = {
    PartRole.TEACHER: LEARNED,
    PartRole.PROMPT: PROMPT,
    PartRole.SYSTEM: SYSTEM,
    PartRole.TOOL: TOOL,
    PartRole.MASKED: MASKED,
}


@dataclass(frozen=True, slots=True)
class TextRoles:
    """Where the parts of a row come from: texts of the row as they stand, or made of such."""

    roles: dict[int, str]
    """By the identity of the text."""
    made: tuple[Part, ...]
    """Parts that do not stand in the row as they are: out of an opened cell, or joined."""
    joined: str

    @staticmethod
    def of(row: dict[str, Any], parts: list[Part]) -> TextRoles:
        """Compare the texts of a row, each an object of its own, with its parts."""
        texts = {id(text) for name, value in row.items() for _, text in leaves(name, value)}
        roles = {id(part.text): role_of_part(part) for part in parts}
        made = tuple(part for part in parts if id(part.text) not in texts)
        return TextRoles(roles, made, "\n".join(part.text for part in parts))

    def is_opened(self, text: str) -> bool:
        """Tell whether a text is a cell that parts were taken out of."""
        if not self.made or id(text) in self.roles or text[:1] not in ("{", "["):
            return False
        inner = opened_cell(text)
        return inner is not None and any(self.made_role(held) for _, held in leaves("", inner))

    def made_role(self, text: str) -> str | None:
        """Return the role of the made part that a text is, or is some lines of."""
        for part in self.made:
            if text and (text == part.text or f"\n{text}\n" in f"\n{part.text}\n"):
                return role_of_part(part)
        return None


def role_of_part(part: Part) -> str:
    """Return what a part is called; a short text that nothing says the role of is an id or a setting."""
    return CLAIM if part.slot == UNKNOWN_ROLE and is_short(part.text) else _ROLES[part.role]
