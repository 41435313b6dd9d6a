"""`auditor ledger`: ask which teachers and licenses made which rows, and check the history."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.answer_options import RecordOptions, open_ledger
from auditor.cli.common import DEFAULT_LEDGER, LedgerOption, emit, emit_json, emit_lines, now, say, table
from auditor.cli.option_groups import grouped
from auditor.domain.exit_code import ExitCode
from auditor.errors import EvidenceError, LedgerError, UsageError
from auditor.files import read_regular
from auditor.printable import line

if TYPE_CHECKING:
    from auditor.domain.origin import Origin
    from auditor.ledger.chain import Head
    from auditor.ledger.sample import SampleAnswer

app = typer.Typer(help="Ask the ledger which teachers made which rows.", no_args_is_help=True)

DatasetOption = Annotated[
    str | None, typer.Option(help="This dataset alone: its name, digest or an audit id.")
]


@app.command()
@grouped
def show(
    sample: Annotated[str, typer.Argument(help="`file#row`, or the first digits of a row's digest.")],
    dataset: DatasetOption = None,
    *,
    asked: RecordOptions,
) -> None:
    """Show one row: its teachers and licenses, on what basis, its match, its verdict and its audits."""
    from auditor.ledger.sample import show as answers_of

    with asked.open() as opened:
        answers = answers_of(opened.database, sample, dataset)
    if asked.json:
        emit_json(answers)
        return
    emit_lines("\n\n".join("\n".join(map(line, _sample_lines(answer))) for answer in answers))


def _sample_lines(answer: SampleAnswer) -> list[str]:
    lines = [
        f"{answer.sample_id}  {answer.outcome}",
        f"  digest    {answer.digest or 'none: the row is unreadable'}",
        f"  dataset   {answer.dataset}, audit {answer.audit}",
        f"  origin    {answer.origin.id}  basis {answer.origin.basis}  grade {answer.origin.grade}",
    ]
    if answer.origin.flags:
        lines.append(f"  flags     {', '.join(sorted(answer.origin.flags))}")
    lines += _origin_lines(answer.origin)
    lines += [
        f"  claim     {c.kind}: {shorten(c.value, 100)}  ({c.basis}, {c.where})" for c in answer.claims.claims
    ]
    lines += _match_lines(answer.match)
    lines += [_reason_line(reason) for reason in answer.verdict["reasons"]]
    lines += [f"  audit     {s.audit}  {s.finished_at}  {s.dataset}  {s.outcome}" for s in answer.audits]
    return lines


def _origin_lines(origin: Origin) -> list[str]:
    lines = []
    for teacher in origin.teachers:
        key = [f"access {teacher.access}"]
        key += [f"host {teacher.host}"] if teacher.host else []
        key += [f"generated {teacher.generated_at}"] if teacher.generated_at else []
        ground = (
            f"{'/'.join(teacher.views)} by {teacher.basis} at {teacher.where or '?'}, grade {teacher.grade}"
        )
        lines.append(f"  teacher   {teacher.id}  ({', '.join(key)}; {ground})")
    if not origin.teachers:
        lines.append("  teacher   unknown")
    for entry in origin.licenses:
        said = f"declared {entry.declared!r} by {entry.basis} at {entry.where or '?'}"
        lines.append(f"  license   {entry.expression}  ({said})")
    return lines


def _match_lines(match: dict[str, Any] | None) -> list[str]:
    if match is None:
        return ["  match     not searched"]
    if match["match_teacher"] is None:
        return [f"  match     {match['match']}"]
    spans = ", ".join(f"{s['query_start']}-{s['query_end']}" for s in match["spans"] or ())
    found = f"{match['match_teacher']}  score {match['match_score']:.3f}  reference {match['reference_id']}"
    return [f"  match     {match['match']}  {found}  characters {spans or '?'}"]


def _reason_line(reason: dict[str, Any]) -> str:
    clause = f"{reason['clause']['ref']} {reason['clause']['section']}".strip()
    return f"  reason    {reason['outcome']}  {reason['rule']}: {reason['message']}  [{clause}]"


@app.command()
@grouped
def teachers(
    dataset: Annotated[str, typer.Argument(help="Name, digest or audit id; see `auditor ledger audits`.")],
    asked: RecordOptions,
) -> None:
    """List the teachers of a dataset with their rows, share and evidence."""
    from auditor.ledger.answers import find_audit, teacher_shares

    with asked.open() as opened, opened.database.reading() as session:
        audit = find_audit(session, dataset)
        shares = teacher_shares(session, audit)
    if asked.json:
        emit_json({"audit": audit, "teachers": shares})
        return
    emit(f"{audit.dataset}  {audit.samples:,} rows  {audit.outcome}  audit {audit.id} of {audit.finished_at}")
    rows = [
        (s.teacher or "unknown", f"{s.samples:,}", f"{s.share:.1%}", s.access, s.basis, s.grade)
        for s in shares
    ]
    emit_lines("\n".join(map(line, table([("teacher", "rows", "share", "access", "basis", "grade"), *rows]))))


@app.command()
@grouped
def audits(
    dataset: Annotated[str | None, typer.Argument(help="The name of one dataset; else all.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many, the newest.")] = None,
    *,
    asked: RecordOptions,
) -> None:
    """List the audits on record, newest first."""
    from auditor.ledger.answers import list_audits

    with asked.open() as opened, opened.database.reading() as session:
        lines = list_audits(session, dataset, limit)
    if asked.json:
        emit_json(lines)
        return
    rows = [(a.id, a.finished_at, a.outcome, f"{a.samples:,}", a.policy, a.dataset) for a in lines]
    emit_lines(
        "\n".join(map(line, table([("audit", "finished", "outcome", "rows", "policy", "dataset"), *rows])))
    )


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    format: Annotated[str, typer.Option(help="parquet, jsonl or csv.")] = "parquet",
    dataset: DatasetOption = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Write rows, claims, verdicts, findings, audits and events to files."""
    from auditor.ledger.export import ExportFormat
    from auditor.ledger.export import export as write

    if format not in list(ExportFormat):
        raise UsageError(f"{format!r} is not a format of export", fix=f"give {', '.join(ExportFormat)}")
    with open_ledger(ledger) as opened:
        for path in write(opened.database, out, ExportFormat(format), dataset):
            emit(str(path))


