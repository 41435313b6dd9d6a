"""A trainer's settings, as a file or as arguments: what they name and the permit does not hold is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.outcome import Outcome
from auditor.domain.permit import Permit, PermitResult
from auditor.errors import RefusedError, UsageError
from auditor.gate.trainer_config import check_settings, named_files, read_settings, settings_of
from auditor.ids import Digest

NONE = Digest(f"sha256:{'0' * 64}")


def _permit(*teachers: dict[str, Any]) -> Permit:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    return Permit(
        NONE, PermitResult.PASSED, Outcome.ALLOW, NONE, 1, "p", NONE, moment, trainer_teachers=teachers
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rows.jsonl").write_text("{}\n")
    (tmp_path / "foreign.jsonl").write_text("{}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _check(folder: Path, text: str, *teachers: dict[str, Any]) -> tuple[str, ...]:
    (folder / "train.yaml").write_text(text)
    return check_settings(_permit(*teachers), [Path("train.yaml")], ["train"], ["data"])


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
def test_data_in_the_settings_that_is_not_gated_is_refused(folder: Path, text: str) -> None:
    (folder / "data" / "dataset_info.json").write_text(json.dumps({"mine": {"file_name": "rows.jsonl"}}))
    if text.startswith("datasets:\n- path"):
        assert _check(folder, text) == ()
        return
    with pytest.raises(RefusedError, match=r"data that the permit does not cover: .*train\.yaml"):
        _check(folder, text)


@pytest.mark.parametrize(
    "text",
    [
        "dataset: mine\ndataset_dir: data\nlearning_rate: 0.1\n",
        "dataset: data\n",
        "data: {train_files: ['data/*.jsonl']}\nmodel: {path: org/student}\n",
        "train_dataset: data/rows.jsonl\n",
    ],
)
def test_the_gated_data_is_known_by_path_pattern_and_registry(folder: Path, text: str) -> None:
    (folder / "data" / "dataset_info.json").write_text(json.dumps({"mine": {"file_name": "rows.jsonl"}}))
    assert _check(folder, text) == ()


def test_a_teacher_in_the_settings_is_refused_unless_it_is_declared(folder: Path) -> None:
    text = "rlhf_type: gkd\nteacher_model: org/teacher\nteacher_model_revision: abc\ndataset: data\n"
    with pytest.raises(RefusedError, match=r"org/teacher at revision abc \(train\.yaml: teacher_model\)"):
        _check(folder, text)
    declared = {"name": "org/teacher", "role": "logits", "revision": "abc"}
    assert _check(folder, text, declared) == ()
    with pytest.raises(RefusedError):
        _check(folder, text, {**declared, "role": "reward"})


@pytest.mark.parametrize(
    "arguments",
    [
        ["--teacher_model_name_or_path", "gpt"],
        ["--teacher-model-name-or-path", "gpt"],
        ["--teacher_model_name_or_path=gpt"],
        ["distillation.teacher_models.a.model_path=gpt"],
        ["+distillation.teacher_models.a.model_path=gpt"],
        ["--reward_funcs", "accuracy", "judge"],
        ["--reward.remote_url", "http://elsewhere"],
        ["-m", "swift", "--teacher_model", "gpt"],
        ["--teacher_model", "org/teacher", "--teacher_model", "gpt"],
    ],
)
def test_a_teacher_among_the_commands_arguments_is_refused(folder: Path, arguments: list[str]) -> None:
    with pytest.raises(RefusedError, match="the permit does not hold"):
        check_settings(
            _permit({"name": "org/teacher", "role": "logits"}), [], ["train", *arguments], ["data"]
        )


def test_data_among_the_commands_arguments_is_said(folder: Path) -> None:
    command = ["train", "--dataset", "foreign.jsonl", "--train_file=data/rows.jsonl", "--epochs", "3"]
    assert settings_of(command)["epochs"] == "3"
    assert check_settings(_permit(), [], command, ["data"]) == ("foreign.jsonl (--dataset)",)


@pytest.mark.parametrize("text", ["- a\n", "a: [", "a: 1\na: 2\n", "a: &x [*x]\n", ""])
def test_settings_that_cannot_be_read_are_a_usage_error(folder: Path, text: str) -> None:
    (folder / "train.yaml").write_text(text)
    with pytest.raises(UsageError):
        read_settings(folder / "train.yaml")
    (folder / "train.json").write_text(text)
    with pytest.raises(UsageError):
        read_settings(folder / "train.json")
    with pytest.raises(UsageError):
        read_settings(folder / "missing.yaml")


TEACHER = {"name": "org/teacher", "role": "logits", "revision": "main"}


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("teacher_model_revision: main", ["--teacher_model_revision", "evil"]),
        ("teacher_model_revision: main", ["--teacher_model_revision=evil"]),
        ("teacher_model_revision: main", ["--teacher_model_rev", "evil"]),
        ("teacher_model_revision: main", ["--teacher_model_init_kwargs", '{"revision": "evil"}']),
        ("teacher_model_revision: main", ["teacher_model_init_kwargs.revision=evil"]),
        ("teacher_model_revision: main\nteacher_model_init_kwargs: {revision: evil}", []),
        ("teacher_model_revision: evil", ["--teacher_model_revision", "main"]),
        ("teacher_model_init_kwargs: {revision: evil}", []),
    ],
)
def test_every_revision_that_file_and_command_give_must_be_the_declared_one(
    folder: Path, text: str, arguments: list[str]
) -> None:
    (folder / "train.yaml").write_text(f"teacher_model_name_or_path: org/teacher\n{text}\n")
    with pytest.raises(RefusedError, match="evil"):
        check_settings(_permit(TEACHER), [Path("train.yaml")], ["train", *arguments], ["data"])
    (folder / "train.yaml").write_text("teacher_model_name_or_path: org/teacher\n")
    arguments = ["train", "--teacher_model_revision", "main"]
    assert check_settings(_permit(TEACHER), [Path("train.yaml")], arguments, ["data"]) == ()


@pytest.mark.parametrize(
    "argument",
    [
        "distillation.enabled=True",
        "++distillation.enabled=true",
        "distillation={enabled:true}",
        "~distillation.enabled",
        "distillation.enabled=${on}",
    ],
)
def test_a_teacher_that_the_file_switches_off_and_the_command_on_is_on(folder: Path, argument: str) -> None:
    text = "distillation: {enabled: false, teacher_models: {a: {key: x, model_path: Qwen/Qwen3-32B}}}\n"
    assert _check(folder, text) == ()
    with pytest.raises(RefusedError, match=r"Qwen/Qwen3-32B \(train\.yaml: distillation"):
        check_settings(_permit(), [Path("train.yaml")], ["train", argument], ["data"])


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
def test_a_name_in_a_registry_means_its_entry_alone(folder: Path, name: str, entry: Any) -> None:
    (folder / "data" / "dataset_info.json").write_text(json.dumps({name: entry}))
    with pytest.raises(RefusedError, match="data that the permit does not cover"):
        _check(folder, f"dataset: {name}\n")
    (folder / "data" / "dataset_info.json").write_text("{")
    with pytest.raises(RefusedError, match="data that the permit does not cover"):
        _check(folder, "dataset: data\n")


def test_registries_that_differ_are_refused_and_a_folder_of_the_command_counts(folder: Path) -> None:
    (folder / "data" / "dataset_info.json").write_text(json.dumps({"mine": {"file_name": "rows.jsonl"}}))
    assert _check(folder, "dataset: mine\n") == ()
    other = folder / "settings" / "data"
    other.mkdir(parents=True)
    (other / "dataset_info.json").write_text(json.dumps({"mine": {"file_name": "../../foreign.jsonl"}}))
    (folder / "settings" / "train.yaml").write_text("dataset: mine\n")
    with pytest.raises(RefusedError, match="mine"):
        check_settings(_permit(), [Path("settings/train.yaml")], ["train"], ["data"])
    (folder / "train.yaml").write_text("dataset: mine\n")
    for words in (["dataset_dir=settings/data"], ["--dataset_d", "settings/data"]):
        with pytest.raises(RefusedError, match="mine"):
            check_settings(_permit(), [Path("train.yaml")], ["train", *words], ["data"])


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
def test_whatever_speaks_of_data_and_looks_like_its_place_is_data(folder: Path, text: str) -> None:
    with pytest.raises(RefusedError, match="data that the permit does not cover"):
        _check(folder, text + "\n")


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
def test_what_only_says_how_the_gated_data_is_read_passes(folder: Path, text: str) -> None:
    assert _check(folder, text + "\n") == ()


def test_a_path_that_means_another_file_beside_the_settings_is_refused(folder: Path) -> None:
    other = folder / "settings" / "data"
    other.mkdir(parents=True)
    (other / "rows.jsonl").write_text("{}\n")
    (folder / "settings" / "train.yaml").write_text("train_file: data/rows.jsonl\n")
    with pytest.raises(RefusedError, match=r"data/rows\.jsonl"):
        check_settings(_permit(), [Path("settings/train.yaml")], ["train"], ["data"])


@pytest.mark.parametrize(
    "text",
    [
        "teacher_model: {_component_: torchtune.models.qwen2_7b}",
        "teacher_checkpointer: {_component_: x.Checkpointer, checkpoint_dir: /models/x}",
        "teacher_checkpointer: {checkpoint_files: [/models/x.safetensors]}",
        "teacher_models: {a: gpt-4o}",
        "teacher_models: [gpt-4o]",
        "teachers: {gpt-4.1: 0.5}",
        "distillation: {teacher_models: {org/m: 1}}",
        "teacher: 7",
        "teachers: [{served: gpt-4o}]",
        "teacher_llm: gpt-4o",
        "judge_llm: gpt-4o",
        "rlhf_teacher_model: gpt-4o",
        "kd_teacher: gpt-4o",
        "teacherModel: gpt-4o",
        "genrm_model: gpt-4o",
        "grader_model: gpt-4o",
        "verifier: {llm: gpt-4o}",
        "rm_path: saved",
        "teacher_ckpt: saved",
        "teacher: {hf_model_name_or_path: org}",
        "trainer: {teacher: {backend: openai}}",
        "teacher_weights_path: saved",
        "teacher_model_dir: saved",
        "reward_max_model_path: saved",
        "custom_reward_function: {path: judge.py, name: compute_score}",
        "reward_model_plugin: genrm",
        "external_plugins: x.py",
    ],
)
def test_whatever_a_teacher_or_judge_is_given_names_it(folder: Path, text: str) -> None:
    with pytest.raises(RefusedError, match="the permit does not hold"):
        _check(folder, text + "\n")


@pytest.mark.parametrize(
    "text",
    [
        "custom_reward_function: {path: null, name: compute_score}",
        "reward: {reward_manager: {name: naive, source: register}, num_workers: 8}",
        "reward_model: {reward_manager: naive, strategy: fsdp, rollout: {name: vllm, dtype: bfloat16}}",
        "teacher_temperature: '0.9'\nteacher_deepspeed: zero3\nreward_weights: [0.5]",
        "teacher_max_new_tokens: 512\nteacher_batch_size: '8'\nrm_path: null\nteacher_model_type: qwen3",
        "distillation: {teacher_key: data_source}",
        "format: x\nperform: y\nlr_warmup: z\nnorm: rms\nalarm_path: a/b",
    ],
)
def test_settings_of_a_teacher_that_name_no_model_pass(folder: Path, text: str) -> None:
    assert _check(folder, text + "\n") == ()


def test_a_component_beside_the_name_of_a_declared_teacher_passes(folder: Path) -> None:
    text = (
        "teacher_model: {_component_: x}\nteacher_checkpointer: {_component_: y, checkpoint_dir: org/teacher}"
    )
    assert _check(folder, text + "\n", {"name": "org/teacher", "role": "logits"}) == ()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--teacher_m", "gpt"],
        ["--teach", "gpt"],
        ["--rew=gpt"],
        ["bash", "-c", "trl gkd --teacher_model_name_or_path gpt"],
        ["bash", "-lc", "cd x && trl gkd --teacher_model_name_or_path=gpt; true"],
        ["bash", "-c", "sh -c 'trl gkd --teacher_model gpt'"],
        ["srun", "--wrap=trl gkd --teacher_model gpt"],
        ["bash", "-c", "trl gkd --teacher_model 'gpt"],
        ["distillation.teacher_models={a:{model_path:gpt-4o}}"],
        ["distillation={teacher_models: {a: {model_path: 'gpt'}}}"],
        ["+distillation={teacher_models:[{model_path:gpt}]}"],
        ["distillation.teacher_models={a:{"],
        ["+teacher@distillation=qwen32"],
        ["distillation/teacher=qwen32"],
        ["--teacher_models=gpt-4o"],
        ["--rlhf_teacher_model=gpt"],
        ["--external_plugins=x.py"],
        ["--reward_model_plugin=genrm"],
        ["env", "TEACHER_MODEL=gpt", "python", "x.py"],
    ],
)
def test_a_teacher_is_found_however_the_command_spells_it(folder: Path, arguments: list[str]) -> None:
    with pytest.raises(RefusedError, match="the permit does not hold"):
        check_settings(_permit(), [], ["train", *arguments], ["data"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["gkd", "--config", "evil.yaml"],
        ["gkd", "--config=evil.yaml"],
        ["train", "evil.yaml"],
        ["-c", "trl gkd --config evil.yaml"],
        ["--config-path", "sub", "--config-name", "inner"],
        ["--config", "evil.json"],
    ],
)
@pytest.mark.parametrize("held", [{"teacher_model": "gpt"}, {"dataset": "foreign.jsonl"}])
def test_a_file_of_settings_that_the_command_names_is_read(
    folder: Path, arguments: list[str], held: dict[str, str]
) -> None:
    (folder / "sub").mkdir()
    for name in ("evil.yaml", "evil.json", "sub/inner.yaml"):
        (folder / name).write_text(json.dumps(held))
    with pytest.raises(RefusedError, match="permit does not"):
        check_settings(_permit(), [], ["trl", *arguments], ["data"])


def test_data_and_lists_that_the_command_names_are_no_settings(folder: Path) -> None:
    (folder / "data" / "rows.json").write_text('{"teacher_model": "gpt"}')
    (folder / "list.json").write_text("[1]")
    command = ["train", "--train_file", "data/rows.json", "--labels", "list.json"]
    assert check_settings(_permit(), [], command, ["data"]) == ()
    assert named_files(command, ["data"]) == []


def test_settings_nested_too_deeply_are_a_usage_error(folder: Path) -> None:
    for depth in (900, 5000):
        deep = '{"a": ' * depth + "1" + "}" * depth
        (folder / "deep.json").write_text(deep)
        with pytest.raises(UsageError, match=r"nested too deeply|cannot be read"):
            check_settings(_permit(), [Path("deep.json")], ["train"], ["data"])
    with pytest.raises(UsageError, match="nested too deeply"):
        check_settings(_permit(), [], ["train", "x=" + "[" * 900 + "]" * 900], ["data"])
