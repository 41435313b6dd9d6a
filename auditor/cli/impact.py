"""`auditor impact`: what a change of one teacher's, license's or service's terms touches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.answer_options import AnswerOptions, under
from auditor.cli.common import DEFAULT_LEDGER, LedgerOption, emit, emit_json, now, say
from auditor.cli.option_groups import grouped

if TYPE_CHECKING:
    from auditor.knowledge.catalog import Knowledge


@grouped
def impact(
    subject: Annotated[str, typer.Argument(help="A teacher id or name, a terms id, or an SPDX license id.")],
    ledger: LedgerOption = DEFAULT_LEDGER,
    *,
    asked: AnswerOptions,
) -> None:
    """List the audited datasets and the students that rest on a teacher, on terms or on a license."""
    from auditor.ledger.answers import impact as touched_by
    from auditor.ledger.store import Ledger
    from auditor.serialize import encode

    facts = asked.catalog()
    names = _names(subject, facts)
    with Ledger.open(ledger, now, create=False) as opened, opened.database.reading() as session:
        every = [touched_by(session, name) for name in names]
    found = next((one for one in every if one.audits), every[0])
    if asked.json:
        emit_json(under(facts, encode(found)))
        return
    if found.subject != subject:
        say(f"`{subject}` is `{found.subject}` in the catalog")
    if not found.audits:
        emit(f"Nothing on record rests on {subject!r}.")
    if not found.audits and len(names) == 1:
        say("the catalog knows no other name for it (see `auditor catalog resolve NAME`)")
    for audit in found.audits:
        age = "newest audit" if audit.newest else "older audit"
        touched = f"{audit.dataset!r}  {audit.samples:,} rows  {audit.outcome}"
        emit(f"{touched}  {age} {audit.audit} of {audit.finished_at}")
    for student in found.students:
        emit(f"student {student.name!r}  trained {student.trained_at} on {student.dataset_digest}")


def _names(subject: str, facts: Knowledge) -> tuple[str, ...]:
    """Return the names that a subject goes by: as given, then by the catalog."""
    from auditor.domain.license import LicenseStatus

    license = facts.normalize_license(subject)
    names = [subject, facts.resolve(subject).teacher]
    names += [license.expression] if license.status is LicenseStatus.KNOWN else []
    return tuple(dict.fromkeys(str(name) for name in names if name))
