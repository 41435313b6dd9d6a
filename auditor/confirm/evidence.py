"""What an audit's verdict is held against before it is signed: its ledger entry, its rows, or only itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor.attest.record import AuditRecord
from auditor.confirm.entry import compare_with_entry
from auditor.confirm.grounds import check_made, grounds_of
from auditor.confirm.rejudge import rejudge
from auditor.confirm.reread import read_again, what_lacks
from auditor.domain.permit import EvidenceMode
from auditor.errors import EvidenceError, UsageError
from auditor.ledger.location import locate


@dataclass(frozen=True, slots=True)
class Held:
    """How a verdict was held up, and why not better."""

    mode: EvidenceMode
    reasons: tuple[str, ...] = ()
    """Why nothing but the report could be compared; empty for the other modes."""


def hold_up(
    record: AuditRecord,
    clock: Callable[[], datetime],
    *,
    dataset: Sequence[str] = (),
    ledger: str | None = None,
    default_ledger: str = ".auditor/ledger.db",
    progress: Callable[[int, int], None] = lambda rows, total: None,
) -> Held:
    """Judge an audit's origins again, then hold it against its ledger entry or its rows.

    Args:
        dataset: the audited data; empty takes the report's paths, where there is no ledger entry.
        ledger: the ledger that must hold the audit; None looks into the default one.
        progress: told how many rows were judged again, and of how many.

    Raises:
        EvidenceError: the audit does not come out the same, or its entry tells something else.
        LedgerError: the ledger named cannot be read.
        InputError, UsageError: the data or the ledger named is not there.
    """
    check_made(record, clock())
    grounds = grounds_of(record)
    rejudge(record, grounds)
    reasons: list[str] = []
    in_ledger = _in_ledger(record, ledger, default_ledger, clock, reasons)
    if in_ledger and not dataset:
        return Held(EvidenceMode.LEDGER)
    data = tuple(dataset) or record.report.dataset.arguments
    lacks = what_lacks(record, data, named=bool(dataset))
    if lacks is None:
        read_again(record, grounds, data, progress)
        return Held(EvidenceMode.ROWS)
    if in_ledger:
        return Held(EvidenceMode.LEDGER)
    return Held(EvidenceMode.REPORT_ONLY, (*reasons, lacks))


def _in_ledger(
    record: AuditRecord,
    ledger: str | None,
    default: str,
    clock: Callable[[], datetime],
    reasons: list[str],
) -> bool:
    if not record.report.audit_id:
        if ledger is not None:
            raise UsageError("the report names no ledger entry", fix="leave --ledger out")
        reasons.append("the report names no ledger entry")
        return False
    if ledger is None and not _exists(default):
        reasons.append(f"there is no ledger {default}")
        return False
    why = compare_with_entry(record, ledger or default, clock)
    if why is None:
        return True
    if ledger is not None:
        raise EvidenceError(
            why, where=locate(ledger).shown, fix="name the ledger of the audit, or leave --ledger out"
        )
    reasons.append(why)
    return False


def _exists(ledger: str) -> bool:
    path = locate(ledger).path
    return path is None or path.exists()
