"""The signed answer that a gate reads, without its signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from auditor.ids import Digest


class PermitResult(StrEnum):
    """SLSA VSA v1 `verificationResult`."""

    PASSED = "PASSED"
    FAILED = "FAILED"


class EvidenceMode(StrEnum):
    """What a verdict was held against when it was signed, strongest first."""

    ROWS = "rows"
    """The rows were read and judged again."""
    LEDGER = "ledger"
    """The recorded origins were judged again, and the ledger's entry says the same."""
    REPORT_ONLY = "report-only"
    """Nothing but the report's own words."""


class PermitPurpose(StrEnum):
    """What the rows may be used for under a permit."""

    TRAINING = "training"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class BoundFile:
    """A file, or a part of one, beside the rows that the verdict rested on."""

    path: str
    """Relative to the data's root, as in sample ids; `FILE!around` and `FILE!labels` for parts of a file."""
    kind: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class Permit:
    """What a verified permit states; only `auditor.attest.verify` makes one from signed bytes."""

    digest: Digest
    """SHA-256 of the signed payload: the permit's name in revocation lists and model cards."""
    result: PermitResult
    outcome: str
    dataset_digest: Digest
    samples: int
    policy: str
    policy_digest: Digest
    issued_at: datetime
    signers: tuple[str, ...] = ()
    """Key ids whose signatures were verified."""
    files: tuple[Digest, ...] = ()
    """SHA-256 of the file it was read from, and of the files that `attest` writes of it."""
    plan_digest: Digest | None = None
    expires_at: datetime | None = None
    rows_digest: Digest | None = None
    """SHA-256 of `<permit>.rows`."""
    sheet_digest: Digest | None = None
    """Digest of the fair-use sheet."""
    bound: Mapping[str, Digest] = field(default_factory=lambda: MappingProxyType({}))
    """Digests of what stands between the rows and the weights: tokenizer, chat template, collator."""
    version: int = 2
    """Of the predicate; a permit of the first round is 1 and binds less."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Which columns were judged as what, by role: learned, prompt, system, claim, unjudged."""
    beside: tuple[BoundFile, ...] = ()
    trainer_teachers: tuple[Mapping[str, Any], ...] = ()
    unread: tuple[str, ...] = ()
    """Data-like files that the audit did not read."""
    evidence: EvidenceMode = EvidenceMode.REPORT_ONLY
    purpose: PermitPurpose = PermitPurpose.TRAINING
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """All other extensions: knowledge, waivers, index, tools, coverage, plan, obligations, origins."""

    @property
    def forbids_unread(self) -> bool:
        """Tell whether the pack lets nobody start beside data that was not read."""
        requires = self.facts.get("requires")
        return isinstance(requires, Mapping) and requires.get("unread") == "refuse"
