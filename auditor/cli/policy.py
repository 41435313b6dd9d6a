"""`auditor policy`: list, show, lint, test, try and compare packs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.answer_options import AnswerOptions, under
from auditor.cli.common import (
    DEFAULT_LEDGER,
    DataFormat,
    FormatOption,
    LedgerOption,
    emit,
    emit_json,
    emit_lines,
    policy_packs,
    say,
    today,
)
from auditor.cli.option_groups import grouped
from auditor.domain.exit_code import ExitCode, combine, of_outcome

if TYPE_CHECKING:
    from auditor.domain.rule import Rule

app = typer.Typer(no_args_is_help=True, help="List, show, lint, test and compare policy packs.")
PolicyOption = Annotated[
    str,
    typer.Option(
        "--policy", help="Pack name or YAML file.", envvar="AUDITOR_POLICY", autocompletion=policy_packs
    ),
]
PackArgument = Annotated[str, typer.Argument(help="Pack name or YAML file.", autocompletion=policy_packs)]


@app.command("list")
def list_command(format: FormatOption = DataFormat.TERMINAL) -> None:
    """List the packs shipped with the program."""
    from auditor.policy.pack.load import list_packs, load_pack

    rows = [
        {
            "name": pack.name,
            "version": pack.version,
            "rules": len(load_pack(pack.name).rules),
            "title": pack.title,
        }
        for pack in list_packs()
    ]
    if format is DataFormat.JSON:
        emit_json(rows)
        return
    for row in rows:
        emit(f"{row['name']:24} {row['version']:>5}  {row['rules']:3} rules  {row['title']}")


@app.command("show")
def show(pack: PackArgument = "default", format: FormatOption = DataFormat.TERMINAL) -> None:
    """Show the rules in force in a pack, after includes and overrides."""
    from auditor.policy.pack.load import load_pack

    loaded = load_pack(pack)
    if format is DataFormat.JSON:
        rules: list[dict[str, Any]] = [_rule_row(item.rule) for item in loaded.rules]
        head = {"name": loaded.name, "version": loaded.version, "digest": loaded.digest}
        emit_json({**head, "waivers": loaded.pack.waivers, "rules": rules})
        return
    emit(f"{loaded.name} {loaded.version}  {loaded.digest}")
    if changed := loaded.changes.words(loaded.name):
        emit(f"({changed})")
    emit(f"waivers: {loaded.pack.waivers}")
    for item in loaded.rules:
        rule = item.rule
        emit("")
        emit(f"{rule.id}  [{rule.outcome}]  {rule.title}")
        for name, source in rule.when:
            emit(f"    {name}: {source}")


def _rule_row(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "outcome": str(rule.outcome),
        "layer": str(rule.layer or "of-the-text"),
        "applies_to": str(rule.applies_to),
        "for_each": str(rule.for_each),
        "when": dict(rule.when),
        "obligations": list(rule.obligations),
        "pack": rule.pack,
    }


@app.command("eval")
@grouped
def eval_command(
    case: Annotated[Path, typer.Argument(help="A case, or a list of cases, in YAML or JSON.")],
    policy: PolicyOption = "default",
    *,
    asked: AnswerOptions,
    review_ok: Annotated[bool, typer.Option("--review-ok", help="Exit 0 on review, and say so.")] = False,
) -> int:
    """Judge a case without data: teachers, dataset licenses and a plan in one file."""
    from auditor.domain.outcome import Outcome
    from auditor.policy.pack.load import load_pack
    from auditor.policy.testing.cases import evaluate, load_cases

    cases = load_cases(case)
    pack, facts, day = load_pack(policy), asked.catalog(), today()
    listed = cases if isinstance(cases, list) else [cases]
    answers = [under(facts, evaluate(one, pack, facts, day)) for one in listed]
    if asked.json:
        emit_json(answers if isinstance(cases, list) else answers[0])
    else:
        for answer in answers:
            emit_lines(_answer_text(answer))
    codes = [of_outcome(Outcome(answer["outcome"]), review_ok=review_ok) for answer in answers]
    if review_ok and any(answer["outcome"] == "review" for answer in answers):
        say("review counted as allowed: --review-ok")
    code = combine(codes)
    if code is not ExitCode.ALLOWED:
        raise typer.Exit(code)
    return int(code)


def _answer_text(answer: dict[str, Any]) -> str:
    lines = [answer["outcome"].upper()]
    if "error" in answer:
        lines.append(f"  error: {answer['error']}")
    for reason in answer["reasons"]:
        clause = reason["clause"]
        lines.append(f"  {reason['outcome']:24} {reason['rule']}: {reason['message']}")
        lines.append(f"  {'':24} {clause['ref']} {clause['section']}".rstrip())
    lines += [f"  obligation: {duty['id']} ({duty['status']})" for duty in answer["obligations"]]
    lines += [f"  fix: {fix}" for fix in answer["fix"]]
    lines += [f"  question: {text}" for text in answer.get("questions", [])]
    lines += [f"  assumed: {text}" for text in answer.get("assumptions", [])]
    lines += [f"  advice: {text}" for text in answer.get("advice", [])]
    return "\n".join(lines)


@app.command("lint")
def lint(pack: PackArgument = "default", format: FormatOption = DataFormat.TERMINAL) -> None:
    """Look for rules that can never speak, contradict each other or leave a gap."""
    from auditor.policy.pack.load import load_pack
    from auditor.policy.testing.lint import Flaw, lint_pack

    found = lint_pack(load_pack(pack))
    if format is DataFormat.JSON:
        emit_json([{"flaw": str(f.flaw), "rules": list(f.rules), "message": f.message} for f in found])
    else:
        for flaw in found:
            emit(f"{flaw.flaw}: {', '.join(flaw.rules) or pack}: {flaw.message}")
        emit(f"{len(found)} flaws in {pack}")
    if any(flaw.flaw is not Flaw.RENAMED for flaw in found):
        raise typer.Exit(ExitCode.INVALID)


@app.command("test")
@grouped
def run_tests(
    pack: PackArgument = "default",
    *,
    asked: AnswerOptions,
) -> None:
    """Run the tables beside a pack; a rule without a test fails."""
    from auditor.policy.pack.load import load_pack
    from auditor.policy.testing.rule_tests import run_tables, tables_of

    loaded = load_pack(pack)
    report = run_tables(loaded, asked.catalog(), tables_of(loaded))
    if asked.json:
        emit_json({"checked": report.checked, "failures": report.failures, "untested": report.untested})
    else:
        for failure in report.failures:
            emit(f"FAIL  {failure}")
        for rule in report.untested:
            emit(f"FAIL  {rule}: no test makes it speak")
        emit(f"{report.checked} checked, {len(report.failures)} failed, {len(report.untested)} untested")
    if not report.passed:
        raise typer.Exit(ExitCode.INVALID)


@app.command("mutate")
def mutate_command(
    pack: PackArgument = "default",
    floor: Annotated[float, typer.Option("--floor", help="Score below which the command fails.")] = 0.9,
    format: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Change every rule in small ways and count the changes that its tables notice."""
    from auditor.policy.pack.load import load_pack
    from auditor.policy.testing.rule_tests import mutate, tables_of

    loaded = load_pack(pack)
    report = mutate(loaded, tables_of(loaded))
    if format is DataFormat.JSON:
        emit_json({"score": report.score, "killed": report.killed, "survivors": report.survivors})
    else:
        for survivor in report.survivors:
            emit(f"survives  {survivor}")
        emit(f"{report.score:.1%} of {report.killed + len(report.survivors)} mutants noticed")
    if report.score < floor:
        raise typer.Exit(ExitCode.INVALID)


