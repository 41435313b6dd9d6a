"""An obligation: what must be done for an allowed use to stay allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from auditor.domain.clause import ClauseRef


class ObligationStatus(StrEnum):
    """How the plan stands to an obligation."""

    MET = "met"
    VIOLATED = "violated"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty with its trigger, its parameters and the clause that makes it."""

    id: str
    """A value of `ObligationId`."""
    trigger: str
    """What switches it on: a value of `Trigger`."""
    clause: ClauseRef
    status: ObligationStatus = ObligationStatus.OPEN
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Words for the duty, such as `prefix`."""
    message: str = ""
