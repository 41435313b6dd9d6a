"""What the commands share: options, talk on stderr, data on stdout, the clock."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from auditor.errors import UsageError
from auditor.printable import line, lines
from auditor.redact import redact
from auditor.serialize import encode

DEFAULT_OUT = Path("auditor-out")
DEFAULT_LEDGER = ".auditor/ledger.db"

LedgerOption = Annotated[
    str,
    typer.Option("--ledger", help="Ledger: a SQLite path or a postgresql:// URL.", envvar="AUDITOR_LEDGER"),
]
KnowledgeOption = Annotated[
    Path | None,
    typer.Option(
        "--knowledge",
        help="Overlay folder that adds or overrides catalog entries, or sha256: of a bundle.",
        envvar="AUDITOR_KNOWLEDGE",
    ),
]


class DataFormat(StrEnum):
    """How a look-up command prints."""

    TERMINAL = "terminal"
    JSON = "json"


def report_formats() -> list[str]:
    """Return the names of the report formats, for completion."""
    from auditor.report.interface import names

    return list(names())


def policy_packs() -> list[str]:
    """Return the names of the packs, for completion."""
    from auditor.policy.pack.load import pack_names

    return list(pack_names())


FormatsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        help="Default terminal; also json, markdown, html, sarif, junit, github; repeatable.",
        autocompletion=report_formats,
    ),
]
FormatOption = Annotated[DataFormat, typer.Option("--format", help="How to print.")]


def say(message: str) -> None:
    """Talk to the user on stderr, one line; no name within it can break or color it, nor show a secret."""
    typer.echo(redact(line(message)), err=True)


def emit(text: str) -> None:
    """Write one line of data to stdout; no name within it can break or color it."""
    typer.echo(line(text))


def emit_lines(text: str) -> None:
    """Write lines to stdout, none of which acts on a terminal or commands a CI log."""
    typer.echo(lines(text))


def emit_json(value: Any) -> None:
    """Write `value`, domain facts too, to stdout as JSON; keys in the order given."""
    emit_lines(json.dumps(encode(value), indent=2, ensure_ascii=False))


def now() -> datetime:
    """Read the clock once, at the border; `SOURCE_DATE_EPOCH` fixes it for reproducible runs."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is None:
        return datetime.now(tz=UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(fixed), tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"SOURCE_DATE_EPOCH is not a Unix time: {fixed!r}", fix="give whole seconds"
        ) from error


def present() -> datetime:
    """Return the time for comparing an expiry: SOURCE_DATE_EPOCH may set it forward, never back."""
    return max(now(), datetime.now(tz=UTC))


def today() -> date:
    """Return the date of `now`."""
    return now().date()


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines, each column as wide as its longest cell."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return ["  ".join(cells).rstrip() for cells in padded]
