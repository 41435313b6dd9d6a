"""What an audit was asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from auditor.domain.claim import Claim
from auditor.domain.report.judged_by import ConfigFacts
from auditor.domain.sample import Shape

DEFAULT_OUT = Path("auditor-out")
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
    public: tuple[Path, ...] = ()
    """Indexes of texts that are nobody's own, asked beside the shipped ones; no settings file names any."""
    knowledge: Path | None = None
    ledger: str | None = ".auditor/ledger.db"
    """None records nothing."""
    out: Path = DEFAULT_OUT
    claims: tuple[Claim, ...] = ()
    """Claims about the whole set, by options of the command line."""
    shape: Shape | None = None
    mapping: tuple[str, ...] = ()
    """What columns are, `ROLE=PATH`, where that is guessed wrong."""
    mapping_by: str = "--map"
    """Who said so: the option, or the file of settings."""
    map_from: tuple[Path, ...] = ()
    """Trainers' files that say what columns are; what `mapping` says of a path comes first."""
    sample: int | None = None
    """Read only so many rows; the answer is then not for the whole set."""
    fpr: float = DEFAULT_FPR
    allow_network: bool = False
    waivers: Path | None = None
    config: ConfigFacts | None = None
    """The file of settings that filled this request."""
    approver_keys: tuple[Path, ...] = ()
    """Public keys whose signatures under waivers count, where the policy lists none."""
    command: str = ""
    """The command line, for the report."""
    jobs: int | None = None
    """Threads at work; None is as many as there are processors and pay. The answer does not depend on it."""
    review_ok: bool = False
    """The shell is told 0 on review; the report states that code, and nothing is judged by it."""
