"""`auditor audit`: the main job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.audit_options import ClaimOptions, PlaceOptions, ReadingOptions, WaiverOptions
from auditor.cli.common import FormatsOption, emit, say, table
from auditor.cli.config import find_config
from auditor.cli.exit_codes import of_report
from auditor.cli.option_groups import grouped
from auditor.cli.output import one_line, output_folder
from auditor.cli.progress import progress
from auditor.domain.outcome import Outcome

if TYPE_CHECKING:
    from auditor.cli.audit_request import AuditCommand
    from auditor.engine.request import AuditRequest
    from auditor.main_job import AuditResult
    from auditor.report.interface import Writer


@grouped
def audit(
    *,
    data: Annotated[
        list[str] | None,
        typer.Argument(help="Files, globs, folders, or hf://… with --network; default: auditor.yaml."),
    ] = None,
    places: PlaceOptions,
    format: FormatsOption = None,
    said: ClaimOptions,
    reading: ReadingOptions,
    waiving: WaiverOptions,
    review_ok: Annotated[bool, typer.Option("--review-ok", help="Exit 0 on review, and say so.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
) -> None:
    """Judge every row of a training set and write the reports.

    With no option it still answers: who is declared to have written the rows, what is not known, and what
    each use would come to.
    """
    from auditor.cli.audit_request import AuditCommand
    from auditor.report.interface import writers
    from auditor.report.words import plain

    shown = writers(format or ["terminal"])
    found = find_config(places.config, none=places.no_config)
    command = AuditCommand(data, places, said, reading, waiving, found)
    for line in found.said(command.given()):
        say(plain(line))
    command.data()
    if reading.show_map:
        _show_map(command)
        return
    request = command.request(review_ok=review_ok)
    with output_folder(request, keep=not places.no_out or places.out is not None) as kept:
        result = run_audit(kept, quiet=quiet)
    if kept is not request:
        result = replace(result, report=replace(result.report, next_commands=()))
    show(result, shown, quiet=quiet)
    code = of_report(result.report, review_ok=review_ok)
    if not quiet and kept is request:
        say(f"report: {request.out / 'report.html'}")
    if quiet and code:
        say(one_line(result.report, kept=kept is request))
    _warn(result, review_ok=review_ok)
    raise typer.Exit(code)


def _show_map(command: AuditCommand) -> None:
    """Print what the columns of each file are taken for, as a table and as text for auditor.yaml."""
    from auditor.engine.guessed_map import guessed_map
    from auditor.engine.map_text import columns_text, table_lines

    found = guessed_map(
        command.data(),
        command.said_map(),
        command.shape(),
        network=command.reading.network,
        knowledge=command.knowledge(),
    )
    say("The map is guessed from the first rows of each file; nothing was audited.")
    for heading, cells in table_lines(found):
        emit(f"# {heading}")
        for line in table(cells):
            emit(f"#   {line}")
    emit("# For auditor.yaml; what is a comment is for you to decide:")
    for line in columns_text(found):
        emit(line)


def run_audit(request: AuditRequest, *, quiet: bool = False) -> AuditResult:
    """Run the main job with progress on stderr."""
    from auditor.cli.effort import spare_kernels

    if request.indexes:
        spare_kernels(request.data)
    from auditor.main_job import audit as run

    if quiet:
        return run(request)
    with progress("auditing", size=_size(request)) as bar:
        return run(request, lambda rows, share: bar.update(rows, share=share))


def _size(request: AuditRequest) -> int | None:
    """Return how many bytes the data has, where no network is needed to tell."""
    from auditor.samples.inputs.sources import find_files
    from auditor.samples.readers.stored import bytes_of

    if any(argument.startswith("hf://") for argument in request.data):
        return None
    return bytes_of(file.stored for file in find_files(request.data))


def show(result: AuditResult, formats: Iterable[Writer], *, quiet: bool = False) -> None:
    """Print the report in each format to stdout."""
    from auditor.cli.report import print_report, style

    for writer in formats:
        if not (quiet and writer.name == "terminal"):
            print_report(writer, writer.render(result.report, style()))


def _warn(result: AuditResult, *, review_ok: bool) -> None:
    from auditor.report.words import count, waiver_head

    if head := waiver_head(result.report):
        say(head)
    if result.unreadable_files:
        broken = count(result.unreadable_files, "whole file")
        say(f"error: {broken} could not be read; see `files` in report.json")
    if review_ok and result.report.outcome is Outcome.REVIEW:
        say("warning: the outcome is review; --review-ok makes it exit 0")
