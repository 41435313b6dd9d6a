from __future__ import annotations

import json

import pytest

from auditor.domain.report.codec import from_json, to_json
from auditor.domain.report.report import Report
from auditor.errors import InputError
from tests.report import examples


@pytest.mark.parametrize("make", [examples.rich, examples.bare, examples.passing, examples.hostile])
def test_report_survives_json(make: object) -> None:
    report: Report = make()  # type: ignore[operator]
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


def test_schema_stands_first_and_contract_members_are_there() -> None:
    value = to_json(examples.rich())
    assert next(iter(value)) == "schema"
    assert value["outcome"] == "deny"
    assert {"digest", "samples", "unreadable", "files"} <= value["dataset"].keys()
    assert {"id", "teachers", "terms", "licenses", "basis", "grade", "samples", "share", "outcome"} <= value[
        "origins"
    ][0].keys()
    assert {"id", "rule", "outcome", "title", "message", "samples", "clauses", "fix", "evidence"} <= value[
        "findings"
    ][0].keys()


def test_a_newer_file_with_unknown_members_is_read() -> None:
    assert from_json(to_json(examples.bare()) | {"later": 1}) == examples.bare()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": "other"}, "not a report"),
        ({"outcome": "fine"}, "should be one of"),
        ({"findings": 3}, "a list"),
    ],
)
def test_a_misfit_is_refused_with_its_place(change: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        from_json(to_json(examples.rich()) | change)
