"""The words, signs and numbers that all formats share."""

from __future__ import annotations

import re
from typing import assert_never

from auditor.domain.clause import ClauseRef
from auditor.domain.outcome import Outcome
from auditor.domain.plan import IntendedUse
from auditor.domain.report.report import Report
from auditor.domain.waiver import waiver_line
from auditor.printable import plain as plain
from auditor.printable import visible as visible

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
