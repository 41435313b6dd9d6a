"""Waivers: by two people, with an expiry, applied by finding id; findings of their own when they rot."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome, strictest
from auditor.domain.verdict import Layer, Reason, Verdict
from auditor.domain.waiver import Waiver, WaiverReason
from auditor.errors import PolicyError, UsageError
from auditor.policy.findings import finding_id
from auditor.policy.opinion import ENGINE
from auditor.strict_yaml import Document, fault, read

LONGEST_DAYS = 366
"""A waiver that runs longer is over-broad."""
_KEYS = tuple(Waiver.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Applied:
    """What waivers did to an audit."""

    findings: tuple[Finding, ...]
    """The findings, waived ones marked, and those that the waivers themselves are."""
    used: tuple[Waiver, ...]
    problems: tuple[Finding, ...]
    """Expired, stale, over-broad and outgrown waivers."""


def check(waiver: Waiver) -> Waiver:
    """Return the waiver if it may be written.

    Raises:
        UsageError: approved by its author, without a text, or with dates that make no sense.
    """
    if not _person(waiver.author):
        raise UsageError("a waiver names its author", fix="name an --author")
    if _person(waiver.approver) in (_person(waiver.author), ""):
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
        raise UsageError(f"no date: {error}", fix="write dates as 2027-01-31") from error
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


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """Read a waiver file; a missing file holds none.

    Raises:
        PolicyError: off the schema, or a waiver that could not have been written; with its place.
    """
    if not path.exists():
        return ()
    document = read(path)
    items = document.data.get("waivers") if isinstance(document.data, dict) else None
    if not isinstance(items, list) or set(document.data) - {"waivers"}:
        raise fault(PolicyError, "a waiver file holds a list `waivers`", document.where, document.mark())
    return tuple(_waiver(item, document, at) for at, item in enumerate(items))


def _waiver(item: Any, document: Document, at: int) -> Waiver:
    mark = document.mark("waivers", at)
    if not isinstance(item, dict) or set(item) - set(_KEYS):
        raise fault(PolicyError, f"a waiver has the keys {', '.join(_KEYS)}", document.where, mark)
    try:
        values = {key: str(value) for key, value in item.items() if key not in ("samples", "reason")}
        reason, samples = WaiverReason(str(item.get("reason"))), int(item.get("samples", 0))
        return check(Waiver(reason=reason, samples=samples, **values))
    except (TypeError, ValueError, OverflowError, UsageError) as error:
        raise fault(PolicyError, f"a waiver cannot be read: {error}", document.where, mark) from error


def save_waivers(path: Path, waivers: Iterable[Waiver]) -> None:
    """Write a waiver file in one step."""
    rows = [{**asdict(one), "reason": str(one.reason)} for one in waivers]
    text = yaml.safe_dump({"waivers": rows}, sort_keys=False, allow_unicode=True)
    partial = path.with_name(path.name + ".part")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


def apply_waivers(findings: Iterable[Finding], waivers: Iterable[Waiver], pack: str, today: date) -> Applied:
    """Mark waived findings; what expired, met nothing, reaches too far or was outgrown is a finding."""
    every = tuple(findings)
    by_id = {finding.id: finding for finding in every}
    marks: dict[str, Waiver] = {}
    problems: list[Finding] = []
    for waiver in waivers:
        problem = _problem(waiver, by_id.get(waiver.finding), pack, today)
        if problem is None:
            marks[waiver.finding] = waiver
        else:
            problems.append(problem)
    marked = tuple(
        replace(one, waived_by=f"{marks[one.id].approver} until {marks[one.id].expires}")
        if one.id in marks
        else one
        for one in every
    )
    return Applied((*marked, *problems), tuple(marks.values()), tuple(problems))


def _problem(waiver: Waiver, finding: Finding | None, pack: str, today: date) -> Finding | None:
    expires, created = date.fromisoformat(waiver.expires), date.fromisoformat(waiver.created)
    if expires < today:
        return _rotten(waiver, "waiver-expired", f"expired on {waiver.expires}", "Decide again, or drop it.")
    if created > today:
        text = f"holds from {waiver.created} on only"
        return _rotten(waiver, "waiver-stale", text, "Decide again when it starts.")
    if finding is None:
        return _rotten(waiver, "waiver-stale", "meets no finding", "Remove it from the waiver file.")
    if waiver.policy and waiver.policy != pack:
        return _rotten(waiver, "waiver-stale", f"was accepted under `{waiver.policy}`", "Decide again.")
    if (expires - created).days > LONGEST_DAYS:
        text = f"runs for more than {LONGEST_DAYS} days"
        return _rotten(waiver, "waiver-over-broad", text, "Give it an end within a year.")
    if waiver.rule != finding.rule:
        return _rotten(waiver, "waiver-stale", f"names the rule `{waiver.rule}`", "Decide again.")
    if finding.samples > waiver.samples:
        text = f"covers {waiver.samples:,} rows and the finding touches {finding.samples:,}"
        return _rotten(waiver, "waiver-over-broad", text, "Decide again for the rows that came since.")
    return None


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


def _waived(reason: Reason, origin: str, held: list[Finding]) -> Reason:
    about_origin = reason.subject in ("", origin)
    for one in held:
        same = one.rule == reason.rule and one.outcome is reason.outcome
        if same and (about_origin or one.subject == reason.subject):
            text = f"{reason.message} Waived by {one.waived_by}."
            return replace(reason, outcome=Outcome.ALLOW_WITH_OBLIGATIONS, message=text)
    return reason


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


def _person(name: str) -> str:
    """Fold a name: blanks, dots and characters that nobody sees make no other person."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] not in "ZCP")
