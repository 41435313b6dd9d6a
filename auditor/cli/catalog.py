"""`auditor catalog`: look up teachers, terms and licenses, and check the files they come from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli import catalog_bundles, catalog_explain, catalog_keeping
from auditor.cli.answer_options import AnswerOptions, knowledge_of, under
from auditor.cli.common import DataFormat, FormatOption, emit, emit_json, emit_lines, say, table
from auditor.cli.option_groups import grouped
from auditor.domain.claim import Access
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.knowledge.catalog import Knowledge

app = typer.Typer(help="Look up teachers, terms and licenses.", no_args_is_help=True)

Filter = Annotated[str | None, typer.Argument(help="Show entries that contain this text.")]


def _print(
    knowledge: Knowledge, kind: str, rows: list[dict[str, Any]], columns: list[str], json: bool
) -> None:
    """Print entries as JSON, or one a line with its columns."""
    if json:
        emit_json({"version": knowledge.version, "overlays": list(knowledge.overlays), kind: rows})
        return
    for text in table([[_cell(row[column]) for column in columns] for row in rows]):
        emit(text)
    say(f"{len(rows)} {kind}, knowledge of {knowledge.version}")


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _lister(kind: str, columns: list[str]) -> Callable[..., None]:
    """Return the command that lists the entries of one kind."""

    @grouped
    def list_entries(text: Filter = None, *, asked: AnswerOptions) -> None:
        from auditor.knowledge import listing

        rows_of = {
            "teachers": listing.teacher_rows,
            "terms": listing.terms_rows,
            "sets": listing.set_rows,
            "licenses": listing.license_rows,
        }[kind]
        facts = asked.catalog()
        _print(facts, kind, rows_of(facts, text), columns, asked.json)

    return list_entries


for _kind, _columns, _help in (
    (
        "teachers",
        ["id", "developer", "access", "terms"],
        "List teacher models with the terms that govern their outputs.",
    ),
    (
        "terms",
        ["id", "outputs", "openness", "name"],
        "List licenses and service terms with what they say about outputs.",
    ),
    (
        "sets",
        ["id", "by", "generated", "license", "confidence", "aliases", "source"],
        "List public sets of model output: who wrote them, when, under which license, and who says so.",
    ),
    ("licenses", ["id", "family", "openness", "name"], "List dataset licenses."),
):
    app.command(_kind, help=_help)(_lister(_kind, _columns))


@app.command()
@grouped
def resolve(
    name: Annotated[str, typer.Argument(help="A model's name, as somebody wrote it.")],
    access: Annotated[Access | None, typer.Option(help="How it was reached.")] = None,
    date: Annotated[str | None, typer.Option(help="When: 2025-03-31, 2025-03, 2025, or FROM/TO.")] = None,
    host: Annotated[str | None, typer.Option(help="Who served it.")] = None,
    *,
    asked: AnswerOptions,
) -> None:
    """Say which model a name is, and which terms held for it."""
    from auditor.knowledge.asof import read_range
    from auditor.knowledge.listing import resolution_row, resolution_text

    if not name.strip():
        raise UsageError("a name is needed", fix="give the model's name, e.g. gpt-4o-2024-08-06")
    if read_range(date) is None:
        raise UsageError(f"`{date}` is not a date", fix="write 2025-03-31, 2025-03, 2025, or FROM/TO")
    found = asked.catalog().resolve(name, access, date, host)
    if asked.json:
        emit_json(resolution_row(found))
    else:
        emit_lines(resolution_text(found))


@app.command()
@grouped
def license(
    text: Annotated[str | None, typer.Argument(help="A license string, tag or SPDX expression.")] = None,
    file: Annotated[Path | None, typer.Option(help="A license text found beside the data.")] = None,
    *,
    asked: AnswerOptions,
) -> None:
    """Say how a license string, or a license text in a file, is read."""
    from auditor.knowledge.license_texts import identify_license_file
    from auditor.knowledge.listing import license_reading

    if (text is None) == (file is None):
        raise UsageError(
            "give a license string, or a text with --file", fix="auditor catalog license cc-by-4.0"
        )
    facts = asked.catalog()
    read = identify_license_file(file) if file is not None else facts.normalize_license(text)
    row = license_reading(read)
    if asked.json:
        emit_json(under(facts, row))
    else:
        emit(f"{row['status']}: {row['expression']}")
        for key in ("candidates", "note"):
            if row[key]:
                emit(f"  {key}: {_cell(row[key])}")


@app.command()
@grouped
def show(
    id: Annotated[str, typer.Argument(help="The id of terms, a dataset license, a teacher or a known set.")],
    asked: AnswerOptions,
) -> None:
    """Show an entry in full: every clause with its section, source and confidence."""
    from auditor.knowledge.listing import entry_of, entry_text

    facts = asked.catalog()
    entry = entry_of(facts, id)
    if entry is None:
        named = facts.resolve(id).teacher
        hint = f"it names a teacher: auditor catalog show {named}" if named else "`catalog terms` lists ids"
        raise UsageError(f"`{id}` is not in the catalog", fix=hint)
    if asked.json:
        emit_json({**entry, "overlays": list(facts.overlays)})
    else:
        emit_lines(entry_text(entry))


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="A folder of knowledge files.")],
    new: Annotated[Path | None, typer.Argument(help="A second folder; else OLD as an overlay.")] = None,
    format: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Compare two knowledge folders, or an overlay with the shipped knowledge."""
    from auditor.knowledge.compare import compare
    from auditor.knowledge.load import load_folders, load_knowledge

    before = load_knowledge() if new is None else load_folders((old,))
    after = load_knowledge(old) if new is None else load_folders((new,))
    changes = compare(before, after)
    if format is DataFormat.JSON:
        emit_json({"old": before.digest, "new": after.digest, "changes": [c.as_dict() for c in changes]})
        return
    for change in changes:
        emit(str(change))
    say(f"{len(changes)} changes")


