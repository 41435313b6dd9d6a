"""What the commands share: options, talk on stderr, data on stdout, progress."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from auditor.errors import UsageError
from auditor.printable import line, lines
from auditor.redact import redact

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
        help="Overlay folder that adds or overrides catalog entries.",
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
    """Write `value` to stdout as JSON, keys in the order given."""
    emit_lines(json.dumps(value, indent=2, ensure_ascii=False, default=str))


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


def animated() -> bool:
    """Tell whether stderr may carry a moving display."""
    return sys.stderr.isatty() and "CI" not in os.environ and os.environ.get("TERM") != "dumb"


class Progress:
    """Rows done, rows/s and time left: a bar on a terminal, a line every 30 s elsewhere."""

    def __init__(self, label: str, total: int | None) -> None:
        self._label = label
        self._total = total
        self._start = self._shown = time.monotonic()
        self._rows = 0
        self._live = animated()

    def update(self, rows: int) -> None:
        """Report the `rows` done in all."""
        self._rows = rows
        instant = time.monotonic()
        if instant - self._shown < (0.1 if self._live else 30.0):
            return
        self._shown = instant
        shown = self._line(instant)
        if self._live:
            sys.stderr.write(f"\r\x1b[2K{line(shown)}")
            sys.stderr.flush()
        else:
            say(shown)

    def _line(self, instant: float) -> str:
        seconds = max(instant - self._start, 1e-6)
        shown = f"{self._label}  {self._rows:,} rows  {self._rows / seconds:,.0f} rows/s"
        if self._total and self._rows:
            share = min(self._rows / self._total, 1.0)
            filled = int(share * 24)
            left = seconds * (1 - share) / share
            shown += f"  [{'#' * filled}{'.' * (24 - filled)}] {share:4.0%}  {left:,.0f} s left"
        return shown

    def close(self) -> None:
        """Remove the bar."""
        if self._live:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Progress]:
    """Show progress on stderr while the block runs; `total` rows are expected, where that is known."""
    bar = Progress(label, total)
    try:
        yield bar
    finally:
        bar.close()
