"""A finding that sends the whole set to a person, whatever the pack: what was not judged never passes."""

from __future__ import annotations

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Evidence, Finding
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer
from auditor.policy.evaluate.findings import finding_id

NOT_JUDGED = ClauseRef("engine-rule", "what was not judged never passes")
NOT_READ = ClauseRef("engine-rule", "what was not read never passes")
DATASET = "dataset"


def needs_review(
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
) -> Finding:
    """Return a finding whose outcome is `review`.

    Args:
        cause: what its id goes by, beside rule and clause: who accepts it accepts this cause alone.
    """
    return Finding(
        id=finding_id(rule, cause, clause),
        rule=rule,
        outcome=Outcome.REVIEW,
        title=title,
        message=message,
        layer=Layer.PROVENANCE,
        samples=samples,
        subject=subject,
        clauses=(clause,),
        fix=fix,
        evidence=evidence,
    )
