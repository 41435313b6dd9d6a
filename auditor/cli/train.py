"""`auditor train` and `auditor trace`: the reference student step, and the way back to its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.common import DataFormat, FormatOption, emit, emit_json, now, say
from auditor.cli.verify import (
    DatasetOption,
    KeyOption,
    PlanOption,
    PolicyOption,
    RevokedOption,
    ThresholdOption,
)


def train(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="YAML file: student, out, method, …")],
    permit: Annotated[Path, typer.Option("--permit", help="Permit for the data.")],
    dataset: DatasetOption,
    key: KeyOption,
    threshold: ThresholdOption = 1,
    plan: PlanOption = None,
    policy: PolicyOption = None,
    revoked: RevokedOption = None,
) -> None:
    """Train a student behind the gate; without a valid permit no weight is loaded."""
    from auditor.gate.grant import Request
    from auditor.train.config import read_config
    from auditor.train.step import run_step

    settings = read_config(config)
    request = Request(permit, tuple(key), threshold, plan, policy, revoked)
    done = run_step(settings, request, dataset, now())
    share = done.guard_seconds / done.seconds if done.seconds else 0.0
    say(f"trained {done.steps} steps in {done.seconds:,.0f} s; re-hashing took {share:.2%} of it")
    if done.losses:
        say(f"loss {done.losses[0]:.4f} at first, {done.losses[-1]:.4f} at last")
    emit(settings.out)


def trace(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder of a trained student.")],
    output: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Walk from a student back to its permit, origins and rows; 4 where its weights are others now."""
    from auditor.train.card import read_trace

    found = read_trace(model)
    if output is DataFormat.JSON:
        emit_json(
            {
                "student": found.student,
                "base_model": found.base_model,
                "permit": found.permit_digest,
                "dataset": found.dataset_digest,
                "weights": dict(found.weights),
                "origins": list(found.origins),
                "rows": list(found.rows),
            }
        )
        return
    emit(f"{found.student}, built on {found.base_model}")
    emit(f"permit  {found.permit_digest}\ndataset {found.dataset_digest}")
    for origin in found.origins:
        teachers = ", ".join(origin.get("teachers") or ["unknown"])
        emit(f"origin  {origin.get('samples', '?')} rows from {teachers}")
    for row in found.rows:
        emit(f"row     {row}")
