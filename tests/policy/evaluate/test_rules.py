"""Rules that fail, and subjects that no rule covers."""

from __future__ import annotations

from pathlib import Path

from auditor.domain.outcome import Outcome
from auditor.domain.tribool import Tribool
from auditor.policy.pack.load import load_pack
from tests.policy.conftest import JudgeUnder
from tests.policy.origins import OLMO, PLAN, origin


def test_a_rule_that_fails_is_review_whatever_it_wanted_to_say(
    judge_under: JudgeUnder, tmp_path: Path
) -> None:
    for outcome in ("allow", "deny"):
        path = tmp_path / "p.yaml"
        path.write_text(
            "pack: p\nversion: "
            "'1'\ntitle: t\nrules:\n- {id: a, title: t, applies_to: origin, for_each: teacher, "
            f"layer: provenance, when: 'plan.missing[3] == \"x\"', outcome: {outcome}, message: m, owner: o, "
            "references: [{ref: x}]}\n"
        )
        verdict = judge_under(PLAN, load_pack(path)).judge(origin(OLMO))
        assert verdict.outcome is Outcome.REVIEW
        assert "never allows" in {r.rule: r.message for r in verdict.reasons}["a"]


def test_what_no_rule_covers_is_review(judge_under: JudgeUnder, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "pack: p\nversion: '1'\ntitle: t\nrules:\n- {id: a, title: t, applies_to: plan, layer: provenance, "
        "when: 'plan.given', outcome: allow, message: m, owner: o, references: [{ref: x}]}\n"
    )
    verdict = judge_under(PLAN, load_pack(path)).judge(origin(OLMO))
    assert verdict.outcome is Outcome.REVIEW
    assert {r.rule for r in verdict.reasons} == {"a", "no-rule-matched"}
    assert PLAN.competes_with_teacher_provider is Tribool.NO
