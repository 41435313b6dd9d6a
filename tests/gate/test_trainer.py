"""What no row tells of: the trainer's teachers, and data that never came through the gate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from evidence import PLAN, ROWS, write_audit, write_jsonl

from auditor.attest.keys import KeyType, load_private, new_key, write_pair
from auditor.attest.permit_files import write_permit
from auditor.attest.record import read_record
from auditor.attest.statement import Signing
from auditor.domain.permit import EvidenceMode, PermitPurpose
from auditor.errors import RefusedError
from auditor.gate import Grant, guard, guard_trainer, require_permit
from auditor.gate.stream import GuardedRows
from auditor.gate.teachers import check_teachers, named_teachers
from auditor.gate.trainer_rows import check_rows_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FOREIGN = {"id": "x", "prompt": "?", "answer": "!"}
TEACHER = {"name": "Qwen/Qwen3-8B", "role": "logits", "access": "open-weights"}


def _permit(folder: Path, *teachers: dict[str, Any]) -> dict[str, Any]:
    if not (folder / "KEY").exists():
        write_pair(new_key(KeyType.ED25519), folder / "KEY", None)
    data = write_jsonl(folder / "data.jsonl", ROWS)
    out = write_audit(folder / "out", data, plan={**PLAN, "trainer_teachers": list(teachers)})
    write_permit(
        read_record(out),
        Signing(NOW, evidence=EvidenceMode.ROWS),
        [load_private(folder / "KEY")],
        folder / "permit.intoto.json",
    )
    return {"permit": folder / "permit.intoto.json", "keys": [folder / "KEY.pub"], "clock": lambda: NOW}


def _grant(folder: Path, *teachers: dict[str, Any]) -> Grant:
    return require_permit(dataset=folder / "data.jsonl", **_permit(folder, *teachers))


NAMED: dict[str, dict[str, Any]] = {
    "TRL": {"teacher_model_name_or_path": "gpt/x"},
    "TRL, a server": {"teacher_model_server_url": "http://elsewhere:8000"},
    "TRL, servers by name": {"teacher_server_urls": {"default": "http://elsewhere:8000"}},
    "TRL, a reward": {"reward_model_path": "gpt"},
    "TRL, rewards": {"reward_funcs": ["gpt"]},
    "ms-swift": {"rlhf_type": "gkd", "teacher_model": "gpt", "teacher_model_revision": "main"},
    "ms-swift, a server": {"teacher_model_server": "http://x"},
    "verl": {"distillation": {"teacher_models": {"a": {"model_path": "gpt", "key": "math"}}}},
    "verl, dotted": {"distillation.teacher_models.a.model_path": "gpt"},
    "axolotl": {"kd_trainer": True, "kd_online_server_base_url": "http://x", "kd_online_server": "vllm"},
    "axolotl, a reward": {"trl": {"reward_funcs": ["rewards.judge"]}},
    "OpenRLHF": {"reward.remote_url": "http://x"},
    "OpenRLHF, an agent": {"train.agent_func_path": "agent.py"},
    "SkyRL": {"trainer": {"teacher": {"backend": "tinker", "model": {"path": "gpt"}}}},
    "LLaMA-Factory": {"stage": "ppo", "reward_model": "saves/rm"},
    "unheard of": {"some_teacher_model_endpoint": "org/model"},
    "written with dashes": {"--teacher-model": "gpt"},
}


@pytest.mark.parametrize("tool", NAMED)
def test_a_teacher_in_a_trainers_settings_is_refused_unless_the_permit_holds_it(
    tool: str, tmp_path: Path
) -> None:
    used = list(named_teachers(NAMED[tool]))
    assert len(used) == 1
    with pytest.raises(RefusedError, match="that the permit does not hold"):
        check_teachers(_grant(tmp_path, TEACHER).permit, used)
    role = "logits" if "teacher" in used[0].key or "kd" in used[0].key else "reward"
    check_teachers(_grant(tmp_path, {**TEACHER, "name": used[0].name, "role": role}).permit, used)


def test_settings_that_name_no_model_are_let_pass() -> None:
    settings = {
        "teacher_temperature": 0.9,
        "teacher_top_k": 5,
        "teacher_model_kind": "base",
        "scale_rewards": "group",
        "reward_weights": [1.0],
        "teacher_prompt_template": "a/b",
        "use_teacher_server": False,
        "teacher_model_name_or_path": None,
        "reward_model": {"enable": False, "model": {"path": "x/y"}},
        "model_name_or_path": "student",
    }
    assert list(named_teachers(settings)) == []


@pytest.mark.parametrize(
    "declared",
    [
        {"name": "qwen/other"},
        {"role": "judge"},
        {"role": "reward"},
        {"role": "evaluation"},
        {"revision": "abc"},
        {"name": ""},
    ],
)
def test_name_role_and_revision_must_be_the_declared_ones(declared: dict[str, Any], tmp_path: Path) -> None:
    settings = {"teacher_model": "Qwen/Qwen3-8B", "teacher_model_revision": "main"}
    check_teachers(_grant(tmp_path, {**TEACHER, "revision": "main"}).permit, named_teachers(settings))
    with pytest.raises(RefusedError, match="at revision main"):
        check_teachers(_grant(tmp_path, {**TEACHER, **declared}).permit, named_teachers(settings))


def _begin(folder: Path, arguments: Any = None, *teachers: dict[str, Any], **given: Any) -> None:
    from auditor.gate import PermitCallback

    trainer = SimpleNamespace(train_dataset=None)
    callback = PermitCallback(dataset=folder / "data.jsonl", trainer=trainer, **_permit(folder, *teachers))
    args = arguments or SimpleNamespace(eval_strategy="no", eval_on_start=False)
    callback.on_init_end(args, None, None, **given)
    callback.on_train_begin(args, None, None, **given)


class Endless:
    """A stream that gives the permitted rows for ever, or for as long as somebody looks."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while True:
            yield from ROWS


