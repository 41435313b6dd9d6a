"""The student step in the order that matters: permit, rows, tokenizer, then weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from auditor.attest.binding import CHAT_TEMPLATE, TOKENIZER, bind_all
from auditor.domain.permit import Permit
from auditor.errors import EnvironmentFault
from auditor.gate.grant import Request, grant
from auditor.ids import Digest
from auditor.samples.rows import iter_chunks
from auditor.train.card import write_card
from auditor.train.config import TrainConfig


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the step gave."""

    permit: Permit
    losses: tuple[float, ...]
    steps: int
    seconds: float
    """Wall time of the training loop."""
    guard_seconds: float
    """The part of it in which rows were hashed again."""


def run_step(config: TrainConfig, request: Request, dataset: Sequence[str], moment: datetime) -> Outcome:
    """Check the permit and the data, train, and write the student with its card.

    Raises:
        RefusedError, EvidenceError: before any weight is loaded.
        EnvironmentFault: the `train` extra is not installed.
    """
    held = grant(request, dataset, moment, _bound(config))
    rows = [row for _, chunk in iter_chunks(dataset) for row in chunk.rows]
    try:
        from auditor.train.distill import distill
    except ImportError as error:
        raise EnvironmentFault(f"training needs {error.name}", fix="pip install 'auditor[train]'") from error
    done = distill(config, rows, held)
    write_card(config, held.permit, request.permit, done.losses)
    return Outcome(held.permit, done.losses, done.steps, done.seconds, done.guard_seconds)


def _bound(config: TrainConfig) -> Mapping[str, Digest]:
    if not (Path(config.student) / "tokenizer.json").is_file():
        return {}
    found = bind_all([f"{TOKENIZER}={config.student}"])
    return {name: found[name] for name in (TOKENIZER, CHAT_TEMPLATE) if name in found}
