"""What lies in the named data and was not read: in the report as facts, and as a finding for a person."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.domain.report.unread_file import UnreadFile
from auditor.domain.verdict import Layer
from auditor.engine.inputs import AuditInputs
from auditor.policy.evaluate.findings import finding_id
from auditor.printable import name_of
from auditor.samples.inputs.sources import place_of
from auditor.samples.unread import unread_beside

UNREAD = "data-unread"


def unread_files(setting: AuditInputs) -> tuple[UnreadFile, ...]:
    """Return every data-like file in the named data that gave no rows, but for what this audit writes."""
    request = setting.request
    out = place_of(request.out / "report.json").parent
    found = unread_beside(request.data, setting.source.inputs)
    return tuple(UnreadFile(one.name, one.reason) for one in found if place_of(one.path).parent != out)


def unread_findings(files: Sequence[UnreadFile]) -> tuple[Finding, ...]:
    """Return one finding that names all of them; none where there are none.

    Its id goes by their names: who accepted some files has not accepted others.
    """
    if not files:
        return ()
    clause = ClauseRef("engine-rule", "what was not read never passes")
    names = hashlib.sha256("\0".join(sorted(one.path for one in files)).encode()).hexdigest()
    several = len(files) > 1
    return (
        Finding(
            id=finding_id(UNREAD, names, clause),
            rule=UNREAD,
            outcome=Outcome.REVIEW,
            title="Files in the named data were not read",
            message=(
                f"{len(files):,} {'files' if several else 'file'} in the named data gave no rows, so nobody "
                f"knows what a trainer would learn there: {_listed(files)}."
            ),
            layer=Layer.PROVENANCE,
            samples=0,
            subject="dataset",
            clauses=(clause,),
            fix="name the data files alone, move the others out of the folder, or convert them",
        ),
    )


def _listed(files: Sequence[UnreadFile]) -> str:
    by_reason = sorted(files, key=lambda one: (one.reason, one.path))
    groups = groupby(by_reason, key=lambda one: one.reason)
    return "; ".join(
        f"{', '.join(name_of(one.path) for one in found)} ({reason})" for reason, found in groups
    )