def test_a_model_that_a_trainer_keeps_under_another_name_is_found(tmp_path: Path) -> None:
    model = SimpleNamespace(config=SimpleNamespace(_name_or_path="org/hidden"), forward=print)
    for name in ("_teacher", "my_teacher_net", "reward_head", "judge_model"):
        trainer = SimpleNamespace(train_dataset=ROWS, **{name: model})
        with pytest.raises(RefusedError, match="org/hidden"):
            guard_trainer(trainer, _grant(tmp_path, TEACHER))
    student = SimpleNamespace(train_dataset=ROWS, model=model, ref_model=model)
    guard_trainer(student, _grant(tmp_path))
    with pytest.raises(RefusedError, match="shows no train_dataset"):
        guard_trainer(SimpleNamespace(), _grant(tmp_path))


def test_a_loader_of_foreign_rows_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    torch = pytest.importorskip("torch.utils.data")
    grant = _grant(tmp_path)
    for rows in (ROWS, [ROWS[:4], ROWS[4:]], guard(ROWS, grant), guard(ROWS, grant).map(len)):
        _begin(tmp_path, train_dataloader=rows)
    _begin(tmp_path, train_dataloader=torch.DataLoader(guard(ROWS, grant).map(len)))
    other = Grant(grant.permit, grant.digests | {b"x" * 32})
    for rows in (
        [FOREIGN],
        [*ROWS, FOREIGN],
        torch.DataLoader([FOREIGN], collate_fn=list),
        guard([FOREIGN], other),
        (row for row in ROWS),
        Endless(),
        "data.jsonl",
        [{"input_ids": [1, 2]}],
        torch.DataLoader([{"input_ids": [1, 2]}], collate_fn=list),
    ):
        with pytest.raises(RefusedError):
            _begin(tmp_path, train_dataloader=rows)


@pytest.fixture
def tiny(tmp_path: Path) -> Any:
    """A student of two layers, with its tokenizer, made here."""
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    words = {
        word: number for number, word in enumerate(["<pad>", "<eos>", "<unk>", "Add", "and", "make", "."])
    }
    raw = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="<unk>"))
    raw.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>", padding_side="left"
    )
    config = transformers.LlamaConfig(
        vocab_size=len(words), hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2
    )
    return transformers.LlamaForCausalLM(config), tokenizer


def _weights(model: Any) -> bytes:
    return b"".join(value.detach().numpy().tobytes() for value in model.state_dict().values())


