"""A comparison of two audits as text for a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.report.causes import tally
from auditor.report.comparison import Change, Comparison
from auditor.report.markdown import code, escape
from auditor.report.sentences import verdict_sign, verdict_word
from auditor.report.words import WAIVED_SIGN, count, plain, sign

_MOST = 40


def comparison_text(found: Comparison) -> str:
    """Return the comparison as lines, what is new first."""
    return "\n".join(_text(found)) + "\n"


def _text(found: Comparison) -> Iterator[str]:
    yield headline(found)
    yield rows_line(found)
    yield f"because: {'; '.join(map(plain, found.why)) or 'nothing that was recorded differs'}"
    for change in found.changes[:_MOST]:
        head = f"{change.turn.value:<11} {_sign(change)} {_rows(change)}"
        yield f"{head}  {plain(change.finding.rule)}  {_about(change)}"
    yield from _rest(found)


def comparison_markdown(found: Comparison) -> str:
    """Return the comparison for a pull request, at most 60 lines."""
    return "\n".join(_markdown(found)) + "\n"


def _markdown(found: Comparison) -> Iterator[str]:
    yield f"## {escape(headline(found))}"
    yield ""
    yield escape(rows_line(found))
    yield ""
    yield f"Because: {escape('; '.join(found.why)) or 'nothing that was recorded differs'}."
    if not found.changes:
        return
    yield ""
    yield "| Change | Rows | Cause | About |"
    yield "|---|---:|---|---|"
    for change in found.changes[:_MOST]:
        about = f"{code(change.finding.rule)} {escape(change.finding.subject)}"
        cause = f"{_sign(change)} {escape(change.finding.title)}"
        yield f"| {change.turn.value} | {_rows(change)} | {cause} | {about} |"
    yield from (f"| | | {line} | |" for line in _rest(found))


def headline(found: Comparison) -> str:
    """Return both outcomes, or that it stayed the same."""
    before, after = verdict_word(found.before), verdict_word(found.after)
    now = f"{verdict_sign(found.after)} {after}"
    return f"{now}, as before" if before == after else f"{verdict_sign(found.before)} {before} → {now}"


def rows_line(found: Comparison) -> str:
    """Return how many rows block, wait and pass, before and after."""
    was, now = tally(found.before), tally(found.after)
    parts = (
        ("denied", was.denied, now.denied),
        ("for a person", was.open, now.open),
        ("by waiver alone", was.waived, now.waived),
        ("pass", was.passing, now.passing),
    )
    said = (f"{a:,} → {b:,} {name}" if a != b else f"{a:,} {name}" for name, a, b in parts if a or b)
    return "rows: " + ", ".join(said) if found.before.origins or found.after.origins else "rows: none"


def _sign(change: Change) -> str:
    return WAIVED_SIGN if change.finding.waived_by is not None else sign(change.finding.outcome)


def _rows(change: Change) -> str:
    if change.rows_before == change.rows_after:
        return count(change.rows_after, "row")
    return f"{change.rows_before:,} → {count(change.rows_after, 'row')}"


def _about(change: Change) -> str:
    finding = change.finding
    subject = f"{plain(finding.subject)}: " if finding.subject else ""
    return f"{subject}{plain(finding.title)}  [{plain(finding.id)}]"


def _rest(found: Comparison) -> Iterator[str]:
    if len(found.changes) > _MOST:
        yield f"and {len(found.changes) - _MOST} more"
