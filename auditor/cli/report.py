"""`auditor report`: show an audit again from its folder."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.common import DEFAULT_OUT, FormatsOption, say
from auditor.printable import lines

if TYPE_CHECKING:
    from auditor.domain.report.report import Report
    from auditor.report.interface import Style, Writer


def style() -> Style:
    """Return the layout for this terminal; NO_COLOR and pipes get plain text."""
    from auditor.report.interface import Style

    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return Style(width=min(shutil.get_terminal_size((100, 24)).columns, 120), color=color)


def report(
    places: Annotated[
        list[Path] | None,
        typer.Argument(
            help=f"An audit's folder or report.json (default {DEFAULT_OUT}), or `compare` and two of them.",
            show_default=False,
        ),
    ] = None,
    format: FormatsOption = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
    show: Annotated[bool, typer.Option("--open", help="Write the HTML report and open it.")] = False,
    reference: Annotated[
        list[Path] | None,
        typer.Option(help="Files the index was built of: shows matched rows side by side; repeatable."),
    ] = None,
    text_column: Annotated[str, typer.Option(help="Their column of text.")] = "text",
    id_column: Annotated[
        str | None, typer.Option(help="Their column that names a text; else file#row.")
    ] = None,
    data: Annotated[
        list[str] | None, typer.Option(help="The audited data; as audited by default; repeatable.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="An earlier audit: only causes that it lacks are shown.")
    ] = None,
) -> None:
    """Show an audit again, in any format.

    A report holds no row text. With --reference the matched stretches of the example rows are read again and
    set beside the teacher texts, for HTML and JSON. `report compare A B` says what changed from one audit to
    the next, and why; with --baseline only what is new is shown, and the outcome stays that of all rows.
    """
    from auditor.errors import UsageError
    from auditor.report.comparison import only_new
    from auditor.report.interface import write_atomically, writers
    from auditor.report.jsonfile import read_report

    if places and places[0] == Path("compare"):
        _compare(places[1:], format, out)
        return
    folder = _only(places)
    chosen = writers(format or (["html"] if show else ["terminal"]))
    if out is not None and len(chosen) > 1:
        raise UsageError("one file holds one format", fix="give --format once, or leave --out away")
    if baseline is not None and any(writer.name == "json" for writer in chosen):
        raise UsageError("report.json holds all causes", fix="choose another --format with --baseline")
    loaded = read_report(folder)
    if reference:
        loaded = _side_by_side(loaded, folder, data, _references(reference, text_column, id_column))
    if baseline is not None:
        loaded = only_new(loaded, read_report(baseline))
    if show:
        _open(loaded, out or (folder if folder.is_dir() else folder.parent) / "report.html")
        return
    for writer in chosen:
        content = writer.render(loaded, style())
        if out is not None:
            write_atomically(out, content)
        else:
            print_report(writer, content)


def _only(places: list[Path] | None) -> Path:
    from auditor.errors import UsageError

    if places and len(places) > 1:
        raise UsageError("one audit is shown at a time", fix="auditor report compare A B")
    return places[0] if places else DEFAULT_OUT


def _compare(places: list[Path], format: list[str] | None, out: Path | None) -> None:
    from auditor.errors import UsageError
    from auditor.report.comparison import compare
    from auditor.report.comparison_words import comparison_markdown, comparison_text
    from auditor.report.interface import write_atomically
    from auditor.report.jsonfile import read_report

    if len(places) != 2:
        raise UsageError("a comparison takes two audits", fix="auditor report compare BEFORE AFTER")
    if (named := (format or ["terminal"])[-1]) not in ("terminal", "markdown") or len(format or "x") > 1:
        raise UsageError(f"a comparison is not written as {named}", fix="choose terminal or markdown")
    found = compare(*map(read_report, places))
    text = comparison_markdown(found) if named == "markdown" else comparison_text(found)
    if out is not None:
        write_atomically(out, text.encode("utf-8", "backslashreplace"))
    else:
        sys.stdout.buffer.write(lines(text).encode("utf-8", "backslashreplace"))


def print_report(writer: Writer, content: bytes) -> None:
    """Write a report to stdout; no name in it acts on a terminal or commands a CI log."""
    # The terminal's report looks after its own names, since its colors act; GitHub's is made of commands.
    if writer.name not in ("terminal", "github"):
        content = lines(content.decode("utf-8", "replace")).encode()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _references(files: list[Path], text: str, id: str | None) -> Iterator[tuple[str, str]]:
    from auditor.cli.texts import read_texts

    for batch in read_texts(files, [text], [id] if id else []):
        yield from zip(batch[id or "row_id"].to_pylist(), batch[text].to_pylist(), strict=True)


def _side_by_side(
    report: Report, folder: Path, data: list[str] | None, references: Iterator[tuple[str, str]]
) -> Report:
    from auditor.engine.pairs import with_pairs
    from auditor.samples.source import open_source

    audit = folder if folder.is_dir() else folder.parent
    return with_pairs(report, audit, open_source(data or report.dataset.arguments), references)


def _open(report: Report, path: Path) -> None:
    import webbrowser

    from auditor.report.html import HtmlWriter
    from auditor.report.interface import write_atomically

    write_atomically(path, HtmlWriter().render(report, style()))
    if webbrowser.open(path.resolve().as_uri()):
        say(f"opened {path}")
    else:
        say(f"no browser to open it with; the report is {path}")