def test_a_real_trainer_is_refused_with_foreign_data_before_a_step(tmp_path: Path, tiny: Any) -> None:
    transformers = pytest.importorskip("transformers")
    datasets = pytest.importorskip("datasets")
    from auditor.gate import PermitCallback

    model, tokenizer = tiny
    options = _permit(tmp_path)
    grant = require_permit(dataset=tmp_path / "data.jsonl", **options)

    def tokens(row: dict[str, Any]) -> dict[str, Any]:
        ids = tokenizer(row["answer"])["input_ids"]
        return {"input_ids": ids, "labels": ids}

    def train(rows: Any, loader: Any = None, **given: Any) -> None:
        class Trainer(transformers.Trainer):  # type: ignore[misc,name-defined]
            def get_train_dataloader(self) -> Any:
                return loader or super().get_train_dataloader()

        arguments = transformers.TrainingArguments(
            output_dir=str(tmp_path / "student"), max_steps=1, report_to=[], use_cpu=True, disable_tqdm=True
        )
        callback = PermitCallback(dataset=tmp_path / "data.jsonl", **options, **given)
        collator = transformers.DataCollatorForSeq2Seq(tokenizer)
        Trainer(
            model=model,
            args=arguments,
            train_dataset=rows,
            callbacks=[callback],
            data_collator=collator,
        ).train()

    raw = datasets.Dataset.from_list(ROWS)
    made = raw.map(tokens, remove_columns=raw.column_names)
    before = _weights(model)
    with pytest.raises(RefusedError, match="holds tokens, which cannot be compared"):
        train(made)
    foreign = datasets.Dataset.from_list([FOREIGN])
    with pytest.raises(RefusedError, match="row that is not permitted"):
        train(foreign)
    with pytest.raises(RefusedError, match="row that is not permitted"):
        train(made, prepared_from=[*ROWS, FOREIGN])
    with pytest.raises(RefusedError, match="train_dataset has 24 rows, and prepared_from 1"):
        train(made, prepared_from=ROWS[:1])
    loader = [dict(FOREIGN)]
    with pytest.raises(RefusedError, match="train_dataloader"):
        train(guard(ROWS, grant).map(tokens), loader)
    assert _weights(model) == before
    train(guard(ROWS, grant).map(tokens))
    train(made, prepared_from=raw)
    assert _weights(model) != before


def test_a_real_distillation_trainer_is_refused_with_an_undeclared_teacher(tmp_path: Path, tiny: Any) -> None:
    trl = pytest.importorskip("trl")
    datasets = pytest.importorskip("datasets")
    from auditor.gate import PermitCallback

    model, tokenizer = tiny
    teacher = type(model)(model.config)
    teacher.save_pretrained(tmp_path / "teacher")
    place = str(tmp_path / "teacher")
    arguments = {"output_dir": str(tmp_path / "student"), "max_steps": 1, "report_to": [], "use_cpu": True}

    def make(held: Any, *declared: dict[str, Any], rows: Any = ROWS, **more: Any) -> Any:
        callback = PermitCallback(dataset=tmp_path / "data.jsonl", **_permit(tmp_path, *declared))
        return trl.DistillationTrainer(
            model=model,
            teacher_model=held,
            args=trl.DistillationConfig(**arguments, bf16=False, **more),
            train_dataset=datasets.Dataset.from_list(rows),
            processing_class=tokenizer,
            callbacks=[callback],
        )

    declared = {"name": place, "role": "logits", "access": "open-weights"}
    before = _weights(model)
    with pytest.raises(RefusedError, match=r"does not hold: a model without a name \(teacher_model\)"):
        make(teacher)
    with pytest.raises(RefusedError, match="the permit does not hold"):
        make(place)
    with pytest.raises(RefusedError, match="the permit does not hold"):
        make(place, {**declared, "role": "judge"})
    with pytest.raises(RefusedError, match="teacher_model_name_or_path"):
        make(place, declared, teacher_model_name_or_path="org/another")
    with pytest.raises(RefusedError, match="train_dataset holds a row"):
        make(place, declared, rows=[FOREIGN])
    assert make(place, declared) is not None
    assert _weights(model) == before


