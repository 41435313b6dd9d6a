"""What provenance asks of a catalog, so that it can be tested without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from auditor.domain.claim import Access, Claim
from auditor.domain.known_set import KnownSet
from auditor.domain.origin import OriginLicense

PROMPT_SLOT = "prompt"
"""Teachers claimed for the prompt side wrote prompts: outputs too, and no claim on the learned text."""
JUDGE_SLOT = "judge"
"""The last model of a pipeline that names its writers apart."""


@dataclass(frozen=True, slots=True)
class Detected:
    """A copied part of a row: where it sits and whose text it is."""

    slot: str
    label: str
    """The best matching index label."""
    labels: tuple[str, ...]
    """All labels that tie with it, the best one among them."""
    index: str
    """The index that knew it, for `where`."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a catalog makes of a teacher's name."""

    id: str | None
    """None where the catalog has no entry, or several (then see `candidates`)."""
    access: Access
    host: str | None
    candidates: tuple[str, ...] = ()


class Catalog(Protocol):
    """Names and license strings, resolved."""

    def name_teacher(self, name: str, access: Access, host: str | None, date: str | None) -> Named:
        """Resolve a teacher's name by the rest of its key."""

    def read_license(self, claim: Claim) -> OriginLicense:
        """Conclude an SPDX expression from a license claim."""

    def known_set(self, name: str) -> KnownSet | None:
        """Return the public set that goes by a name."""

    def mirrored_set(self, name: str) -> KnownSet | None:
        """Return the public set whose name another owner's set bears."""

    def is_bound(self, name: str) -> bool:
        """Tell whether a model that is known is under terms that are not open, however it was reached."""
