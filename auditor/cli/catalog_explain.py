"""`auditor catalog explain`: may outputs of a teacher train another model, on which clause, since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.answer_options import knowledge_of
from auditor.cli.common import KnowledgeOption, emit, emit_json, emit_lines, say, table, today
from auditor.cli.option_groups import grouped
from auditor.domain.claim import Access
from auditor.domain.exit_code import combine, of_outcome
from auditor.domain.plan import IntendedUse
from auditor.domain.timeline import Ground, Lane, Segment, Timeline, answer
from auditor.domain.tribool import Tribool
from auditor.errors import UsageError
from auditor.ids import TeacherId

if TYPE_CHECKING:
    from auditor.domain.service import Unread
    from auditor.knowledge.catalog import Knowledge
    from auditor.policy.evaluate.evaluator import Judge


DATA_LICENSE = "CC0-1.0"
"""The rows' own license is not what is asked about: they count as free."""


class ExplainFormat(StrEnum):
    """How an explanation is printed."""

    TEXT = "text"
    JSON = "json"
    SVG = "svg"


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What the student is for; with any of these the default pack judges each span."""

    use: Annotated[IntendedUse | None, typer.Option(help="What the student is for; it is judged then.")] = (
        None
    )
    release: Annotated[str | None, typer.Option(help="License under which the student is released.")] = None
    competes: Annotated[Tribool | None, typer.Option(help="Does it compete with the teacher's provider?")] = (
        None
    )
    plan: Annotated[Path | None, typer.Option(help="All else of the plan (see `auditor init`).")] = None

    @property
    def given(self) -> bool:
        """Tell whether anything is to be judged."""
        return any(one is not None for one in (self.use, self.release, self.competes, self.plan))

    def judge(self, facts: Knowledge) -> Judge:
        """Return the default pack with the plan that these options tell."""
        from auditor.domain.plan import Plan
        from auditor.policy.evaluate.context import EvaluationContext
        from auditor.policy.evaluate.evaluator import Judge
        from auditor.policy.pack.load import load_pack
        from auditor.policy.plan.plans import load_plan

        base = load_plan(self.plan) if self.plan else Plan()
        told = replace(
            base,
            intended_use=self.use or base.intended_use,
            student_release_license=self.release or base.student_release_license,
            competes_with_teacher_provider=self.competes or base.competes_with_teacher_provider,
        )
        return Judge(EvaluationContext(load_pack("default"), facts, told, today()))


@grouped
def explain(
    teacher: Annotated[str, typer.Argument(help="A model's name, as somebody wrote it, or a catalog id.")],
    access: Annotated[Access | None, typer.Option(help="By this path alone.")] = None,
    date: Annotated[str | None, typer.Option(help="When: 2025-03-31, 2025-03, 2025, or FROM/TO.")] = None,
    host: Annotated[str | None, typer.Option(help="Served by this host.")] = None,
    *,
    asked: PlanOptions,
    format: Annotated[ExplainFormat, typer.Option("--format", help="How to print.")] = ExplainFormat.TEXT,
    knowledge: KnowledgeOption = None,
) -> None:
    """Say whether outputs may train another model, by each path and over time, on which clause of which text.

    With --use or another word on the plan each span is judged by the default pack: exit 0 where all that may
    hold is allowed, 1 where something is denied, 3 where a person must decide. Without it the exit is 0.
    """
    from auditor.knowledge.asof import read_range
    from auditor.knowledge.timeline import timeline

    if read_range(date) is None:
        raise UsageError(f"`{date}` is not a date", fix="write 2025-03-31, 2025-03, 2025, or FROM/TO")
    facts = knowledge_of(knowledge)
    found = timeline(facts, teacher, today(), access, date, host)
    if found is None:
        raise UsageError(
            f"`{teacher}` is not in the catalog", fix="`auditor catalog teachers TEXT` lists what is"
        )
    if asked.given:
        found = _judged(found, asked.judge(facts), date)
    _print(found, facts, format)
    if asked.given:
        spans = [one for lane in found.lanes for one in (lane.segments if date else lane.segments[-1:])]
        codes = [of_outcome(one.outcome) for one in spans if one.outcome]
        raise typer.Exit(combine(codes))


def _print(found: Timeline, facts: Knowledge, format: ExplainFormat) -> None:
    match format:
        case ExplainFormat.JSON:
            emit_json(_as_json(found, facts))
        case ExplainFormat.SVG:
            from auditor.report.timeline_svg import svg

            emit_lines(svg(found).rstrip("\n"))
        case ExplainFormat.TEXT:
            for line in _lines(found, facts):
                emit(line)
            say(f"knowledge of {facts.version}")
            if any(one.outcome for lane in found.lanes for one in lane.segments):
                say(f"judged by the default pack, as rows whose own license is {DATA_LICENSE}")


def _judged(found: Timeline, judge: Judge, date: str | None) -> Timeline:
    return replace(
        found,
        lanes=tuple(
            replace(lane, segments=tuple(_with_outcome(lane, one, judge, date) for one in lane.segments))
            for lane in found.lanes
        ),
    )


def _with_outcome(lane: Lane, segment: Segment, judge: Judge, date: str | None) -> Segment:
    """Judge rows that came this way on the days of a span that were asked for."""
    from auditor.domain.claim import Basis, Grade
    from auditor.domain.origin import Origin, OriginLicense, OriginTeacher, View
    from auditor.knowledge.asof import written_range

    days = written_range(segment.start, segment.end or today().isoformat(), within=date)
    teacher = OriginTeacher(
        id=lane.teacher,
        name=lane.teacher,
        resolved=True,
        views=(View.DECLARED,),
        basis=Basis.CLI_OPTION,
        grade=Grade.D,
        access=lane.access,
        host=lane.host,
        generated_at=days,
        where="catalog explain",
    )
    free = OriginLicense(DATA_LICENSE, DATA_LICENSE, Basis.CLI_OPTION, "catalog explain")
    verdict = judge.judge(Origin("explain", (teacher,), (free,), Basis.CLI_OPTION, Grade.D))
    strict = [one for one in verdict.reasons if not one.outcome.passes]
    why = " · ".join(f"{one.rule}: {one.message}" for one in strict) or "; ".join(verdict.questions[:1])
    return replace(segment, outcome=verdict.outcome, why=why)


def _lines(found: Timeline, facts: Knowledge) -> Iterator[str]:
    yield f"{found.name}: {found.teacher} ({found.developer})"
    yield "May outputs train another model?"
    for lane in found.lanes:
        last = lane.segments[-1] if lane.segments else None
        if last is None:
            continue
        when = f", since {lane.since}" if lane.since else ""
        until = f" until {last.end}" if last.end else ""
        yield ""
        yield f"{lane.title} ({lane.teacher}): {_answer(last)}{when}{until}"
        for ground in last.grounds:
            yield from (f"  {line}" for line in _ground_lines(ground))
        if last.note:
            yield f"  note: {last.note}"
        read = next((one for one in reversed(lane.segments) if one.outputs is not None), last)
        if read is not last:
            yield f"  as last read, to {read.end}: {_answer(read)}"
        if last.outcome is not None:
            yield f"  judged: {last.outcome}{f' ({last.why})' if last.why else ''}"
    yield ""
    several = len({lane.teacher for lane in found.lanes}) > 1
    rows = [_HEAD, *(_row(lane, one) for lane in found.lanes for one in lane.segments)]
    yield from table(rows if several else [row[1:] for row in rows])
    for name, unread in _unread(found, facts):
        span = f"{unread.start or '…'} to {unread.end or '…'}"
        yield f"not read: {name}, {unread.what} ({span}); to be read at {unread.where}"


_HEAD = ["teacher", "path", "from", "to", "outputs", "texts", "known"]


def _row(lane: Lane, segment: Segment) -> list[str]:
    from auditor.report.timeline import known_words

    texts = " + ".join(f"{one.terms} {one.section}".strip() for one in segment.grounds) or "–"
    judged = f"{segment.outcome}: " if segment.outcome else ""
    said = f"{judged}{_answer(segment)}"
    return [
        lane.teacher,
        lane.title,
        segment.start or "…",
        segment.end or "today",
        said,
        texts,
        known_words(segment.known),
    ]


def _answer(segment: Segment) -> str:
    return answer(segment.outputs, segment.grounds[0].silent_basis if segment.grounds else None)


def _ground_lines(ground: Ground) -> Iterator[str]:
    section = f", {ground.section}" if ground.section else ""
    begins = f", in force from {ground.effective_from}" if ground.effective_from else ""
    seen = f", last seen {ground.seen}" if ground.seen else ""
    yield f"{ground.terms}{section}: {ground.outputs} ({ground.confidence}{begins}{seen})"
    if ground.reading:
        yield f"  reading: {ground.reading}"
    if ground.source:
        yield f"  source: {ground.source}"
    if ground.url:
        yield f"  text: {ground.url}"


def _unread(found: Timeline, facts: Knowledge) -> list[tuple[str, Unread]]:
    """Return the texts of these paths' services that nobody read."""
    services = dict.fromkeys(id for lane in found.lanes for id in _services(lane, facts) if id)
    return [(facts.services[id].name, unread) for id in services for unread in facts.services[id].unread]


def _services(lane: Lane, facts: Knowledge) -> tuple[str, ...]:
    """Return the services whose texts hold on a path: the host's, and the maker's unless replaced."""
    own = facts.teachers[TeacherId(lane.teacher)].service
    host = facts.hosts.get(lane.host or "")
    if host is None:
        return (own,)
    return (host.service,) if host.replaces_vendor_terms else (host.service, own)


def _as_json(found: Timeline, facts: Knowledge) -> dict[str, Any]:
    from auditor.serialize import encode

    plain: dict[str, Any] = encode(found)
    for lane, row in zip(found.lanes, plain["lanes"], strict=True):
        for segment, part in zip(lane.segments, row["segments"], strict=True):
            part["outputs"], part["answer"] = segment.outputs, _answer(segment)
    unread = [{"service": name, **encode(one)} for name, one in _unread(found, facts)]
    return {**plain, "unread": unread, "version": facts.version, "overlays": list(facts.overlays)}