def _wrappers() -> list[Any]:
    """Return what holds permitted rows as `dataset` and hand on others."""
    data = pytest.importorskip("torch.utils.data")

    class ByNumber(data.Dataset):  # type: ignore[misc,name-defined]
        def __init__(self, dataset: Any = ROWS) -> None:
            self.dataset, self.column_names = dataset, None

        def __len__(self) -> int:
            return len(self.dataset)

        def __getitem__(self, number: int) -> Any:
            return FOREIGN

    class ByBatch(ByNumber):
        def __getitem__(self, number: int) -> Any:
            return self.dataset[number]

        def __getitems__(self, numbers: list[int]) -> Any:
            return [FOREIGN for _ in numbers]

    class InOrder(data.IterableDataset):  # type: ignore[misc,name-defined]
        def __init__(self, dataset: Any = ROWS) -> None:
            self.dataset = dataset

        def __len__(self) -> int:
            return len(self.dataset)

        def __iter__(self) -> Iterator[Any]:
            yield from [FOREIGN] * len(self)

    class Part(data.Subset):  # type: ignore[misc,name-defined]
        def __getitem__(self, number: Any) -> Any:
            return FOREIGN

        def __getitems__(self, numbers: Any) -> Any:
            return [FOREIGN for _ in numbers]

    class Loader(data.DataLoader):  # type: ignore[misc,name-defined]
        def __iter__(self) -> Iterator[Any]:
            yield [FOREIGN]

    class Listed(list):  # type: ignore[type-arg]
        def __getitem__(self, number: Any) -> Any:
            return FOREIGN

    patched = data.DataLoader(ROWS, collate_fn=list)
    patched._get_iterator = lambda: iter([[FOREIGN]])
    made: list[Any] = [ByNumber(), ByBatch(), InOrder(), Part(ROWS, [0]), Listed(ROWS), patched]
    made += [Loader(ROWS, collate_fn=list), data.DataLoader(ByNumber(), collate_fn=list)]
    made += [SimpleNamespace(dataset=ROWS), data.Subset(ByNumber(), [0, 1])]
    return made


def test_what_wraps_permitted_rows_and_yields_others_is_refused(tmp_path: Path) -> None:
    data = pytest.importorskip("torch.utils.data")
    grant = _grant(tmp_path)
    for held in _wrappers():
        with pytest.raises(RefusedError, match="train_dataset"):
            guard_trainer(SimpleNamespace(train_dataset=held), grant)
        with pytest.raises(RefusedError):
            check_rows_of(held, grant, "train_dataloader")

    class Guarded(GuardedRows):
        def __getitem__(self, number: int) -> Any:
            return FOREIGN

    false = Guarded(ROWS, guard(ROWS, grant)._check)
    with pytest.raises(RefusedError):
        check_rows_of(false, grant, "train_dataset")
    guarded = guard(ROWS, grant).map(len)
    for honest in (data.Subset(ROWS, [1, 2]), data.Subset(guarded, [1]), data.DataLoader(guarded)):
        check_rows_of(honest, grant, "train_dataset")


def test_a_plain_torch_data_set_of_permitted_rows_is_read_by_number(tmp_path: Path) -> None:
    data = pytest.importorskip("torch.utils.data")

    class Rows(data.Dataset):  # type: ignore[misc,name-defined]
        def __init__(self, held: Any) -> None:
            self.held = held

        def __len__(self) -> int:
            return len(self.held)

        def __getitem__(self, number: int) -> Any:
            return self.held[number]

    grant = _grant(tmp_path)
    guard_trainer(SimpleNamespace(train_dataset=Rows(ROWS)), grant)
    check_rows_of(data.DataLoader(Rows(ROWS)), grant, "train_dataloader")
    with pytest.raises(RefusedError, match="not permitted"):
        guard_trainer(SimpleNamespace(train_dataset=Rows([*ROWS, FOREIGN])), grant)


def _real(folder: Path, tiny: Any, kind: Any = None, rows: Any = ROWS, **given: Any) -> Any:
    transformers = pytest.importorskip("transformers")
    more = {name: given.pop(name) for name in ("eval_strategy", "eval_steps") if name in given}
    arguments = transformers.TrainingArguments(
        output_dir=str(folder / "student"), max_steps=1, report_to=[], use_cpu=True, disable_tqdm=True, **more
    )
    collator = transformers.DataCollatorForSeq2Seq(tiny[1])
    kind = kind or transformers.Trainer
    return kind(model=tiny[0], args=arguments, train_dataset=rows, data_collator=collator, **given)


