"""One mapping of errors and reports to exit codes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor import errors
from auditor.cli.exit_codes import of_error, of_report
from auditor.domain.coverage import Coverage
from auditor.domain.outcome import Outcome
from auditor.domain.report.dataset import DatasetFacts, FileFacts
from auditor.domain.report.judged_by import PolicyFacts
from auditor.domain.report.report import Report


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("x"), 2),
        (errors.NoRowsError("x"), 2),
        (errors.PolicyError("x", line=3, column=7, where="pack.yaml"), 2),
        (errors.PlanError("x"), 2),
        (errors.KnowledgeError("x"), 2),
        (errors.RefusedError("x"), 1),
        (errors.EvidenceError("x"), 4),
        (errors.LedgerError("x"), 4),
        (errors.EnvironmentFault("x"), 4),
    ],
)
def test_an_error_has_one_code(error: errors.AuditorError, code: int) -> None:
    assert of_error(error) == code


def test_a_policy_error_names_file_line_and_column() -> None:
    assert str(errors.PolicyError("bad", line=3, column=7, where="pack.yaml")) == "pack.yaml:3:7: bad"


def test_a_report_has_the_code_of_its_answer_not_the_one_that_it_states() -> None:
    answered = Report(Outcome.REVIEW, DatasetFacts("", 1), PolicyFacts("p", "1", ""), Coverage(), exit_code=0)
    assert (of_report(answered), of_report(answered, review_ok=True)) == (3, 0)
    broken = replace(answered, dataset=DatasetFacts("", 1, files=(FileFacts("a.jsonl", error="cut off"),)))
    assert of_report(broken, review_ok=True) == 2
