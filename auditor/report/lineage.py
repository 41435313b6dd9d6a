"""The picture of where rows come from: data license → teacher → set → student, widths by rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.domain.outcome import Outcome, strictest
from auditor.domain.report.report import Report
from auditor.report.words import count, is_waived, plain, use_name

WIDTH, BAR, GAP, FLOW, LEAST, TOP = 960, 10, 22, 200.0, 3.0, 34
_X = (0, 290, 570, 785)
_MOST = 7
NO_TEACHER, REST = "no teacher known", "others"


@dataclass(frozen=True, slots=True)
class Picture:
    """All parts in the units of the view box."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    heads: tuple[tuple[float, str], ...]
    """Where each column starts, and what it shows."""


@dataclass(frozen=True, slots=True)
class Node:
    """A bar with its two lines of text."""

    label: str
    detail: str
    """The second line: rows, or the use of the student."""
    outcome: Outcome
    x: float
    y: float
    height: float
    waived: bool = False
    """It passes by waivers alone."""


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A flow of rows between two bars, as an SVG path."""

    path: str
    outcome: Outcome
    label: str
    """Read out where the picture is not seen."""
    waived: bool = False


_Flow = tuple[int, Outcome]
_Column = Mapping[str, Node]


def picture(report: Report) -> Picture | None:
    """Lay the picture out; None where no origin is known."""
    flows: dict[tuple[str, str], list[_Flow]] = defaultdict(list)
    for origin in report.origins:
        source = " and ".join(origin.licenses) or "no license known"
        teacher = " + ".join(origin.teachers) or NO_TEACHER
        flows[source, teacher].append((origin.samples, origin.outcome))
    if not flows:
        return None
    sums = {key: _sum(parts) for key, parts in flows.items()}
    left = _folded(_ends((source, flow) for (source, _), flow in sums.items()))
    middle = _folded(_ends((teacher, flow) for (_, teacher), flow in sums.items()))
    merged: dict[tuple[str, str], list[_Flow]] = defaultdict(list)
    for (source, teacher), flow in sums.items():
        pair = (source if source in left else REST, teacher if teacher in middle else REST)
        merged[pair].append(flow)
    return _drawn(report, left, middle, {pair: _sum(parts) for pair, parts in merged.items()})


def _sum(parts: list[_Flow]) -> _Flow:
    return sum(rows for rows, _ in parts), strictest(outcome for _, outcome in parts)


def _ends(flows: Iterable[tuple[str, _Flow]]) -> dict[str, _Flow]:
    """Sum flows up by the name of one of their ends."""
    by_name: dict[str, list[_Flow]] = defaultdict(list)
    for name, flow in flows:
        by_name[name].append(flow)
    return {name: _sum(parts) for name, parts in by_name.items()}


def _folded(column: dict[str, _Flow]) -> dict[str, _Flow]:
    order = sorted(column.items(), key=lambda item: (-item[1][0], item[0]))
    if len(order) <= _MOST:
        return dict(order)
    return {**dict(order[: _MOST - 1]), REST: _sum([flow for _, flow in order[_MOST - 1 :]])}


def _drawn(
    report: Report, left: dict[str, _Flow], middle: dict[str, _Flow], flows: dict[tuple[str, str], _Flow]
) -> Picture:
    total = max(sum(rows for rows, _ in left.values()), 1)
    height = TOP + max(_tall(left, total), _tall(middle, total), FLOW) + 8
    sources, teachers = _column(left, 0, total), _column(middle, 1, total)
    waived = is_waived(report)
    whole = Node("this set", count(total, "row"), report.outcome, _X[2], TOP, FLOW, waived)
    student = Node(*_student(report), report.outcome, _X[3], TOP, FLOW, waived)
    ribbons = _between(flows, sources, teachers, total)
    into = {(name, "set"): flow for name, flow in middle.items()}
    ribbons += _between(into, teachers, {"set": whole}, total)
    ribbons.append(
        Ribbon(_path(whole, TOP, student, TOP, FLOW, FLOW), report.outcome, "trains the student", waived)
    )
    nodes = (*sources.values(), *teachers.values(), whole, student)
    names = ("Data license", "Teacher", "Set", "Student")
    return Picture(WIDTH, round(height), nodes, tuple(ribbons), tuple(zip(_X, names, strict=True)))


def _student(report: Report) -> tuple[str, str]:
    plan = report.plan
    if plan is None:
        return "no plan", "judged for all uses"
    use = use_name(plan.intended_use) if plan.intended_use else "use not said"
    return plain(plan.student_name or "student")[:18], use.removeprefix("a ").removeprefix("an ")


def _thick(rows: int, total: int) -> float:
    return max(FLOW * rows / total, LEAST)


def _tall(column: dict[str, _Flow], total: int) -> float:
    return sum(max(_thick(rows, total), 26) + GAP for rows, _ in column.values()) - GAP


def _column(column: dict[str, _Flow], place: int, total: int) -> dict[str, Node]:
    nodes, y = {}, float(TOP)
    for name, (rows, outcome) in column.items():
        thick = _thick(rows, total)
        text = plain(name)
        text = text if len(text) <= 34 else text[:33] + "…"
        nodes[name] = Node(text, count(rows, "row"), outcome, _X[place], round(y, 2), round(thick, 2))
        y += max(thick, 26) + GAP
    return nodes


def _between(flows: dict[tuple[str, str], _Flow], start: _Column, end: _Column, total: int) -> list[Ribbon]:
    out = {name: node.y for name, node in start.items()}
    into = {name: node.y for name, node in end.items()}
    ribbons = []
    places = {name: place for place, name in enumerate(start)}
    for (source, target), (rows, outcome) in sorted(flows.items(), key=lambda item: places[item[0][0]]):
        thick = _thick(rows, total)
        # The set is drawn as thick as all rows; flows raised to the least width may not run over its end.
        room = min(thick, max(end[target].y + end[target].height - into[target], 0.5))
        path = _path(start[source], out[source], end[target], into[target], thick, room)
        ribbons.append(Ribbon(path, outcome, f"{plain(source)} to {plain(target)}: {count(rows, 'row')}"))
        out[source] += thick
        into[target] += room
    return ribbons


def _path(start: Node, y0: float, end: Node, y1: float, thick0: float, thick1: float) -> str:
    x0, x1 = start.x + BAR, end.x
    bend, foot0, foot1 = (x0 + x1) / 2, y0 + thick0, y1 + thick1
    there = f"M{x0:.1f} {y0:.1f}C{bend:.1f} {y0:.1f} {bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
    return f"{there}V{foot1:.1f}C{bend:.1f} {foot1:.1f} {bend:.1f} {foot0:.1f} {x0:.1f} {foot0:.1f}Z"
