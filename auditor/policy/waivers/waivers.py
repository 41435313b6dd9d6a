"""Waivers: by two people, with an expiry, applied by finding id; findings of their own when they rot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome, strictest
from auditor.domain.verdict import Layer, Reason, Verdict
from auditor.domain.waiver import Approval, Waiver, same_person
from auditor.errors import UsageError
from auditor.policy.evaluate.decision import ENGINE
from auditor.policy.evaluate.findings import finding_id

LONGEST_DAYS = 366
"""A waiver that runs longer is over-broad."""
MOST_TIMES, SPARE_ROWS = 2, 100
"""A waiver of more rows than so many times those of the finding, and than so many more, is over-broad."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What waivers did to an audit."""

    findings: tuple[Finding, ...]
    """The findings, waived ones marked, and those that the waivers themselves are."""
    used: tuple[Waiver, ...]
    problems: tuple[Finding, ...]
    """Waivers that do not hold: expired, stale, over-broad, outgrown, unsigned."""


def check(waiver: Waiver) -> Waiver:
    """Return the waiver if it may be written.

    Raises:
        UsageError: approved by its author, without a text, or with dates that make no sense.
    """
    if not same_person(waiver.author):
        raise UsageError("a waiver names its author", fix="name an --author")
    if same_person(waiver.approver) in (same_person(waiver.author), ""):
        raise UsageError(
            "a waiver is approved by somebody else than its author", fix="name another --approver"
        )
    if len(waiver.text.strip()) < 10:
        raise UsageError(
            "a waiver says in words why the finding is accepted", fix="give --text of a sentence"
        )
    try:
        created, expires = date.fromisoformat(waiver.created), date.fromisoformat(waiver.expires)
    except ValueError as error:
        raise UsageError(f"not a date: {error}", fix="write dates as 2027-01-31") from error
    if expires < created:
        raise UsageError("the waiver expires before it starts", fix="give a later --expires")
    return waiver


def propose(waiver: Waiver, finding: Finding) -> Waiver:
    """Return a new waiver of a finding if it may be written.

    Raises:
        UsageError: as `check`, or it would not hold: nothing a waiver lifts, too long, over too many rows.
    """
    if not finding.origins:
        raise UsageError(
            f"no waiver lifts `{finding.rule}`: it is about the whole set or about a waiver",
            where=str(finding.id),
            fix=finding.fix or "settle it, and audit again",
        )
    checked = check(waiver)
    if (date.fromisoformat(checked.expires) - date.fromisoformat(checked.created)).days > LONGEST_DAYS:
        raise UsageError(
            f"a waiver runs {LONGEST_DAYS} days at most",
            where=str(finding.id),
            fix="give an earlier --expires",
        )
    if checked.samples > finding.samples:
        raise UsageError(
            f"the waiver covers {checked.samples:,} rows and the finding touches {finding.samples:,}",
            where=str(finding.id),
            fix="leave --samples out, or give a smaller number",
        )
    return checked


@dataclass(frozen=True, slots=True)
class WaiverTerms:
    """What a waiver must meet in one audit."""

    pack: str
    today: date
    use: str = ""
    """The planned use; empty where none is planned."""
    approvals: Mapping[Waiver, Approval] | None = None
    """What the signatures under each waiver come to; None asks for none."""


def apply_waivers(findings: Iterable[Finding], waivers: Iterable[Waiver], terms: WaiverTerms) -> Applied:
    """Mark waived findings; a waiver that does not hold is a finding itself, and lifts nothing."""
    every = tuple(findings)
    by_id = {finding.id: finding for finding in every}
    covering: dict[str, Waiver] = {}
    problems: list[Finding] = []
    for waiver in waivers:
        problem = _problem(waiver, by_id.get(waiver.finding), terms) or _unsigned(waiver, terms)
        if problem is None:
            covering[waiver.finding] = waiver
        else:
            problems.append(problem)
    marked = tuple(
        replace(one, waived_by=f"{accepted_by(covering[one.id], terms)} until {covering[one.id].expires}")
        if one.id in covering
        else one
        for one in every
    )
    return Applied((*marked, *problems), tuple(covering.values()), tuple(problems))


def accepted_by(waiver: Waiver, terms: WaiverTerms) -> str:
    """Return who accepted a waiver that holds: those who signed it, where signatures were asked for."""
    return waiver.approver if terms.approvals is None else " and ".join(terms.approvals[waiver].people)


