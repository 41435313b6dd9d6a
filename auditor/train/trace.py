"""From a trained student back to its permit, its origins and its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from auditor.attest.files import file_digest, read_bounded, write_new
from auditor.attest.keys import PublicKey
from auditor.attest.verify import open_permit
from auditor.domain.permit import Permit
from auditor.errors import EvidenceError
from auditor.ids import Digest
from auditor.train.config import Method, TrainConfig
from auditor.train.deposit import PERMIT, read

TRACE, SCHEMA = "auditor-trace.json", "auditor.trace/v1"
_WEIGHTS = ("*.safetensors", "*.gguf")
_MAX_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class Trace:
    """The way back from a student to the rows it was trained on."""

    student: str
    base_model: str
    teacher: str
    """Teacher whose distribution was learned; empty where only its text was."""
    permit_digest: Digest
    dataset_digest: Digest
    weights: Mapping[str, Digest]
    origins: tuple[Mapping[str, Any], ...]
    rows: tuple[str, ...]
    """Sample ids in the permit's row list; empty where there is none."""
    signers: tuple[str, ...] = ()
    """Key ids whose signature under the permit was verified; empty where no key was given."""


def write_trace(config: TrainConfig, permit: Permit) -> Path:
    """Write the trace beside the trained weights.

    Raises:
        EnvironmentFault: the folder cannot be written.
    """
    folder = Path(config.out)
    trace = {
        "schema": SCHEMA,
        "student": config.student_name,
        "base_model": config.base_model,
        "teacher": config.teacher_name if config.method is Method.LOGITS else "",
        "permit": permit.digest,
        "dataset": permit.dataset_digest,
        "weights": _weights(folder),
        "origins": permit.facts.get("origins") or [],
    }
    write_new(folder / TRACE, json.dumps(trace, indent=2, ensure_ascii=False).encode() + b"\n")
    return folder / TRACE


def read_trace(folder: Path, trusted: Sequence[PublicKey] = (), threshold: int = 1) -> Trace:
    """Read a student's trace and compare its weights, permit and rows with what training left.

    Args:
        trusted: keys that must have signed the permit; without any the signature is not looked at.
        threshold: how many of them.

    Raises:
        EvidenceError: no trace; weights, permit or rows are others now; nobody trusted signed.
    """
    path = folder / TRACE
    try:
        trace = json.loads(read_bounded(path, _MAX_BYTES))
        made = _parse(trace)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EvidenceError(
            "this is not a trace", where=str(path), fix="train with `auditor train`"
        ) from None
    if _weights(folder) != made.weights:
        raise EvidenceError("the weights are not those that were trained", where=str(folder))
    held = read(folder)
    if (held.permit_digest, held.dataset_digest) != (made.permit_digest, made.dataset_digest):
        raise EvidenceError("the permit is not the one of the training", where=str(folder / PERMIT))
    signers = open_permit(folder / PERMIT, trusted, threshold).signers if trusted else ()
    rows = held.rows.ids if held.rows else ()
    return replace(made, rows=tuple(rows), signers=signers)


def _parse(trace: Mapping[str, Any]) -> Trace:
    weights = {str(name): Digest(value) for name, value in trace["weights"].items()}
    return Trace(
        student=str(trace["student"]),
        base_model=str(trace["base_model"]),
        teacher=str(trace["teacher"]),
        permit_digest=Digest(trace["permit"]),
        dataset_digest=Digest(trace["dataset"]),
        weights=weights,
        origins=tuple(dict(origin) for origin in trace["origins"]),
        rows=(),
    )


def _weights(folder: Path) -> dict[str, Digest]:
    files = sorted(path for pattern in _WEIGHTS for path in folder.glob(pattern))
    return {path.name: file_digest(path) for path in files}
