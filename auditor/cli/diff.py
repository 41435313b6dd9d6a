"""`auditor diff`: a data set held against what was made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.common import KnowledgeOption, emit, emit_json, emit_lines, say
from auditor.cli.option_groups import grouped
from auditor.cli.progress import progress
from auditor.domain.exit_code import ExitCode

if TYPE_CHECKING:
    from auditor.engine.conversion.compare import Conversion


class DiffFormat(StrEnum):
    """How a comparison prints."""

    TERMINAL = "terminal"
    JSON = "json"
    MARKDOWN = "markdown"


_MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="ROLE[@SLOT]=PATH", help="What a column of SOURCE is; repeatable."),
]


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """What columns are, where it is guessed wrong, and how to answer."""

    map: _MapOption = None
    converted_map: Annotated[
        list[str] | None,
        typer.Option(
            "--converted-map", metavar="ROLE[@SLOT]=PATH", help="The same of CONVERTED; repeatable."
        ),
    ] = None
    knowledge: KnowledgeOption = None
    network: Annotated[bool, typer.Option("--network", help="Allow hf:// downloads.")] = False
    format: Annotated[DiffFormat, typer.Option("--format", help="How to print.")] = DiffFormat.TERMINAL


@grouped
def diff(
    source: Annotated[str, typer.Argument(help="The data set as it was: a file, glob or folder.")],
    converted: Annotated[str, typer.Argument(help="What was made of it.")],
    asked: DiffOptions,
) -> None:
    """Say which rows a conversion kept, lost, invented and changed, and which claims it lost.

    Rows are joined by their learned text, whatever the shape, white space or chat template. Exit codes: 0 no
    claim was lost, 3 provenance was lost, 1 no row of one stands in the other.
    """
    from auditor.cli.answer_options import knowledge_of
    from auditor.engine.conversion.compare import compare
    from auditor.engine.conversion.side import read_side
    from auditor.samples.shapes.mapping import read_mapping

    facts = knowledge_of(asked.knowledge)
    maps = read_mapping(asked.map or []), read_mapping(asked.converted_map or [], "--converted-map")
    sides = []
    for data, mapping in zip((source, converted), maps, strict=True):
        with progress(f"reading {Path(data).name}", None) as bar:
            sides.append(read_side([data], facts, mapping, bar.update, network=asked.network))
    found = compare(*sides)
    match asked.format:
        case DiffFormat.JSON:
            emit_json(_as_json(found, source, converted))
        case DiffFormat.MARKDOWN:
            emit_lines("\n".join(_markdown(found, source, converted)))
        case DiffFormat.TERMINAL:
            for text in _terminal(found):
                emit(text)
    for side, unread in zip((source, converted), found.unreadable, strict=True):
        if unread:
            say(f"{unread:,} rows or files of {side} could not be read and were not compared")
    if found.sources_left_out:
        say(f"the sources of {found.sources_left_out:,} rows are too many to be compared one by one")
    raise typer.Exit(_code(found))


def _code(found: Conversion) -> ExitCode:
    if found.is_apart:
        return ExitCode.DENIED
    return ExitCode.REVIEW if found.provenance_lost else ExitCode.ALLOWED


_ROWS = ("kept", "changed", "lost", "invented")


def _counts(found: Conversion) -> Iterator[tuple[str, int, str]]:
    notes = {
        "kept": f"{found.dropped:,} of them in an equal row" if found.dropped else "",
        "invented": f"{found.repeated:,} more repeat a row" if found.repeated else "",
    }
    for name in _ROWS:
        shown = ", ".join(found.examples.get(name, ())[:3])
        note = notes.get(name, "")
        yield name, getattr(found, name), "; ".join(filter(None, (note, f"e.g. {shown}" if shown else "")))


def _terminal(found: Conversion) -> Iterator[str]:
    from auditor.engine.conversion.compare import first

    yield f"{found.source_rows:,} rows -> {found.converted_rows:,} rows"
    for name, count, note in _counts(found):
        yield f"{name:9} {count:>10,}{f'  {note}' if note else ''}"
    for one in found.provenance_lost:
        row, other = one.examples[0]
        now = f"; it now says {', '.join(first(one.says_now))}" if one.says_now else ""
        said = f"{one.rows:,} rows: {', '.join(first(one.values))}{now}"
        yield f"provenance lost: {one.kind} in `{one.where}`, {said}"
        yield f"                 e.g. {row} -> {other}"
    if found.is_apart:
        yield "no row of the source was found in the conversion: nothing was compared"
    elif not found.provenance_lost:
        yield "no claim was lost"


def _markdown(found: Conversion, source: str, converted: str) -> Iterator[str]:
    from auditor.engine.conversion.compare import first
    from auditor.report.markdown import escape

    yield f"## {escape(source)} → {escape(converted)}"
    yield ""
    yield "| rows | count | |"
    yield "|---|---:|---|"
    yield f"| in the source | {found.source_rows:,} | |"
    yield f"| in the conversion | {found.converted_rows:,} | |"
    for name, count, note in _counts(found):
        yield f"| {name} | {count:,} | {escape(note)} |"
    yield ""
    if not found.provenance_lost:
        apart = "No row of the source was found in the conversion: nothing was compared."
        yield apart if found.is_apart else "No claim was lost."
        return
    yield "### Provenance lost"
    yield ""
    yield "| claim | where | rows | said | says now |"
    yield "|---|---|---:|---|---|"
    for one in found.provenance_lost:
        said, now = escape(", ".join(first(one.values))), escape(", ".join(first(one.says_now)))
        yield f"| {one.kind} | {escape(one.where)} | {one.rows:,} | {said} | {now} |"


def _as_json(found: Conversion, source: str, converted: str) -> dict[str, Any]:
    return {
        "source": source,
        "converted": converted,
        "rows": {
            "source": found.source_rows,
            "converted": found.converted_rows,
            **{name: getattr(found, name) for name in (*_ROWS, "dropped", "repeated")},
            "sources_left_out": found.sources_left_out,
            "unreadable": {"source": found.unreadable[0], "converted": found.unreadable[1]},
        },
        "examples": found.examples,
        "provenance_lost": found.provenance_lost,
        "findings": list(found.findings()),
    }
