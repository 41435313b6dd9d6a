"""Data that a trainer's settings name and that is not gated is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from gated import (
    bare_permit,
    check_text,
)

from auditor.errors import RefusedError
from auditor.gate.trainer_config import check_settings


@pytest.mark.parametrize(
    "text",
    [
        "datasets:\n- path: data/rows.jsonl\n  type: chat_template\n",
        "datasets:\n- {path: json, data_files: [foreign.jsonl, data/rows.jsonl]}\n",
        "dataset: foreign.jsonl\n",
        "dataset: [data/rows.jsonl, org/another-set]\n",
        "dataset_name: org/name\n",
        "data: {train_files: foreign.jsonl}\n",
        "data: {train_files: ['data/*.jsonl', '*.jsonl']}\n",
        "data: {prompt_dataset: foreign.jsonl}\n",
        "dataset: mine,other\ndataset_dir: data\n",
    ],
)
def test_data_in_the_settings_that_is_not_gated_is_refused(workplace: Path, text: str) -> None:
    (workplace / "data" / "dataset_info.json").write_text(json.dumps({"mine": {"file_name": "rows.jsonl"}}))
    if text.startswith("datasets:\n- path"):
        assert check_text(workplace, text) == ()
        return
    with pytest.raises(RefusedError, match=r"data that the permit does not cover: .*train\.yaml"):
        check_text(workplace, text)


@pytest.mark.parametrize(
    "text",
    [
        "dataset: mine\ndataset_dir: data\nlearning_rate: 0.1\n",
        "dataset: data\n",
        "data: {train_files: ['data/*.jsonl']}\nmodel: {path: org/student}\n",
        "train_dataset: data/rows.jsonl\n",
    ],
)
def test_the_gated_data_is_known_by_path_pattern_and_registry(workplace: Path, text: str) -> None:
    (workplace / "data" / "dataset_info.json").write_text(json.dumps({"mine": {"file_name": "rows.jsonl"}}))
    assert check_text(workplace, text) == ()


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("rows", {"hf_hub_url": "evil/set", "file_name": "rows.jsonl"}),
        ("rows", {"ms_hub_url": "evil/set", "file_name": "rows.jsonl"}),
        ("rows", {"script_url": "evil.py", "file_name": "rows.jsonl"}),
        ("rows", {"cloud_file_name": "s3://evil", "file_name": "rows.jsonl"}),
        ("data/rows.jsonl", {"file_name": "../foreign.jsonl"}),
        ("data", {"file_name": "../foreign.jsonl"}),
        ("data", {}),
        ("data", "rows.jsonl"),
    ],
)
def test_a_name_in_a_registry_means_its_entry_alone(workplace: Path, name: str, entry: Any) -> None:
    (workplace / "data" / "dataset_info.json").write_text(json.dumps({name: entry}))
    with pytest.raises(RefusedError, match="data that the permit does not cover"):
        check_text(workplace, f"dataset: {name}\n")
    (workplace / "data" / "dataset_info.json").write_text("{")
    with pytest.raises(RefusedError, match="data that the permit does not cover"):
        check_text(workplace, "dataset: data\n")


def test_registries_that_differ_are_refused_and_a_folder_of_the_command_counts(workplace: Path) -> None:
    (workplace / "data" / "dataset_info.json").write_text(json.dumps({"mine": {"file_name": "rows.jsonl"}}))
    assert check_text(workplace, "dataset: mine\n") == ()
    other = workplace / "settings" / "data"
    other.mkdir(parents=True)
    (other / "dataset_info.json").write_text(json.dumps({"mine": {"file_name": "../../foreign.jsonl"}}))
    (workplace / "settings" / "train.yaml").write_text("dataset: mine\n")
    with pytest.raises(RefusedError, match="mine"):
        check_settings(bare_permit(), [Path("settings/train.yaml")], ["train"], ["data"])
    (workplace / "train.yaml").write_text("dataset: mine\n")
    for words in (["dataset_dir=settings/data"], ["--dataset_d", "settings/data"]):
        with pytest.raises(RefusedError, match="mine"):
            check_settings(bare_permit(), [Path("train.yaml")], ["train", *words], ["data"])


@pytest.mark.parametrize(
    "text",
    [
        "tokenized_path: foreign_tokens",
        "dataset_prepared_path: prepared",
        "cached_dataset: [cached]",
        "datasets: [{path: data, data_dir: /elsewhere}]",
        "dataset: {source: squad}",
        "dataset: {_component_: torchtune.datasets.alpaca_dataset}",
        "dataset: {_component_: x.chat_dataset, source: json, data_files: foreign.jsonl}",
        "dataset_dir: foreign_folder",
        "dataset_dir: ONLINE\ndataset: org",
        "train_data_path: foreign",
        "train_dataset_path: foreign",
        "data: {train_path: foreign}",
        "data: {train: org/name}",
        "data: {sources_of_rows: [org/name]}",
        "trainDataPath: foreign",
        "traindata: org/name",
        "train_set: foreign.jsonl",
        "datasets: [{path: json, data_files: {train: foreign}}]",
        "datasets: [{path: json}]",
        "datasets: [{path: data, name: org/name}]",
        "datasets: [{name: squad}]",
        "dataset: ['data#500', 'foreign.jsonl#5']",
    ],
)
def test_whatever_speaks_of_data_and_looks_like_its_place_is_data(workplace: Path, text: str) -> None:
    with pytest.raises(RefusedError, match="data that the permit does not cover"):
        check_text(workplace, text + "\n")


@pytest.mark.parametrize(
    "text",
    [
        "datasets: [{path: json, data_files: data/rows.jsonl}]",
        "datasets: [{path: parquet, data_files: [data/rows.jsonl], type: chat_template, split: train}]",
        "datasets: [{path: json, data_files: {train: data/rows.jsonl}}]",
        "datasets: [{path: data, name: default}]",
        "datasets: [{path: data, data_files: rows.jsonl}]",
        "dataset: ['data#500', 'data/rows.jsonl#20']",
        "dataset: {_component_: x.chat_dataset, source: json, data_files: data/rows.jsonl}",
        "dataset: data\ndataset_text_field: text\ndataset_num_proc: 4\ndata_seed: 1\ntrain_type: lora",
        "data: {train_files: data/rows.jsonl, prompt_key: prompt, tokenizer: org/student, truncation: error}",
        "train: {output_dir: out/run, model_name_or_path: org/student}",
        "train_dataset: data\nresume_from_checkpoint: out/last",
    ],
)
def test_what_only_says_how_the_gated_data_is_read_passes(workplace: Path, text: str) -> None:
    assert check_text(workplace, text + "\n") == ()


def test_a_path_that_means_another_file_beside_the_settings_is_refused(workplace: Path) -> None:
    other = workplace / "settings" / "data"
    other.mkdir(parents=True)
    (other / "rows.jsonl").write_text("{}\n")
    (workplace / "settings" / "train.yaml").write_text("train_file: data/rows.jsonl\n")
    with pytest.raises(RefusedError, match=r"data/rows\.jsonl"):
        check_settings(bare_permit(), [Path("settings/train.yaml")], ["train"], ["data"])