@app.command()
def head(
    key: Annotated[
        list[Path] | None, typer.Option("--key", help="Private key to sign it with; repeat for several.")
    ] = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Print the newest entry of the chain, signed with --key, to be kept elsewhere."""
    with open_ledger(ledger) as opened:
        newest = opened.head()
    if newest is None:
        raise UsageError(
            "the ledger is empty: there is no head", where=ledger, fix="run `auditor audit` first"
        )
    if not key:
        emit_json({"index": newest.index, "hash": newest.hash})
        return
    from auditor.attest.head import sign_head
    from auditor.cli.keys import load_signer

    keys = [load_signer(path) for path in key]
    emit(sign_head(newest.index + 1, newest.hash, now(), keys).decode().rstrip())


@app.command()
@grouped
def verify(
    head: Annotated[
        Path | None, typer.Option(help="A head kept elsewhere: shows whether entries were cut off since.")
    ] = None,
    key: Annotated[
        list[Path] | None, typer.Option("--key", help="Public key that must have signed the head.")
    ] = None,
    rows: Annotated[bool, typer.Option("--rows/--no-rows", help="Hash the row files too.")] = True,
    *,
    asked: RecordOptions,
) -> None:
    """Check the chain, all that it covers and the row files; name the first broken entry."""
    from auditor.ledger.verification import verify as check

    expected = None if head is None else _read_head(head) if not key else _read_signed(head, key)
    if head is None and key:
        raise UsageError("--key says nothing without a head", fix="add --head FILE")
    with asked.open(read_only=True) as opened:
        found = check(opened.database, expected, files=rows)
    if asked.json:
        emit_json(found)
        raise typer.Exit(ExitCode.FAULT if found.broken else ExitCode.ALLOWED)
    if found.broken is not None:
        place = "outside the chain" if found.broken.index is None else f"entry {found.broken.index}"
        raise LedgerError(
            f"broken at {place}: {found.broken.reason}",
            where=asked.ledger,
            fix="restore the ledger from a copy",
        )
    emit(f"{found.entries:,} entries hold" + (f", head {found.head.hash}" if found.head else ""))
    if expected is None:
        say("No --head was given: entries cut off the end would not show.")


def _read_signed(path: Path, keys: list[Path]) -> Head:
    from auditor.attest.head import read_head
    from auditor.attest.keys import load_public
    from auditor.ledger.chain import Head

    signed = read_head(path, [load_public(key) for key in keys])
    return Head(signed.length - 1, signed.hash)


def _read_head(path: Path) -> Head:
    from auditor.ledger.chain import Head

    try:
        loaded = json.loads(read_regular(path))
        if "payload" in loaded:
            raise UsageError("the head is signed", where=str(path), fix="add --key KEY.pub")
        index, hashed = loaded["index"], loaded["hash"]
    except OSError as error:
        reason = f"the head cannot be read: {error.strerror}"
        raise UsageError(reason, where=str(path), fix="see `auditor ledger head`") from error
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceError(
            "the file does not hold a head", where=str(path), fix="see `auditor ledger head`"
        ) from error
    if not isinstance(index, int) or isinstance(index, bool) or index < 0 or not isinstance(hashed, str):
        raise EvidenceError("the file does not hold a head", where=str(path), fix="see `auditor ledger head`")
    return Head(index, hashed)
