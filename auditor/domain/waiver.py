"""An accepted exception: who accepted which finding, why, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class WaiverReason(StrEnum):
    """Why a finding is accepted."""

    PERMISSION_ON_FILE = "permission-on-file"
    COUNSEL_DECIDED = "counsel-decided"
    FALSE_POSITIVE = "false-positive"
    RISK_ACCEPTED = "risk-accepted"
    REMEDIATION_PLANNED = "remediation-planned"


@dataclass(frozen=True, slots=True)
class Waiver:
    """One accepted finding; it holds through the day `expires`."""

    finding: str
    """Id of the finding, stable under rewording, row order and sharding."""
    rule: str
    reason: WaiverReason
    text: str
    author: str
    approver: str
    created: str
    expires: str
    samples: int
    """Rows that the finding touched when it was accepted; more are not covered."""
    policy: str = ""
    """Name of the pack it was accepted under; empty for any."""
