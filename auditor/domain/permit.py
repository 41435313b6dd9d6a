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
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """All other extensions: knowledge, waivers, index, tools, coverage, plan, obligations, origins."""
