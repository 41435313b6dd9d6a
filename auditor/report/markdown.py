"""`summary.md`: the answer for a pull request or a job summary, in 60 lines at most."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.domain.finding import Finding
from auditor.domain.obligation import ObligationStatus
from auditor.domain.report.judged_by import bundle_said
from auditor.domain.report.report import Report
from auditor.report.interface import Style
from auditor.report.sentences import (
    NOT_SAID,
    catalog_changes,
    limits,
    policy_changes,
    search_words,
    sentence,
    verdict_sign,
    verdict_word,
)
from auditor.report.sheet import sheet_lines
from auditor.report.view import grouped, hints, spoken
from auditor.report.words import (
    WAIVED_SIGN,
    WAIVED_WORD,
    clause_text,
    count,
    is_waived,
    percent,
    plain,
    short_digest,
    sign,
    use_name,
    waiver_head,
    word,
)

MAX_LINES = 60
_GROUPS, _ITEMS, _SHEET, _CELL = 12, 5, 8, 300


class MarkdownWriter:
    """Write GitHub-flavored Markdown."""

    name = "markdown"
    file_name = "summary.md"

    def render(self, report: Report, style: Style) -> bytes:
        """Return at most `MAX_LINES` lines."""
        lines = list(_lines(report))
        if len(lines) > MAX_LINES:
            lines = [*lines[: MAX_LINES - 2], "", "The rest is in `report.html`."]
        return ("\n".join(lines) + "\n").encode("utf-8", "backslashreplace")


def escape(text: str, limit: int = _CELL) -> str:
    """Return one line that Markdown shows as it is: no markup, link, mention or table cell comes of it."""
    line = plain(text)
    line = line if len(line) <= limit else line[: limit - 1] + "…"
    line = re.sub(r"([\\`*_{}\[\]|~$]|^[-+#=])", r"\\\1", line)
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")


def code(text: str, limit: int = _CELL) -> str:
    """Return a code span; pipes are escaped for tables."""
    line = plain(text)[:limit].replace("`", "ʼ").replace("|", "\\|")
    return f"`{line}`" if line else "–"


def _lines(report: Report) -> Iterator[str]:
    yield f"## {verdict_sign(report)} {verdict_word(report)}"
    yield ""
    if (head := waiver_head(report)) and not is_waived(report):
        yield escape(head, 1_200)
        yield ""
    yield escape(sentence(report), 1_200)
    yield ""
    yield from _facts(report)
    yield from _matrix(report)
    yield from _findings(report)
    duties = [duty for duty in report.obligations if duty.status is not ObligationStatus.MET]
    texts = [f"{escape(duty.message or duty.id)} ({escape(clause_text(duty.clause))})" for duty in duties]
    yield from _section("Obligations still open", texts)
    yield from _section("Not checked, not said", [escape(line) for line in limits(report)])
    yield from _section("For a person to answer", [escape(question) for question in report.questions])
    if report.fair_use is not None:
        lines = list(sheet_lines(report.fair_use))
        yield from _section("Fair-use sheet (no conclusion)", [escape(line, 400) for line in lines], _SHEET)
    yield from _section("Notes", [escape(note, 600) for note in report.notes])
    yield from _section("Hints", [escape(f"{hint.title}. {hint.message}") for hint in hints(report)])
    if report.next_commands:
        yield from _section("Next", [code(command) for command in report.next_commands])
    yield ""
    yield f"<sub>{escape(NOT_SAID, 600)}</sub>"


def _facts(report: Report) -> Iterator[str]:
    coverage, total = report.coverage, report.dataset.samples
    search = search_words(report) or "**not run**"
    unread = f", {report.dataset.unreadable:,} unreadable" if report.dataset.unreadable else ""
    policy = f"{report.policy.name}@{report.policy.version}"
    changed = policy_changes(report.policy)
    yield "| Rows | Declared | Copied | Copy search | Policy | Dataset | Date |"
    yield "|---|---|---|---|---|---|---|"
    copied = count(coverage.detected, "row") if coverage.searched_rows else "–"
    yield (
        f"| {total:,}{unread} | {percent(coverage.declared, total)} | {copied} | {search} | {code(policy)} "
        f"| {code(short_digest(report.dataset.digest))} | {escape(report.created_at[:10])} |"
    )
    if changed:
        yield ""
        yield f"**Policy {code(policy)} is changed: {escape(changed)}.**"
    if report.knowledge.bundle:
        yield ""
        yield f"**Judged by the {code(bundle_said(report.knowledge.bundle))}.**"
    if report.knowledge.overlays:
        named, said = ", ".join(report.knowledge.overlays), catalog_changes(report)
        yield ""
        yield f"**The catalog is changed by {code(named)}{f': {escape(said)}' if said else ''}.**"
    if report.config:
        yield ""
        yield f"Settings from {code(report.config.path)} ({code(short_digest(report.config.digest))})."


def _matrix(report: Report) -> Iterator[str]:
    if report.matrix:
        yield ""
        cells = (
            f"{sign(cell.outcome)} {use_name(cell.use)}: {word(cell.outcome).lower()}"
            for cell in report.matrix
        )
        yield " · ".join(cells) + (" (waivers not counted)" if waiver_head(report) else "")


def _findings(report: Report) -> Iterator[str]:
    groups = grouped(spoken(report))
    if not groups:
        return
    yield ""
    yield "| Outcome | Rows | Finding | Clause | Example |"
    yield "|---|---:|---|---|---|"
    yield from (_finding(group.lead, len(group.beneath)) for group in groups[:_GROUPS])
    if len(groups) > _GROUPS:
        yield f"| | | and {len(groups) - _GROUPS} more in `report.html` | | |"


def _finding(finding: Finding, beneath: int) -> str:
    state = f"{sign(finding.outcome)} {word(finding.outcome)}"
    if finding.waived_by is not None:
        state = f"{WAIVED_SIGN} {WAIVED_WORD}"
    title = f"**{escape(finding.title)}**<br>{code(finding.rule)} {escape(finding.subject)}"
    title += f"<br>and {count(beneath, 'more cause')} of these rows" if beneath else ""
    clauses = "; ".join(escape(clause_text(clause)) for clause in finding.clauses[:2]) or "–"
    example = code(finding.evidence[0].sample_id) if finding.evidence else "–"
    return f"| {state} | {finding.samples:,} | {title} | {clauses} | {example} |"


def _section(title: str, texts: Sequence[str], most: int = _ITEMS) -> Iterator[str]:
    if not texts:
        return
    yield ""
    yield f"**{title}**"
    yield ""
    yield from (f"- {text}" for text in texts[:most])
    if len(texts) > most:
        yield f"- and {count(len(texts) - most, 'more line')} in `report.html`"