def _problem(waiver: Waiver, finding: Finding | None, terms: WaiverTerms) -> Finding | None:
    expires, created = date.fromisoformat(waiver.expires), date.fromisoformat(waiver.created)
    if expires < terms.today:
        return _rotten(waiver, "waiver-expired", f"expired on {waiver.expires}", "Decide again, or drop it.")
    if created > terms.today:
        text = f"holds from {waiver.created} on only"
        return _rotten(waiver, "waiver-stale", text, "Decide again when it starts.")
    if finding is None:
        return _rotten(waiver, "waiver-stale", "meets no finding", "Remove it from the waiver file.")
    if waiver.policy and waiver.policy != terms.pack:
        return _rotten(waiver, "waiver-stale", f"was accepted under `{waiver.policy}`", "Decide again.")
    if waiver.use and waiver.use != terms.use:
        return _rotten(waiver, "waiver-stale", f"was accepted for {waiver.use}", "Decide again.")
    if waiver.rule != finding.rule:
        return _rotten(waiver, "waiver-stale", f"names the rule `{waiver.rule}`", "Decide again.")
    if not finding.origins:
        text = f"is of `{finding.rule}`, which is about the whole set: no waiver lifts it"
        return _rotten(waiver, "waiver-over-broad", text, "Settle the finding, and remove the waiver.")
    if (expires - created).days > LONGEST_DAYS:
        text = f"runs for more than {LONGEST_DAYS} days"
        return _rotten(waiver, "waiver-over-broad", text, "Give it an end within a year.")
    if finding.samples > waiver.samples:
        text = f"covers {waiver.samples:,} rows and the finding touches {finding.samples:,}"
        return _rotten(waiver, "waiver-over-broad", text, "Decide again for the rows that came since.")
    if waiver.samples > max(MOST_TIMES * finding.samples, finding.samples + SPARE_ROWS):
        text = f"covers {waiver.samples:,} rows where the finding touches only {finding.samples:,}"
        return _rotten(waiver, "waiver-over-broad", text, "Decide again for the rows that are there.")
    return None


def _unsigned(waiver: Waiver, terms: WaiverTerms) -> Finding | None:
    """Return the finding that a waiver is which lacks the signatures that the policy asks for."""
    if terms.approvals is None:
        return None
    approval = terms.approvals.get(waiver, Approval())
    if approval.holds:
        return None
    had, needed = len(approval.keys), approval.needed
    text = f"has {had} of {needed} valid signature{'s' * (needed != 1)} of trusted approvers"
    if approval.faults:
        text += f" ({'; '.join(approval.faults)})"
    fix = "Have it signed by an approver: `auditor waive approve FILE --key K`; see --approver-key."
    return _rotten(waiver, "waiver-unsigned", text, fix)


def _rotten(waiver: Waiver, rule: str, problem: str, fix: str) -> Finding:
    clause = ClauseRef(ENGINE, "a waiver that rots is a finding")
    return Finding(
        id=finding_id(rule, waiver.finding, clause),
        rule=rule,
        outcome=Outcome.REVIEW,
        title="A waiver does not hold",
        message=f"The waiver of {waiver.finding} by {waiver.approver} {problem}.",
        layer=Layer.PROVENANCE,
        samples=0,
        subject=waiver.finding,
        clauses=(clause,),
        fix=fix,
    )


def waive_verdict(verdict: Verdict, origin: str, findings: Iterable[Finding]) -> Verdict:
    """Return the verdict of an origin in which the reasons behind waived findings no longer block.

    Args:
        origin: the origin's id.
        findings: marked ones, as `apply_waivers` gives them.
    """
    held = [one for one in findings if one.waived_by and origin in one.origins]
    reasons = tuple(_waived(reason, origin, held) for reason in verdict.reasons)
    if reasons == verdict.reasons:
        return verdict
    return replace(verdict, reasons=reasons, outcome=strictest(reason.outcome for reason in reasons))


def waived_finding(reason: Reason, origin: str, findings: Iterable[Finding]) -> Finding | None:
    """Return the waived finding that a reason on an origin stands in; None where it is not waived."""
    about_origin = reason.subject in ("", origin)
    for one in findings:
        same = one.rule == reason.rule and one.outcome is reason.outcome and origin in one.origins
        if same and one.waived_by and (about_origin or one.subject == reason.subject):
            return one
    return None


def _waived(reason: Reason, origin: str, held: list[Finding]) -> Reason:
    found = waived_finding(reason, origin, held)
    if found is None:
        return reason
    text = f"{reason.message} Waived by {found.waived_by}."
    return replace(reason, outcome=Outcome.ALLOW_WITH_OBLIGATIONS, message=text)


def effective_outcome(
    verdicts: Mapping[str, Verdict], applied: Applied, whole: Iterable[Outcome] = ()
) -> Outcome:
    """Return the outcome of a set once waivers count: origins as waived, and every finding that stands.

    Args:
        verdicts: verdict by origin id.
        whole: outcomes that no waiver touches.
    """
    origins = (waive_verdict(verdict, id, applied.findings).outcome for id, verdict in verdicts.items())
    standing = (one.outcome for one in applied.findings if not one.waived_by)
    return strictest((*origins, *standing, *whole))
