"""`auditor gate`: run a command only if a permit covers its data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.common import say
from auditor.cli.option_groups import grouped
from auditor.cli.permit_options import DatasetOption, PermitOptions
from auditor.domain.waiver import waiver_line


@grouped
def gate(
    permit: Annotated[Path, typer.Option("--permit", help="Permit, as an envelope or a bundle.")],
    dataset: DatasetOption,
    asked: PermitOptions,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="-- COMMAND…", help="What to run, with its arguments.")
    ] = None,
    trainer_config: Annotated[
        list[Path] | None,
        typer.Option(
            "--trainer-config", help="The trainer's settings (YAML, JSON), held against the permit."
        ),
    ] = None,
) -> None:
    """Verify, then become COMMAND; refuse with 1 or 4 and never start it."""
    from auditor.cli.permitted import permitted, say_rests_on
    from auditor.gate.environment import child_environment
    from auditor.gate.launcher import find_command, launch
    from auditor.gate.trainer_config import check_settings, named_files

    words = command or []
    program = find_command(words)
    held = permitted(permit, dataset, asked)
    foreign = check_settings(held.permit, trainer_config or (), words, dataset)
    compared = bool(trainer_config or named_files(words, dataset))
    say_rests_on(held, compared=compared, prefix="gate: ")
    if foreign:
        say(f"gate: the command names data that this permit does not cover: {', '.join(foreign)}")
    waived = f" with waivers ({line})" if (line := waiver_line(held.permit.waivers)) else ""
    rows = f"{held.permit.samples:,} rows permitted{waived} by {held.permit.digest}"
    say(f"gate: {rows}; starting {words[0]}")
    launch(program, words, child_environment(held.request, held.permit, dataset))
