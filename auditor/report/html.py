"""`report.html`: one file that needs no network and no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from auditor.bundled import bundled
from auditor.domain.match import Span
from auditor.domain.plan import FactValue, IntendedUse
from auditor.domain.report.excerpt import Excerpt
from auditor.domain.report.report import Report
from auditor.domain.report.use_outcome import UseOutcome
from auditor.printable import visible
from auditor.report import sentences, words
from auditor.report.causes import next_step
from auditor.report.interface import Style
from auditor.report.kept_pages import kept_pages
from auditor.report.lineage import BAR, picture
from auditor.report.teacher_bars import teacher_bars
from auditor.report.timeline import drawings
from auditor.report.view import (
    coverage_bars,
    grouped,
    hints,
    ordered_origins,
    rows_by_outcome,
    spoken,
    waived_origins,
)

MOST_GROUPS, MOST_ORIGINS, MOST_ROWS, MOST_EXCERPTS, MOST_CHARS = 100, 100, 3, 60, 4_000
MOST_WAIVERS, MOST_TIMELINES, MOST_BENEATH = 12, 12, 12
"""What one page holds; the rest is in `report.json` and `samples.parquet`."""


class HtmlWriter:
    """Write a self-contained page; it stays under 5 MB whatever the report holds."""

    name = "html"
    file_name = "report.html"

    def render(self, report: Report, style: Style) -> bytes:
        """Return the page in UTF-8."""
        pages = environment()
        css = pages.loader.get_source(pages, "report.css")[0]  # type: ignore[union-attr]
        page = pages.get_template("report.html.j2").render(
            **_contents(report),
            css=Markup(css),
            css_hash=base64.b64encode(hashlib.sha256(f"\n{css}".encode()).digest()).decode(),
        )
        return page.encode("utf-8", "backslashreplace")


def _contents(report: Report) -> dict[str, Any]:
    groups = grouped(spoken(report))
    origins = ordered_origins(report)
    return {
        "report": report,
        "sentence": sentences.sentence(report),
        "waived": words.is_waived(report),
        "verdict": (sentences.verdict_sign(report), sentences.verdict_word(report)),
        "waiver_head": words.waiver_head(report),
        "applied": [one for one in report.waivers if not one.stale][:MOST_WAIVERS],
        "waived_origins": waived_origins(report),
        "limits": sentences.limits(report),
        "not_said": sentences.NOT_SAID,
        "catalog_changes": sentences.catalog_changes(report),
        "policy_changes": sentences.policy_changes(report.policy),
        "bars": coverage_bars(report),
        "teacher_bars": teacher_bars(report),
        "groups": groups[:MOST_GROUPS],
        "more_findings": max(len(groups) - MOST_GROUPS, 0),
        "most_beneath": MOST_BENEATH,
        "origins": origins[:MOST_ORIGINS],
        "more_origins": max(len(origins) - MOST_ORIGINS, 0),
        "totals": rows_by_outcome(report),
        "picture": picture(report),
        "timelines": drawings(report.timelines[:MOST_TIMELINES]),
        "more_timelines": max(len(report.timelines) - MOST_TIMELINES, 0),
        "bar": BAR,
        "most_rows": MOST_ROWS,
        "pairs": [_pair(excerpt) for excerpt in report.excerpts[:MOST_EXCERPTS]],
        "more_pairs": max(len(report.excerpts) - MOST_EXCERPTS, 0),
        "hints": hints(report)[:MOST_GROUPS],
        "plan": _plan(report),
        "uses": _uses(report),
        "next_step": next_step(report),
        "commands": [text for text in report.next_commands if text.startswith("auditor ")],
    }


def _pair(excerpt: Excerpt) -> dict[str, Any]:
    left = [(span.query_start, span.query_end) for span in excerpt.spans]
    right = [(span.reference_start, span.reference_end) for span in excerpt.spans]
    return {
        "excerpt": excerpt,
        "row": marked(excerpt.text, left),
        "reference": marked(excerpt.reference_text, right),
        "shared": sum(_length(span) for span in excerpt.spans),
    }


def _length(span: Span) -> int:
    return max(span.query_end - span.query_start, 0)


def prose(text: str) -> Markup:
    """Return one line with what stands in back quotes as code."""
    pieces = words.plain(text).split("`")
    if len(pieces) % 2 == 0:
        return escape(words.plain(text))
    return Markup().join(
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


def marked(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    """Return text with its shared stretches in `mark`; spans may overlap or run over the end."""
    shown = text[:MOST_CHARS]
    out, done = Markup(), 0
    for start, end in sorted(spans):
        start, end = max(start, done), min(end, len(shown))
        if start < end:
            out += escape(visible(shown[done:start])) + Markup("<mark>{}</mark>").format(
                visible(shown[start:end])
            )
            done = end
    return out + escape(visible(shown[done:])) + ("…" if len(text) > MOST_CHARS else "")


def _plan(report: Report) -> tuple[tuple[str, str], ...]:
    plan = report.plan
    if plan is None:
        return ()
    base = plan.student_base
    said = [
        ("Student", plan.student_name),
        ("Starts from", f"{base.name} ({base.terms})" if base else None),
        ("Intended use", words.use_name(plan.intended_use) if plan.intended_use else None),
        ("Release license", plan.student_release_license),
        ("Competes with a teacher's provider", plan.competes_with_teacher_provider),
    ]
    facts = [(key, _fact(value)) for key, value in sorted(plan.facts.items())]
    return tuple((name, words.plain(value) if value else "not said") for name, value in [*said, *facts])


def _uses(report: Report) -> tuple[tuple[IntendedUse, UseOutcome | None], ...]:
    """Return each use with what it comes to; None where it was not judged."""
    judged: dict[IntendedUse, UseOutcome] = {}
    if report.plan and report.plan.intended_use:
        judged[report.plan.intended_use] = UseOutcome(report.plan.intended_use, report.outcome)
    judged.update((cell.use, cell) for cell in report.matrix)
    return tuple((use, judged.get(use)) for use in IntendedUse) if judged else ()


def _fact(value: FactValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


_FILTERS: dict[str, Callable[..., Any]] = {
    "plain": words.plain,
    "prose": prose,
    "sign": words.sign,
    "word": words.word,
    "use": words.use_name,
    "short": words.short_digest,
    "clause": words.clause_text,
    "web": words.web_address,
    "grouped": lambda number: f"{number:,}",
    "rows": lambda number: words.count(number, "row"),
    "percent": words.percent,
}


@cache
def environment() -> SandboxedEnvironment:
    """Return the templates of pages and pictures: what is put into one is escaped."""
    pages = SandboxedEnvironment(
        loader=FileSystemLoader(bundled("reports") / "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # What filters make of constants is not kept: it depends on more than the template.
        optimized=False,
        bytecode_cache=kept_pages(Path(__file__)),
    )
    pages.filters |= _FILTERS
    return pages
