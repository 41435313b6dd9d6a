"""What trainers' settings say of columns, in the words of each trainer."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.samples.inputs.trainer_columns import trainer_columns

SHAREGPT = {
    "file_name": "b.json",
    "formatting": "sharegpt",
    "columns": {"messages": "talk", "system": "rules"},
    "tags": {"role_tag": "who", "content_tag": "said", "user_tag": "kid", "assistant_tag": "tutor"},
}


@pytest.mark.parametrize(
    ("settings", "files", "lines"),
    [
        (
            {"a": {"file_name": "a.json", "columns": {"prompt": "ask", "response": "say", "history": "old"}}},
            ("a.json",),
            ["prompt=ask", "learned=say", "prompt=old[][0]", "learned=old[][1]"],
        ),
        (
            {"a": {"file_name": "a.json"}},
            ("a.json",),
            ["prompt=instruction", "prompt=input", "learned=output"],
        ),
        (
            {"b": SHAREGPT},
            ("b.json",),
            [
                "prompt=talk[who=kid].said",
                "learned=talk[who=tutor].said",
                "learned=talk[who=function_call].said",
                "system=talk[who=system].said",
                "system=rules",
            ],
        ),
        (
            {
                "c": {
                    "file_name": "c",
                    "ranking": True,
                    "columns": {"prompt": "q", "chosen": "x", "rejected": "y"},
                }
            },
            ("c",),
            ["prompt=q", "learned@chosen=x", "learned@rejected=y"],
        ),
        (
            {"datasets": [{"path": "x.jsonl", "type": {"field_instruction": "q", "field_output": "a"}}]},
            ("x.jsonl",),
            ["prompt=q", "learned=a"],
        ),
        (
            {"train_on_inputs": True, "datasets": [{"path": "x.jsonl", "type": "alpaca"}]},
            ("x.jsonl",),
            ["learned=instruction", "learned=input", "learned=output"],
        ),
        (
            {
                "datasets": [
                    {
                        "path": "json",
                        "data_files": ["x.jsonl", "y.jsonl"],
                        "type": "chat_template",
                        "field_messages": "talk",
                        "message_property_mappings": {"role": "who", "content": "said"},
                        "roles": {"assistant": ["bot"], "user": ["kid"], "system": []},
                        "roles_to_train": ["assistant"],
                    }
                ]
            },
            ("x.jsonl", "y.jsonl"),
            ["prompt=talk[who=kid].said", "learned=talk[who=bot].said"],
        ),
        (
            {"datasets": [{"path": "o/n", "type": "completion", "field": "body"}]},
            ("o/n",),
            ["learned=body"],
        ),
        ({"dataset_text_field": "text", "dataset_name": "o/n"}, ("o/n",), ["learned=text"]),
        ({"dataset_name": "n", "assistant_only_loss": False}, ("n",), ["learned=messages[].content"]),
        ({"dataset_name": "n", "completion_only_loss": False}, ("n",), ["learned=prompt"]),
        (
            {
                "dataset": {
                    "_component_": "torchtune.datasets.instruct_dataset",
                    "source": "json",
                    "data_files": "x.json",
                    "column_map": {"input": "q", "output": "a"},
                }
            },
            ("x.json",),
            ["prompt=q", "learned=a"],
        ),
        (
            {"dataset": {"data_files": "x.json", "conversation_column": "talk", "train_on_input": True}},
            ("x.json",),
            ["learned=talk"],
        ),
    ],
)
def test_settings_are_lines_of_a_map(
    settings: dict[str, Any], files: tuple[str, ...], lines: list[str]
) -> None:
    (found,) = trainer_columns(settings)
    assert found.files == files
    assert [f"{role}={path}" for role, path in found.lines] == lines


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"learning_rate": 1e-4, "output_dir": "x"},
        {"features": {"text": {"dtype": "string"}}, "splits": {}},
        {"datasets": "x"},
        {"datasets": [{"path": 3}, 4, {"type": "alpaca"}]},
        {"a": {"file_name": None}},
        {"dataset": {"column_map": {"output": ["x"]}, "column": " "}},
        {"assistant_only_loss": True, "dataset_text_field": 3},
        {"a": {"file_name": "x", "columns": {"response": "x" * 500}}},
    ],
)
def test_settings_that_say_nothing_of_columns_give_none(settings: dict[str, Any]) -> None:
    assert trainer_columns(settings) == []
