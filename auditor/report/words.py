"""The words, signs and numbers that all formats share."""

from __future__ import annotations

import re
from typing import assert_never

from auditor.domain.clause import ClauseRef
from auditor.domain.obligation import ObligationStatus
from auditor.domain.outcome import Outcome
from auditor.domain.pack_changes import PackChanges, catalog_said
from auditor.domain.plan import IntendedUse
from auditor.domain.report.judged_by import PolicyFacts
from auditor.domain.report.report import Report
from auditor.domain.waiver import waiver_line
from auditor.printable import plain as plain
from auditor.printable import visible as visible

NOT_SAID = (
    "The outcome holds for exactly these rows, this plan, this policy and this catalog. It says which rule "
    "spoke on which clause; it does not weigh a dispute, and it says nothing about what was not searched."
)
WAIVED_SIGN, WAIVED_WORD, ALLOWED_WAIVED = "◆", "WAIVED", "ALLOWED WITH WAIVERS"
UNKNOWN_SIGN = "○"


def sign(outcome: Outcome) -> str:
    """Return the shape that stands beside the word, so that color is never alone."""
    match outcome:
        case Outcome.DENY:
            return "■"
        case Outcome.REVIEW:
            return "▲"
        case Outcome.ALLOW_WITH_OBLIGATIONS:
            return "◐"
        case Outcome.ALLOW:
            return "●"
    assert_never(outcome)


def word(outcome: Outcome) -> str:
    """Return the outcome in the words of a reader."""
    match outcome:
        case Outcome.DENY:
            return "DENY"
        case Outcome.REVIEW:
            return "NEEDS REVIEW"
        case Outcome.ALLOW_WITH_OBLIGATIONS:
            return "ALLOW, WITH OBLIGATIONS"
        case Outcome.ALLOW:
            return "ALLOW"
    assert_never(outcome)


def is_waived(report: Report) -> bool:
    """Tell whether the set passes by waivers: a state of its own, which is never called allowed alone."""
    return report.outcome.passes and bool(waiver_line(report.waivers))


def verdict_sign(report: Report) -> str:
    """Return the sign of the set's state."""
    return WAIVED_SIGN if is_waived(report) else sign(report.outcome)


def verdict_word(report: Report) -> str:
    """Return the set's state in the words of a reader."""
    return ALLOWED_WAIVED if is_waived(report) else word(report.outcome)


def waiver_head(report: Report) -> str:
    """Say what was waived, by whom, until when and by which file; empty where nothing was."""
    line = waiver_line(report.waivers)
    return (
        f"{ALLOWED_WAIVED.capitalize() if is_waived(report) else 'Waivers applied'}: {line}" if line else ""
    )


def use_name(use: IntendedUse) -> str:
    """Return an intended use in plain words."""
    match use:
        case IntendedUse.RESEARCH_ONLY:
            return "research only"
        case IntendedUse.INTERNAL_COMMERCIAL:
            return "internal commercial use"
        case IntendedUse.COMMERCIAL_API:
            return "a commercial API"
        case IntendedUse.OPEN_WEIGHTS_RELEASE:
            return "an open-weights release"
    assert_never(use)


def count(number: int, noun: str, plural: str = "") -> str:
    """Return `1 row`, `2,000 rows`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent(part: int, whole: int) -> str:
    """Return a share with one decimal that is 0 % or 100 % only when it is exactly that."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < part < whole:
        share = min(max(share, 0.1), 99.9)
    return f"{share:.1f} %" if share not in (0, 100) else f"{share:.0f} %"


def short_digest(digest: str) -> str:
    """Return the first twelve hex digits behind the algorithm's name."""
    name, _, value = digest.rpartition(":")
    return f"{name}:{value[:12]}" if name else value[:12]


def clause_text(clause: ClauseRef) -> str:
    """Return `ref, section`."""
    return plain(f"{clause.ref}, {clause.section}" if clause.section else clause.ref)


def web_address(url: str) -> str:
    """Return an http(s) address as it is and anything else as nothing."""
    return url if re.fullmatch(r"https?://[^\s\"'<>`\\]+", url) else ""


def purpose(report: Report) -> str:
    """Return what the rows were judged for."""
    use = report.plan.intended_use if report.plan else None
    return use_name(use) if use else "any use (no use is planned)"


