"""Findings of the engine itself, whatever the pack: notes, and what sends the whole set to a person."""

from __future__ import annotations

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Evidence, Finding
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer
from auditor.policy.evaluate.findings import finding_id

NOT_JUDGED = ClauseRef("engine-rule", "what was not judged never passes")
NOT_READ = ClauseRef("engine-rule", "what was not read never passes")
DATASET = "dataset"


def engine_finding(
    rule: str,
    title: str,
    message: str,
    fix: str,
    *,
    cause: str = DATASET,
    subject: str = DATASET,
    samples: int = 0,
    clause: ClauseRef = NOT_JUDGED,
    evidence: tuple[Evidence, ...] = (),
    outcome: Outcome = Outcome.REVIEW,
    origins: tuple[str, ...] = (),
) -> Finding:
    """Return a finding, whose outcome is `review` unless it is a note.

    Args:
        cause: what its id goes by, beside rule and clause: who accepts it accepts this cause alone.
    """
    return Finding(
        id=finding_id(rule, cause, clause),
        rule=rule,
        outcome=outcome,
        title=title,
        message=message,
        layer=Layer.PROVENANCE,
        samples=samples,
        subject=subject,
        clauses=(clause,),
        fix=fix,
        evidence=evidence,
        origins=origins,
    )
