"""`auditor report`: show an audit again from its folder."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.common import DEFAULT_OUT
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.report.interface import Style


def style() -> Style:
    """Return the layout for this terminal; NO_COLOR and pipes get plain text."""
    from auditor.report.interface import Style

    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return Style(width=min(shutil.get_terminal_size((100, 24)).columns, 120), color=color)


def report(
    folder: Annotated[Path, typer.Argument(help="An audit's folder.")] = DEFAULT_OUT,
    format: Annotated[str, typer.Option(help="terminal, json, markdown or html.")] = "terminal",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to a file instead.")] = None,
) -> None:
    """Show an audit again, in any format."""
    import json

    from auditor.report.interface import write_atomically, writer
    from auditor.report.model import from_json

    path = folder / "report.json"
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("no report is here", where=str(path), fix="run `auditor audit` first") from error
    content = writer(format).render(from_json(loaded), style())
    if out is not None:
        write_atomically(out, content)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
