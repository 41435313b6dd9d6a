"""The demo set is what its README and faults.yaml say it is."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from auditor.domain.plan import IntendedUse
from auditor.fingerprint.search.detect import calibrate_built_in, detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.samples.source import open_source

DEMO = Path(__file__).parents[2] / "demo"
KINDS = {
    "undeclared-copy",
    "excerpt",
    "wrong-teacher",
    "forbidden-teacher",
    "noncommercial-license",
    "unknown-teacher",
    "unreadable-row",
}
COPIES = ("undeclared-copy", "excerpt", "wrong-teacher")
PERMISSIVE = {"Apache-2.0", "CC0-1.0", "CC-BY-4.0"}
NOT_PERMITTED = {"gpt-4o-2024-08-06", "acme-internal-7b", "northwind-writer-xl"}


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("repeated key")
    return row


def _chat() -> dict[str, dict[str, Any] | None]:
    rows: dict[str, dict[str, Any] | None] = {}
    lines = (DEMO / "data/chat.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        try:
            row = json.loads(line, object_pairs_hook=_no_repeats)
            said = [turn["content"] for turn in row["messages"] if turn["role"] == "assistant"]
        except (ValueError, TypeError):
            rows[f"chat.jsonl#{number}"] = None
            continue
        rows[f"chat.jsonl#{number}"] = {
            "text": said,
            "teacher": row["model"],
            "access": row["access"],
            "license": row["license"],
        }
    return rows


def _rows() -> dict[str, dict[str, Any] | None]:
    rows = _chat()
    tasks = json.loads((DEMO / "data/tasks.json").read_text(encoding="utf-8"))
    for number, row in enumerate(tasks):
        assert list(row) == ["instruction", "input", "output", "generator", "access", "license"]
        one = {
            "text": [row["output"]],
            "teacher": row["generator"],
            "access": row["access"],
            "license": row["license"],
        }
        rows[f"tasks.json#{number}"] = one
    with (DEMO / "data/answers.csv").open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            assert list(row) == ["question", "answer", "teacher", "access", "license"]
            one = {
                "text": [row["answer"]],
                "teacher": row["teacher"],
                "access": row["access"],
                "license": row["license"],
            }
            rows[f"answers.csv#{number}"] = one
    return rows


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any] | None]:
    """Every row of the three files by `file#row`; None where it cannot be read."""
    return _rows()


@pytest.fixture(scope="module")
def faults() -> dict[str, list[dict[str, Any]]]:
    """The rows of faults.yaml by kind."""
    listed = yaml.safe_load((DEMO / "faults.yaml").read_text(encoding="utf-8"))["faults"]
    return {fault["kind"]: fault["rows"] for fault in listed}


@pytest.fixture(scope="module")
def references() -> dict[tuple[str, str], str]:
    """The registered outputs by prompt and teacher."""
    return {
        (row["prompt_id"], row["teacher"]): row["text"] for row in _lines(DEMO / "teachers/reference.jsonl")
    }


def _shared_run(one: list[str], other: list[str]) -> int:
    """Return the length of the longest run of words that both hold."""
    best, before = 0, [0] * (len(other) + 1)
    for word in one:
        now = [0] * (len(other) + 1)
        for place, its in enumerate(other, 1):
            now[place] = before[place - 1] + 1 if its == word else 0
        best, before = max(best, *now), now
    return best


def test_it_holds_more_than_two_hundred_rows_in_three_shapes(rows: dict[str, Any]) -> None:
    sizes = Counter(row.split("#")[0] for row in rows)
    assert sizes == {"chat.jsonl": 88, "tasks.json": 76, "answers.csv": 60}
    assert sum(row is not None for row in rows.values()) >= 215


def test_no_text_is_empty_and_no_two_answers_are_alike(rows: dict[str, Any]) -> None:
    texts = [text for row in rows.values() if row for text in row["text"]]
    assert all(text.strip() == text and text for text in texts)
    assert max(Counter(texts).values()) == 1


def test_seven_kinds_of_fault_have_three_to_six_rows_each(
    rows: dict[str, Any], faults: dict[str, Any]
) -> None:
    assert set(faults) == KINDS
    listed = [row["row"] for kind in faults.values() for row in kind]
    assert len(set(listed)) == len(listed)
    assert set(listed) <= set(rows)
    assert all(3 <= len(kind) <= 6 for kind in faults.values())


def test_unreadable_rows_are_exactly_those_listed(rows: dict[str, Any], faults: dict[str, Any]) -> None:
    assert {name for name, row in rows.items() if row is None} == {r["row"] for r in faults["unreadable-row"]}


def test_the_readers_see_three_shapes_and_quarantine_the_listed_rows(faults: dict[str, Any]) -> None:
    source = open_source([str(DEMO / "data")])
    assert sum(len(batch) for batch in source) == 221
    assert {file.name: str(file.shape) for file in source.files} == {
        "chat.jsonl": "messages",
        "tasks.json": "alpaca",
        "answers.csv": "question-answer",
    }
    quarantined = {f"{row.file}#{row.row}" for row in source.unreadable}
    assert quarantined == {fault["row"] for fault in faults["unreadable-row"]}


def test_rows_without_a_teacher_are_exactly_the_undeclared_copies(
    rows: dict[str, Any], faults: dict[str, Any]
) -> None:
    nameless = {name for name, row in rows.items() if row and not row["teacher"]}
    assert nameless == {row["row"] for row in faults["undeclared-copy"]}


def test_declared_faults_hold_what_they_say(rows: dict[str, Any], faults: dict[str, Any]) -> None:
    def names(kind: str) -> set[str]:
        return {row["row"] for row in faults[kind]}

    readable = {name: row for name, row in rows.items() if row}
    restricted = {n for n, r in readable.items() if r["teacher"] == "gpt-4o-2024-08-06"}
    unknown = {n for n, r in readable.items() if r["teacher"] in NOT_PERMITTED - {"gpt-4o-2024-08-06"}}
    limited = {n for n, r in readable.items() if r["license"] not in PERMISSIVE}
    assert restricted == names("forbidden-teacher")
    assert unknown == names("unknown-teacher")
    assert limited == names("noncommercial-license")
    assert {readable[name]["license"] for name in limited} == {"CC-BY-NC-4.0"}
    assert {readable[name]["teacher"] for name in names("excerpt")} == {"human"}


def test_every_known_teacher_comes_with_its_access_path(rows: dict[str, Any]) -> None:
    def expected(teacher: str | None) -> str | None:
        if teacher == "human":
            return "none"
        if teacher == "gpt-4o-2024-08-06":
            return "api"
        return "open-weights" if teacher and "/" in teacher else None

    assert all(row["access"] == expected(row["teacher"]) for row in rows.values() if row)


def test_wrong_teachers_are_declared_and_differ_from_the_source(
    rows: dict[str, Any], faults: dict[str, Any]
) -> None:
    for fault in faults["wrong-teacher"]:
        declared = rows[fault["row"]]["teacher"]
        assert declared
        assert declared != fault["copied_from"]["teacher"]
        assert declared not in NOT_PERMITTED


@pytest.mark.parametrize(("kind", "least"), [("undeclared-copy", 20), ("excerpt", 50), ("wrong-teacher", 20)])
def test_copies_share_a_long_run_of_words_with_their_source(
    kind: str,
    least: int,
    rows: dict[str, Any],
    faults: dict[str, Any],
    references: dict[tuple[str, str], str],
) -> None:
    for fault in faults[kind]:
        source = references[fault["copied_from"]["prompt_id"], fault["copied_from"]["teacher"]]
        words = " ".join(rows[fault["row"]]["text"]).split()
        assert _shared_run(words, source.split()) >= least, fault["row"]


def test_excerpts_stand_between_sentences_of_their_own(
    rows: dict[str, Any], faults: dict[str, Any], references: dict[tuple[str, str], str]
) -> None:
    for fault in faults["excerpt"]:
        source = references[fault["copied_from"]["prompt_id"], fault["copied_from"]["teacher"]]
        text = rows[fault["row"]]["text"][0]
        assert text[:30] not in source
        assert text[-30:] not in source


def test_every_prompt_has_three_or_four_teachers(references: dict[tuple[str, str], str]) -> None:
    prompts = {row["prompt_id"] for row in _lines(DEMO / "teachers/prompts.jsonl")}
    per_prompt = Counter(prompt for prompt, _ in references)
    assert set(per_prompt) == prompts
    assert len(prompts) == 30
    assert set(per_prompt.values()) == {3, 4}


def test_the_plan_is_a_competing_commercial_service() -> None:
    plan = yaml.safe_load((DEMO / "plan.yaml").read_text(encoding="utf-8"))
    assert IntendedUse(plan["intended_use"]) is IntendedUse.COMMERCIAL_API
    assert plan["competes_with_teacher_provider"] == "yes"
    assert plan["student_base"] == {"name": "Qwen/Qwen3-8B", "terms": "Apache-2.0"}
    assert plan["student_release_license"] == "proprietary"


def test_the_card_states_no_license_or_teacher_for_all_rows() -> None:
    _, head, body = (DEMO / "data/README.md").read_text(encoding="utf-8").split("---\n", 2)
    card = yaml.safe_load(head)
    assert {"license", "source_datasets", "base_model"}.isdisjoint(card)
    assert {part["data_files"] for part in card["configs"]} == {"chat.jsonl", "tasks.json", "answers.csv"}
    assert "row by row" in body


@pytest.fixture(scope="module")
def index() -> ReferenceIndex:
    """The demo's index, built as `make demo` builds it."""
    lines = _lines(DEMO / "teachers/reference.jsonl")
    builder = IndexBuilder()
    names = [f"{row['prompt_id']}/{row['teacher']}" for row in lines]
    teachers, families = [row["teacher"] for row in lines], [row["family"] for row in lines]
    builder.add(pa.array([row["text"] for row in lines]), teachers, names, families)
    builder.add_prompts(pa.array([row["prompt"] for row in _lines(DEMO / "teachers/prompts.jsonl")]))
    built = builder.build()
    return built.with_calibration(calibrate_built_in(built))


def test_detection_finds_every_copy_with_its_teacher_and_nothing_else(
    index: ReferenceIndex, rows: dict[str, Any], faults: dict[str, Any]
) -> None:
    texts = [(name, text) for name, row in rows.items() if row for text in row["text"]]
    found = detect(index, pa.array([text for _, text in texts]), threads=1).to_pylist()
    copied = {
        name: match["teacher"]
        for (name, _), match in zip(texts, found, strict=True)
        if match["verdict"] == "copied"
    }
    assert copied == {row["row"]: row["copied_from"]["teacher"] for kind in COPIES for row in faults[kind]}