def test_a_real_trainer_that_makes_its_own_loader_is_held_to_it(tmp_path: Path, tiny: Any) -> None:
    transformers = pytest.importorskip("transformers")
    data = pytest.importorskip("torch.utils.data")
    grant = _grant(tmp_path)

    class Own(transformers.Trainer):  # type: ignore[misc,name-defined]
        def get_train_dataloader(self) -> Any:
            return data.DataLoader([FOREIGN], collate_fn=list)

    guard_trainer(_real(tmp_path, tiny), grant)
    with pytest.raises(RefusedError, match="train_dataloader"):
        guard_trainer(_real(tmp_path, tiny, Own), grant)
    replaced = _real(tmp_path, tiny)
    replaced.get_train_dataloader = lambda: [FOREIGN]
    with pytest.raises(RefusedError, match="train_dataloader"):
        guard_trainer(replaced, grant)
    evaluation = replace(grant, permit=replace(grant.permit, purpose=PermitPurpose.EVALUATION))
    with pytest.raises(RefusedError, match="not for training"):
        guard_trainer(_real(tmp_path, tiny), evaluation)


def test_a_real_trainers_evaluation_set_is_compared_with_its_grant(tmp_path: Path, tiny: Any) -> None:
    from auditor.gate import PermitCallback

    options = _permit(tmp_path)
    grant = require_permit(dataset=tmp_path / "data.jsonl", **options)
    for held in ([FOREIGN], {"a": ROWS, "b": [FOREIGN]}, [{"input_ids": [1], "labels": [1]}]):
        callback = PermitCallback(dataset=tmp_path / "data.jsonl", evaluation=grant, **options)
        with pytest.raises(RefusedError, match="eval_dataset"):
            _real(
                tmp_path, tiny, eval_dataset=held, eval_strategy="steps", eval_steps=1, callbacks=[callback]
            )
    callback = PermitCallback(dataset=tmp_path / "data.jsonl", evaluation=grant, **options)
    both = {"a": ROWS, "b": ROWS[:3]}
    trainer = _real(
        tmp_path, tiny, eval_dataset=both, eval_strategy="steps", eval_steps=1, callbacks=[callback]
    )
    with pytest.raises(RefusedError, match="eval_dataloader"):
        trainer.evaluate([{"input_ids": [3, 4], "labels": [3, 4]}])


