"""Trainers of transformers and TRL are refused before a step: foreign rows, loaders, teachers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from evidence import ROWS
from gated import (
    FOREIGN,
    granted,
    permit_options,
    real_trainer,
)

from auditor.domain.permit import PermitPurpose
from auditor.errors import RefusedError
from auditor.gate import Grant, guard, require_permit


def _begin(folder: Path, arguments: Any = None, *teachers: dict[str, Any], **given: Any) -> None:
    from auditor.gate import PermitCallback

    trainer = SimpleNamespace(train_dataset=None)
    callback = PermitCallback(
        dataset=folder / "data.jsonl", trainer=trainer, **permit_options(folder, *teachers)
    )
    args = arguments or SimpleNamespace(eval_strategy="no", eval_on_start=False)
    callback.on_init_end(args, None, None, **given)
    callback.on_train_begin(args, None, None, **given)


class Endless:
    """A stream that gives the permitted rows for ever, or for as long as somebody looks."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while True:
            yield from ROWS


def test_a_loader_of_foreign_rows_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    torch = pytest.importorskip("torch.utils.data")
    grant = granted(tmp_path)
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


def _weights(model: Any) -> bytes:
    return b"".join(value.detach().numpy().tobytes() for value in model.state_dict().values())


def test_a_real_trainer_is_refused_with_foreign_data_before_a_step(tmp_path: Path, tiny: Any) -> None:
    transformers = pytest.importorskip("transformers")
    datasets = pytest.importorskip("datasets")
    from auditor.gate import PermitCallback

    model, tokenizer = tiny
    options = permit_options(tmp_path)
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
        callback = PermitCallback(dataset=tmp_path / "data.jsonl", **permit_options(tmp_path, *declared))
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


def test_a_real_trainer_that_makes_its_own_loader_is_held_to_it(tmp_path: Path, tiny: Any) -> None:
    transformers = pytest.importorskip("transformers")
    data = pytest.importorskip("torch.utils.data")
    from auditor.gate import guard_trainer

    grant = granted(tmp_path)

    class Own(transformers.Trainer):  # type: ignore[misc,name-defined]
        def get_train_dataloader(self) -> Any:
            return data.DataLoader([FOREIGN], collate_fn=list)

    guard_trainer(real_trainer(tmp_path, tiny), grant)
    with pytest.raises(RefusedError, match="train_dataloader"):
        guard_trainer(real_trainer(tmp_path, tiny, Own), grant)
    replaced = real_trainer(tmp_path, tiny)
    replaced.get_train_dataloader = lambda: [FOREIGN]
    with pytest.raises(RefusedError, match="train_dataloader"):
        guard_trainer(replaced, grant)
    evaluation = replace(grant, permit=replace(grant.permit, purpose=PermitPurpose.EVALUATION))
    with pytest.raises(RefusedError, match="not for training"):
        guard_trainer(real_trainer(tmp_path, tiny), evaluation)


def test_a_real_trainers_evaluation_set_is_compared_with_its_grant(tmp_path: Path, tiny: Any) -> None:
    from auditor.gate import PermitCallback

    options = permit_options(tmp_path)
    grant = require_permit(dataset=tmp_path / "data.jsonl", **options)
    for held in ([FOREIGN], {"a": ROWS, "b": [FOREIGN]}, [{"input_ids": [1], "labels": [1]}]):
        callback = PermitCallback(dataset=tmp_path / "data.jsonl", evaluation=grant, **options)
        with pytest.raises(RefusedError, match="eval_dataset"):
            real_trainer(
                tmp_path, tiny, eval_dataset=held, eval_strategy="steps", eval_steps=1, callbacks=[callback]
            )
    callback = PermitCallback(dataset=tmp_path / "data.jsonl", evaluation=grant, **options)
    both = {"a": ROWS, "b": ROWS[:3]}
    trainer = real_trainer(
        tmp_path, tiny, eval_dataset=both, eval_strategy="steps", eval_steps=1, callbacks=[callback]
    )
    with pytest.raises(RefusedError, match="eval_dataloader"):
        trainer.evaluate([{"input_ids": [3, 4], "labels": [3, 4]}])
