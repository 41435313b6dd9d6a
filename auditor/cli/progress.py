"""Progress on stderr: one line that moves on a terminal, a line every 30 seconds elsewhere.

Elsewhere is where most runs are (CI, logs), and there a bar of a library shows nothing or thousands of lines.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread

from auditor.cli.common import say
from auditor.printable import line

_EACH = 1.0
"""Seconds."""


def animated() -> bool:
    """Tell whether stderr may carry a moving display."""
    return sys.stderr.isatty() and "CI" not in os.environ and os.environ.get("TERM") != "dumb"


class MovingLine:
    """A line on stderr that is written over."""

    def __init__(self) -> None:
        self.live, self._shown = animated(), time.monotonic()

    def is_due(self) -> bool:
        """Tell whether enough time has passed since the last line, and count from now."""
        instant = time.monotonic()
        if instant - self._shown < (0.1 if self.live else 30.0):
            return False
        self._shown = instant
        return True

    def show(self, text: str) -> None:
        """Write over the line on a terminal; say another one elsewhere."""
        if self.live:
            self._write(line(text))
        else:
            say(text)

    def begin(self, text: str) -> None:
        """Show the first text on a terminal; elsewhere a short run says nothing."""
        if self.live:
            self._write(line(text))

    def leave(self, text: str) -> None:
        """Let the last text stand on a terminal, where it was the last of many."""
        if self.live:
            self._write(f"{line(text)}\n")

    def close(self) -> None:
        """Remove the line."""
        if self.live:
            self._write("")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[2K{text}")
        sys.stderr.flush()


class Progress:
    """Rows done, rows/s and time left."""

    def __init__(self, label: str, total: int | None, size: int | None = None) -> None:
        self._label, self._total = label, total
        self._of = "" if size is None else f" of {_bytes(size)}"
        self._start = time.monotonic()
        self._moving = MovingLine()
        self._first = f"{label}  0%{self._of}" if self._of or total else label
        self._moving.begin(self._first)
        self._begun, self._lock = Event(), Lock()
        self._waiting = Thread(target=self._wait, name="auditor-progress", daemon=True)
        if self._moving.live:
            self._waiting.start()

    def _wait(self) -> None:
        """Show that time passes until the first rows are done: indexes are opened, and files looked at."""
        while not self._begun.wait(_EACH):
            with self._lock:
                if not self._begun.is_set():
                    self._moving.begin(f"{self._first}  {time.monotonic() - self._start:,.0f} s")

    def update(self, rows: int, total: int | None = None, share: float | None = None) -> None:
        """Report the `rows` done in all, of `total` where that is known by now, or a share of all."""
        self._total = total or self._total
        self._end_waiting()
        if self._moving.is_due():
            if share is None and self._total:
                share = min(rows / self._total, 1.0)
            self._moving.show(self._line(rows, share, time.monotonic()))

    def _line(self, rows: int, share: float | None, instant: float) -> str:
        seconds = max(instant - self._start, 1e-6)
        shown = f"{self._label}  {rows:,} rows  {rows / seconds:,.0f} rows/s"
        if share:
            filled = int(share * 24)
            left = seconds * (1 - share) / share
            shown += f"  [{'#' * filled}{'.' * (24 - filled)}] {share:4.0%}{self._of}  {left:,.0f} s left"
        return shown

    def close(self) -> None:
        """Remove the bar."""
        self._end_waiting()
        self._moving.close()

    def _end_waiting(self) -> None:
        if not self._begun.is_set():
            with self._lock:
                self._begun.set()


def _bytes(size: int) -> str:
    """Return a size for people."""
    for unit in ("bytes", "KiB", "MiB"):
        if size < 10_000:
            return f"{size:,} {unit}"
        size >>= 10
    return f"{size:,} GiB"


@contextmanager
def progress(label: str, total: int | None = None, size: int | None = None) -> Iterator[Progress]:
    """Show progress on stderr while the block runs.

    Args:
        total: how many rows are expected, where that is known.
        size: of how many bytes the shares are that it is told.
    """
    bar = Progress(label, total, size)
    try:
        yield bar
    finally:
        bar.close()
