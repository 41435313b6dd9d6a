"""Models that stand under a name that says nothing of them: one question, never an allow."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.outcome import Outcome
from auditor.domain.report.report import Report
from auditor.engine.request import AuditRequest
from auditor.main_job import audit

PLAN = """
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: open-weights-release
student_release_license: Apache-2.0
student_name: Acme
competes_with_teacher_provider: no
"""
QWEN = "Qwen/Qwen2.5-7B-Instruct"
ROW = {
    "instruction": "Ask",
    "output": "Answer",
    "model": QWEN,
    "access": "open-weights",
    "license": "CC0-1.0",
}
UNSAID = {name: value for name, value in ROW.items() if name != "model"}
RULE = "teacher-inferred"


def report_of(folder: Path, row: dict[str, Any], name: str = "rows.jsonl", *mapping: str) -> Report:
    (folder / "plan.yaml").write_text(PLAN)
    (folder / name).write_text(json.dumps(row) + "\n")
    day = datetime(2026, 11, 24, tzinfo=UTC)
    out = folder / "out"
    request = AuditRequest(
        (str(folder / name),), day, plan=folder / "plan.yaml", ledger=None,
        out=out, mapping=mapping,
    )  # fmt: skip
    return audit(request).report


def teachers(report: Report) -> set[str]:
    return {name for origin in report.origins for name in origin.teachers}


def asked(report: Report) -> list[str]:
    return [finding.subject for finding in report.findings if finding.rule == RULE]


def test_a_set_that_only_a_value_names_is_asked_about_by_its_id(tmp_path: Path) -> None:
    report = report_of(tmp_path, {**UNSAID, "hf_repo": "Open-Orca/OpenOrca"})
    [found] = [one for one in report.findings if one.rule == RULE]
    assert found.subject == "hf_repo"
    assert "the set Open-Orca/OpenOrca, which gpt-4, gpt-3.5-turbo are known to have written" in found.message
    assert "--map source=hf_repo" in found.fix
    answered = report_of(
        tmp_path, {**UNSAID, "hf_repo": "Open-Orca/OpenOrca"}, "rows.jsonl", "source=hf_repo"
    )
    assert asked(answered) == []
    assert teachers(answered) == teachers(report)


SEEN: list[tuple[dict[str, Any], str]] = [
    ({"stage_two": "gpt-4o-2024-08-06"}, "stage_two"),
    ({"provenance": {"steps": [{"by_whom": "gpt-4"}]}}, "provenance.steps[].by_whom"),
    ({"provenance": '{"step": "gpt-4"}'}, "provenance.step"),
    ({"source": "GPT-4o (distilled)"}, "source"),
    ({"tags": ["cooking", "gpt-4"]}, "tags[]"),
    ({"gpt4_notes": "Some text of a model"}, "gpt4_notes"),
]


@pytest.mark.parametrize(("extra", "place"), SEEN)
def test_a_model_under_a_name_that_says_nothing_is_a_question(
    tmp_path: Path, extra: dict[str, Any], place: str
) -> None:
    report = report_of(tmp_path, {**ROW, **extra})
    assert not report.outcome.passes
    assert asked(report) == [place]
    assert any("openai" in one for one in teachers(report))


@pytest.mark.parametrize(
    "extra",
    [
        {"stage_two": "deduplicated"},
        {"provenance": {"steps": [{"by_whom": "Maria Nova"}]}},
        {"provenance": '{"step": "phi"}'},
        {"source": "a cookbook"},
        {"tags": ["cooking", "claude"]},
        {"nova_notes": "x"},
        {"topic": "gpt-4"},
        {"tokenizer": "gpt-4"},
        {"author": "Claude"},
        {"gpt4_score": 8},
        {"stage_two": QWEN},
    ],
)
def test_what_is_no_model_or_is_said_already_changes_nothing(tmp_path: Path, extra: dict[str, Any]) -> None:
    report = report_of(tmp_path, {**ROW, **extra})
    assert report.outcome.passes
    assert not asked(report)


def test_a_question_on_open_weights_beside_others_is_a_note_where_all_pass(tmp_path: Path) -> None:
    report = report_of(tmp_path, {**ROW, "stage_two": "Qwen/Qwen3-8B"})
    [note] = [one for one in report.findings if one.rule == RULE]
    assert (report.outcome.passes, note.outcome) == (True, Outcome.ALLOW)
    assert teachers(report) == {"qwen-2.5-apache", "qwen-3-apache"}
    for other in ({"stage_two": "meta-llama/Llama-2-7b-chat-hf"}, {"stage_two": "gpt-4o"}):
        report = report_of(tmp_path, {**ROW, **other})
        assert not report.outcome.passes
        assert Outcome.REVIEW in {one.outcome for one in report.findings if one.rule == RULE}


def test_a_judge_that_nobody_knows_leaves_the_origin_of_the_text(tmp_path: Path) -> None:
    report = report_of(tmp_path, {**ROW, "judge_model": "acme/judge-9b", "score": 3})
    assert report.outcome.passes
    pair = {"prompt": "Ask", "chosen": "Yes", "rejected": "No", "judge_model": "acme/judge-9b"}
    kept = {name: ROW[name] for name in ("model", "access", "license")}
    assert report_of(tmp_path, {**pair, **kept}).outcome is Outcome.REVIEW


def test_an_inferred_model_is_not_enough_where_nobody_says_who_wrote(tmp_path: Path) -> None:
    report = report_of(tmp_path, {**UNSAID, "stage_two": QWEN})
    assert report.outcome is Outcome.REVIEW
    assert "undeclared" in report.origins[0].flags
    assert report.coverage.declared == 0


@pytest.mark.parametrize(
    ("extra", "passes"),
    [
        ({"translation_model": "facebook/nllb-200-3.3B"}, False),
        ({"metadata": {"rewritten_with": "gpt-4o"}}, False),
        ({"trace": {"translated_by": "facebook/nllb-200-3.3B"}}, False),
        ({"translation_model": "Qwen/Qwen3-8B"}, True),
        ({"metadata": {"translated_by": "Maria Lopez"}}, True),
        ({"judge_model": "Qwen/Qwen3-8B"}, True),
    ],
)
def test_a_later_writer_is_a_teacher_and_no_question(
    tmp_path: Path, extra: dict[str, Any], passes: bool
) -> None:
    report = report_of(tmp_path, {**ROW, **extra})
    assert report.outcome.passes is passes
    assert not asked(report)


def test_a_judge_wrote_nothing(tmp_path: Path) -> None:
    report = report_of(tmp_path, {**UNSAID, "judge_model": QWEN})
    assert "undeclared" in report.origins[0].flags


def test_the_map_answers_the_question(tmp_path: Path) -> None:
    row = {**ROW, "stage_two": "gpt-4o-2024-08-06"}
    assert report_of(tmp_path, row, "rows.jsonl", "ignore=stage_two").outcome.passes
    said = report_of(tmp_path, row, "rows.jsonl", "teacher=stage_two")
    assert not asked(said)
    assert "gpt-4o-2024-08-06" in teachers(said)
    assert not said.outcome.passes


def test_the_name_of_a_file_counts_where_its_rows_name_nobody(tmp_path: Path) -> None:
    assert asked(report_of(tmp_path, UNSAID, "alpaca_gpt4_data.jsonl")) == ["alpaca_gpt4_data.jsonl"]
    assert report_of(tmp_path, ROW, "alpaca_mixtral_data.jsonl").outcome.passes
    assert report_of(tmp_path, ROW, "o3_ozone_data.jsonl").outcome.passes


def test_a_service_that_the_name_of_a_file_names_doubts_another_model_of_its_rows(tmp_path: Path) -> None:
    assert not report_of(tmp_path, ROW, "alpaca_gpt4_data.jsonl").outcome.passes


@pytest.mark.parametrize(
    ("name", "card", "place"),
    [
        ("OpenOrca.jsonl", "# Rows", "The name of the file `OpenOrca.jsonl`"),
        ("rows.jsonl", "A cleaned version of OpenOrca.", "The document `README.md`"),
    ],
)
def test_a_set_that_a_document_or_the_name_of_a_file_names_is_asked_about_there(
    tmp_path: Path, name: str, card: str, place: str
) -> None:
    (tmp_path / "README.md").write_text(card)
    found = [one for one in report_of(tmp_path, UNSAID, name).findings if one.rule == "teacher-inferred"]
    assert any(one.message.startswith(f"{place} names the set Open-Orca/OpenOrca") for one in found)
    assert not any("--map source=README" in one.fix or "!file-name" in one.message for one in found)


@pytest.mark.parametrize(
    "row",
    [
        {"type": "assistant",
         "message": {"role": "assistant", "model": "claude-opus-4-1", "content": "Done."}},
        {"trace": {"model": "gpt-4o", "input": "Ask", "output": "Answer"}},
        {"prompt": "Ask", "completion": "Answer", "gen_ai.response.model": "gpt-4o"},
        {"harness": "claude-code", "messages": [{"role": "user", "content": "Ask"},
         {"role": "assistant", "content": "Done", "message": {"model": "claude-opus-4-20250514"}}]},
    ],
)  # fmt: skip
def test_the_model_in_a_wrapper_wrote_the_answer(tmp_path: Path, row: dict[str, Any]) -> None:
    report = report_of(tmp_path, {**row, "license": "CC0-1.0"})
    assert len(teachers(report)) == 1
    assert "undeclared" not in report.origins[0].flags
    assert not asked(report)
    assert not report.outcome.passes
