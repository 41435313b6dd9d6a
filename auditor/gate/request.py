"""What a permit must be: signed by whom, for what plan, policy and data, and what is accepted beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditor.attest.keyless import Identity
from auditor.domain.permit import PermitPurpose

SHIPPED = "shipped"
"""What names the catalog without an overlay."""


@dataclass(frozen=True, slots=True)
class Request:
    """Whose signature is trusted and what the permit must be for."""

    permit: Path
    keys: tuple[Path, ...]
    threshold: int = 1
    plan: Path | None = None
    policy: str | None = None
    revoked: Path | None = None
    identity: Identity | None = None
    """Who must have signed without a key file, in place of `keys`."""
    digest: str | None = None
    """The permit that it must be."""
    purpose: PermitPurpose = PermitPurpose.TRAINING
    """What the rows are about to be used for."""
    allow_report_only: bool = False
    """Take a permit that was held against nothing but the report's own words."""
    allow_unread: bool = False
    """Start beside data-like files that were not read."""
    approver_keys: tuple[Path, ...] = ()
    """Public keys whose signatures under the permit's waivers count, beside those that `policy` lists."""
    knowledge: str | None = None
    """The catalog that the permit must be by: `shipped`, an overlay's folder, or a bundle's digest."""