def sentence(report: Report) -> str:
    """Return the answer in one sentence that a manager can read."""
    if report.sentence:
        return plain(report.sentence)
    rows, policy = count(report.dataset.samples, "row"), plain(report.policy.name)
    policy += " (NOT the shipped pack)" if report.policy.shadows else ""
    policy += " by a catalog that is NOT the shipped one" if report.knowledge.replaced else ""
    if is_waived(report):
        left = count(open_duties(report), "obligation is", "obligations are")
        rest = f"{rows} judged for {purpose(report)} under policy {policy}; {left} still open"
        return f"{waiver_head(report)}. {rest}."
    match report.outcome:
        case Outcome.DENY:
            return f"{_tally(report)}. Not fit for {purpose(report)} under policy {policy}."
        case Outcome.REVIEW:
            return f"{_tally(report)}. Not yet fit for {purpose(report)}: a person must decide."
        case Outcome.ALLOW_WITH_OBLIGATIONS:
            duties = count(open_duties(report), "obligation is", "obligations are")
            return f"{rows} allowed for {purpose(report)} under policy {policy}; {duties} still open."
        case Outcome.ALLOW:
            return f"{rows} allowed for {purpose(report)} under policy {policy}."
    assert_never(report.outcome)


def open_duties(report: Report) -> int:
    """Return how many obligations are not met."""
    return sum(duty.status is not ObligationStatus.MET for duty in report.obligations)


def _tally(report: Report) -> str:
    spoken = [finding for finding in report.findings if finding.waived_by is None]
    denied = sum(finding.outcome is Outcome.DENY for finding in spoken)
    open_ = sum(finding.outcome is Outcome.REVIEW for finding in spoken)
    parts = [count(denied, "deny group")] if denied else []
    parts += [count(open_, "review group")] if open_ else []
    held = sum(not waiver.stale for waiver in report.waivers)
    parts += [count(held, "waiver")] if held else []
    return ", ".join(parts) or "No finding"


def policy_words(policy: PolicyFacts) -> str:
    """Return the pack in force and, in brackets, what it changes of the shipped ones."""
    name = plain(policy.name) + (f"@{plain(policy.version)}" if policy.version else "")
    return f"{name} ({said})" if (said := policy_changes(policy)) else name


def catalog_words(report: Report) -> str:
    """Return the catalog in force with its overlays and, in brackets, what they change of the shipped one."""
    facts = report.knowledge
    named = " + ".join(plain(one) for one in (facts.version, *facts.overlays) if one)
    return f"{named} ({said})" if (said := catalog_changes(report)) else named


def catalog_changes(report: Report) -> str:
    """Return what overlays change of the shipped catalog; empty for nothing."""
    return plain(catalog_said(report.knowledge.replaced, report.knowledge.added))


def policy_changes(policy: PolicyFacts) -> str:
    """Return what a pack changes of the shipped ones; empty for nothing."""
    shadows = tuple(policy.shadows.split(", ")) if policy.shadows else ()
    changes = PackChanges(policy.local, shadows, policy.overrides, policy.disabled)
    return plain(changes.words(policy.name))


def limits(report: Report) -> tuple[str, ...]:
    """Return what the outcome does not say, one sentence each."""
    coverage, dataset = report.coverage, report.dataset
    found = []
    if report.sampled:
        found.append("Only a sample of the set was read; the answer does not hold for the rest.")
    unsearched = dataset.samples - coverage.searched_rows
    if unsearched > 0:
        found.append(f"{count(unsearched, 'row was', 'rows were')} not searched for copied teacher text.")
    if coverage.insufficient:
        short = count(coverage.insufficient, "row is", "rows are")
        found.append(f"{short} too short to decide: neither a match nor a clearance.")
    if coverage.unknown_origin:
        found.append(f"{count(coverage.unknown_origin, 'row has', 'rows have')} no known origin.")
    if dataset.unreadable:
        found.append(f"{count(dataset.unreadable, 'row was', 'rows were')} unreadable and not judged.")
    broken = sum(bool(file.error) for file in dataset.files)
    if broken:
        found.append(f"{count(broken, 'file was', 'files were')} unreadable as a whole and not judged.")
    found += [plain(line) for line in coverage.not_searched]
    return tuple(found)
