"""Plot A: the rows of each teacher by what becomes of them, as bars of one scale."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.outcome import Outcome
from auditor.domain.report.report import Report
from auditor.printable import plain
from auditor.report.view import waived_origins
from auditor.report.words import percent

MOST_BARS = 12
_KINDS = ("deny", "review", "waived", "allow")
_LABELS = {"deny": "denied", "review": "for a person", "waived": "by waiver alone", "allow": "allowed"}


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one teacher that come to the same."""

    kind: str
    """Class name that decides color and pattern."""
    label: str
    rows: int
    start: float
    """Percent of the whole scale, 0 to 100."""
    width: float


@dataclass(frozen=True, slots=True)
class TeacherBar:
    """The rows of one teacher; a row that has two teachers stands under both."""

    name: str
    rows: int
    share: str
    parts: tuple[Part, ...]


def teacher_bars(report: Report) -> tuple[TeacherBar, ...]:
    """Return the teachers of the rows: those with most rows held back first, the rest as one bar."""
    waived, rows = waived_origins(report), dict[str, dict[str, int]]()
    for origin in report.origins:
        kind = "waived" if origin.id in waived else _kind(origin.outcome)
        for teacher in origin.teachers or ("nobody says",):
            held = rows.setdefault(plain(teacher), dict.fromkeys(_KINDS, 0))
            held[kind] += origin.samples
    order = sorted(rows, key=lambda name: (*(-rows[name][kind] for kind in _KINDS), name))
    shown, left = order[:MOST_BARS], order[MOST_BARS:]
    named = [(name, rows[name]) for name in shown]
    if left:
        named.append(
            (f"{len(left):,} others", {kind: sum(rows[name][kind] for name in left) for kind in _KINDS})
        )
    longest = max((sum(held.values()) for _, held in named), default=0)
    return tuple(_bar(name, held, longest, report.dataset.samples) for name, held in named)


def _kind(outcome: Outcome) -> str:
    return "allow" if outcome.passes else outcome.value


def _bar(name: str, held: dict[str, int], longest: int, total: int) -> TeacherBar:
    parts, start = [], 0.0
    for kind in _KINDS:
        if held[kind]:
            width = 100 * held[kind] / longest
            parts.append(Part(kind, _LABELS[kind], held[kind], round(start, 3), round(width, 3)))
            start += width
    rows = sum(held.values())
    return TeacherBar(name, rows, percent(min(rows, total), total), tuple(parts))