@app.command()
def lint(
    overlay: Annotated[Path | None, typer.Argument(help="An overlay to check as well.")] = None,
    format: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Check the knowledge: schema, references, patterns, unreachable and contradictory entries."""
    from auditor.knowledge.lint import lint_knowledge

    remarks = lint_knowledge(knowledge_of(overlay))
    if format is DataFormat.JSON:
        emit_json([{"where": r.where, "message": r.message} for r in remarks])
    else:
        for remark in remarks:
            emit(f"{remark.where}: {remark.message}")
    say(f"{len(remarks)} remarks")
    if remarks:
        raise typer.Exit(2)


app.command()(catalog_explain.explain)
app.command()(catalog_keeping.stale)
app.command()(catalog_keeping.watch)
app.command()(catalog_keeping.coverage)
app.command(name="new-teacher")(catalog_keeping.new_teacher)
app.command()(catalog_bundles.export)
app.command()(catalog_bundles.bundle)
app.command()(catalog_bundles.update)
app.command()(catalog_bundles.bundles)


@app.command(name="import-dpi")
@grouped
def import_dpi(
    folder: Annotated[Path, typer.Argument(help="A folder of Data Provenance Initiative records.")],
    asked: AnswerOptions,
) -> None:
    """Resolve teachers and licenses of DPI records; what does not map is listed, nothing is dropped."""
    from auditor.knowledge.dpi import read_dpi, summarize

    facts = asked.catalog()
    found = read_dpi(folder, facts)
    summary = summarize(found)
    if asked.json:
        emit_json(
            {
                "overlays": list(facts.overlays),
                "summary": summary,
                "records": [r.as_dict() for r in found.records],
            }
        )
        return
    for key, value in summary.items():
        emit(f"{key.replace('_', ' ')}: {_cell(value)}")
