"""What columns, turns and answers say; no claim is dropped or shortened to one that says less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

from auditor.domain.claim import ClaimKind
from auditor.knowledge.load import load_knowledge
from tests.samples.reading import TURNS, claims, cut, rows_read, run, values_of, write

ROW = {"prompt": "Q", "completion": "A"}


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({"model": "gpt-4"}, [("teacher", "gpt-4", "model", "")]),
        ({"model": None, "source": "airoboros"}, [("source", "airoboros", "source", "")]),
        ({"dataset": "helpful"}, [("source", "helpful", "dataset", "")]),
        ({"model": True, "generator": "", "License": {}, "teacher": [None, ""]}, []),
        ({"model": 7}, [("teacher", "7", "model", "")]),
        ({"Model": "m"}, [("teacher", "m", "Model", "")]),
        ({"model-name": "m"}, [("teacher", "m", "model-name", "")]),
        ({"modelName": "m"}, [("teacher", "m", "modelName", "")]),
        ({" TEACHER ": "m"}, [("teacher", "m", " TEACHER ", "")]),
        ({"model": "m" + " " * 300}, [("teacher", "m", "model", "")]),
        ({"model": "m" * 300}, [("teacher", cut("m", 300), "model", "")]),
        ({"models": [{"name": "a"}, {"id": "b"}]}, [("teacher", name, "models", "") for name in "ab"]),
        ({"teacher": {"family": 4, "odd": None}}, [("teacher", "{'family': 4, 'odd': None}", "teacher", "")]),
        ({"License": "cc-by-nc-4.0"}, [("license", "cc-by-nc-4.0", "License", "")]),
        ({"license": {"spdx": "CC-BY-NC-4.0"}}, [("license", "CC-BY-NC-4.0", "license", "")]),
        ({"license": 4}, [("license", "4", "license", "")]),
        ({"licenses": [{"License": "mit", "License URL": "u"}]}, [("license", "mit", "licenses", "")]),
        ({"dataset_license": "mit"}, [("license", "mit", "dataset_license", "")]),
        (
            {"chosen_generator": "a", "rejectedGenerator": "b"},
            [
                ("teacher", "a", "chosen_generator", "chosen"),
                ("teacher", "b", "rejectedGenerator", "rejected"),
            ],
        ),
        ({"license": "word " * 300}, [("license", ("word " * 300).strip(), "license", "")]),
        ({"license": "x" * 70_000}, [("license", cut("x", 70_000), "license", "")]),
        ({"metadata": '{"Model": "m"}'}, [("teacher", "m", "metadata.Model", "")]),
        ({"metadata": '{"Model": '}, []),
        ({"metadata": [{"model": "m"}]}, [("teacher", "m", "metadata.model", "")]),
        ({"metadata": [{"key": "model", "value": "m"}]}, [("teacher", "m", "metadata.model", "")]),
        (
            {"meta": {"generation_config": {"model": "m"}}},
            [("teacher", "m", "meta.generation_config.model", "")],
        ),
        (
            {"messages": [{"role": "assistant", "content": "A", "metadata": {"model": "m"}}]},
            [("teacher", "m", "messages[].metadata.model", "")],
        ),
        (
            {"model": {"name": "human", "id": "m", "url": "u"}},
            [("teacher", "human", "model", ""), ("teacher", "m", "model", "")],
        ),
        ({"license": {"title": "mit", "url": "u"}}, [("license", "mit", "license", "")]),
        ({"models": ["a", "b"]}, [("teacher", "a", "models", ""), ("teacher", "b", "models", "")]),
        (
            {"metadata": {"model": "m", "license": "mit"}},
            [("teacher", "m", "metadata.model", ""), ("license", "mit", "metadata.license", "")],
        ),
        (
            {"chosen_model": "a", "rejected_model": "b"},
            [("teacher", "a", "chosen_model", "chosen"), ("teacher", "b", "rejected_model", "rejected")],
        ),
        ({"generated_at": "2025-03-04T05:06:07Z"}, [("generated-at", "2025-03-04", "generated_at", "")]),
        ({"date": "2025-03-04"}, []),
        (
            {"provider": "together", "access": "api"},
            [("host", "together", "provider", ""), ("access", "api", "access", "")],
        ),
        (
            {"generation_models": ["a", "b"], "model_name": "c"},
            [
                ("teacher", "a", "generation_models[0]", "generations[0]"),
                ("teacher", "b", "generation_models[1]", "generations[1]"),
                ("teacher", "c", "model_name", "judge"),
            ],
        ),
    ],
)
def test_columns_say_claims_by_their_names(
    tmp_path: Path, extra: dict[str, Any], expected: list[tuple[str, str, str, str]]
) -> None:
    source, _ = run(write(tmp_path / "a.jsonl", {"prompt": "Q", "completion": "A", **extra}))
    assert claims(source) == expected


def test_a_turn_or_answer_names_its_own_model(tmp_path: Path) -> None:
    said = {"role": "assistant", "content": "A", "model": "m1"}
    turns = [TURNS[1] | {"model": "m0"}, said, said | {"model": "m2", "license": "l"}, said]
    source, _ = run(write(tmp_path / "a.jsonl", {"messages": turns, "model": "m3"}))
    assert claims(source) == [
        ("teacher", "m0", "messages[].model", "prompt"),
        ("teacher", "m1", "messages[].model", ""),
        ("teacher", "m2", "messages[].model", ""),
        ("license", "l", "messages[].license", ""),
        ("teacher", "m3", "model", ""),
    ]
    pair = {
        "chosen": said,
        "rejected": [TURNS[1], said | {"model": "m2"}],
        "generations": [{"generator": "m4"}],
    }
    source, _ = run(write(tmp_path / "b.jsonl", pair))
    assert claims(source) == [
        ("teacher", "m1", "chosen[].model", "chosen"),
        ("teacher", "m2", "rejected[].model", "rejected"),
        ("teacher", "m4", "generations[].generator", "generations[0]"),
    ]


def test_an_answer_that_names_nobody_beside_one_that_does_is_unknown(tmp_path: Path) -> None:
    turns = [TURNS[2] | {"model": "m1"}, TURNS[1], TURNS[2]]
    source, _ = run(write(tmp_path / "a.jsonl", {"messages": turns}, {"messages": turns, "model": "m2"}))
    assert [[claim.value for claim in held.claims] for held in source.claim_sets] == [
        ["m1", "unknown"],
        ["m1", "m2"],
    ]


def test_claims_in_columnar_files(tmp_path: Path) -> None:
    table = pa.table(
        {"prompt": ["Q", "Q"], "completion": ["A", "B"], "model": pa.array(["x", "y"]).dictionary_encode()}
    )
    pa.parquet.write_table(table, tmp_path / "a.parquet")
    source, _ = run(tmp_path / "a.parquet")
    assert claims(source) == [("teacher", "x", "model", ""), ("teacher", "y", "model", "")]


@pytest.mark.parametrize("name", ["Qwen/Qwen3-8B", "meta-llama/Llama-3.1-8B-Instruct", "gpt-4o", "human"])
def test_a_long_text_is_never_taken_for_the_name_it_begins_with(tmp_path: Path, name: str) -> None:
    long = name + " " * 220 + "and others"
    found = values_of(rows_read(tmp_path / "a.jsonl", {**ROW, "model": long}), ClaimKind.TEACHER)
    assert len(found) == 1
    assert load_knowledge().resolve(found[0]).teacher is None


def test_what_a_column_holds_as_long_json_text_is_read(tmp_path: Path) -> None:
    held = "\n " + json.dumps({"note": "x" * 70_000, "license": "CC-BY-NC-4.0"})
    assert values_of(rows_read(tmp_path / "a.jsonl", {**ROW, "metadata": held}), ClaimKind.LICENSE) == [
        "CC-BY-NC-4.0"
    ]
