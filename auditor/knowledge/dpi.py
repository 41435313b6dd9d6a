"""Import records of the Data Provenance Initiative: who generated the text, under which licenses.

The records are volunteers' readings; each `Model Generated` name and license string maps, or is listed as
ambiguous or unknown. DPI's own classes (`All`, `NC`, …) are not taken over: they have no axis for outputs
that train another model.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind, ClaimSet
from auditor.domain.license import LicenseResolution, LicenseStatus
from auditor.domain.teacher import Resolution, ResolutionStatus
from auditor.errors import InputError
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.read_licenses import Vocabulary

MAX_BYTES = 64 * 2**20
MODELS, LICENSES = "Model Generated", "Licenses"


@dataclass(frozen=True, slots=True)
class DpiRecord:
    """One dataset record.

    Attributes:
        id: its unique id.
        file: the file it stands in.
        claims: what the record says, unresolved; basis `card`.
        teachers, licenses: the same, resolved, in the record's order.
        faults: what of the record could not be read.
    """

    id: str
    file: str
    claims: ClaimSet
    teachers: tuple[Resolution, ...]
    licenses: tuple[LicenseResolution, ...]
    faults: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "file": self.file,
            "teachers": [
                {
                    "name": one.name,
                    "teacher": one.teacher,
                    "status": one.status.value,
                    "candidates": list(one.candidates),
                    "terms": list(one.terms),
                }
                for one in self.teachers
            ],
            "licenses": [
                {
                    "declared": one.declared,
                    "expression": one.expression,
                    "status": one.status.value,
                    "candidates": list(one.candidates),
                }
                for one in self.licenses
            ],
            "faults": list(self.faults),
        }


@dataclass(frozen=True, slots=True)
class DpiImport:
    """All records of a folder, and the files that are not records."""

    records: tuple[DpiRecord, ...]
    unreadable: tuple[str, ...]
    """File and reason, one sentence each."""


def read_dpi(folder: Path, knowledge: Knowledge) -> DpiImport:
    """Read every `*.json` of `folder` but those that start with `_` (DPI's constants), in the order of names.

    Raises:
        InputError: `folder` is not a folder, or holds no record.
    """
    if not folder.is_dir():
        raise InputError(
            "there is no such folder", where=str(folder), fix="give the folder of DPI's data_summaries"
        )
    records: list[DpiRecord] = []
    unreadable: list[str] = []
    for path in sorted(folder.glob("*.json")):
        if path.name.startswith("_"):
            continue
        try:
            content = _load(path)
        except InputError as error:
            unreadable.append(str(error))
            continue
        records += [_record(path.name, id, value, knowledge) for id, value in content.items()]
    if not records:
        raise InputError(
            "the folder holds no DPI record", where=str(folder), fix="give the folder of DPI's data_summaries"
        )
    return DpiImport(tuple(records), tuple(unreadable))


def _load(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("too large for a DPI record", where=path.name)
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"cannot be read: {type(error).__name__}", where=path.name) from None
    if not isinstance(content, dict):
        raise InputError("is not an object of records", where=path.name)
    return content


def _record(file: str, id: str, value: object, knowledge: Knowledge) -> DpiRecord:
    if not isinstance(value, dict):
        return DpiRecord(id, file, ClaimSet(), (), (_nothing(),), ("the record is not an object",))
    faults: list[str] = []
    models = list(_names(value, MODELS, faults))
    licenses = [_license_name(one) for one in _list(value, LICENSES, faults)]
    if not all(licenses):
        faults.append(f"`{LICENSES}` holds an entry without a name")
    where = f"{file}:{id}"
    claims = [Claim(ClaimKind.TEACHER, name, Basis.CARD, f"{where}:{MODELS}") for name in models]
    claims += [Claim(ClaimKind.LICENSE, text, Basis.CARD, f"{where}:{LICENSES}") for text in licenses]
    read = tuple(knowledge.normalize_license(text, Vocabulary.DPI) for text in licenses) or (_nothing(),)
    resolved = tuple(knowledge.resolve(name) for name in models)
    return DpiRecord(id, file, ClaimSet(tuple(claims)), resolved, read, tuple(faults))


def _nothing() -> LicenseResolution:
    return LicenseResolution("", "NOASSERTION", LicenseStatus.UNKNOWN, note="it names no license")


def _list(value: dict[str, Any], key: str, faults: list[str]) -> list[Any]:
    found = value.get(key)
    if isinstance(found, list):
        return found
    if found not in (None, ""):
        faults.append(f"`{key}` is not a list")
    return [found] if isinstance(found, str) and found else []


def _names(value: dict[str, Any], key: str, faults: list[str]) -> Iterator[str]:
    for one in _list(value, key, faults):
        if isinstance(one, str):
            yield one
        else:
            faults.append(f"`{key}` holds something that is not a name")
            yield ""


def _license_name(value: object) -> str:
    name = value.get("License") if isinstance(value, dict) else value
    return name if isinstance(name, str) else ""


def summarize(found: DpiImport) -> dict[str, Any]:
    """Count records, names and strings by how they resolved; every unmapped one is named."""
    teachers = [one for record in found.records for one in record.teachers]
    licenses = [one for record in found.records for one in record.licenses]
    return {
        "records": len(found.records),
        "records_with_faults": sum(bool(record.faults) for record in found.records),
        "unreadable_files": list(found.unreadable),
        "teacher_names": _counts(one.status.value for one in teachers),
        "ambiguous_teachers": _named(t.name for t in teachers if t.status is ResolutionStatus.AMBIGUOUS),
        "unknown_teachers": _named(t.name for t in teachers if t.status is ResolutionStatus.UNKNOWN),
        "license_strings": _counts(one.status.value for one in licenses),
        "ambiguous_licenses": _named(x.declared for x in licenses if x.status is LicenseStatus.AMBIGUOUS),
        "unknown_licenses": _named(x.declared for x in licenses if x.status is LicenseStatus.UNKNOWN),
    }


def _counts(values: Iterator[str]) -> list[str]:
    return [f"{count} {value}" for value, count in sorted(Counter(values).items())]


def _named(values: Iterator[str]) -> list[str]:
    return [f"{value or '(empty)'} ({count})" for value, count in sorted(Counter(values).items())]
