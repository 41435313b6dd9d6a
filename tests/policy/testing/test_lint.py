"""What lint finds in a pack that compiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.policy.pack.load import load_pack
from auditor.policy.testing.lint import Flaw, lint_pack
from tests.policy.packs import RULE, pack, write


@pytest.mark.parametrize(
    ("first", "second", "outcomes", "flaw"),
    [
        ("plan.given && plan.has_base", "plan.has_base && plan.given", ("deny", "allow"), "contradictory"),
        (
            "!(plan.given || plan.has_base)",
            "!plan.has_base && !plan.given",
            ("deny", "allow"),
            "contradictory",
        ),
        ("plan.given", "plan.has_base && plan.given", ("deny", "deny"), "overlapping"),
        ("plan.given", "plan.has_base && plan.given", ("deny", "allow"), None),
        ("plan.given", "plan.has_base", ("deny", "deny"), None),
        ("plan.given", "plan.given && !plan.given", ("deny", "deny"), "unreachable"),
    ],
)
def test_lint_compares_what_conditions_mean(
    tmp_path: Path, first: str, second: str, outcomes: tuple[str, str], flaw: str | None
) -> None:
    rules = "".join(
        RULE.format(id=id).lstrip().replace("plan.given", when).replace("review", outcome)
        for id, when, outcome in zip("ab", (first, second), outcomes, strict=True)
    )
    found = {str(one.flaw) for one in lint_pack(load_pack(write(tmp_path, "p", pack(rules))))}
    assert found - {"uncovered"} == ({flaw} if flaw else set())


def test_lint_names_each_kind_of_flaw(tmp_path: Path) -> None:
    rules = (
        RULE.format(id="never").replace("plan.given", "plan.given && !plan.given")
        + RULE.format(id="one").lstrip()
        + RULE.format(id="same").lstrip()
        + RULE.format(id="opposite").lstrip().replace("outcome: review", "outcome: allow")
        + RULE.format(id="fails").lstrip().replace("plan.given", 'plan.missing[7] == "x"')
        + RULE.format(id="old")
        .lstrip()
        .replace("applies_to: plan", "applies_to: origin\n  for_each: terms")
        .replace("plan.given", 'fit.family == "yes"')
    )
    flaws = {flaw.flaw for flaw in lint_pack(load_pack(write(tmp_path, "p", pack(rules))))}
    assert flaws == set(Flaw)


def test_a_gap_in_coverage_is_found(tmp_path: Path) -> None:
    body = pack(RULE.format(id="a"), "include: [default]\ndisable: {outputs-allowed: testing}\n")
    flaws = lint_pack(load_pack(write(tmp_path, "p", body)))
    assert [flaw.flaw for flaw in flaws] == [Flaw.UNCOVERED]
    assert "terms.outputs allowed" in flaws[0].message
