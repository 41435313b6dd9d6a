"""From an error or a report to the exit code, the same for all commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.domain.exit_code import ExitCode, of_audit
from auditor.errors import AuditorError, EnvironmentFault, EvidenceError, LedgerError, RefusedError

if TYPE_CHECKING:
    from auditor.domain.report.report import Report


def of_error(error: AuditorError) -> ExitCode:
    """Map an error: a refusal is a verdict, our side is a fault, the rest is the user's to mend."""
    if isinstance(error, RefusedError):
        return ExitCode.DENIED
    if isinstance(error, EvidenceError | LedgerError | EnvironmentFault):
        return ExitCode.FAULT
    return ExitCode.INVALID


def of_report(report: Report, *, review_ok: bool = False) -> ExitCode:
    """Map an audit by what its report answers, not by the code that it states."""
    unreadable = any(file.error for file in report.dataset.files)
    return of_audit(report.outcome, unreadable_files=unreadable, review_ok=review_ok)
