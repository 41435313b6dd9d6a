"""Settings beside rows are statements about them: licenses, and models with what each did."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.domain.claim import Basis, ClaimKind
from auditor.engine.model_names import ModelNames
from auditor.knowledge.load import load_knowledge
from auditor.samples.claims.beside import beside_files
from auditor.samples.claims.named_beside import set_up_claims
from auditor.samples.claims.settings_files import (
    settings_files,
    settings_licenses,
    settings_models,
    settings_texts,
    table_texts,
)
from auditor.samples.inputs.sources import find_files

NAMES = ModelNames(load_knowledge())


def settings(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert path in settings_files(path.parent)
    return path


@pytest.mark.parametrize(
    ("name", "text", "model", "key", "slot"),
    [
        ("config.yaml", "model: gpt-4\ntemperature: 0.7", "gpt-4", "model", ""),
        ("gen.toml", '[generator]\nmodel_name = "gpt-4o"', "gpt-4o", "generator.model_name", ""),
        ("generation_config.json", '{"llm": {"model": "gpt-4"}}', "gpt-4", "llm.model", ""),
        ("run.yml", "steps:\n- name: translate\n  llm: {model: gpt-4}", "gpt-4", "steps[0].llm.model",
         "translator"),
        ("run.yml", "steps:\n- name: quality_judge\n  model: gpt-4", "gpt-4", "steps[0].model", "judge"),
        ("run.yml", "tasks:\n- _target_: acme.UltraFeedback\n  model: gpt-4", "gpt-4", "tasks[0].model",
         "judge"),
        ("run.yml", "rewriter:\n  model_name_or_path: Qwen/Qwen2.5-7B-Instruct",
         "Qwen/Qwen2.5-7B-Instruct", "rewriter.model_name_or_path", "rewriter"),
        ("builder_config.json", '{"data_designer": {"model_configs": [{"alias": "w", "model": "gpt-4o"}]}}',
         "gpt-4o", "data_designer.model_configs[0].model", ""),
        ("x.yaml", "model: acme/writer-7b", "acme/writer-7b", "model", ""),
        ("x.yaml", "model: !custom gpt-4\nmodel_name: gpt-4o", "gpt-4o", "lines[1].model_name", ""),
        ("train.yaml", "base_model: Qwen/Qwen3-8B\nlearning_rate: 0.1\nteacher_model: gpt-4", "gpt-4",
         "teacher_model", ""),
    ],
)  # fmt: skip
def test_a_model_in_settings_is_inferred_with_what_it_did(
    tmp_path: Path, name: str, text: str, model: str, key: str, slot: str
) -> None:
    found = list(settings_models(settings(tmp_path, name, text), NAMES))
    assert (ClaimKind.TEACHER, model, Basis.INFERRED, f"{name}:{key}!set-up", slot) in [
        (one.kind, one.value, one.basis, one.where, one.slot) for one in found
    ]


@pytest.mark.parametrize(
    "text",
    [
        "batch_size: 4\nname: letters",
        "base_model: meta-llama/Llama-3.1-8B\nlearning_rate: 0.1\ndatasets: [{path: a.jsonl}]",
        "model_name_or_path: Qwen/Qwen3-8B\nfinetuning_type: lora",
        "student: {model: gpt-4}\ntokenizer: gpt-4",
        "embedding_model: text-embedding-3-small",
        "model: ./checkpoints/last",
        "topic: gpt-4",
        "[",
    ],
)
def test_settings_of_a_student_and_of_tools_name_nobody(tmp_path: Path, text: str) -> None:
    assert list(settings_models(settings(tmp_path, "x.yaml", text), NAMES)) == []


def test_sets_and_services_in_settings_are_seen(tmp_path: Path) -> None:
    text = "source: Open-Orca/OpenOrca\nclient:\n  api_base: https://api.openai.com/v1\n"
    found = [(one.kind, one.value) for one in settings_models(settings(tmp_path, "x.yaml", text), NAMES)]
    assert found == [(ClaimKind.SOURCE, "Open-Orca/OpenOrca"), (ClaimKind.HOST, "openai")]


@pytest.mark.parametrize(
    ("name", "text", "license"),
    [
        ("dataset.yaml", "license: cc-by-nc-4.0", "cc-by-nc-4.0"),
        ("dataset.yml", "info:\n  licence: {id: cc-by-nc-4.0}", "cc-by-nc-4.0"),
        ("CITATION.cff", "type: dataset\nlicense: CC-BY-NC-4.0", "CC-BY-NC-4.0"),
        ("x.toml", 'data_license = "cc-by-nc-4.0"', "cc-by-nc-4.0"),
        ("x.yaml", "terms: cc-by-nc-4.0", "cc-by-nc-4.0"),
        ("x.yaml", "restriction: NC", "NC"),
        ("x.yaml", "description: It may not be used for commercial purposes.",
         "It may not be used for commercial purposes."),
        ("x.yaml", "license: cc-by-nc-4.0\nbad: !tag [", "cc-by-nc-4.0"),
    ],
)  # fmt: skip
def test_a_license_in_settings_is_of_the_collection(
    tmp_path: Path, name: str, text: str, license: str
) -> None:
    assert license in [one.value for one in settings_licenses(settings(tmp_path, name, text))]


@pytest.mark.parametrize(
    "text",
    [
        "type: software\nlicense: GPL-3.0",
        "license: LICENSE",
        "model: {license: llama3}",
        "code_license: GPL-3.0\nfeatures: {license: {dtype: string}}",
    ],
)
def test_a_license_of_something_else_is_none_of_the_data(tmp_path: Path, text: str) -> None:
    assert list(settings_licenses(settings(tmp_path, "x.yaml", text))) == []


def test_settings_of_code_and_rows_are_not_read_for_claims(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "mkdocs.yml", ".hidden.yaml", "rows.json"):
        (tmp_path / name).write_text("license: GPL-3.0")
    (tmp_path / "dataset.json").write_text(json.dumps([{"instruction": "q", "output": "a"}]))
    assert settings_files(tmp_path) == []


def test_what_settings_say_is_bound_and_what_says_nothing_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"instruction": "q", "output": "a"}\n')

    def bound() -> list[str]:
        return [one.digest for one in beside_files(find_files([str(tmp_path)]))]

    settings(tmp_path, "train.yaml", "base_model: Qwen/Qwen3-8B\nlearning_rate: 0.1")
    assert bound() == []
    path = settings(tmp_path / "configs", "gen.yaml", "model: gpt-4\nseed: 1")
    assert settings_texts(path)[0].value == "gpt-4"
    before = bound()
    settings(tmp_path / "configs", "gen.yaml", "model: gpt-4\nseed: 22")
    assert bound() == before
    settings(tmp_path / "configs", "gen.yaml", "model: gpt-4o\nseed: 22")
    assert bound() != before


@pytest.mark.parametrize(
    "text",
    [
        "waivers:\n- {finding: F-1, text: gpt-4 is allowed by contract, license: CC-BY-NC-4.0}",
        "pack: house\ninclude: [default]\nnotes: research use only, of gpt-4",
        "student: base\nout: runs/a\nteacher: openai/gpt-4\nteacher_name: gpt-4",
        "intended_use: research-only\nstudent_name: tiny\nnotes: distilled from gpt-4",
    ],
)
def test_what_this_program_is_told_is_no_statement_about_rows(tmp_path: Path, text: str) -> None:
    path = settings(tmp_path, "x.yaml", text)
    assert (list(settings_models(path, NAMES)), list(settings_licenses(path))) == ([], [])


@pytest.mark.parametrize(
    ("of_table", "of_column", "model"),
    [
        ({"generator": "gpt-4o"}, {}, "gpt-4o"),
        ({"pipeline": '{"llm": {"model": "gpt-4o"}}'}, {}, "gpt-4o"),
        ({}, {"generated_by": "gpt-4o"}, "gpt-4o"),
        ({"generator": "Qwen/Qwen2.5-7B-Instruct"}, {}, "Qwen/Qwen2.5-7B-Instruct"),
        ({"writer.version": "2.6.0", "org.acme.codec": "avro"}, {"comment": "an answer"}, None),
    ],
)
def test_a_model_in_a_tables_own_metadata_is_named_and_bound(
    tmp_path: Path, of_table: dict[str, str], of_column: dict[str, str], model: str | None
) -> None:
    schema = pa.schema([pa.field("text", pa.string(), metadata=of_column)], metadata=of_table)
    pq.write_table(pa.table({"text": ["T"]}, schema=schema), tmp_path / "a.parquet")
    (file,) = find_files((str(tmp_path),))
    found = [one.value for one in set_up_claims(file, NAMES) if one.kind is ClaimKind.TEACHER]
    assert found == ([model] if model else [])
    assert bool(table_texts(file.path)) is bool(model)
    assert [one.path for one in beside_files([file])] == (["a.parquet!names"] if model else [])


@pytest.mark.parametrize(
    ("said", "model"),
    [
        ("pretty_name: Distilled from GPT-4o", "GPT-4o"),
        ("summary: Answers polished with GPT-4o.", "GPT-4o"),
        ("pretty_name: Answers on bread", None),
        ("summary: Not generated by GPT-4o.", None),
    ],
)
def test_sentences_in_the_yaml_of_a_card_are_heard(tmp_path: Path, said: str, model: str | None) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "T"}\n')
    (tmp_path / "README.md").write_text(f"---\n{said}\n---\n")
    (file,) = find_files((str(tmp_path),))
    found = [one.value for one in set_up_claims(file, NAMES) if one.kind is ClaimKind.TEACHER]
    assert found == ([model] if model else [])
