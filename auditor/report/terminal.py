"""The answer as a terminal shows it: groups by cause, counts, what was not searched, what to do next."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from auditor.domain.finding import Evidence, Finding
from auditor.domain.obligation import Obligation, ObligationStatus
from auditor.domain.outcome import Outcome
from auditor.domain.report.report import Report
from auditor.printable import lines
from auditor.redact import redact
from auditor.report.interface import Style
from auditor.report.sentences import (
    NOT_SAID,
    catalog_words,
    limits,
    policy_words,
    search_words,
    sentence,
    verdict_sign,
    verdict_word,
)
from auditor.report.sheet import sheet_lines
from auditor.report.view import MAX_GROUPS, Group, grouped, hints, rows_by_outcome, spoken
from auditor.report.words import (
    UNKNOWN_SIGN,
    WAIVED_SIGN,
    WAIVED_WORD,
    clause_text,
    count,
    percent,
    plain,
    sign,
    use_name,
    waiver_head,
    word,
)

_INDENT = 16
_MOST = 12
_SHEET = 24
_BENEATH = 6
_COLORS = {"■": "31", "▲": "33", "◆": "34", "●": "32", "◐": "32", "○": "2"}
_SHORT = {
    Outcome.DENY: "DENY",
    Outcome.REVIEW: "NEEDS REVIEW",
    Outcome.ALLOW_WITH_OBLIGATIONS: "OBLIGATIONS",
    Outcome.ALLOW: "ALLOW",
}


class TerminalWriter:
    """Write plain text, colored only when the style says so."""

    name = "terminal"
    file_name = "summary.txt"

    def render(self, report: Report, style: Style) -> bytes:
        """Return UTF-8 text, no line wider than the style's width but a long word and what is waived."""
        paragraphs = ["".join(_lines(head, text, style) for head, text in block) for block in _blocks(report)]
        if head := waiver_head(report):
            # Not wrapped: what passes by a waiver is on the first line whole, for a log's reader too.
            line = f"{WAIVED_SIGN} {plain(head)}"
            code = _COLORS[WAIVED_SIGN]
            paragraphs.insert(0, f"\x1b[{code}m{line}\x1b[0m\n" if style.color else f"{line}\n")
        return "\n".join(map(redact, paragraphs)).encode("utf-8", "backslashreplace")


Entry = tuple[str | None, str]
"""Head and text; a head of None lets the text run over the whole width."""


def _blocks(report: Report) -> Iterator[list[Entry]]:
    yield [(None, _title(report))]
    yield _checked(report)
    sections = (_totals, _matrix, _duties, _sheet, _limits)
    for block in (list(_groups(report)), *(section(report) for section in sections)):
        if block:
            yield block
    if report.outcome.passes:
        yield [(None, NOT_SAID)]
    yield [(None, f"{verdict_sign(report)} {verdict_word(report)}.  {sentence(report)}"), *_next(report)]


def _title(report: Report) -> str:
    names = [plain(file.path) for file in report.dataset.files]
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    catalog = f"  ·  catalog {known}" if (known := catalog_words(report)) else ""
    policy = f"policy {policy_words(report.policy)}"
    settings = f"  ·  settings {plain(report.config.path)}" if report.config else ""
    return f"audit {names[0] if names else 'dataset'}{more}  ·  {policy}{catalog}{settings}"


def _checked(report: Report) -> list[Entry]:
    coverage, total = report.coverage, report.dataset.samples
    unread = f" ({report.dataset.unreadable:,} more unreadable)" if report.dataset.unreadable else ""
    searched = search_words(report)
    search = f"copy search {searched}" if searched else "copy search: not run"
    first = f"{count(total, 'row')}{unread}  ·  declared {percent(coverage.declared, total)}  ·  {search}"
    lines: list[Entry] = [("Checked", first)]
    lines += [("", f"shape: {_shape(report, place)}") for place in range(min(3, len(report.dataset.files)))]
    lines += [("", f"searched: {plain(name)}") for name in coverage.searched]
    if coverage.searched_rows:
        lines.append(("", f"copied from a known teacher: {count(coverage.detected, 'row')}"))
    unread_rows = report.dataset.unreadable_examples[:3]
    lines += [("", f"unreadable: {plain(row.sample_id)}: {plain(row.reason)}") for row in unread_rows]
    return lines


def _shape(report: Report, place: int) -> str:
    file = report.dataset.files[place]
    if file.error:
        return f"{plain(file.path)} is unreadable: {plain(file.error)}"
    runner_up = f" (next best {plain(file.runner_up)})" if file.runner_up else ""
    return f"{plain(file.path)} read as {plain(file.shape) or 'unknown'}{runner_up}"


