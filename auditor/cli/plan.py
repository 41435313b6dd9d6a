"""`auditor plan`: check a plan, and try it against every use and release."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from auditor.cli.answer_options import AnswerOptions, under
from auditor.cli.common import DEFAULT_OUT, emit, emit_json
from auditor.cli.option_groups import grouped

app = typer.Typer(no_args_is_help=True, help="Check a plan, and try it against every use and release.")
_RELEASES = ("none", "proprietary", "Apache-2.0", "CC-BY-NC-4.0")


@app.command("check")
def check(plan: Annotated[Path, typer.Argument(help="plan.yaml")]) -> None:
    """Say whether a plan can be used and which keys it leaves out."""
    from auditor.policy.facts.usage import usage_of
    from auditor.policy.plan.plans import load_plan

    loaded = load_plan(plan)
    context = usage_of(loaded, loaded.intended_use)
    missing = ", ".join(context.missing())
    emit(f"{plan}: leaves out {missing}; each is a question" if missing else f"{plan}: complete")
    for text in (*context.assumptions, *context.questions):
        emit(f"  {text}")


@app.command("matrix")
@grouped
def matrix(
    audit: Annotated[Path, typer.Option("--audit", help="Folder that the audit wrote.")] = DEFAULT_OUT,
    plan: Annotated[Path | None, typer.Option("--plan", help="Another plan than the audit's.")] = None,
    policy: Annotated[str | None, typer.Option("--policy", help="Another pack than the audit's.")] = None,
    *,
    asked: AnswerOptions,
) -> None:
    """Judge the audited rows for every use and release license."""
    from auditor.cli.audited import day_of, origin_of, pack_of, same_catalog
    from auditor.domain.outcome import strictest
    from auditor.domain.plan import IntendedUse, Plan
    from auditor.policy.evaluate.context import EvaluationContext
    from auditor.policy.evaluate.evaluator import Judge
    from auditor.policy.plan.plans import load_plan
    from auditor.report.jsonfile import read_report

    report = read_report(audit)
    stated = load_plan(plan) if plan else report.plan or Plan()
    pack, facts = pack_of(report, policy), asked.catalog()
    same_catalog(report, facts)
    origins = [origin_of(one) for one in report.origins]
    releases = list(dict.fromkeys((stated.student_release_license or "none", *_RELEASES)))
    table: dict[str, Any] = {}
    for use in IntendedUse:
        table[str(use)] = {}
        for release in releases:
            tried = replace(stated, intended_use=use, student_release_license=release)
            judge = Judge(EvaluationContext(pack, facts, tried, day_of(report)))
            table[str(use)][release] = str(strictest(judge.judge(one).outcome for one in origins))
    if asked.json:
        emit_json(under(facts, table))
        return
    emit(f"{'':22}" + "".join(f"{release[:22]:24}" for release in releases))
    for use_name, row in table.items():
        emit(f"{use_name:22}" + "".join(f"{row[release]:24}" for release in releases))
