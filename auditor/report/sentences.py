"""What all formats say of a whole report: the answer, what changes it, and what it does not say."""

from __future__ import annotations

from typing import assert_never

from auditor.domain.obligation import ObligationStatus
from auditor.domain.outcome import Outcome
from auditor.domain.pack_changes import PackChanges, catalog_said
from auditor.domain.report.judged_by import PolicyFacts, bundle_said
from auditor.domain.report.report import Report
from auditor.printable import plain
from auditor.report.causes import block_words
from auditor.report.words import (
    ALLOWED_WAIVED,
    WAIVED_SIGN,
    count,
    is_waived,
    percent,
    sign,
    use_name,
    waiver_head,
    word,
)

NOT_SAID = (
    "The outcome holds for exactly these rows, this plan, this policy and this catalog. It says which rule "
    "spoke on which clause; it does not weigh a dispute, and it says nothing about what was not searched."
)


def verdict_sign(report: Report) -> str:
    """Return the sign of the set's state."""
    return WAIVED_SIGN if is_waived(report) else sign(report.outcome)


def verdict_word(report: Report) -> str:
    """Return the set's state in the words of a reader."""
    return ALLOWED_WAIVED if is_waived(report) else word(report.outcome)


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
    if (bundle := report.knowledge.bundle) is not None:
        policy += f" by the catalog bundle {plain(bundle.series)} {bundle.serial}"
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
    held = sum(not waiver.stale for waiver in report.waivers)
    parts = [said] if (said := block_words(report)) else []
    parts += [count(held, "waiver applies", "waivers apply")] if held else []
    return "; ".join(parts) or "No finding"


def policy_words(policy: PolicyFacts) -> str:
    """Return the pack in force and, in brackets, what it changes of the shipped ones."""
    name = plain(policy.name) + (f"@{plain(policy.version)}" if policy.version else "")
    return f"{name} ({said})" if (said := policy_changes(policy)) else name


def catalog_words(report: Report) -> str:
    """Return the catalog in force with its overlays and, in brackets, what they change of the shipped one."""
    facts = report.knowledge
    base = f"{facts.version}, {bundle_said(facts.bundle)}" if facts.bundle else facts.version
    named = " + ".join(plain(one) for one in (base, *facts.overlays) if one)
    return f"{named} ({said})" if (said := catalog_changes(report)) else named


def catalog_changes(report: Report) -> str:
    """Return what overlays change of the shipped catalog; empty for nothing."""
    return plain(catalog_said(report.knowledge.replaced, report.knowledge.added))


def policy_changes(policy: PolicyFacts) -> str:
    """Return what a pack changes of the shipped ones; empty for nothing."""
    shadows = tuple(policy.shadows.split(", ")) if policy.shadows else ()
    changes = PackChanges(policy.local, shadows, policy.overrides, policy.disabled)
    return plain(changes.words(policy.name))


def search_words(report: Report) -> str:
    """Return how far the search for copies decided: all only where all learned text was searched."""
    coverage, total = report.coverage, report.dataset.samples
    if not coverage.searched_rows:
        return ""
    decided = coverage.searched_rows - coverage.insufficient - coverage.unreadable_text
    if decided == total and not searched_all(report):
        return "decided something of every row, not all text"
    return f"decided {percent(decided, total)}"


def searched_all(report: Report) -> bool:
    """Tell whether all text that a trainer may learn was read, searched and long enough to decide."""
    coverage, dataset = report.coverage, report.dataset
    missed = report.unread or dataset.unreadable or any(file.error for file in dataset.files)
    return not (missed or coverage.unjudged_columns or coverage.decided_chars < coverage.learned_chars)


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
    if coverage.unreadable_text:
        held = count(coverage.unreadable_text, "row holds", "rows hold")
        found.append(f"{held} text that is encoded or disguised and was not undone: it was not compared.")
    if coverage.public_text:
        held = count(coverage.public_text, "row matches", "rows match")
        found.append(f"{held} teachers only in public text, which is evidence for none of them.")
    if coverage.unknown_origin:
        held = f" ({coverage.unattributed_chars:,} characters)" if coverage.unattributed_chars else ""
        found.append(f"{count(coverage.unknown_origin, 'row has', 'rows have')} no known origin{held}.")
    if dataset.unreadable:
        found.append(f"{count(dataset.unreadable, 'row was', 'rows were')} unreadable and not judged.")
    broken = sum(bool(file.error) for file in dataset.files)
    if broken:
        found.append(f"{count(broken, 'file was', 'files were')} unreadable as a whole and not judged.")
    if report.unread:
        found.append(f"{count(len(report.unread), 'file was', 'files were')} in the named data and not read.")
    if coverage.unjudged_columns:
        held = count(coverage.unjudged_columns, "column holds", "columns hold")
        found.append(f"{held} prose that was neither attributed nor searched.")
    if coverage.searched_rows and coverage.decided_chars < coverage.learned_chars:
        left = coverage.learned_chars - coverage.decided_chars
        found.append(
            f"{left:,} of {coverage.learned_chars:,} characters of learned text were too short to decide."
        )
    found += [plain(line) for line in coverage.not_searched]
    return tuple(found)