def _groups(report: Report) -> Iterator[Entry]:
    groups = grouped(spoken(report))
    for group in groups[:MAX_GROUPS]:
        yield from _group(group)
    if len(groups) > MAX_GROUPS:
        yield ("", f"and {len(groups) - MAX_GROUPS} more in report.json")


def _group(group: Group) -> Iterator[Entry]:
    finding = group.lead
    head = f"{sign(finding.outcome)} {_SHORT[finding.outcome]}"
    if finding.waived_by is not None:
        head = f"{WAIVED_SIGN} {WAIVED_WORD}"
    yield (head, f"{count(finding.samples, 'row')}  {plain(finding.rule)}  {plain(finding.title)}")
    cited = "; ".join(clause_text(clause) for clause in finding.clauses)
    subject = " · ".join(text for text in (plain(finding.subject), cited) if text)
    if subject:
        yield ("", subject)
    if finding.evidence:
        yield ("", f"e.g. {_example(finding.evidence[0])}  [{plain(finding.id)}]")
    if finding.waived_by is not None:
        yield ("", f"waived by {plain(finding.waived_by)}")
    elif finding.fix:
        yield ("", f"fix: {plain(finding.fix)}")
    for one in group.beneath[:_BENEATH]:
        yield ("", f"also {sign(one.outcome)} {count(one.samples, 'row')}  {plain(one.rule)}  {_about(one)}")
    if len(group.beneath) > _BENEATH:
        yield ("", f"also {len(group.beneath) - _BENEATH} more in report.json")


def _about(finding: Finding) -> str:
    subject = f"{plain(finding.subject)}: " if finding.subject else ""
    return f"{subject}{plain(finding.title)}  [{plain(finding.id)}]"


def _example(evidence: Evidence) -> str:
    line = f" (line {evidence.line})" if evidence.line is not None else ""
    match = f" ↔ {plain(evidence.reference_id)}" if evidence.reference_id else ""
    score = f", score {evidence.score:.3f}" if evidence.score is not None else ""
    return f"{plain(evidence.sample_id)}{line}{match}{score}"


def _totals(report: Report) -> list[Entry]:
    total = report.dataset.samples
    note = "  before waivers" if waiver_head(report) else ""
    return [
        (f"{sign(outcome)} {_SHORT[outcome]}", f"{count(rows, 'row')} in all  ({percent(rows, total)}){note}")
        for outcome, rows in rows_by_outcome(report)
    ]


def _matrix(report: Report) -> list[Entry]:
    cells = report.matrix
    note = ", waivers not counted" if waiver_head(report) else ""
    return _listed(
        "For", [f"{sign(c.outcome)} {use_name(c.use)}: {word(c.outcome).lower()}{note}" for c in cells]
    )


def _duties(report: Report) -> list[Entry]:
    order = sorted(report.obligations, key=lambda duty: (duty.status is ObligationStatus.MET, duty.id))
    return _listed("Obligations", [_duty(duty) for duty in order])


def _duty(duty: Obligation) -> str:
    return f"{duty.status}: {plain(duty.message) or plain(duty.id)} ({clause_text(duty.clause)})"


def _sheet(report: Report) -> list[Entry]:
    sheet = report.fair_use
    return [] if sheet is None else _listed("Fair-use sheet", list(sheet_lines(sheet)), _SHEET)


def _limits(report: Report) -> list[Entry]:
    return [
        *_listed(f"{UNKNOWN_SIGN} Not checked", limits(report)),
        *_listed("? To answer", report.questions),
        *_listed("Assumed", report.assumptions),
        *_listed("Notes", [*report.notes, *map(_hint, hints(report))]),
    ]


def _hint(finding: Finding) -> str:
    seen = f" e.g. {_example(finding.evidence[0])}" if finding.evidence else ""
    return f"{finding.title}: {finding.message}{seen}  [{finding.id}]"


def _next(report: Report) -> list[Entry]:
    return _listed("Next", report.next_commands)


def _listed(head: str, texts: Sequence[str], most: int = _MOST) -> list[Entry]:
    shown: list[Entry] = [
        (head if place == 0 else "", plain(text)) for place, text in enumerate(texts[:most])
    ]
    if len(texts) > most:
        shown.append(("", f"and {len(texts) - most} more in report.json"))
    return shown


def _lines(head: str | None, text: str, style: Style) -> str:
    first = "" if head is None else f"{head:<{_INDENT}}"
    wrapped = textwrap.wrap(
        text,
        max(style.width, 40),
        initial_indent=first,
        subsequent_indent=" " * (2 if head is None else _INDENT + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "".join(f"{_paint(lines(row.rstrip()), style)}\n" for row in wrapped or [first.rstrip()])


def _paint(row: str, style: Style) -> str:
    code = _COLORS.get(row[:1])
    if not style.color or code is None:
        return row
    return f"\x1b[{code}m{row[:_INDENT]}\x1b[0m{row[_INDENT:]}"
