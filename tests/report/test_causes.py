"""Every row is counted once, under the weightiest finding that holds it; a set that passes has no cause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.outcome import Outcome
from auditor.report.causes import block_words, next_step, tally
from tests.report.examples import passing, rich


def test_rows_are_counted_once_though_two_findings_hold_them() -> None:
    report = rich()
    found = tally(report)
    rows = dict.fromkeys(Outcome, 0)
    for origin in report.origins:
        rows[origin.outcome] += origin.samples
    assert sum(cause.rows for cause in found.deny_causes) <= found.denied
    assert found.denied + found.open + found.waived + found.passing == sum(rows.values())


def test_what_blocks_is_named_as_the_rows_spell_it_largest_first() -> None:
    found = tally(rich()).deny_causes
    assert [cause.rows for cause in found] == sorted((cause.rows for cause in found), reverse=True)
    said = block_words(rich())
    assert all(f"{cause.name} {cause.rows:,}" in said for cause in found[:4])


def test_a_finding_without_rows_is_said_of_the_set() -> None:
    report = rich()
    of_the_set = [replace(one, origins=(), samples=0) for one in report.findings]
    assert "the set as a whole is held by" in block_words(replace(report, findings=tuple(of_the_set)))


def test_a_set_that_passes_has_no_cause() -> None:
    assert block_words(passing()) == ""
    assert tally(passing()).deny_causes == ()


@pytest.mark.parametrize(
    ("command", "gives"),
    [
        ("auditor split out", "keeps the"),
        ("auditor split out --keep-review", "only a person holds back"),
        ("auditor attest out --key KEY", "signs a permit"),
        ("auditor explain F-1", "shows one row"),
        ("auditor init", "what the student is for"),
    ],
)
def test_the_last_command_is_the_next_step_and_says_what_it_gives(command: str, gives: str) -> None:
    step = next_step(replace(rich(), next_commands=("auditor explain F-0", command)))
    assert step is not None
    assert step.command == command
    assert gives in step.gives


def test_without_a_command_there_is_no_step() -> None:
    assert next_step(replace(rich(), next_commands=())) is None
