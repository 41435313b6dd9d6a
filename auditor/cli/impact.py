"""`auditor impact`: what a change of one teacher's, license's or service's terms touches."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.cli.common import DEFAULT_LEDGER, DataFormat, FormatOption, LedgerOption, emit, emit_json, now


def impact(
    subject: Annotated[str, typer.Argument(help="A teacher id or name, a terms id, or an SPDX license id.")],
    ledger: LedgerOption = DEFAULT_LEDGER,
    format: FormatOption = DataFormat.TERMINAL,
) -> None:
    """List the audited datasets and the students that rest on a teacher, on terms or on a license."""
    from auditor.ledger.answers import impact as touched_by
    from auditor.ledger.plain import plain
    from auditor.ledger.store import Ledger

    with Ledger.open(ledger, now, create=False) as opened, opened.database.reading() as session:
        found = touched_by(session, subject)
    if format is DataFormat.JSON:
        emit_json(plain(found))
        return
    if not found.audits:
        emit(f"Nothing on record rests on {subject!r}.")
    for audit in found.audits:
        age = "newest audit" if audit.newest else "older audit"
        touched = f"{audit.dataset!r}  {audit.samples:,} rows  {audit.outcome}"
        emit(f"{touched}  {age} {audit.audit} of {audit.finished_at}")
    for student in found.students:
        emit(f"student {student.name!r}  trained {student.trained_at} on {student.dataset_digest}")
