"""`auditor train` and `auditor trace`: the reference student step, and the way back to its rows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.common import (
    DEFAULT_LEDGER,
    DataFormat,
    FormatOption,
    emit,
    emit_json,
    now,
    present,
    say,
)
from auditor.cli.option_groups import grouped
from auditor.cli.permit_options import DatasetOption, ThresholdOption, TrustOptions
from auditor.cli.progress import MovingLine, animated

if TYPE_CHECKING:
    from auditor.train.journal import Tick
    from auditor.train.step import Trained


@grouped
def train(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="YAML file: student, out, method, …")],
    permit: Annotated[Path, typer.Option("--permit", help="Permit for the data.")],
    dataset: DatasetOption,
    asked: TrustOptions,
    ledger: Annotated[
        str | None,
        typer.Option(
            help=f"Ledger that records the student; {DEFAULT_LEDGER} where there is one.",
            envvar="AUDITOR_LEDGER",
        ),
    ] = None,
) -> None:
    """Train a student behind the gate; without a valid permit no weight is loaded."""
    from auditor.train.config import read_config
    from auditor.train.step import run_step

    settings = read_config(config)
    request = asked.request(permit)
    if not animated():
        os.environ["TQDM_DISABLE"] = "1"  # transformers shows a bar for every file it loads
    done = run_step(settings, request, dataset, present(), Steps())
    run = done.run
    share = run.guard_seconds / run.seconds if run.seconds else 0.0
    say(f"trained {run.steps} steps in {run.seconds:,.0f} s; re-hashing took {share:.2%} of it")
    if run.losses:
        say(f"loss {run.losses[0]:.4f} at first, {run.losses[-1]:.4f} at last")
    if done.student:
        _record(done, Path(settings.out), ledger)
    emit(settings.out)


def _record(done: Trained, folder: Path, ledger: str | None) -> None:
    """Record the student in the ledger, where `auditor impact` finds it."""
    from auditor.attest.files import file_digest
    from auditor.ledger.store import Ledger
    from auditor.train.trace import TRACE

    if ledger is None and not Path(DEFAULT_LEDGER).is_file():
        say("no ledger is here, so `auditor impact` will not find the student; --ledger names one")
        return
    with Ledger.open(ledger or DEFAULT_LEDGER, now) as opened:
        trace_digest = file_digest(folder / TRACE)
        opened.record_student(done.student, done.permit.dataset_digest, done.permit.digest, trace_digest)


def trace(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder of a trained student.")],
    key: Annotated[
        list[Path] | None, typer.Option("--key", help="Public key that must have signed the permit.")
    ] = None,
    threshold: ThresholdOption = 1,
    output: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Walk from a student back to its permit, origins and rows; 4 where any of them is another now."""
    from auditor.attest.keys import load_public
    from auditor.train.trace import read_trace

    found = read_trace(model, [load_public(path) for path in key or []], threshold)
    if not key:
        say("the permit's signature was not checked: give --key KEY.pub")
    if output is DataFormat.JSON:
        emit_json(
            {
                "student": found.student,
                "base_model": found.base_model,
                "teacher": found.teacher or None,
                "permit": found.permit_digest,
                "dataset": found.dataset_digest,
                "signers": list(found.signers),
                "weights": dict(found.weights),
                "origins": list(found.origins),
                "rows": list(found.rows),
            }
        )
        return
    emit(f"{found.student}, built on {found.base_model}")
    emit(f"permit  {found.permit_digest}")
    emit(f"dataset {found.dataset_digest}")
    for signer in found.signers:
        emit(f"signed  {signer}")
    for origin in found.origins:
        teachers = ", ".join(origin.get("teachers") or ["unknown"])
        emit(f"origin  {origin.get('samples', '?')} rows from {teachers}")
    for row in found.rows:
        emit(f"row     {row}")


class Steps:
    """Steps done, loss and time left."""

    def __init__(self) -> None:
        self._moving = MovingLine()

    def __call__(self, tick: Tick) -> None:
        """Show a step."""
        text = f"step {tick.step}/{tick.steps}  loss {tick.loss:.4f}  {tick.seconds_left:,.0f} s left"
        if self._moving.is_due():
            self._moving.show(text)
        if tick.step == tick.steps:
            self._moving.leave(text)
