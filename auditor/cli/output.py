"""Where an audit's folder goes, what it replaces, and the one line that is left of it under --quiet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.common import say
from auditor.errors import AuditorError

if TYPE_CHECKING:
    from auditor.domain.report.report import Report
    from auditor.engine.request import AuditRequest


@contextmanager
def output_folder(request: AuditRequest, *, keep: bool) -> Iterator[AuditRequest]:
    """Yield the request as it is, or with a folder that is gone afterwards; say what is replaced."""
    if keep:
        say_replaced(request.out)
        yield request
        return
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        yield replace(request, out=Path(folder))


def say_replaced(out: Path) -> None:
    """Tell that the folder holds an earlier audit, which this one replaces."""
    from auditor.domain.report.codec import FILE_NAME
    from auditor.report.jsonfile import read_report
    from auditor.report.words import plain

    if not (out / FILE_NAME).is_file():
        return
    try:
        made = read_report(out).created_at or "an unknown date"
    except AuditorError:
        made = "an unknown date (its report cannot be read)"
    say(f"replaces the audit of {plain(made)} in {plain(str(out))}")


def one_line(report: Report, *, kept: bool) -> str:
    """Return the outcome, the first reason that blocks, and the command that tells more."""
    from auditor.report.place import located
    from auditor.report.view import spoken
    from auditor.report.words import count, plain, word

    first = next((one for one in spoken(report) if one.waived_by is None), None)
    broken = next((file for file in report.dataset.files if file.error), None)
    reason = "see the report"
    if first is not None:
        about = f" ({plain(first.subject)})" if first.subject and first.subject != "dataset" else ""
        where = f", e.g. {plain(located(first.evidence[0].sample_id, report))}" if first.evidence else ""
        rows = count(first.samples, "row")
        reason = f"{rows}, {first.rule}{about}: {plain(first.title)}{where}"
    if broken is not None:
        reason = f"{plain(broken.seen)} cannot be read: {plain(broken.error)}"
    return f"auditor: {word(report.outcome)}: {reason}. Next: {_next(report, kept)}"


def _next(report: Report, kept: bool) -> str:
    if kept:
        return next(iter(report.next_commands), "auditor report")
    named = f" --config {report.config.path}" if report.config else ""
    return f"auditor audit{named}" if named else "the same command without --quiet and --no-out"
