"""The student step in the order that matters: permit, rows, tokenizer, then weights."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.attest.binding import TOKENIZER, bind_all
from auditor.digest import DatasetDigest
from auditor.domain.permit import Permit
from auditor.errors import EnvironmentFault, RefusedError
from auditor.gate.grant import grant
from auditor.gate.request import Request
from auditor.ids import Digest
from auditor.samples.rows import iter_chunks
from auditor.train.card import write_card
from auditor.train.config import TrainConfig
from auditor.train.deposit import put
from auditor.train.lesson import turns
from auditor.train.scope import check_scope, named
from auditor.train.trace import write_trace

if TYPE_CHECKING:
    from auditor.train.distill import Training
    from auditor.train.journal import Tick


@dataclass(frozen=True, slots=True)
class Trained:
    """What the step gave."""

    permit: Permit
    student: str
    """Its name; empty in the other processes of a distributed run."""
    run: Training


def run_step(
    config: TrainConfig,
    request: Request,
    dataset: Sequence[str],
    moment: datetime,
    listener: Callable[[Tick], None] = lambda tick: None,
) -> Trained:
    """Check the permit, its scope and the data, train, and write the student with its card.

    Raises:
        RefusedError, EvidenceError, UsageError: before any weight is loaded.
        EnvironmentFault: the `train` extra is not installed.
    """
    bound = _bound(config)
    held = grant(request, dataset, moment, bound)
    check_scope(config, held.permit, bound)
    config = named(config, held.permit)
    if os.environ.get("RANK", "0") == "0":
        put(Path(config.out), request.permit, held.permit, config.resume)
    rows = _rows(dataset, held.permit, config)
    try:
        from auditor.train.distill import distill
    except ImportError as error:
        raise EnvironmentFault(f"training needs {error.name}", fix="pip install 'auditor[train]'") from error
    done = distill(config, rows, held, listener)
    if done.first:
        write_card(config, held.permit, done.losses)
        write_trace(config, held.permit)
    name = config.student_name if done.first else ""
    return Trained(held.permit, name, done)


def _rows(dataset: Sequence[str], permit: Permit, config: TrainConfig) -> list[dict[str, Any]]:
    """Read the rows that will be used and hold them against the permit again: files may have changed."""
    gathered, rows = DatasetDigest(), []
    for file, chunk in iter_chunks(dataset):
        for number, row in zip(chunk.numbers, chunk.rows, strict=True):
            turns(row, config, f"{file.name}#{number}")
        gathered.extend(chunk.digests)
        rows += chunk.rows
    if gathered.digest() != permit.dataset_digest:
        raise RefusedError(
            "the data changed after it was checked", fix="let nothing write to it, then try again"
        )
    return rows


def _bound(config: TrainConfig) -> Mapping[str, Digest]:
    if not (Path(config.student) / "tokenizer.json").is_file():
        return {}
    return bind_all([f"{TOKENIZER}={config.student}"])
