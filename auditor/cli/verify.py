"""`auditor verify`: check a permit against data, plan and policy."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.common import DataFormat, FormatOption, emit, emit_json, say
from auditor.cli.option_groups import grouped
from auditor.cli.permit_options import DatasetOption, PermitOptions
from auditor.domain.waiver import waiver_line

if TYPE_CHECKING:
    from auditor.cli.permitted import Permitted


@grouped
def verify(
    permit: Annotated[Path, typer.Argument(help="Permit, as an envelope or a bundle.")],
    dataset: DatasetOption,
    asked: PermitOptions,
    output: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Check signatures, terms and every row; 1 where the evidence says no, 4 where it cannot be verified."""
    from auditor.cli.permitted import permitted, say_rests_on
    from auditor.report.words import plain

    found = permitted(permit, dataset, asked)
    if output is DataFormat.JSON:
        emit_json(_facts(found))
        return
    held = found.permit
    line = waiver_line(held.waivers)
    emit(f"PASSED{f' with waivers ({line})' if line else ''}: {held.samples:,} rows, permit {held.digest}")
    until = f"until {held.expires_at.isoformat()}" if held.expires_at else "without expiry"
    say(f"outcome {held.outcome}, policy {plain(held.policy_words)}, signed by {len(held.signers)}, {until}")
    say_rests_on(found)


def _facts(found: Permitted) -> dict[str, Any]:
    """Return what was verified, as JSON values."""
    from auditor.cli.permit_words import permit_facts

    held = found.permit
    return {
        "result": held.result,
        "outcome": held.outcome,
        "permit": held.digest,
        "dataset": held.dataset_digest,
        "samples": held.samples,
        "policy": held.policy,
        "signers": held.signers,
        "version": held.version,
        "waivers": [asdict(one) for one in held.waivers],
        "absent": sorted({one.path for one in found.grant.absent}),
        "expires": held.expires_at.isoformat() if held.expires_at else None,
        "not_compared": sorted(found.not_compared),
        "unread": list(found.grant.unread),
        **permit_facts(held, found.moment),
    }
