"""The readers' front: shapes, parts, claims, quarantine, folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.sample import Shape
from auditor.errors import InputError, NoRowsError, UnreadableInputError
from auditor.samples.file_facts import Unreadable
from auditor.samples.inputs.cards import UNREADABLE
from auditor.samples.source import ReadOptions, Source, open_source


def write(path: Path, *rows: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def run(*paths: Path, options: ReadOptions | None = None) -> tuple[Source, list[tuple[str, str, str]]]:
    source = open_source([str(path) for path in paths], options)
    parts = [
        (part["role"], part["slot"], part["text"]) for batch in source for part in batch.parts.to_pylist()
    ]
    return source, parts


def cut(sign: str, size: int) -> str:
    head = f"{size:,} characters, no name, that begin with "
    return f"{head}«{sign * (200 - len(head) - 3)}…»"


def claims(source: Source) -> list[tuple[str, str, str, str]]:
    return [(c.kind, c.value, c.where, c.slot) for held in source.claim_sets for c in held.claims]


TURNS = [
    {"role": "system", "content": "S"},
    {"role": "user", "content": "Q"},
    {"role": "assistant", "content": "A"},
]
CHAT = [("system", "", "S"), ("prompt", "prompt", "Q"), ("teacher", "", "A")]
QA = CHAT[1:]

SHAPES: dict[str, tuple[dict[str, Any], Shape, list[tuple[str, str, str]]]] = {
    "messages": ({"messages": TURNS}, Shape.MESSAGES, CHAT),
    "content parts": (
        {
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": "Q"}, {"type": "image"}]},
                TURNS[2],
            ]
        },
        Shape.MESSAGES,
        QA,
    ),
    "tool calls": (
        {
            "messages": [
                TURNS[1],
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}],
                },
                {"role": "tool", "content": "R"},
                TURNS[2],
            ]
        },
        Shape.MESSAGES,
        [QA[0], ("teacher", "", "{}"), ("tool", "", "R"), QA[1]],
    ),
    "sharegpt": (
        {
            "conversations": [
                {"from": "system", "value": "S"},
                {"from": "human", "value": "Q"},
                {"from": "gpt", "value": "A"},
            ]
        },
        Shape.SHAREGPT,
        CHAT,
    ),
    "alpaca": ({"instruction": "Q", "input": "", "output": "A"}, Shape.ALPACA, QA),
    "alpaca with input": (
        {"instruction": "Q", "input": "I", "output": "A"},
        Shape.ALPACA,
        [QA[0], ("prompt", "prompt", "I"), QA[1]],
    ),
    "alpaca response": ({"instruction": "Q", "input": "", "response": "A"}, Shape.ALPACA, QA),
    "self-instruct": ({"instruction": "Q", "instances": [{"input": "", "output": "A"}]}, Shape.ALPACA, QA),
    "alpaca eval": (
        {"instruction": "Q", "output": "A", "generator": "g", "dataset": "d"},
        Shape.ALPACA_EVAL,
        QA,
    ),
    "orca": (
        {"id": "1", "system_prompt": "S", "question": "Q", "response": "A"},
        Shape.QUESTION_ANSWER,
        CHAT,
    ),
    "question answer": ({"question": "Q", "answer": "A"}, Shape.QUESTION_ANSWER, QA),
    "prompt completion": ({"prompt": "Q", "completion": "A"}, Shape.PROMPT_COMPLETION, QA),
    "prompt generation": ({"prompt": "Q", "generation": "A"}, Shape.PROMPT_COMPLETION, QA),
    "chat completion": ({"prompt": TURNS[:2], "completion": TURNS[2:]}, Shape.PROMPT_COMPLETION, CHAT),
    "generations": (
        {"instruction": "Q", "generations": ["A", "B"]},
        Shape.PROMPT_COMPLETION,
        [QA[0], ("teacher", "generations[0]", "A"), ("teacher", "generations[1]", "B")],
    ),
    "preference": (
        {"prompt": "Q", "chosen": "A", "rejected": "B"},
        Shape.PREFERENCE,
        [QA[0], ("teacher", "chosen", "A"), ("teacher", "rejected", "B")],
    ),
    "chat preference": (
        {"chosen": TURNS, "rejected": [*TURNS[:2], {"role": "assistant", "content": "B"}]},
        Shape.PREFERENCE,
        [*CHAT[:2], ("teacher", "chosen", "A"), ("teacher", "rejected", "B")],
    ),
    "text": ({"text": "A"}, Shape.TEXT, [("teacher", "", "A")]),
    "capitals": ({"INSTRUCTION": "Q", "RESPONSE": "A"}, Shape.ALPACA, QA),
    "flan": ({"inputs": "Q", "targets": "A"}, Shape.PROMPT_COMPLETION, QA),
    "response pairs": (
        {"question": "Q", "chosen_response": "A", "rejected_response": "B"},
        Shape.PREFERENCE,
        [QA[0], ("teacher", "chosen", "A"), ("teacher", "rejected", "B")],
    ),
    "generation objects": (
        {"instruction": "Q", "generations": [{"text": "A", "model": "m"}]},
        Shape.PROMPT_COMPLETION,
        [QA[0], ("teacher", "generations[0]", "A")],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shape_and_parts(tmp_path: Path, name: str) -> None:
    row, shape, expected = SHAPES[name]
    source, parts = run(write(tmp_path / "a.jsonl", row))
    assert source.files[0].shape is shape
    assert parts == expected
    assert source.files[0].score == 1.0


def test_the_runner_up_is_named(tmp_path: Path) -> None:
    row = {"instruction": "Q", "output": "A", "text": "Q A"}
    source, _ = run(write(tmp_path / "a.jsonl", row, row, {"text": "T"}))
    facts = source.files[0]
    assert facts.shape is Shape.TEXT
    assert facts.runner_up == (Shape.ALPACA, pytest.approx(2 / 3))


def test_the_users_shape_beats_the_guess(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"instruction": "Q", "output": "A", "text": "T"})
    assert run(path, options=ReadOptions(shape=Shape.TEXT))[1] == [("teacher", "", "T")]
    named = ReadOptions(text_columns=("output",), prompt_columns=("instruction",))
    assert run(path, options=named)[1] == QA


def test_a_mixed_file_reads_each_row_by_its_own_shape(tmp_path: Path) -> None:
    good = [SHAPES["messages"][0]] * 3 + [SHAPES["alpaca"][0]]
    source, parts = run(
        write(tmp_path / "a.jsonl", *good, {"messages": "none"}, {}, {"messages": [{"role": "elf"}]})
    )
    assert parts == CHAT * 3 + QA
    assert [(row.sample_id, row.line) for row in source.unreadable] == [
        ("a.jsonl#4", 5),
        ("a.jsonl#5", 6),
        ("a.jsonl#6", 7),
    ]
    assert source.samples == 4
    assert source.files[0].unreadable == 3


def test_unknown_columns_are_searched_as_text(tmp_path: Path) -> None:
    source, parts = run(write(tmp_path / "a.jsonl", {"q1": "Q", "a1": "A"}))
    assert source.files[0].score == 0.0
    assert [text for *_, text in parts] == ["Q", "A"]


def test_where_no_shape_fits_text_is_found_however_deep(tmp_path: Path) -> None:
    row = {"id": 0, "data": ["Q", {"reply": "A", "more": [{"text": "B"}]}]}
    found = [(role, text) for role, _, text in run(write(tmp_path / "a.jsonl", row, row))[1]]
    assert found == [("teacher", text) for text in "QABQAB"]


def test_columns_that_are_no_part_of_the_shape_are_named(tmp_path: Path) -> None:
    said = "one two three four five six seven eight"
    row = {"prompt": "Q", "completion": said, "copy": said, "remark": f"{said} nine", "id": "x1"}
    source, _ = run(write(tmp_path / "a.jsonl", row | {"log": [{"text": f"ten {said}"}]}))
    assert source.files[0].left_out == ("log", "remark")


def test_the_batch_points_at_rows_lines_and_claims(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        {"instruction": "Q", "output": "A", "generator": "gpt4"},
        "",
        "{bad",
        {"instruction": "Q", "output": "B", "generator": "gpt4"},
        {"instruction": "Q", "output": "C"},
    )
    source = open_source(
        [str(path)], ReadOptions(claims=(Claim(ClaimKind.LICENSE, "MIT", Basis.FLAG, "--license"),))
    )
    (batch,) = source
    assert batch.sample_ids() == ["a.jsonl#0", "a.jsonl#2", "a.jsonl#3"]
    assert batch.lines is not None
    assert batch.lines.tolist() == [1, 4, 5]
    assert batch.claim_sets.tolist() == [0, 0, 1]
    assert [c.basis for c in source.claim_sets[0].claims] == [Basis.ROW, Basis.FLAG]
    assert np.unique(batch.parts["row_index"].to_numpy()).tolist() == [0, 1, 2]
    assert source.unreadable == [Unreadable("a.jsonl", 1, 3, source.unreadable[0].reason)]


def test_every_unreadable_row_reaches_the_sink(tmp_path: Path) -> None:
    seen: list[Unreadable] = []
    path = write(tmp_path / "a.jsonl", {"text": "T"}, *["{"] * 12_000)
    source = open_source([str(path)])
    assert sum(map(len, source.read(seen.append))) == 1
    assert len(seen) == source.unreadable_rows == 12_000
    assert len(source.unreadable) == 10_000


def test_reasons_hold_no_row_text(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", {"text": "T"}, '{"secret": "secret', {"secret": 1}, {"text": {"secret": 2}}
    )
    source, _ = run(path)
    assert source.unreadable_rows == 3
    assert not any("secret" in row.reason for row in source.unreadable)


def test_one_unreadable_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    write(tmp_path / "a.jsonl", {"text": "T"})
    write(tmp_path / "c.jsonl", {"text": "T"})
    source, parts = run(tmp_path)
    assert len(parts) == 2
    assert [file.file for file in source.unreadable_files] == ["b.parquet"]


@pytest.mark.parametrize("content", ["", "\n\n", "[]"])
def test_no_row_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(content)
    with pytest.raises(NoRowsError):
        run(path)


def test_nothing_readable_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoRowsError):
        run(write(tmp_path / "a.jsonl", "{", "{"))
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(UnreadableInputError):
        run(tmp_path / "b.parquet")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError):
        run(tmp_path / "empty")


def test_sample_stops_early(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *[{"text": "T"}] * 100)
    source, parts = run(path, options=ReadOptions(sample=7, batch_rows=5))
    assert (source.samples, len(parts)) == (7, 7)


# Folders


def test_splits_are_inferred_from_names(tmp_path: Path) -> None:
    for name in ("train-00000-of-00001.jsonl", "data/validation.jsonl", "test/part-0.jsonl", "other.jsonl"):
        write(tmp_path / name, {"text": name})
    write(tmp_path / "dataset_infos.json", {"not": "rows"})
    write(tmp_path / ".cache/hidden.jsonl", {"text": "no"})
    source, _ = run(tmp_path)
    assert {facts.name: facts.split for facts in source.files} == {
        "train-00000-of-00001.jsonl": "train",
        "data/validation.jsonl": "validation",
        "test/part-0.jsonl": "test",
        "other.jsonl": "",
    }
    source, _ = run(tmp_path, options=ReadOptions(split="train"))
    assert [facts.name for facts in source.files] == ["other.jsonl", "train-00000-of-00001.jsonl"]


def test_globs_and_equal_names(tmp_path: Path) -> None:
    one, two = write(tmp_path / "x/a.jsonl", {"text": "1"}), write(tmp_path / "y/a.jsonl", {"text": "2"})
    source, _ = run(tmp_path / "*" / "a.jsonl")
    assert [facts.name for facts in source.files] == ["x/a.jsonl", "y/a.jsonl"]
    source, _ = run(one, two, one)
    assert len({facts.name for facts in source.files}) == 2


def test_a_card_names_files_splits_and_license(tmp_path: Path) -> None:
    write(tmp_path / "keep/one.jsonl", {"text": "T"})
    write(tmp_path / "leave.jsonl", {"text": "T"})
    (tmp_path / "README.md").write_text(
        "---\nlicense: other\nlicense_name: llama3\nsource_datasets: [original, web/x]\n"
        "configs:\n- config_name: default\n  data_files:\n  - split: test\n    path: keep/*.jsonl\n"
        "  - split: evil\n    path: ../../*.jsonl\n---\n# Card\n"
    )
    source, _ = run(tmp_path)
    assert [(facts.name, facts.split) for facts in source.files] == [("keep/one.jsonl", "test")]
    assert claims(source) == [
        ("license", "llama3", "README.md:license_name", ""),
        ("source", "web/x", "README.md:source_datasets", ""),
    ]


@pytest.mark.parametrize("card", ["---\n: [\n---\n", "no yaml", "---\nWords", "---\n- list\n---\n"])
def test_prose_that_looks_like_a_card_says_nothing(tmp_path: Path, card: str) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / "README.md").write_text(card)
    assert claims(run(tmp_path)[0]) == []


@pytest.mark.parametrize(
    ("card", "license_"),
    [
        ("license: cc-by-nc-4.0\n bad: [", UNREADABLE),
        ("license: cc-by-nc-4.0\nlicense: mit", UNREADABLE),
        ("license: cc-by-nc-4.0\nLicense: mit", UNREADABLE),
        ("- license: cc-by-nc-4.0", UNREADABLE),
        ("License: cc-by-nc-4.0", "cc-by-nc-4.0"),
        ("license: {name: cc-by-nc-4.0}", "cc-by-nc-4.0"),
        ("license: 5", "5"),
    ],
)
@pytest.mark.parametrize(
    ("name", "before"), [("README.md", ""), ("readme.md", "\n\n"), ("README.md", "\ufeff")]
)
def test_a_license_in_a_card_is_never_passed_over(
    tmp_path: Path, card: str, license_: str, name: str, before: str
) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / name).write_text(f"{before}---\n{card}\n---\n", encoding="utf-8")
    assert claims(run(tmp_path)[0]) == [("license", license_, "README.md:license", "")]


def test_every_card_above_a_file_counts(tmp_path: Path) -> None:
    for folder, license_ in (("set", "mit"), ("set/data", "cc-by-4.0"), ("set/data/inner", "cc-by-nc-4.0")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "README.md").write_text(f"---\nlicense: {license_}\n---\n")
    write(tmp_path / "set/data/inner/a.jsonl", {"text": "A"})
    (tmp_path / "set/data/inner/LICENSE").write_text("SPDX-License-Identifier: CC0-1.0")
    source, _ = run(tmp_path / "set/data")
    assert [(value, where) for _, value, where, _ in claims(source)] == [
        ("CC0-1.0", "inner/LICENSE"),
        ("cc-by-nc-4.0", "inner/README.md:license"),
        ("cc-by-4.0", "README.md:license"),
        ("mit", "../README.md:license"),
    ]


def test_license_files(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / "LICENSE").write_text("\n   Apache License\n   Version 2.0, January 2004\n")
    assert claims(run(tmp_path)[0]) == [
        ("license", "Apache License\n   Version 2.0, January 2004", "LICENSE", "")
    ]
    assert claims(run(path)[0]) == []
    (tmp_path / "DATA_LICENSE").write_text("Attribution-NonCommercial 4.0 International\n\nText")
    for argument in (path, tmp_path):
        assert claims(run(argument)[0]) == [
            ("license", "Attribution-NonCommercial 4.0 International\n\nText", "DATA_LICENSE", "")
        ]


def test_the_object_around_the_rows_speaks_of_them_all(tmp_path: Path) -> None:
    around = {
        "metadata": {"model": "gpt-4"},
        "license": "cc-by-nc-4.0",
        "data": [{"text": "T", "model": "human"}],
    }
    (tmp_path / "a.json").write_text(json.dumps(around))
    source, _ = run(tmp_path / "a.json")
    assert [(value, where) for _, value, where, _ in claims(source)] == [
        ("human", "model"),
        ("cc-by-nc-4.0", "license"),
        ("gpt-4", "metadata.model"),
    ]


def test_every_license_file_counts_however_it_is_spelled(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / "LICENSE").write_text("# SPDX-License-Identifier: MIT\n# SPDX-License-Identifier: ISC\n")
    (tmp_path / "license.rst").write_text("no SPDX-License-Identifier: MIT")
    assert [(value, where) for _, value, where, _ in claims(run(tmp_path)[0])] == [
        ("MIT", "LICENSE"),
        ("ISC", "LICENSE"),
        ("no SPDX-License-Identifier: MIT", "license.rst"),
    ]
    (tmp_path / "LICENSE-DATA").write_text("CC-BY-4.0")
    assert claims(run(tmp_path)[0]) == [("license", "CC-BY-4.0", "LICENSE-DATA", "")]


def test_a_card_that_names_two_licenses_claims_both(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / "README.md").write_text("---\nlicense: mit\nlicense_name: cc-by-nc-4.0\n---\n")
    assert [value for _, value, _, _ in claims(run(tmp_path)[0])] == ["mit", "cc-by-nc-4.0"]


def test_pipelines_of_several_models_and_broken_ones(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    pipeline = tmp_path / "pipeline.yaml"
    pipeline.write_text("pipeline: {steps: [{step: {llm: {model: [gpt-4o, yi]}}}]}")
    assert [value for _, value, _, _ in claims(run(tmp_path)[0])] == ["gpt-4o", "yi"]
    pipeline.write_text("pipeline: [")
    assert [value for _, value, _, _ in claims(run(tmp_path)[0])] == ["a pipeline that cannot be read"]


def test_distilabel_pipelines(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {"instruction": "Q", "generation": "A"})
    (tmp_path / "pipeline.yaml").write_text(
        "pipeline:\n  steps:\n  - name: write\n    step:\n      llm: {model: gpt-4o}\n"
        "  - name: load\n    step: {}\n"
    )
    assert claims(run(tmp_path)[0]) == [("teacher", "gpt-4o", "pipeline.yaml:write.llm.model", "")]


def test_saved_datasets(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    rows = datasets.Dataset.from_list([{"instruction": "Q", "output": "A", "model": "gpt-4"}] * 3)
    rows.save_to_disk(str(tmp_path / "one"))
    source, parts = run(tmp_path / "one")
    assert parts == QA * 3
    assert claims(source) == [("teacher", "gpt-4", "model", "")]
    datasets.DatasetDict({"train": rows, "test": rows}).save_to_disk(str(tmp_path / "both"))
    source, parts = run(tmp_path / "both")
    assert [facts.split for facts in source.files] == ["train", "test"]
    assert len(parts) == 12
    assert source.files[0].name.startswith("train/")


def test_saved_datasets_may_not_point_outside(tmp_path: Path) -> None:
    write(tmp_path / "secret.jsonl", {"text": "T"})
    folder = tmp_path / "saved"
    write(folder / "state.json", {"_data_files": [{"filename": "../secret.jsonl"}]})
    with pytest.raises(UnreadableInputError):
        run(folder)


def test_card_patterns_as_the_hub_takes_them(tmp_path: Path) -> None:
    for name in ("data/train-0.jsonl", "data/test-0.jsonl", "more/x.jsonl", "unnamed.jsonl"):
        write(tmp_path / name, {"text": "T"})
    (tmp_path / "README.md").write_text(
        "---\nconfigs:\n- data_files: {train: 'data/train-**', test: ['data/test-*']}\n"
        "- data_files: more\n---\n"
    )
    source, _ = run(tmp_path)
    assert {facts.name: facts.split for facts in source.files} == {
        "data/train-0.jsonl": "train",
        "data/test-0.jsonl": "test",
        "more/x.jsonl": "",
    }


def test_a_file_that_the_dataset_lacks_is_an_unreadable_file(tmp_path: Path) -> None:
    write(tmp_path / "state.json", {"_data_files": [{"filename": "gone.arrow"}]})
    with pytest.raises(UnreadableInputError):
        run(tmp_path)


def test_equal_names_do_not_depend_on_the_machine(tmp_path: Path) -> None:
    one, two = write(tmp_path / "x/a.jsonl", {"text": "1"}), write(tmp_path / "y/a.jsonl", {"text": "2"})
    source, _ = run(one, two)
    assert [facts.name for facts in source.files] == ["x/a.jsonl", "y/a.jsonl"]


def test_candidates_and_arenas_keep_a_slot_each(tmp_path: Path) -> None:
    ranked = {"prompt": "Q", "answers": [{"answer": "A", "model": "m1"}, {"answer": "B", "model": "m2"}]}
    source, parts = run(write(tmp_path / "a.jsonl", ranked))
    assert parts == [QA[0], ("teacher", "answers[0]", "A"), ("teacher", "answers[1]", "B")]
    assert [(value, slot) for _, value, _, slot in claims(source)] == [
        ("m1", "answers[0]"),
        ("m2", "answers[1]"),
    ]
    arena = {"conversation_a": TURNS, "conversation_b": TURNS, "model_a": "m1", "model_b": "m2"}
    source, parts = run(write(tmp_path / "b.jsonl", arena))
    assert [slot for role, slot, _ in parts if role == "teacher"] == ["conversation_a", "conversation_b"]
    assert [(value, slot) for _, value, _, slot in claims(source)] == [
        ("m1", "conversation_a"),
        ("m2", "conversation_b"),
    ]


# Claims


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


def test_a_record_counts_among_other_rows_and_its_row_may_say_more(tmp_path: Path) -> None:
    plain = {"instruction": "Q", "output": "A", "model": "m1"}
    answer = {"object": "chat.completion", "model": "m2", "choices": [{"message": {"content": "A"}}]}
    record = {"custom_id": "1", "response": {"body": answer}, "model": "m3", "license": "cc-by-nc-4.0"}
    unnamed = {"generated_text": "A", "model": "m4"}
    source, _ = run(write(tmp_path / "a.jsonl", plain, plain, record, unnamed))
    assert [(c.kind, c.value, c.basis) for held in source.claim_sets for c in held.claims] == [
        ("teacher", "m1", "row"),
        ("teacher", "m2", "log"),
        ("license", "cc-by-nc-4.0", "row"),
        ("teacher", "m4", "row"),
    ]


def test_an_answer_that_names_nobody_beside_one_that_does_is_unknown(tmp_path: Path) -> None:
    turns = [TURNS[2] | {"model": "m1"}, TURNS[1], TURNS[2]]
    source, _ = run(write(tmp_path / "a.jsonl", {"messages": turns}, {"messages": turns, "model": "m2"}))
    assert [[claim.value for claim in held.claims] for held in source.claim_sets] == [
        ["m1", "unknown"],
        ["m1", "m2"],
    ]


def test_license_texts_are_kept_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.samples.claims.claim_table._MAX_LONG", 1000)
    texts = [f"{number} " * 200 for number in (10, 11, 10)]
    source, _ = run(write(tmp_path / "a.jsonl", *({"text": "A", "license": text} for text in texts)))
    found = [claim.value for claim_set in source.claim_sets for claim in claim_set.claims]
    assert [len(value) for value in found] == [599, 200]


def test_a_role_named_gpt_is_no_teacher(tmp_path: Path) -> None:
    source, _ = run(write(tmp_path / "a.jsonl", SHAPES["sharegpt"][0]))
    assert claims(source) == []


def test_claims_in_columnar_files(tmp_path: Path) -> None:
    table = pa.table(
        {"prompt": ["Q", "Q"], "completion": ["A", "B"], "model": pa.array(["x", "y"]).dictionary_encode()}
    )
    pa.parquet.write_table(table, tmp_path / "a.parquet")
    source, _ = run(tmp_path / "a.parquet")
    assert claims(source) == [("teacher", "x", "model", ""), ("teacher", "y", "model", "")]


def test_urls_in_a_source_column_do_not_multiply_claim_sets(tmp_path: Path) -> None:
    rows = [{"text": "T", "source": f"https://example.org/{n}", "model": "m"} for n in range(2000)]
    source, _ = run(write(tmp_path / "a.jsonl", *rows))
    assert len(source.claim_sets) <= 257
    assert all(held.of(ClaimKind.TEACHER) for held in source.claim_sets)


# Real data

GENERATION_RECORDS = {
    "alpaca.jsonl": (Shape.ALPACA, {"gpt4"}),
    "anthropic-batch-results.jsonl": (Shape.MESSAGES, {"claude-sonnet-4-5-20250929"}),
    "distilabel.jsonl": (
        Shape.PROMPT_COMPLETION,
        {"meta-llama/Llama-3.3-70B-Instruct", "gpt-4o", "Qwen/Qwen2.5-72B-Instruct"},
    ),
    "gemini-batch-output.jsonl": (Shape.MESSAGES, {"gemini-2.5-flash"}),
    "litellm-standard-logging.jsonl": (Shape.MESSAGES, {"gpt-4o-2024-08-06"}),
    "lm-eval-samples.jsonl": (Shape.MESSAGES, {"Qwen/Qwen2.5-72B-Instruct"}),
    "magpie.jsonl": (Shape.ALPACA, {"meta-llama/Meta-Llama-3.1-70B-Instruct"}),
    "messages.jsonl": (Shape.MESSAGES, set()),
    "openai-batch-input.jsonl": (Shape.MESSAGES, {"gpt-4o"}),
    "openai-batch-output.jsonl": (Shape.MESSAGES, {"gpt-4o-2024-08-06"}),
    "openai-responses.jsonl": (Shape.MESSAGES, {"gpt-4.1-2025-04-14"}),
    "openr1-math.jsonl": (Shape.PROMPT_COMPLETION, set()),
    "otel-genai-spans.jsonl": (Shape.MESSAGES, {"gpt-4o-2024-08-06", "gpt-4-0613"}),
    "sharegpt.jsonl": (Shape.SHAREGPT, {"gpt-4"}),
    "tgi-generate.jsonl": (Shape.MESSAGES, {"Qwen/Qwen2.5-72B-Instruct"}),
    "tulu3-preference.jsonl": (Shape.PREFERENCE, {"gpt-4o-2024-08-06", "mistralai/Mistral-7B-Instruct-v0.2"}),
    "ultrachat_200k.jsonl": (Shape.MESSAGES, set()),
    "ultrafeedback.jsonl": (Shape.PREFERENCE, {"gpt-4"}),
    "vertex-gemini-batch-output.jsonl": (Shape.MESSAGES, {"gemini-2.5-flash"}),
    "vllm-run-batch-output.jsonl": (Shape.MESSAGES, {"Qwen/Qwen2.5-72B-Instruct"}),
}


@pytest.mark.parametrize("name", GENERATION_RECORDS)
def test_generation_records_name_their_teachers(shared: Path, name: str) -> None:
    source, _ = run(shared / "standards/examples/sources" / name)
    shape, teachers = GENERATION_RECORDS[name]
    assert source.files[0].shape is shape
    assert {c.value for held in source.claim_sets for c in held.of(ClaimKind.TEACHER)} == teachers


def test_a_served_name_is_no_log_of_a_revision(shared: Path) -> None:
    source, _ = run(shared / "standards/examples/sources/vllm-run-batch-output.jsonl")
    assert [c.basis for held in source.claim_sets for c in held.of(ClaimKind.TEACHER)] == [Basis.ROW]


@pytest.mark.parametrize(
    ("name", "rows", "shape", "sets"),
    [
        ("gsm8k-train.jsonl", 7473, Shape.QUESTION_ANSWER, 1),
        ("gpteacher-codegen.json", 4535, Shape.ALPACA, 1),
        ("codealpaca-2k.json", 2017, Shape.ALPACA, 1),
        ("self-instruct-seeds.jsonl", 175, Shape.ALPACA, 1),
        ("aligner-2b-qwen1.5-72b.json", 805, Shape.ALPACA_EVAL, 1),
    ],
)
def test_real_datasets(shared: Path, name: str, rows: int, shape: Shape, sets: int) -> None:
    source, _ = run(shared / "data/datasets" / name)
    assert (source.samples, source.unreadable_rows) == (rows, 0)
    assert source.files[0].shape is shape
    assert len(source.claim_sets) == sets
