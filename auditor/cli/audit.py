"""`auditor audit`: the main job."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.common import (
    DEFAULT_LEDGER,
    DEFAULT_OUT,
    FormatsOption,
    KnowledgeOption,
    emit,
    now,
    policy_packs,
    progress,
    say,
)
from auditor.cli.config import find_config
from auditor.cli.exit_codes import ExitCode, combine, of_outcome
from auditor.cli.output import one_line, output_folder
from auditor.domain.claim import Access, Basis, Claim, ClaimKind
from auditor.domain.outcome import Outcome
from auditor.domain.sample import Shape
from auditor.engine.request import DEFAULT_FPR
from auditor.errors import UsageError
from auditor.redact import redact, redact_command

if TYPE_CHECKING:
    from auditor.engine.request import AuditRequest
    from auditor.main_job import AuditResult
    from auditor.report.interface import Writer


UNASKED = Path("waivers.yaml")
"""Where `auditor waive` writes; never read unless it is named."""


def audit(
    data: Annotated[
        list[str] | None,
        typer.Argument(help="Files, globs, folders, or hf://… with --network; default: auditor.yaml."),
    ] = None,
    plan: Annotated[Path | None, typer.Option(help="What the student is for (see `auditor init`).")] = None,
    policy: Annotated[
        str | None,
        typer.Option(help="Pack name or file.", envvar="AUDITOR_POLICY", autocompletion=policy_packs),
    ] = None,
    index: Annotated[list[Path] | None, typer.Option(help="Index of teacher text; repeatable.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the reports.", envvar="AUDITOR_OUT")] = None,
    no_out: Annotated[bool, typer.Option("--no-out", help="Keep no reports, unless --out is given.")] = False,
    config: Annotated[
        Path | None, typer.Option(help="File of settings; default: auditor.yaml here, except under CI.")
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Take no settings from a file.")] = False,
    ledger: Annotated[
        str | None, typer.Option(help="Ledger: SQLite path or postgresql://…", envvar="AUDITOR_LEDGER")
    ] = None,
    no_ledger: Annotated[bool, typer.Option("--no-ledger", help="Record nothing.")] = False,
    knowledge: KnowledgeOption = None,
    format: FormatsOption = None,
    teacher: Annotated[list[str] | None, typer.Option(help="Teacher of the whole set; repeatable.")] = None,
    access: Annotated[Access | None, typer.Option(help="How that teacher was reached.")] = None,
    host: Annotated[str | None, typer.Option(help="Who served it; default: its vendor.")] = None,
    generated_at: Annotated[str | None, typer.Option(help="When: 2024, 2024-03 or 2024-03-15.")] = None,
    license: Annotated[list[str] | None, typer.Option(help="License of the whole set; repeatable.")] = None,
    shape: Annotated[Shape | None, typer.Option(help="Row layout, where it is guessed wrong.")] = None,
    map: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="ROLE=PATH", help="What a column is: learned, prompt, ignore, …"),
    ] = None,
    show_map: Annotated[bool, typer.Option("--show-map", help="Print the guessed map and stop.")] = False,
    fpr: Annotated[float, typer.Option(min=1e-6, max=0.5, help="Stated false-positive rate.")] = DEFAULT_FPR,
    sample: Annotated[int | None, typer.Option(min=1, help="Read only so many rows (never a pass).")] = None,
    network: Annotated[bool, typer.Option("--network", help="Allow hf:// downloads.")] = False,
    waivers: Annotated[Path | None, typer.Option(help="File of waivers; none is taken unasked.")] = None,
    approver_key: Annotated[
        list[Path] | None,
        typer.Option("--approver-key", help="Public key whose signature under a waiver counts; repeatable."),
    ] = None,
    no_waivers: Annotated[bool, typer.Option("--no-waivers", help="Apply no waiver.")] = False,
    review_ok: Annotated[bool, typer.Option("--review-ok", help="Exit 0 on review, and say so.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
) -> None:
    """Judge every row of a training set and write the reports.

    With no option it still answers: who is declared to have written the rows, what is not known, and what
    each use would come to.
    """
    from auditor.engine.request import AuditRequest
    from auditor.report.interface import writers
    from auditor.report.model import ConfigFacts
    from auditor.report.words import plain

    shown = writers(format or ["terminal"])
    found = find_config(config, none=no_config)
    given = {"data": data, "plan": plan, "policy": policy, "index": index, "out": out or no_out}
    given |= {"ledger": ledger or no_ledger, "knowledge": knowledge, "shape": shape}
    given |= {"waivers": waivers or no_waivers, "map": map}
    for line in found.said([name for name, value in given.items() if value]):
        say(plain(line))
    settings = dict(found.settings)
    asked = data or settings.get("data")
    if not asked:
        raise UsageError("no data was named", fix="auditor audit FILE, or list `data` in auditor.yaml")
    if show_map:
        _show_map([str(item) for item in asked], map or [], shape or _configured_shape(settings), network)
        return
    request = AuditRequest(
        data=tuple(str(item) for item in asked),
        now=now(),
        plan=_plan_path(plan, settings),
        policy=policy or settings.get("policy", "default"),
        indexes=tuple(index or [Path(item) for item in settings.get("index", [])]),
        knowledge=knowledge or (Path(settings["knowledge"]) if "knowledge" in settings else None),
        ledger=None if no_ledger else ledger or settings.get("ledger", DEFAULT_LEDGER),
        out=out or Path(settings.get("out", DEFAULT_OUT)),
        claims=claims_of(teacher, access, host, generated_at, license),
        shape=shape or _configured_shape(settings),
        mapping=tuple(map or settings.get("map", [])),
        sample=sample,
        fpr=fpr,
        allow_network=network,
        waivers=None if no_waivers else _waiver_file(waivers, settings),
        approver_keys=tuple(approver_key or ()),
        config=ConfigFacts(redact(str(found.path)), found.digest) if found.path else None,
        command=redact_command(["auditor", *sys.argv[1:]]),
        exit_code=partial(exit_code, review_ok=review_ok),
    )
    with output_folder(request, keep=not no_out or out is not None) as kept:
        result = run_audit(kept, quiet=quiet)
    if kept is not request:
        result = replace(result, report=replace(result.report, next_commands=()))
    show(result, shown, quiet=quiet)
    if not quiet and kept is request:
        say(f"report: {request.out / 'report.html'}")
    if quiet and result.report.exit_code:
        say(one_line(result.report, kept=kept is request))
    _warn(result, review_ok=review_ok)
    raise typer.Exit(result.report.exit_code)


def _show_map(data: list[str], mapping: list[str], shape: Shape | None, network: bool) -> None:
    """Print by role which columns the first rows of each file have."""
    from auditor.engine.guessed_map import guessed_map

    say("The map is guessed from the first rows of each file; nothing was audited.")
    for role, columns in guessed_map(data, mapping, shape, network).items():
        emit(f"{role:9} {', '.join(columns)}")


def run_audit(request: AuditRequest, *, quiet: bool = False) -> AuditResult:
    """Run the main job with progress on stderr."""
    from auditor.main_job import audit as run

    if quiet:
        return run(request)
    with progress("auditing", _expected(request)) as bar:
        return run(request, bar.update)


def _expected(request: AuditRequest) -> int | None:
    from auditor.samples.inputs.sources import find_files
    from auditor.samples.readers.expected import expected_rows

    if any(argument.startswith("hf://") for argument in request.data):
        return None
    rows = expected_rows(file.path for file in find_files(request.data))
    return rows if rows is None or request.sample is None else min(rows, request.sample)


def show(result: AuditResult, formats: Iterable[Writer], *, quiet: bool = False) -> None:
    """Print the report in each format to stdout."""
    from auditor.cli.report import print_report, style

    for writer in formats:
        if not (quiet and writer.name == "terminal"):
            print_report(writer, writer.render(result.report, style()))


def exit_code(outcome: Outcome, unreadable_files: int, *, review_ok: bool = False) -> ExitCode:
    """Return the code of an audit: a whole file that could not be read is invalid input."""
    invalid = [ExitCode.INVALID] if unreadable_files else []
    return combine([of_outcome(outcome, review_ok=review_ok), *invalid])


def _warn(result: AuditResult, *, review_ok: bool) -> None:
    from auditor.report.words import count, waiver_head

    if head := waiver_head(result.report):
        say(head)
    if result.unreadable_files:
        broken = count(result.unreadable_files, "whole file")
        say(f"error: {broken} could not be read; see `files` in report.json")
    if review_ok and result.report.outcome is Outcome.REVIEW:
        say("warning: the outcome is review; --review-ok makes it exit 0")


def claims_of(
    teachers: list[str] | None,
    access: Access | None,
    host: str | None,
    generated_at: str | None,
    licenses: list[str] | None,
) -> tuple[Claim, ...]:
    """Turn whole-set flags into claims.

    Raises:
        UsageError: a part of the teacher's key without the teacher, or a date that is none.
    """
    given = {"--access": access, "--host": host, "--generated-at": generated_at}
    alone = [flag for flag, value in given.items() if value is not None]
    if alone and not teachers:
        raise UsageError(f"{alone[0]} says nothing without a teacher", fix="add --teacher NAME")
    if generated_at is not None:
        _check_date(generated_at)
    said: list[tuple[ClaimKind, Any, str]] = [
        (ClaimKind.TEACHER, name, "--teacher") for name in teachers or ()
    ]
    said += [(ClaimKind.ACCESS, access, "--access"), (ClaimKind.HOST, host, "--host")]
    said += [(ClaimKind.GENERATED_AT, generated_at, "--generated-at")]
    said += [(ClaimKind.LICENSE, name, "--license") for name in licenses or ()]
    return tuple(
        Claim(kind, redact(str(value)), Basis.FLAG, flag) for kind, value, flag in said if value is not None
    )


def _check_date(text: str) -> None:
    from datetime import date

    padded = text + "-01-01"[len(text) - 4 :] if len(text) in (4, 7) else text
    try:
        date.fromisoformat(padded)
    except ValueError:
        raise UsageError(
            f"--generated-at {text!r} is no date", fix="give 2024, 2024-03 or 2024-03-15"
        ) from None


def _plan_path(plan: Path | None, config: dict[str, Any]) -> Path | None:
    return plan or (Path(config["plan"]) if "plan" in config else None)


def _configured_shape(config: dict[str, Any]) -> Shape | None:
    if "shape" not in config:
        return None
    try:
        return Shape(config["shape"])
    except ValueError:
        raise UsageError(
            f"unknown shape {config['shape']!r}", where="auditor.yaml", fix=f"one of: {', '.join(Shape)}"
        ) from None


def _waiver_file(given: Path | None, config: dict[str, Any]) -> Path | None:
    """Return the file that the user named, by flag or in the settings; what just lies there is not taken."""
    named = given or (Path(config["waivers"]) if "waivers" in config else None)
    if named is not None and not named.is_file():
        raise UsageError(
            f"there is no file of waivers {named}", fix="`auditor waive` writes one; or leave --waivers out"
        )
    if named is None and UNASKED.is_file():
        say(f"{UNASKED} lies here and is not applied; name it to apply it: --waivers {UNASKED}")
    return named
