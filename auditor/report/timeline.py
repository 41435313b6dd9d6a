"""The picture of what held for a teacher's outputs over time: a row for each path, a bar for each span."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from auditor.domain.axes import OutputsUse
from auditor.domain.timeline import Known, Lane, Segment, Timeline, answer
from auditor.report.words import plain, sign, word

WIDTH, LEFT, TOP, ROW, BAR = 960, 190, 30, 62, 26
_RIGHT = 10
_SIGN_WIDTH = 7.2
"""A sign of the labels' size is no wider."""
_SHORTEST = 3.0
_MOST_YEARS = 16
_EARLIEST, _LATEST = date(2000, 1, 1).toordinal(), date(2999, 12, 31).toordinal()
MOST_LANES = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of days."""

    x: float
    width: float
    fill: str
    label: str
    """What is written in it, as far as there is room."""
    told: str
    """All of it in one sentence, read out where the picture is not seen."""
    unsure: bool
    """It rests on memory or on somebody's account."""


@dataclass(frozen=True, slots=True)
class Row:
    """One path."""

    title: str
    teacher: str
    y: float
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    """Where rows of the set stand in time, and their dates."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All parts in the units of the view box."""

    name: str
    width: int
    height: int
    rows: tuple[Row, ...]
    years: tuple[tuple[float, str], ...]
    key: tuple[tuple[str, str], ...]
    """The fills that are there, each with its sign and words."""
    more: int
    """Paths that are not drawn."""
    told: str


def drawing(timeline: Timeline) -> Drawing:
    """Lay the picture out."""
    lanes = timeline.lanes[:MOST_LANES]
    segments = [one for lane in lanes for one in lane.segments]
    last = max(_days([timeline.until, *(one.end for one in segments)]), default=_EARLIEST)
    dated = _days(text for lane in lanes for text in lane.dated)
    first = min([*_days(one.start for one in segments), *dated, last - 365])
    scale = _Scale(first, last + 1)
    rows = tuple(_row(lane, place, scale) for place, lane in enumerate(lanes))
    fills = dict(map(_look, segments))
    return Drawing(
        name=plain(timeline.name),
        width=WIDTH,
        height=TOP + ROW * len(rows) + 4,
        rows=rows,
        years=tuple(_years(scale)),
        key=tuple(fills.items()),
        more=len(timeline.lanes) - len(lanes),
        told=f"What held for outputs of {plain(timeline.name)} up to {plain(timeline.until)}, by path",
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: int
    after: int

    def x(self, day: int) -> float:
        share = (min(max(day, self.first), self.after) - self.first) / (self.after - self.first)
        return round(LEFT + share * (WIDTH - LEFT - _RIGHT), 1)


def _day(text: str) -> int | None:
    """Return the first day of a date or of a prefix of one; None for what is none, or cannot be drawn."""
    day = text[:10]
    padded = day + "-01-01"[len(day) - 4 :] if len(day) in (4, 7) else day
    try:
        return min(date.fromisoformat(padded).toordinal(), _LATEST)
    except ValueError:
        return None


def _days(texts: Iterable[str | None]) -> list[int]:
    return [day for text in texts if text and (day := _day(text)) is not None]


def _row(lane: Lane, place: int, scale: _Scale) -> Row:
    return Row(
        title=_cut(plain(lane.title), 25),
        teacher=_cut(plain(lane.teacher), 25),
        y=TOP + ROW * place,
        bars=tuple(_bar(one, scale) for one in lane.segments),
        ticks=tuple(
            (scale.x(day), plain(text)) for text in dict.fromkeys(lane.dated) for day in _days([text])
        ),
    )


def _bar(segment: Segment, scale: _Scale) -> Bar:
    starts, ends = _days([segment.start]), _days([segment.end])
    x = scale.x(starts[0] if starts else scale.first)
    end = scale.x(ends[0] + 1 if ends else scale.after)
    width = round(max(end - x, _SHORTEST), 1)
    fill, words = _look(segment)
    room = int((width - 10) / _SIGN_WIDTH)
    label = _cut(words, room) if room >= 6 else words[:1] if room >= 1 else ""
    unsure = segment.known in (Known.MEMORY, Known.REPORTED)
    return Bar(x, width, fill, label, plain(told(segment)), unsure)


def told(segment: Segment) -> str:
    """Say in a sentence what held in a span, by which texts, and how that is known."""
    span = f"{segment.start or 'the beginning'} to {segment.end or 'today'}"
    basis = segment.grounds[0].silent_basis if segment.grounds else None
    texts = " + ".join(f"{one.terms} {one.section}".strip() for one in segment.grounds) or "no text was read"
    judged = f"; judged: {word(segment.outcome)}" if segment.outcome else ""
    return f"{span}: {answer(segment.outputs, basis)} ({texts}; {known_words(segment.known)}){judged}"


def known_words(known: Known) -> str:
    """Say on what an answer rests."""
    match known:
        case Known.READ:
            return "text read"
        case Known.REPORTED:
            return "another's account of the text"
        case Known.MEMORY:
            return "from memory"
        case Known.UNREAD:
            return "not read"
    assert_never(known)


def _look(segment: Segment) -> tuple[str, str]:
    """Return the fill of a span and its sign with a few words; color is never alone."""
    if segment.outcome is not None:
        return segment.outcome.value, f"{sign(segment.outcome)} {word(segment.outcome).lower()}"
    match segment.outputs:
        case None:
            return "none", "○ not read"
        case OutputsUse.ALLOWED:
            return "allow", "● may train others"
        case OutputsUse.CONDITIONAL:
            return "allow-with-obligations", "◐ under conditions"
        case OutputsUse.FORBIDDEN_IF_COMPETING:
            return "review", "▲ not to compete"
        case OutputsUse.FORBIDDEN:
            return "deny", "■ may not"
        case OutputsUse.SILENT:
            return "known", "◇ not spoken of"
    assert_never(segment.outputs)


def _years(scale: _Scale) -> Iterator[tuple[float, str]]:
    first, last = date.fromordinal(scale.first).year, date.fromordinal(scale.after).year
    step = max(1, -(-(last - first + 1) // _MOST_YEARS))
    for year in range(first, last + 1, step):
        day = date(year, 1, 1).toordinal()
        if day >= scale.first:
            yield scale.x(day), str(year)


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"


def drawings(timelines: Iterable[Timeline]) -> tuple[Drawing, ...]:
    """Lay several pictures out."""
    return tuple(drawing(one) for one in timelines)
