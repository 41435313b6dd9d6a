"""`auditor report`: show an audit again from its folder."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.common import DEFAULT_OUT, say

if TYPE_CHECKING:
    from auditor.report.interface import Style
    from auditor.report.model import Report


def style() -> Style:
    """Return the layout for this terminal; NO_COLOR and pipes get plain text."""
    from auditor.report.interface import Style

    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return Style(width=min(shutil.get_terminal_size((100, 24)).columns, 120), color=color)


def report(
    folder: Annotated[Path, typer.Argument(help="An audit's folder, or its report.json.")] = DEFAULT_OUT,
    format: Annotated[
        list[str] | None,
        typer.Option(help="terminal, json, markdown, html, sarif, junit or github; repeatable."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
    show: Annotated[bool, typer.Option("--open", help="Write the HTML report and open it.")] = False,
) -> None:
    """Show an audit again, in any format."""
    from auditor.errors import UsageError
    from auditor.report.interface import write_atomically, writers
    from auditor.report.jsonfile import read_report

    chosen = writers(format or (["html"] if show else ["terminal"]))
    if out is not None and len(chosen) > 1:
        raise UsageError("one file holds one format", fix="give --format once, or leave --out away")
    loaded = read_report(folder)
    if show:
        _open(loaded, out or (folder if folder.is_dir() else folder.parent) / "report.html")
        return
    for writer in chosen:
        content = writer.render(loaded, style())
        if out is not None:
            write_atomically(out, content)
        else:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()


def _open(report: Report, path: Path) -> None:
    import webbrowser

    from auditor.report.html import HtmlWriter
    from auditor.report.interface import write_atomically

    write_atomically(path, HtmlWriter().render(report, style()))
    if webbrowser.open(path.resolve().as_uri()):
        say(f"opened {path}")
    else:
        say(f"no browser to open it with; the report is {path}")
