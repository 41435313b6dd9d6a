"""Tables beside a pack."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import PolicyError
from auditor.knowledge.catalog import Knowledge
from auditor.policy.pack.load import load_pack
from auditor.policy.testing.rule_tests import load_tables, mutate, run_tables, tables_of
from tests.policy.packs import RULE, pack, write


def test_an_untested_rule_and_a_wrong_table_fail(tmp_path: Path, knowledge: Knowledge) -> None:
    path = write(tmp_path, "p", pack(RULE.format(id="a") + RULE.format(id="b").lstrip()))
    (tmp_path / "tests").mkdir()
    write(
        tmp_path / "tests",
        "p",
        "pack: p\nrules:\n- {rule: a, outcome: deny, speaks: [{plan.given: false}, {plan.x: 1}]}\n"
        "- {rule: z, outcome: deny}\ncases:\n"
        "- {name: c, input: 3, outcome: allow, rules: [q], obligations: [o]}\n",
    )
    loaded = load_pack(path)
    report = run_tables(loaded, knowledge, tables_of(loaded))
    assert report.untested == ["b"]
    assert len(report.failures) == 7
    assert not report.passed
    assert mutate(loaded, tables_of(loaded)).survivors


@pytest.mark.parametrize("body", ["[]", "rules: [3]", "rules: [{rule: a, outcome: perhaps}]", "what: 1"])
def test_broken_tables_are_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(PolicyError):
        load_tables([write(tmp_path, "t", body)])
