"""`auditor split`: the rows that pass, the rows that do not, and what each blocking rule costs."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.answer_options import knowledge_of, under
from auditor.cli.common import DEFAULT_OUT, DataFormat, FormatOption, KnowledgeOption, emit, emit_json, say
from auditor.cli.progress import progress

if TYPE_CHECKING:
    from auditor.domain.report.report import Report
    from auditor.engine.splitting import SplitResult
    from auditor.policy.split_plan import SplitPlan


def split(
    audit: Annotated[Path, typer.Argument(help="Folder that the audit wrote.")] = DEFAULT_OUT,
    data: Annotated[list[str] | None, typer.Argument(help="The audited data; as audited by default.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Where `kept/` and `removed/` go.")] = Path("split-out"),
    policy: Annotated[str | None, typer.Option("--policy", help="Split under another pack.")] = None,
    knowledge: KnowledgeOption = None,
    review: Annotated[bool, typer.Option("--keep-review", help="Keep rows that need review.")] = False,
    format: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Write the rows that pass and the rows that do not; both together are the audited set."""
    from auditor.cli.audited import judge_again, origin_of, sides_of_rows
    from auditor.domain.outcome import Outcome
    from auditor.engine.splitting import write_split
    from auditor.errors import UsageError
    from auditor.policy.split_plan import plan_split
    from auditor.report.jsonfile import read_report
    from auditor.report.words import count

    report = read_report(audit)
    facts = knowledge_of(knowledge)
    judge = judge_again(report, facts, policy)
    keep = [Outcome.ALLOW, Outcome.ALLOW_WITH_OBLIGATIONS, *([Outcome.REVIEW] if review else [])]
    inputs = data or report.dataset.arguments
    if not inputs:
        raise UsageError("which data was audited is not told", fix="name it: auditor split DIR DATA…")
    with progress("splitting", 2 * report.dataset.samples) as bar:
        verdicts = {one.id: judge.judge(origin_of(one)) for one in report.origins}
        plan = plan_split(verdicts, {one.id: one.samples for one in report.origins}, keep)
        sides = sides_of_rows(audit, plan.kept)
        result = write_split(inputs, sides, out, report.dataset.digest, bar.update)
    if format is DataFormat.JSON:
        emit_json(under(facts, _as_json(result, plan)))
        return
    for side, rows in result.rows.items():
        emit(f"{side:8} {rows:>10,} rows  {', '.join(result.files[side]) or 'no file'}")
    for removal in plan.removals:
        emit(f"to lift {removal.rule} ({removal.outcome}): take out {count(removal.rows, 'row')}")
    if result.unreadable:
        say(f"{result.unreadable:,} unreadable rows are in neither; {out / 'unreadable.jsonl'} names them")
    if result.rows["kept"]:
        say(f"Next:  {_audit_again(report, out / 'kept')}")


def _as_json(result: SplitResult, plan: SplitPlan) -> dict[str, Any]:
    return {
        "rows": result.rows,
        "files": result.files,
        "unreadable": result.unreadable,
        "digest": result.digest,
        "removals": [
            {"rule": r.rule, "outcome": str(r.outcome), "rows": r.rows, "origins": list(r.origins)}
            for r in plan.removals
        ],
    }


def _audit_again(report: Report, kept: Path) -> str:
    """Return the audit's command line, on the rows that stay."""
    words = shlex.split(report.command)
    options = words[2:] if words[1:2] == ["audit"] else []
    named = set(report.dataset.arguments)
    return shlex.join(["auditor", "audit", str(kept), *(word for word in options if word not in named)])
