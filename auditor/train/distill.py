"""The training itself, on `transformers.Trainer`: imported only after the permit was checked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
import transformers
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer, Trainer, TrainingArguments, set_seed

from auditor.errors import UsageError
from auditor.gate.grant import Grant
from auditor.gate.stream import guard
from auditor.train.config import Method, TrainConfig
from auditor.train.journal import Journal, Listener
from auditor.train.lesson import IGNORED, Lesson, collate


@dataclass(frozen=True, slots=True)
class Training:
    """What a run gave."""

    losses: tuple[float, ...]
    """Mean loss of each logged step, in order."""
    steps: int
    seconds: float
    """Wall time of the training loop."""
    guard_seconds: float
    """The part of it in which rows were hashed and compared."""
    first: bool = True
    """False in the other processes of a distributed run."""


class WatchedRows(torch.utils.data.Dataset):  # type: ignore[misc]
    """Guarded rows as a map-style dataset, with the time that the guard takes."""

    def __init__(self, rows: list[dict[str, Any]], grant: Grant, lesson: Lesson) -> None:
        self._rows, self._lesson = guard(rows, grant, name="row"), lesson
        self._size = len(rows)
        self.seconds = 0.0

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, number: int) -> dict[str, list[int]]:
        start = time.perf_counter()
        row = self._rows[number]  # type: ignore[index]
        self.seconds += time.perf_counter() - start
        return self._lesson(row)


class DistillTrainer(Trainer):  # type: ignore[misc]
    """A trainer whose loss may mix in the divergence from a teacher's distribution."""

    def __init__(self, *, config: TrainConfig, teacher: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self._config = config
        self._teacher = teacher
        # The loss is a mean over tokens of one batch; the trainer must not divide it again.
        self.model_accepts_loss_kwargs = False

    def compute_loss(self, model: Any, inputs: Any, return_outputs: bool = False, **_: Any) -> Any:
        """Return cross-entropy, or its mixture with the KL term."""
        outputs = model(**inputs)
        loss = outputs.loss
        if self._teacher is not None:
            with torch.no_grad():
                target = self._teacher(
                    input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]
                ).logits
            kl = divergence(outputs.logits, target, inputs["labels"], self._config.temperature)
            loss = (1 - self._config.alpha) * loss + self._config.alpha * kl
        return (loss, outputs) if return_outputs else loss


def divergence(student: Any, teacher: Any, labels: Any, temperature: float) -> Any:
    """Return KL(teacher || student) at a temperature, times its square (Hinton et al. 2015, section 2).

    Args:
        student, teacher: logits of shape (rows, tokens, vocabulary).
        labels: int64 of shape (rows, tokens); positions with `IGNORED` do not count.
    """
    learned = labels[:, 1:] != IGNORED
    own = functional.log_softmax(student[:, :-1][learned].float() / temperature, dim=-1)
    wanted = functional.log_softmax(teacher[:, :-1][learned].float() / temperature, dim=-1)
    return functional.kl_div(own, wanted, reduction="batchmean", log_target=True) * temperature**2


def load_model(place: str) -> tuple[Any, Any]:
    """Load a model and its tokenizer from a local folder or .gguf file; no network, no remote code.

    Raises:
        UsageError: there is no such model.
    """
    path = Path(place)
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    folder = path
    if path.suffix == ".gguf":
        folder, options = path.parent, {**options, "gguf_file": path.name}
    if not path.exists():
        raise UsageError("no such model", where=place, fix="give a folder or a .gguf file")
    tokenizer = AutoTokenizer.from_pretrained(folder, **options)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, **options)
    if path.suffix == ".gguf":
        _forget_quantization(model)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model, tokenizer


def _forget_quantization(model: Any) -> None:
    # The weights were made float32 on the way in; what is left of the quantizer would forbid saving them.
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config


def distill(
    config: TrainConfig, rows: list[dict[str, Any]], grant: Grant, listener: Listener = lambda tick: None
) -> Training:
    """Train the student on guarded rows and save it with its tokenizer to `out`.

    Under `torchrun` every rank trains on its share of the rows and the first one saves.

    Raises:
        RefusedError: a row is not permitted.
        UsageError: a model is missing, or teacher and student have different vocabularies.
    """
    set_seed(config.seed)
    arguments = _arguments(config)
    model, tokenizer = load_model(config.student)
    watched = WatchedRows(rows, grant, Lesson(tokenizer, config))
    trainer = DistillTrainer(
        config=config,
        teacher=_teacher(config, model, arguments.device),
        model=model,
        args=arguments,
        train_dataset=watched,
        data_collator=partial(collate, pad=tokenizer.pad_token_id or 0),
        processing_class=tokenizer,
        callbacks=[Journal(Path(config.out), listener)],
    )
    # The trainer's own printer writes to stdout, which belongs to the command's answer.
    trainer.remove_callback(transformers.trainer_callback.PrinterCallback)
    start = time.perf_counter()
    done = trainer.train(
        resume_from_checkpoint=newest_checkpoint(Path(config.out)) if config.resume else None
    )
    seconds = time.perf_counter() - start
    trainer.save_model(config.out)
    losses = tuple(float(entry["loss"]) for entry in trainer.state.log_history if "loss" in entry)
    first = bool(trainer.is_world_process_zero())
    return Training(losses, int(done.global_step), seconds, watched.seconds, first)


def newest_checkpoint(folder: Path) -> str | None:
    """Return the last checkpoint that was written whole; None without one."""
    whole = [path.parent for path in folder.glob("checkpoint-*/trainer_state.json")]
    return str(max(whole, key=lambda path: int(path.name.rpartition("-")[2]))) if whole else None


def _teacher(config: TrainConfig, student: Any, device: Any) -> Any:
    if config.method is Method.SEQUENCE:
        return None
    teacher, _ = load_model(config.teacher)
    if teacher.config.vocab_size != student.config.vocab_size:
        raise UsageError("teacher and student have different vocabularies", where=config.teacher)
    return teacher.to(device).eval()


def _arguments(config: TrainConfig) -> TrainingArguments:
    gpu = torch.cuda.is_available()
    return TrainingArguments(
        output_dir=config.out,
        num_train_epochs=config.epochs,
        max_steps=config.max_steps,
        per_device_train_batch_size=config.batch_size,
        learning_rate=config.learning_rate,
        save_steps=config.save_steps,
        logging_steps=1,
        seed=config.seed,
        bf16=gpu and torch.cuda.is_bf16_supported(),
        use_cpu=not gpu,
        report_to=[],
        remove_unused_columns=False,
        dataloader_num_workers=0,
        save_total_limit=2,
        disable_tqdm=True,
    )