@app.command("diff")
@grouped
def diff(
    before: PackArgument,
    after: Annotated[str, typer.Argument(help="The pack to compare with.")],
    ledger: LedgerOption = DEFAULT_LEDGER,
    audit: Annotated[Path | None, typer.Option("--audit", help="An audit's folder, not the ledger.")] = None,
    plan: Annotated[Path | None, typer.Option("--plan", help="Plan to judge under.")] = None,
    *,
    asked: AnswerOptions,
) -> None:
    """Say which audited rows come to another answer under another pack, and by which rules."""
    from auditor.cli.audited import audited_origins
    from auditor.policy.diff import flips
    from auditor.policy.evaluate.context import EvaluationContext
    from auditor.policy.evaluate.evaluator import Judge
    from auditor.policy.pack.load import load_pack
    from auditor.policy.plan.plans import load_plan

    origins, counts, stated = audited_origins(ledger, audit)
    chosen, facts = load_plan(plan) if plan else stated, asked.catalog()
    old, new = (Judge(EvaluationContext(load_pack(name), facts, chosen, today())) for name in (before, after))
    found = flips(old, new, origins, counts)
    if asked.json:
        rows = [
            {
                "origin": one.origin,
                "rows": one.rows,
                "before": str(one.before),
                "after": str(one.after),
                "because": list(one.because),
            }
            for one in found
        ]
        emit_json([under(facts, row) for row in rows])
        return
    for one in found:
        emit(f"{one.origin}  {one.rows:,} rows  {one.before} -> {one.after}  ({', '.join(one.because)})")
    emit(f"{len(found)} of {len(origins)} origins flip from {before} to {after}")
