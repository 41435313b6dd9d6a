"""Recorded audits under two catalogs: which of them would come out otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.cli.common import now
from auditor.domain.outcome import Outcome, strictest
from auditor.domain.plan import IntendedUse, Plan
from auditor.errors import AuditorError, UsageError
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.pack.load import CompiledPack, load_pack

if TYPE_CHECKING:
    from sqlmodel import Session

    from auditor.domain.origin import Origin, OriginTeacher
    from auditor.knowledge.catalog import Knowledge
    from auditor.ledger.answers import AuditLine

DEFAULT_PACK = "default"


@dataclass(frozen=True, slots=True)
class AuditChange:
    """The newest audit of a data set, judged by the catalog in use and by another one."""

    audit: str
    dataset: str
    before: Outcome
    after: Outcome
    subjects: frozenset[str]
    """Catalog ids that its rows rest on."""
    uses: Mapping[str, tuple[Outcome, Outcome]]
    """Where its plan was not given: the uses that would come out otherwise."""
    note: str = ""
    told: bool = True
    """False: its plan was not given, so that no more than its uses could be judged."""

    @property
    def changes(self) -> bool:
        """Tell whether its outcome would be another, for its plan or for some use."""
        return self.before is not self.after or bool(self.uses)

    def touches(self, subjects: Iterable[str]) -> bool:
        """Tell whether the audit rests on one of these."""
        return not self.subjects.isdisjoint(one.lower() for one in subjects)

    def words(self) -> str:
        """Say what becomes of it."""
        name = f"{self.dataset!r} ({self.audit})"
        note = f"; {self.note}" if self.note else ""
        if self.uses:
            said = ", ".join(f"{use}: {old} → {new}" for use, (old, new) in self.uses.items())
            return f"{name} changes for {said}{note}"
        if not self.told:
            return f"{name} is {self.before}; whether that stays cannot be told without its plan{note}"
        if self.before is not self.after:
            return f"{name} changes: {self.before} → {self.after}{note}"
        return f"{name} stays {self.before}{note}"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "audit": self.audit,
            "dataset": self.dataset,
            "before": str(self.before),
            "after": str(self.after),
            "changes": self.changes,
            "uses": {use: [str(old), str(new)] for use, (old, new) in self.uses.items()},
            "told": self.told,
            "note": self.note,
        }


def audit_changes(
    ledger: str, old: Knowledge, new: Knowledge, subjects: Collection[str], plans: Sequence[Path]
) -> list[AuditChange]:
    """Judge the newest audit of each data set by both catalogs; those that stay as they are untouched go.

    Args:
        ledger: none there is no error: nothing is on record.
        subjects: ids that differ between the catalogs.
        plans: of the audits; one that is not given is judged for every use.
    """
    from auditor.ledger.answers import list_audits, newest_audits
    from auditor.ledger.store import Ledger

    known = _plans(plans)
    try:
        opened = Ledger.open(ledger, now, create=False, read_only=True)
    except UsageError:
        return []
    with opened, opened.database.reading() as session:
        newest = set(newest_audits(session))
        lines = [one for one in list_audits(session) if one.id in newest]
        found = [_judged(session, line, old, new, known) for line in lines]
    return [one for one in found if one.changes or one.touches(subjects)]


def _plans(paths: Sequence[Path]) -> dict[str, Plan]:
    from auditor.attest.record import declared, plan_digest
    from auditor.policy.plan.plans import load_plan

    loaded = [load_plan(path) for path in paths]
    return {str(plan_digest(declared(plan))): plan for plan in loaded}


def _judged(
    session: Session, line: AuditLine, old: Knowledge, new: Knowledge, plans: Mapping[str, Plan]
) -> AuditChange:
    from sqlmodel import col, select

    from auditor.ledger.facts import read_origins
    from auditor.ledger.tables import Audit, AuditTerms, StoredVerdict

    audit = session.get_one(Audit, line.id)
    judged = select(StoredVerdict.origin_id).where(
        col(StoredVerdict.audit_id) == line.id, col(StoredVerdict.samples) > 0
    )
    origins = read_origins(session, sorted(session.exec(judged)))
    terms = session.exec(select(AuditTerms.terms_id).where(col(AuditTerms.audit_id) == line.id))
    pack, note = _pack(audit.policy, audit.policy_digest)
    day = date.fromisoformat(audit.finished_at[:10])
    plan = plans.get(audit.plan_digest)
    unknown = bool(audit.plan_digest) and plan is None
    if unknown:
        note = "; ".join(filter(None, (note, "give it by --plan")))
    outcomes = [
        _outcomes([_resolved(one, facts) for one in origins.values()], pack, facts, plan, day, every=unknown)
        for facts in (old, new)
    ]
    recorded = Outcome(audit.outcome)
    before, after = (strictest(one.values()) if one else recorded for one in outcomes)
    uses = {use: (outcomes[0][use], outcomes[1][use]) for use in outcomes[0]} if unknown else {}
    # What was stricter for the whole set, as unread rows are, stays so under any catalog; so do waivers.
    moved = after if recorded is before else strictest((recorded, after))
    later = recorded if after is before else moved
    return AuditChange(
        audit=line.id,
        dataset=line.dataset,
        before=recorded,
        after=recorded if unknown else later,
        subjects=frozenset(
            one.lower() for one in (*terms, *(id for origin in origins.values() for id in _ids(origin)))
        ),
        uses={use: pair for use, pair in uses.items() if pair[0] is not pair[1]},
        note=note,
        told=not unknown,
    )


def _ids(origin: Origin) -> list[str]:
    return [*(one.id for one in origin.teachers), *(one.expression for one in origin.licenses)]


def _pack(policy: str, digest: str) -> tuple[CompiledPack, str]:
    """Return the pack of an audit, and a word where it cannot be had as it was."""
    name = policy.partition("@")[0]
    try:
        pack = load_pack(name)
    except AuditorError:
        return load_pack(DEFAULT_PACK), f"its policy {name} is not here: judged by {DEFAULT_PACK}"
    return pack, "" if pack.digest == digest else f"the rules of {name} have changed since"


def _outcomes(
    origins: Sequence[Origin],
    pack: CompiledPack,
    facts: Knowledge,
    plan: Plan | None,
    day: date,
    *,
    every: bool,
) -> dict[str, Outcome]:
    """Return what the origins come to together: for the plan, or for every use."""
    if not origins:
        return {}
    plans = {str(use): Plan(intended_use=use) for use in IntendedUse} if every else {"": plan}
    judges = {use: Judge(EvaluationContext(pack, facts, one, day)) for use, one in plans.items()}
    return {use: strictest(judge.judge(one).outcome for one in origins) for use, judge in judges.items()}


def _resolved(origin: Origin, facts: Knowledge) -> Origin:
    """Return the origin with its teachers as this catalog knows them."""
    return replace(origin, teachers=tuple(_teacher(one, facts) for one in origin.teachers))


def _teacher(teacher: OriginTeacher, facts: Knowledge) -> OriginTeacher:
    if teacher.resolved and teacher.id in facts.teachers:
        return teacher
    found = facts.resolve(teacher.name, teacher.access, teacher.generated_at, teacher.host)
    id = found.teacher or teacher.name
    return replace(teacher, id=id, resolved=found.teacher is not None, candidates=found.candidates)
