"""The student step's configuration: one YAML file, every key checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from auditor.errors import UsageError
from auditor.strict_yaml import read


class Method(StrEnum):
    """How the teacher's knowledge reaches the student."""

    SEQUENCE = "sequence"
    """Cross-entropy on the teacher's text (Kim and Rush 2016, sequence-level distillation)."""
    LOGITS = "logits"
    """KL divergence to the teacher's distribution at a temperature (Hinton et al. 2015)."""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """What to train, how long, and where to put it; paths are relative to the file."""

    student: str
    """Folder of the student base, or its .gguf file."""
    out: str
    student_name: str = ""
    """Name on the card; where empty the permitted plan's, then the folder's name."""
    base_model: str = ""
    """What the card calls the student base; where empty the permitted plan's, then `student`."""
    method: Method = Method.SEQUENCE
    teacher: str = ""
    """Folder or .gguf file of the teacher, for `logits`; it shares the student's vocabulary."""
    teacher_name: str = ""
    """The teacher's name or id as the permitted rows carry it, for `logits`: its terms were judged there."""
    temperature: float = 2.0
    alpha: float = 0.5
    """Weight of the KL term beside cross-entropy, 0 to 1."""
    prompt_column: str = "prompt"
    answer_column: str = "answer"
    epochs: float = 1.0
    max_steps: int = -1
    batch_size: int = 4
    learning_rate: float = 2e-5
    max_length: int = 512
    """Tokens of a row; of a longer one the prompt's start is cut, then the answer's end."""
    save_steps: int = 200
    seed: int = 7
    resume: bool = False
    """Go on from the newest checkpoint in `out`."""


def read_config(path: Path) -> TrainConfig:
    """Read and check a configuration.

    Raises:
        UsageError: unreadable, an unknown or missing key, or a value out of range.
    """
    document = read(path, UsageError).data
    if not isinstance(document, Mapping):
        raise UsageError("the configuration is not a mapping", where=str(path), fix="see docs/gate.md")
    known = {field.name: field for field in fields(TrainConfig)}
    for key, value in document.items():
        if key not in known or not _fits(known[key].type, value):
            raise UsageError(f"`{key}` is not a key of this file, or its value is wrong", where=str(path))
    missing = [key for key in ("student", "out") if key not in document]
    if missing:
        raise UsageError(f"`{missing[0]}` is missing", where=str(path), fix="see docs/gate.md")
    try:
        config = TrainConfig(**{**document, "method": Method(document.get("method", "sequence"))})
    except ValueError:
        raise UsageError("`method` is sequence or logits", where=str(path)) from None
    return _placed(_checked(config, path), path.parent)


def _checked(config: TrainConfig, path: Path) -> TrainConfig:
    if config.method is Method.LOGITS and not (config.teacher and config.teacher_name):
        raise UsageError(
            "`logits` needs a `teacher` and its `teacher_name`", where=str(path), fix="see docs/gate.md"
        )
    sane = config.batch_size > 0 and config.max_length > 1 and config.save_steps > 0 and config.epochs > 0
    if not (sane and 0 <= config.alpha <= 1 and config.temperature > 0 and config.learning_rate > 0):
        raise UsageError("a number is out of range", where=str(path), fix="see docs/gate.md")
    return config


def _placed(config: TrainConfig, folder: Path) -> TrainConfig:
    values: dict[str, Any] = {field.name: getattr(config, field.name) for field in fields(config)}
    for key in ("student", "teacher", "out"):
        if values[key]:
            values[key] = str(folder / values[key])
    return TrainConfig(**values)


def _fits(kind: Any, value: object) -> bool:
    if kind in ("str", "Method"):
        return isinstance(value, str)
    if kind == "bool":
        return isinstance(value, bool)
    number = isinstance(value, int) and not isinstance(value, bool)
    return number or (kind == "float" and isinstance(value, float))
