"""Draw what `benchmarks/scale.py` recorded as an SVG of small plots, and print it as a Markdown table."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Figures = list[dict[str, Any]]
PANELS: tuple[tuple[str, str, bool], ...] = (
    ("build_s", "build, CPU seconds", True),
    ("bytes_a_text", "disk, bytes a text", True),
    ("build_own_mb", "memory of its own, MB", True),
    ("queries_a_s", "queries a CPU second", True),
    ("recall_whole", "found: other case, white space", False),
    ("recall_edited", "found: a word in ten left out", False),
    ("false_same_prompts", "flagged: new, same prompts", False),
    ("false_other_prompts", "flagged: new, other prompts", False),
)
"""A figure, its title, and whether its axis is of powers of ten; the others are shares."""
WIDE, HIGH, LEFT, TOP, COLUMNS = 250, 170, 58, 34, 4
INKS = ("#0b6e99", "#c2410c", "#4d7c0f")
FALSE_TOP = 0.002
"""Top of the axis of false positives: twice the rate that is asked for."""


def svg(figures: Figures) -> str:
    """Return the picture."""
    lanes = sorted({one["lanes"] for one in figures})
    across = scale([one["texts"] for one in figures], LEFT, WIDE - 14, log=True)
    rows = -(-len(PANELS) // COLUMNS)
    size = f"{COLUMNS * WIDE} {rows * HIGH + 26}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" font-family="sans-serif"',
        'font-size="11">',
        "<title>Time, memory, disk, recall and false positives as an index grows</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for number, (name, title, log) in enumerate(PANELS):
        x, y = number % COLUMNS * WIDE, number // COLUMNS * HIGH
        drawn = panel(figures, lanes, (name, title, log), across)
        parts.append(f'<g transform="translate({x} {y})">{drawn}</g>')
    for number, lane in enumerate(lanes):
        x, y = LEFT + number * 160, rows * HIGH + 14
        parts.append(f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{INKS[number]}"/>')
        parts.append(f'<text x="{x + 9}" y="{y}">lane: {lane}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def scale(values: list[float], low: float, high: float, *, log: bool) -> Callable[[float], float]:
    """Return where on an axis a value stands."""
    ends = (math.log10(min(values)), math.log10(max(values))) if log else (min(values), max(values))
    span = ends[1] - ends[0] or 1.0
    return lambda value: low + (high - low) * ((math.log10(value) if log else value) - ends[0]) / span


def panel(
    figures: Figures, lanes: list[str], what: tuple[str, str, bool], across: Callable[[float], float]
) -> str:
    """Return one plot: a line for each lane."""
    name, title, log = what
    values = [max(one[name], 1e-9) for one in figures]
    if log:
        low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))
        marks = [10.0**power for power in range(round(math.log10(low)), round(math.log10(high)) + 1)]
    else:
        marks = [0.0, FALSE_TOP / 2, FALSE_TOP] if name.startswith("false") else [0.0, 0.5, 1.0]
        while marks[-1] < max(values):
            marks = [2 * mark for mark in marks]
    down = scale([marks[0], marks[-1]], HIGH - 30, TOP, log=log)
    parts = [f'<text x="{LEFT}" y="20" font-weight="bold">{title}</text>']
    for mark in marks:
        y = down(mark)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDE - 14}" stroke="#ddd"/>')
        said = f"{mark:,.6g}" if log else f"{100 * mark:g} %"
        parts.append(f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{said}</text>')
    for texts in sorted({one["texts"] for one in figures}):
        x, said = across(texts), short(texts)
        parts.append(f'<text x="{x:.1f}" y="{HIGH - 14}" text-anchor="middle" fill="#555">{said}</text>')
    for ink, lane in zip(INKS, lanes, strict=False):
        places = [(across(one["texts"]), down(one[name])) for one in figures if one["lanes"] == lane]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{ink}" stroke-width="1.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{ink}"/>' for x, y in places]
    return "".join(parts)


def short(count: int) -> str:
    """Return 10k for 10,000."""
    return f"{count / 1e6:g}M" if count >= 10**6 else f"{count / 1e3:g}k"


def table(figures: Figures) -> str:
    """Return the figures as a Markdown table."""
    heads = (
        "lane | texts | build, CPU s | a text, bytes | memory of its own, MB: build, search | queries/s | "
        "found: other case, edited | flagged: same prompts, others"
    )
    lines = [f"| {heads} |", "|" + "---|" * 8]
    for one in figures:
        found = f"{one['recall_whole']:.1%}, {one['recall_edited']:.1%}"
        memory = f"{one['build_own_mb']:,}, {one['search_own_mb']:,}"
        flagged = f"{one['false_same_prompts']:.2%}, {one['false_other_prompts']:.2%}"
        lines.append(
            f"| `{one['lanes']}` | {one['texts']:,} | {one['build_s']:,.1f} | {one['bytes_a_text']:,.0f} | "
            f"{memory} | {one['queries_a_s']:,} | {found} | {flagged} |"
        )
    return "\n".join(lines)
