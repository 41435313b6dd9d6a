"""What the user says of columns, in the place of what their names and values say of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from auditor.domain.claim import Basis, Claim, ClaimKind

_KEPT = 4096
"""Claims that are remembered as overruled; a report names far fewer."""
_PLACE = re.compile(r"\[\d+\]")
Fact = tuple[ClaimKind, str, str, str]


class Said(Protocol):
    """What the user says of the columns of one file."""

    def overrules(self, kind: ClaimKind, where: str, slot: str, basis: Basis) -> str | None:
        """Return the line that a claim gives way to; empty where both say the same, None for none."""


@dataclass(slots=True)
class Answered:
    """Leaves out claims that the user answered, and remembers those that he overruled."""

    said: Said
    overruled: dict[tuple[str, str, str], None] = field(default_factory=dict)
    """The user's line, and place and value of the claim, in the order in which they were met."""

    _answers: dict[tuple[ClaimKind, str, str, Basis], str | None] = field(default_factory=dict)

    def facts_with(self, facts: Iterable[Fact], said: Iterable[Fact]) -> list[Fact]:
        """Return the facts of a row that are not answered, and what the user's columns say beside them."""
        left = [one for one in facts if self._stands(*one, Basis.ROW)]
        # What a row itself says of a column tells its answers apart: the same in general words adds nothing.
        known = {(kind, value, _PLACE.sub("[]", where)) for kind, value, where, _ in left}
        return [*left, *(one for one in said if known.isdisjoint((one[:3], (*one[:2], f"{one[2]}[]"))))]

    def claims_left(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """Return the claims of a row that nothing was said about."""
        return tuple(
            one for one in claims if self._stands(one.kind, one.value, one.where, one.slot, one.basis)
        )

    def _stands(self, kind: ClaimKind, value: str, where: str, slot: str, basis: Basis) -> bool:
        key = (kind, where, slot, basis)
        if key not in self._answers:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            self._answers[key] = self.said.overrules(*key)
        said = self._answers[key]
        if said and len(self.overruled) < _KEPT:
            self.overruled[said, where, value] = None
        return said is None
