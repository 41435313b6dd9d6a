"""`auditor catalog stale | watch | coverage | new-teacher`: keep the catalog fresh, and add to it."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.answer_options import AnswerOptions, knowledge_of
from auditor.cli.common import KnowledgeOption, emit, emit_json, emit_lines, say, table, today
from auditor.cli.option_groups import grouped
from auditor.domain.claim import Access
from auditor.domain.exit_code import ExitCode
from auditor.errors import InputError, UsageError

if TYPE_CHECKING:
    from auditor.knowledge.watch import Copy

DAYS = 90


class TableFormat(StrEnum):
    """How a table for a page or a program is written."""

    MARKDOWN = "markdown"
    JSON = "json"


@grouped
def stale(
    days: Annotated[int, typer.Option("--days", min=0, help="Older than so many days.")] = DAYS,
    *,
    asked: AnswerOptions,
) -> None:
    """List the service texts in force that nobody has looked at for long; exit 3 where there are any."""
    from auditor.knowledge.stale import stale as found_stale

    facts = asked.catalog()
    found = found_stale(facts, today(), days)
    if asked.json:
        emit_json([{**_plain(one), "days": one.days} for one in found])
    else:
        head = ["days", "last seen", "terms", "teachers", "where it was read"]
        rows = [
            [_age(one.days), one.seen or "not said", one.terms, str(one.teachers), "; ".join(one.where)]
            for one in found
        ]
        for text in table([head, *rows]) if rows else ():
            emit(text)
    say(f"{len(found)} texts in force were last seen more than {days} days before {today().isoformat()}")
    if found:
        raise typer.Exit(ExitCode.REVIEW)


def _age(days: int | None) -> str:
    return "?" if days is None else str(days)


def _plain(one: object) -> dict[str, object]:
    from auditor.serialize import encode

    plain: dict[str, object] = encode(one)
    return plain


@grouped
def watch(
    folder: Annotated[Path, typer.Argument(help="Snapshots, as Open Terms Archive lays them out.")],
    against: Annotated[
        Path | None,
        typer.Option("--against", help="What an earlier --record wrote: for texts without a digest."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Write the digests of these texts, for --against.")
    ] = None,
    *,
    asked: AnswerOptions,
) -> None:
    """Say which texts changed since they were read: FOLDER/Service/Document.md beside the stored digests.

    Exit codes: 0 none changed, 3 some did and must be read again, 2 the folder holds none of them.
    """
    from auditor.knowledge.watch import Seen, digests_of
    from auditor.knowledge.watch import watch as compared

    found = compared(asked.catalog(), folder, _recorded(against) if against else None)
    if record is not None:
        from auditor.attest.files import write_new

        write_new(record, (json.dumps(digests_of(found), indent=1, sort_keys=True) + "\n").encode())
    calls = [one for one in found if one.state.calls]
    if asked.json:
        emit_json(found)
    else:
        for one in found:
            if one.state is not Seen.SAME:
                emit(_line(one))
    untold = sum(one.state is Seen.NOT_COMPARED for one in found)
    say(f"{len(found)} texts looked at, {len(calls)} to be read again, {untold} with nothing to compare to")
    if untold:
        say("keep their digests by --record FILE, and compare the next snapshots by --against FILE")
    if calls:
        raise typer.Exit(ExitCode.REVIEW)


def _line(one: Copy) -> str:
    gone = f": {', '.join(one.gone)} no longer stands as it was read" if one.gone else ""
    return f"{one.state}  {one.path}  ({', '.join(one.terms)}){gone}"


def _recorded(path: Path) -> dict[str, str]:
    """Read what `--record` wrote."""
    from auditor.files import read_regular
    from auditor.knowledge.watch import MAX_BYTES

    fix = "give the file that `auditor catalog watch --record` wrote"
    try:
        found = json.loads(read_regular(path, MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        raise InputError("the record cannot be read", where=str(path), fix=fix) from None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise InputError("this is not a record of digests", where=str(path), fix=fix)
    return found


def coverage(
    format: Annotated[TableFormat, typer.Option("--format", help="How to write.")] = TableFormat.MARKDOWN,
    knowledge: KnowledgeOption = None,
) -> None:
    """Write which texts were read, for each teacher by its path and period, and which nobody read."""
    from auditor.knowledge.coverage import coverage as covered
    from auditor.knowledge.coverage import markdown, tally, unread_texts

    facts = knowledge_of(knowledge)
    if format is TableFormat.MARKDOWN:
        emit_lines(markdown(facts).rstrip("\n"))
        return
    found = covered(facts)
    emit_json(
        {
            "version": facts.version,
            "counts": tally(found),
            "teachers": found,
            "unread": unread_texts(facts),
        }
    )


def new_teacher(
    name: Annotated[str, typer.Argument(help="The model, as its maker names it.")],
    developer: Annotated[str, typer.Option(help="Who makes it.")] = "to be read - its maker",
    access: Annotated[Access, typer.Option(help="How it is reached.")] = Access.API,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the overlay; default: by the name.")
    ] = None,
    knowledge: KnowledgeOption = None,
) -> None:
    """Write an overlay for a teacher that the catalog lacks: its entries, and what must be read for them."""
    from auditor.attest.files import write_new
    from auditor.knowledge.new_teacher import template

    if access in (Access.NONE, Access.UNKNOWN):
        raise UsageError(
            f"--access {access} is no path to a model", fix="give api, open-weights or consumer-app"
        )
    files = template(name, developer, access, today(), knowledge_of(knowledge))
    folder = out or Path(files["teachers.yaml"].partition("- id: ")[2].partition("\n")[0])
    there = [folder / file for file in files if (folder / file).exists() or (folder / file).is_symlink()]
    if there:
        raise UsageError("a file is there already", where=str(there[0]), fix="choose another --out")
    for file, text in files.items():
        write_new(folder / file, text.encode())
        emit(str(folder / file))
    say(f"read what is asked there, then: auditor catalog lint {folder}")
