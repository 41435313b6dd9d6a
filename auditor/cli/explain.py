"""`auditor explain`: from a row or finding to the facts, clauses and rules behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.answer_options import AnswerOptions, under
from auditor.cli.common import DEFAULT_OUT, emit, emit_json, emit_lines, say
from auditor.cli.option_groups import grouped
from auditor.printable import line

SHOWN = 5


@grouped
def explain(
    what: Annotated[str, typer.Argument(help="A row (file#row), a finding (F-…) or an origin (o-…).")],
    audit: Annotated[Path, typer.Option("--audit", help="Folder that the audit wrote.")] = DEFAULT_OUT,
    policy: Annotated[str | None, typer.Option("--policy", help="Explain under another pack.")] = None,
    *,
    asked: AnswerOptions,
) -> None:
    """Say why a row or a finding got its outcome, and what would change it."""
    from auditor.cli.audited import judge_again, origins_for
    from auditor.policy.explain import proof_json, proof_lines, prove
    from auditor.report.jsonfile import read_report

    report = read_report(audit)
    origins = origins_for(report, audit, what)
    finding = next((one for one in report.findings if one.id == what), None)
    if finding is not None and not origins:
        emit(f"{finding.outcome.upper()}  {finding.title}")
        emit(finding.message)
        emit(f"fix: {finding.fix}")
        return
    facts = asked.catalog()
    judge = judge_again(report, facts, policy)
    findings = () if policy is not None else [finding] if finding is not None else report.findings
    proofs = [prove(judge, origin) for origin in origins[:SHOWN]]
    if asked.json:
        emit_json([under(facts, proof_json(proof, findings)) for proof in proofs])
        return
    emit_lines("\n\n".join("\n".join(map(line, proof_lines(proof, findings))) for proof in proofs))
    if len(origins) > SHOWN:
        say(f"and {len(origins) - SHOWN} more origins")