def test_raw_columns_beside_tokens_are_those_of_prepared_from(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    grant = _grant(tmp_path)

    def made(**more: Any) -> Any:
        rows = [{"input_ids": [1], "labels": [1], **row, **more} for row in ROWS]
        return datasets.Dataset.from_list(rows)

    check_rows_of(made(), grant, "train_dataset", ROWS)
    check_rows_of(made(length=3), grant, "train_dataset", ROWS)
    check_rows_of(list(made().select_columns(["input_ids", "answer"])), grant, "train_dataset", ROWS)
    for held in (made(answer="!"), made(text="!"), list(made(answer="!")), made(inner={"a": ["!"]})):
        with pytest.raises(RefusedError, match="beside its tokens"):
            check_rows_of(held, grant, "train_dataset", ROWS)
    with pytest.raises(RefusedError, match="beside its tokens"):
        check_rows_of(made(answer="!").to_iterable_dataset(), grant, "train_dataset", ROWS)


def test_a_second_model_is_found_under_any_name_and_in_any_container(tmp_path: Path, tiny: Any) -> None:
    torch = pytest.importorskip("torch")
    grant = _grant(tmp_path)
    model = tiny[0]
    other = type(model)(model.config)
    inner = SimpleNamespace(helper=SimpleNamespace(net=other))

    def closing(rows: Any) -> Any:
        return other(rows)

    for name in (
        "expert",
        "big_model",
        "t_model",
        "kd_model",
        "grader",
        "verifier",
        "rm",
        "oracle",
        "critic",
    ):
        with pytest.raises(RefusedError, match=name):
            guard_trainer(SimpleNamespace(model=model, train_dataset=ROWS, **{name: other}), grant)
    containers = ({"math": other}, [other], {"a": [(other,)]}, partial(print, other), other.forward, inner)
    for held in (*containers, closing, torch.nn.Linear(2, 2)):
        with pytest.raises(RefusedError, match="the permit does not hold"):
            guard_trainer(SimpleNamespace(model=model, train_dataset=ROWS, helper=held), grant)
    for name in ("teacher_client", "my_judge", "math_reward_fn", "teachers"):
        for held in (print, SimpleNamespace(), "gpt-4o", {"math": "gpt-4o"}):
            with pytest.raises(RefusedError, match=name):
                guard_trainer(SimpleNamespace(model=model, train_dataset=ROWS, **{name: held}), grant)
    same = {"policy": model, "parts": [model.model], "loss": torch.nn.CrossEntropyLoss(), "ref_model": other}
    guard_trainer(SimpleNamespace(model=model, train_dataset=ROWS, teacher_top_k=3, **same), grant)

    class Closing(SimpleNamespace):
        def compute_loss(self, rows: Any) -> Any:
            return other(rows)

    with pytest.raises(RefusedError, match="compute_loss"):
        guard_trainer(Closing(model=model, train_dataset=ROWS), grant)
    computed = type("Computed", (SimpleNamespace,), {"teacher_model": property(lambda self: other)})
    with pytest.raises(RefusedError, match="teacher_model"):
        guard_trainer(computed(model=model, train_dataset=ROWS), grant)
    given = SimpleNamespace(expert=other)
    with pytest.raises(RefusedError, match="expert"):
        guard_trainer(SimpleNamespace(model=model, train_dataset=ROWS, args=given), grant)
    both = torch.nn.ModuleDict({"student": model, "teacher": other})
    with pytest.raises(RefusedError, match=r"model\.teacher"):
        guard_trainer(SimpleNamespace(model=both, train_dataset=ROWS), grant)


@pytest.mark.parametrize(
    "settings",
    [
        {"teacher_llm": "gpt-4o"},
        {"kd_teacher": "gpt-4o"},
        {"distill_teacher_model": "gpt-4o"},
        {"expert_model": "gpt-4o"},
        {"teacher_dir": "gpt-4o"},
        {"teachers": {"math": "gpt-4o"}},
        {"teacher_names": ["gpt-4o"]},
        {"myteacher": "gpt-4o"},
        {"teacher_kind": "gpt-4o"},
        {"teacher_settings": '{"which": "gpt-4o"}'},
        {"grader_llm_name": "gpt-4o"},
    ],
)
def test_any_text_under_a_teachers_key_is_a_name(settings: dict[str, Any]) -> None:
    assert [one.name for one in named_teachers(settings)] == ["gpt-4o"]


def test_every_revision_that_is_given_must_be_the_declared_one(tmp_path: Path) -> None:
    permit = _grant(tmp_path, {**TEACHER, "revision": "main"}).permit
    named = {"teacher_model_name_or_path": TEACHER["name"], "teacher_model_revision": "main"}
    check_teachers(permit, named_teachers({**named, "model_revision": "v1"}))
    for more in (
        {"teacher_model_init_kwargs": {"revision": "evil"}},
        {"teacher_model_init_kwargs": '{"revision": "evil"}'},
        {"teacher_kwargs": {"model_kwargs": {"code_revision": "evil"}}},
        {"teacher_revision": "evil"},
    ):
        with pytest.raises(RefusedError, match="at revision evil"):
            check_teachers(permit, named_teachers({**named, **more}))
    each = {"a": {"model_path": TEACHER["name"], "revision": "main"}, "b": {"revision": "x"}}
    check_teachers(permit, named_teachers({"teacher_models": each}))


def test_a_callback_that_sees_no_trainer_asks_for_it(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    from auditor.gate import PermitCallback

    callback = PermitCallback(dataset=tmp_path / "data.jsonl", **_permit(tmp_path))
    with pytest.raises(RefusedError, match="cannot see the trainer"):
        callback.on_init_end(SimpleNamespace(eval_strategy="no", eval_on_start=False), None, None)
