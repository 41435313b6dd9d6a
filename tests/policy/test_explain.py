"""Proof trees, and rules that fail."""

from __future__ import annotations

from dataclasses import replace

from auditor.domain.claim import Access, Basis
from auditor.domain.origin import OriginFlag, OriginLicense, View
from auditor.domain.outcome import Outcome
from auditor.policy.evaluate.findings import group_findings
from auditor.policy.explain import proof_json, proof_lines, prove
from tests.policy.conftest import JudgeUnder
from tests.policy.origins import CC0, OLMO, PLAN, origin, teacher

NC = OriginLicense("cc-by-nc-4.0", "CC-BY-NC-4.0", Basis.CARD, "README.md:license")


def test_what_would_change_the_answer_is_judged_and_not_guessed(judge_under: JudgeUnder) -> None:
    mixed = origin(OLMO, teacher("meta-llama-3", views=(View.DETECTED,)), licenses=(CC0,))
    proof = prove(judge_under(PLAN), mixed)
    changes = {one.change: one.outcome for one in proof.counterfactuals}
    assert changes["no text of `meta-llama-3` were in the rows"] is Outcome.ALLOW
    assert "no text of `olmo` were in the rows" not in changes
    assert proof_json(proof)["would_pass_if"] == ["no text of `meta-llama-3` were in the rows"]


def test_licenses_flags_and_uses_are_tried(judge_under: JudgeUnder) -> None:
    judged = judge_under(PLAN)
    both = prove(judged, origin(OLMO, licenses=(CC0, NC)))
    changes = {one.change: one.outcome for one in both.counterfactuals}
    assert changes["no row stood under CC-BY-NC-4.0"] is Outcome.ALLOW
    assert changes["the use were research-only"] is Outcome.ALLOW_WITH_OBLIGATIONS
    odd = prove(judged, origin(OLMO, flags=frozenset({OriginFlag.CONTRADICTION})))
    assert odd.counterfactuals[0].change == "the claims agreed and named the origin"
    assert prove(judged, origin(OLMO)).counterfactuals == ()


def test_the_tree_shows_facts_waivers_questions_and_obligations(judge_under: JudgeUnder) -> None:
    unsure = judge_under(None)
    gpt = origin(
        teacher("openai-gpt-4", Access.API), licenses=(NC,), flags=frozenset({OriginFlag.UNDECLARED})
    )
    proof = prove(unsure, gpt)
    waived = [
        replace(one, waived_by="bob until 2027-01-31" if one.rule == "origin-undeclared" else None)
        for one in group_findings({gpt.id: proof.verdict}, {gpt.id: 1})
    ]
    lines = "\n".join(proof_lines(proof, waived))
    assert lines.count("  waiver ") == 1
    assert sum(one["waived_by"] is not None for one in proof_json(proof, waived)["reasons"]) == 1
    for words in ("facts", "README.md:license", "undeclared", "waiver bob until", "questions", "rule "):
        assert words in lines
    owed = judge_under(PLAN)
    assert "obligations" in "\n".join(proof_lines(prove(owed, origin(teacher("meta-llama-3.1")))))
