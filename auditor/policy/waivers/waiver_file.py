"""The file of waivers, read strictly and written in one step."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from auditor.domain.waiver import Waiver, WaiverReason
from auditor.errors import PolicyError, UsageError
from auditor.files import read_regular, write_whole
from auditor.ids import digest_of
from auditor.policy.waivers.waivers import check
from auditor.strict_yaml import MAX_BYTES, Document, fault, parse

MOST_APPROVALS = 64
_KEYS = tuple(Waiver.__dataclass_fields__)
_APART = ("samples", "reason", "approvals")


@dataclass(frozen=True, slots=True)
class WaiverFile:
    """What a file of waivers holds, under the digest of exactly those bytes."""

    waivers: tuple[Waiver, ...]
    digest: str


def read_waivers(path: Path) -> WaiverFile:
    """Read a waiver file.

    Raises:
        PolicyError: missing, off the schema, or a waiver that could not have been written; with its place.
    """
    where = str(path)
    try:
        raw = read_regular(path, MAX_BYTES + 1)
        text = raw.decode("utf-8")
    except OSError as error:
        raise PolicyError(f"the file cannot be read: {error.strerror}", where=where) from error
    except UnicodeDecodeError as error:
        raise PolicyError("the file is not UTF-8 text", where=where) from error
    if len(raw) > MAX_BYTES:
        raise PolicyError(f"the file is larger than {MAX_BYTES:,} bytes", where=where)
    document = parse(text, where)
    items = document.data.get("waivers") if isinstance(document.data, dict) else None
    if not isinstance(items, list) or set(document.data) - {"waivers"}:
        raise fault(PolicyError, "a waiver file holds a list `waivers`", document.where, document.mark())
    waivers = tuple(_waiver(item, document, at) for at, item in enumerate(items))
    return WaiverFile(waivers, digest_of(raw))


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers of a file that is to be added to; a missing one holds none.

    Raises:
        PolicyError: as `read_waivers`.
    """
    return read_waivers(path).waivers if path.exists() else ()


def _waiver(item: Any, document: Document, at: int) -> Waiver:
    mark = document.mark("waivers", at)
    if not isinstance(item, dict) or set(item) - set(_KEYS):
        raise fault(PolicyError, f"a waiver has the keys {', '.join(_KEYS)}", document.where, mark)
    try:
        values = {key: str(value) for key, value in item.items() if key not in _APART}
        reason, samples = WaiverReason(str(item.get("reason"))), _count(item.get("samples", 0))
        approvals = _envelopes(item.get("approvals", []))
        return check(Waiver(reason=reason, samples=samples, approvals=approvals, **values))
    except (TypeError, ValueError, OverflowError, UsageError) as error:
        raise fault(PolicyError, f"a waiver cannot be read: {error}", document.where, mark) from error


def _count(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"`samples` is a whole number, not {value!r}")
    return value


def _envelopes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError("`approvals` is a list of DSSE envelopes")
    if len(value) > MOST_APPROVALS:
        raise ValueError(f"more than {MOST_APPROVALS} approvals")
    return tuple(json.dumps(one, sort_keys=True, allow_nan=False) for one in value)


def save_waivers(path: Path, waivers: Iterable[Waiver]) -> None:
    """Write a waiver file in one step; members without content are left out."""
    text = yaml.safe_dump({"waivers": [_row(one) for one in waivers]}, sort_keys=False, allow_unicode=True)
    write_whole(path, text.encode())


def _row(waiver: Waiver) -> dict[str, Any]:
    row: dict[str, Any] = {**asdict(waiver), "reason": str(waiver.reason)}
    row["approvals"] = [json.loads(text) for text in waiver.approvals]
    kept = ("finding", "rule", "policy")
    return {key: value for key, value in row.items() if key in kept or value not in ("", [])}
