"""The student's model card, notices and trace: what it was made from, in files beside its weights."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from auditor.attest.files import file_digest, read_bounded, write_new
from auditor.attest.row_list import rows_path
from auditor.domain.permit import Permit
from auditor.errors import EvidenceError
from auditor.ids import Digest
from auditor.train.config import TrainConfig

TRACE, PERMIT = "auditor-trace.json", "permit.intoto.json"
_WEIGHTS = ("*.safetensors",)


@dataclass(frozen=True, slots=True)
class Trace:
    """The way back from a student to the rows it was trained on."""

    student: str
    base_model: str
    permit_digest: Digest
    dataset_digest: Digest
    weights: Mapping[str, Digest]
    origins: tuple[Mapping[str, Any], ...]
    rows: tuple[str, ...]
    """`sample id` and digest of every row, as in the permit's row list; empty where there is none."""


def write_card(config: TrainConfig, permit: Permit, permit_file: Path, losses: Iterable[float]) -> Path:
    """Write README.md, NOTICE, the permit with its row list, and the trace into the student's folder.

    Raises:
        EvidenceError: the permit cannot be copied.
        EnvironmentFault: the folder cannot be written.
    """
    folder = Path(config.out)
    name = config.student_name or folder.name
    write_new(folder / "README.md", _card(config, name, permit, tuple(losses)).encode())
    notice = _notice(permit)
    if notice:
        write_new(folder / "NOTICE", notice.encode())
    try:
        shutil.copyfile(permit_file, folder / PERMIT)
        if rows_path(permit_file).is_file():
            shutil.copyfile(rows_path(permit_file), folder / f"{PERMIT}.rows")
    except OSError as error:
        raise EvidenceError(f"cannot copy the permit: {error.strerror}", where=str(permit_file)) from error
    trace = {
        "schema": "auditor.trace/v1",
        "student": name,
        "base_model": config.base_model or Path(config.student).name,
        "permit": permit.digest,
        "dataset": permit.dataset_digest,
        "weights": {path.name: file_digest(path) for path in _weights(folder)},
        "origins": permit.facts.get("origins") or [],
    }
    write_new(folder / TRACE, json.dumps(trace, indent=2, ensure_ascii=False).encode() + b"\n")
    return folder / "README.md"


def read_trace(folder: Path) -> Trace:
    """Read a student's trace and its rows, and compare its weights with what was written at training.

    Raises:
        EvidenceError: no trace, or the weights or rows are others now.
    """
    path = folder / TRACE
    try:
        trace = json.loads(read_bounded(path, 1 << 28))
        weights = {str(name): Digest(value) for name, value in trace["weights"].items()}
        found = {file.name: file_digest(file) for file in _weights(folder)}
        origins, rows = tuple(trace["origins"]), _rows(folder)
        made = Trace(
            trace["student"], trace["base_model"], trace["permit"], trace["dataset"], weights, origins, rows
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EvidenceError("this is no trace", where=str(path), fix="train with `auditor train`") from None
    if found != weights:
        raise EvidenceError("the weights are not those that were trained", where=str(folder))
    return made


def _rows(folder: Path) -> tuple[str, ...]:
    listed = folder / f"{PERMIT}.rows"
    if not listed.is_file():
        return ()
    return tuple(line.partition(" ")[2] for line in listed.read_text("utf-8").splitlines())


def _weights(folder: Path) -> list[Path]:
    return sorted(path for pattern in _WEIGHTS for path in folder.glob(pattern))


def _card(config: TrainConfig, name: str, permit: Permit, losses: tuple[float, ...]) -> str:
    plan = (permit.facts.get("plan") or {}).get("content") or {}
    base = config.base_model or Path(config.student).name
    head: dict[str, Any] = {"base_model": base, "tags": ["distillation"]}
    license_name = plan.get("student_release_license")
    if license_name:
        head.update(license="other", license_name=license_name)
    lines = [f"---\n{yaml.safe_dump(head, sort_keys=True)}---", f"# {name}", ""]
    lines += [f"Built on `{base}` by {config.method}-level distillation, behind a signed permit.", ""]
    lines += ["## Teachers and data", ""]
    for origin in permit.facts.get("origins") or []:
        teachers = ", ".join(origin.get("teachers") or []) or "unknown"
        licenses = ", ".join(origin.get("licenses") or []) or "none stated"
        lines.append(f"- {origin.get('samples', '?')} rows — teachers: {teachers}; licenses: {licenses}")
    lines += ["", "## License and obligations", "", f"Release license: {license_name or 'not stated'}", ""]
    lines += [_duty(duty, name) for duty in _duties(permit)] or ["No obligation was found by the audit."]
    lines += ["", "## Evidence", "", f"- Permit: `{permit.digest}`", f"- Dataset: `{permit.dataset_digest}`"]
    lines += [f"- Policy: `{permit.policy}`", f"- Rows: {permit.samples}"]
    if losses:
        lines.append(f"- Loss: {losses[0]:.4f} at first, {losses[-1]:.4f} at last")
    lines += ["", f"`auditor trace` walks from this folder back to the rows (`{TRACE}`).", ""]
    return "\n".join(lines)


def _duties(permit: Permit) -> list[Mapping[str, Any]]:
    return [duty for duty in permit.facts.get("obligations") or [] if isinstance(duty, Mapping)]


def _duty(duty: Mapping[str, Any], name: str) -> str:
    params = duty.get("params") or {}
    prefix = params.get("prefix")
    status = duty.get("status", "open")
    if prefix:
        status = "met" if name.casefold().startswith(str(prefix).casefold()) else "NOT met by this name"
    shown = params.get("text")
    statement = f" — {shown}" if shown else ""
    return f"- {duty.get('id')}: {duty.get('message') or duty.get('id')} ({status}){statement}"


def _notice(permit: Permit) -> str:
    texts = ((duty.get("params") or {}).get("text") for duty in _duties(permit))
    return "".join(f"{text}\n" for text in dict.fromkeys(texts) if text)
