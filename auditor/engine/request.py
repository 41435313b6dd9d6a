"""What an audit was asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from auditor.domain.claim import Claim
from auditor.domain.sample import Shape

DEFAULT_FPR = 0.001
"""Stated share of innocent rows that a search may call copied."""


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """The arguments of the main job; every one but `data` and `now` has a default."""

    data: tuple[str, ...]
    now: datetime
    plan: Path | None = None
    policy: str = "default"
    indexes: tuple[Path, ...] = ()
    knowledge: Path | None = None
    ledger: str | None = ".auditor/ledger.db"
    """None records nothing."""
    out: Path = field(default=Path("auditor-out"))
    claims: tuple[Claim, ...] = ()
    """Claims about the whole set, by flag."""
    shape: Shape | None = None
    sample: int | None = None
    """Read only so many rows; the answer is then not for the whole set."""
    fpr: float = DEFAULT_FPR
    allow_network: bool = False
    waivers: Path | None = None
    command: str = ""
    """The command line, for the report."""
