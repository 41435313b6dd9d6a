"""The student's model card and notices: what it was made from, in files beside its weights."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from auditor.attest.files import write_new
from auditor.domain.permit import Permit
from auditor.domain.term_obligation import ObligationId
from auditor.domain.waiver import waiver_line
from auditor.errors import EnvironmentFault
from auditor.train.config import Method, TrainConfig
from auditor.train.scope import plan_of
from auditor.train.trace import TRACE

_HUB_LICENSES = frozenset(
    ("apache-2.0", "mit", "bsd-3-clause", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "gpl-3.0")
)
"""Identifiers that the hub's card metadata takes as they are; others go by `license_name`."""
_COPIED = ("LICENSE*", "NOTICE*", "USE_POLICY*")
_COPY_DUTIES = (
    ObligationId.LICENSE_COPY,
    ObligationId.LICENSE_COPY_AND_NOTICES,
    ObligationId.RETAIN_NOTICES,
)
_HOW = {
    Method.SEQUENCE: "sequence-level distillation: cross-entropy on the teachers' text",
    Method.LOGITS: "logit distillation: divergence from a teacher's distribution, and its text",
}


def write_card(config: TrainConfig, permit: Permit, losses: Iterable[float]) -> Path:
    """Write README.md and NOTICE and copy the base's license files into the student's folder.

    Raises:
        EnvironmentFault: the folder cannot be written.
    """
    folder = Path(config.out)
    copies = _copy_licenses(Path(config.student), folder)
    lines = [*_notice(config, permit), *(text.rstrip("\n") for text in copies["NOTICE"])]
    write_new(folder / "NOTICE", "".join(f"{line}\n" for line in lines).encode())
    card = _card(config, permit, tuple(losses), bool(copies["LICENSE"]))
    write_new(folder / "README.md", card.encode())
    return folder / "README.md"


def _card(config: TrainConfig, permit: Permit, losses: tuple[float, ...], copied: bool) -> str:
    name = config.student_name
    license_name = plan_of(permit).get("student_release_license")
    lines = [_head(config, license_name), f"# {name}", ""]
    shown = [text for duty in _duties(permit) if (text := _text(duty))]
    lines += [f"**{text}**\n" for text in dict.fromkeys(shown)]
    lines += [f"Trained from `{config.base_model}` by {_HOW[config.method]}.", ""]
    lines += ["## Teachers and data", "", *_origins(permit)]
    if config.method is Method.LOGITS:
        lines.append(f"- distribution learned from: {config.teacher_name}")
    lines += ["", "## License and obligations", "", f"Release license: {license_name or 'not stated'}", ""]
    lines += [_duty(duty, config, copied) for duty in _duties(permit)]
    lines += [] if _duties(permit) else ["No obligation was found by the audit."]
    lines += ["", "## Evidence", "", f"- Permit: `{permit.digest}`", f"- Dataset: `{permit.dataset_digest}`"]
    lines += [f"- Policy: `{permit.policy}`", f"- Rows: {permit.samples}"]
    if waived := waiver_line(permit.waivers):
        lines.append(f"- Allowed with waivers: {waived}")
    if losses:
        lines.append(f"- Loss: {losses[0]:.4f} at first, {losses[-1]:.4f} at last")
    lines += ["", f"`auditor trace` walks from this folder back to the rows (`{TRACE}`).", ""]
    return "\n".join(lines)


def _head(config: TrainConfig, license_name: str | None) -> str:
    head: dict[str, Any] = {"base_model": config.base_model, "tags": ["distillation"]}
    if license_name and license_name.lower() in _HUB_LICENSES:
        head["license"] = license_name.lower()
    elif license_name:
        head.update(license="other", license_name=license_name)
    return f"---\n{yaml.safe_dump(head, sort_keys=True, allow_unicode=True)}---\n"


def _origins(permit: Permit) -> list[str]:
    lines = []
    for origin in permit.facts.get("origins") or []:
        teachers = ", ".join(origin.get("teachers") or []) or "unknown"
        licenses = ", ".join(origin.get("licenses") or []) or "none stated"
        reached = sorted(
            f"{detail['name']} by {detail.get('access')}, {detail.get('generated_at') or 'no date'}"
            for detail in origin.get("teacher_details") or []
            if detail.get("name")
        )
        known = f" ({'; '.join(reached)})" if reached else ""
        lines.append(
            f"- {origin.get('samples', '?')} rows — teachers: {teachers}{known}; licenses: {licenses}"
        )
    return lines


def _duties(permit: Permit) -> list[Mapping[str, Any]]:
    return [duty for duty in permit.facts.get("obligations") or [] if isinstance(duty, Mapping)]


def _text(duty: Mapping[str, Any]) -> str | None:
    return (duty.get("params") or {}).get("text")


def _duty(duty: Mapping[str, Any], config: TrainConfig, copied: bool) -> str:
    clause = duty.get("clause") or {}
    ground = f" [{clause['ref']}, {clause.get('section') or '?'}]" if clause.get("ref") else ""
    said = str(duty.get("message") or duty.get("id"))
    return f"- {duty.get('id')}: {said}{ground} ({_status(duty, config, copied)})"


def _status(duty: Mapping[str, Any], config: TrainConfig, copied: bool) -> str:
    """Say what this folder does about a duty; whether that is enough stays for a person."""
    kind, prefix = duty.get("id"), (duty.get("params") or {}).get("prefix")
    if prefix:
        met = config.student_name.casefold().startswith(str(prefix).casefold())
        return "met by the name" if met else "NOT met by this name"
    if kind == ObligationId.DISPLAY_BUILT_WITH and _text(duty):
        return "shown at the top of this card and in NOTICE"
    if kind == ObligationId.MODIFIED_FILES_NOTICE:
        return "the change is stated in NOTICE"
    if kind in _COPY_DUTIES:
        return "the base's files are copied beside this card" if copied else "open: the base came without one"
    if _text(duty):
        return "stated in NOTICE"
    return str(duty.get("status") or "open")


def _notice(config: TrainConfig, permit: Permit) -> list[str]:
    texts = dict.fromkeys(text for duty in _duties(permit) if (text := _text(duty)))
    return [f"{config.student_name}: the weights were changed from {config.base_model} by training.", *texts]


def _copy_licenses(base: Path, folder: Path) -> dict[str, list[str]]:
    """Copy the base's license files; return the names of the licenses and the texts of the notices."""
    found: dict[str, list[str]] = {"LICENSE": [], "NOTICE": []}
    if not base.is_dir():
        return found
    try:
        for path in sorted(file for pattern in _COPIED for file in base.glob(pattern) if file.is_file()):
            if path.name.startswith("NOTICE"):
                found["NOTICE"].append(path.read_text("utf-8", "replace"))
                continue
            shutil.copyfile(path, folder / path.name)
            if path.name.startswith("LICENSE"):
                found["LICENSE"].append(path.name)
    except OSError as error:
        raise EnvironmentFault(f"cannot copy: {error.strerror}", where=str(base)) from error
    return found
