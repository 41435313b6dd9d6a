"""What an audit, its ledger and `attest` write: answers about rows, without their text."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from auditor.files import open_regular, read_regular
from auditor.samples.inputs.row_signs import is_binary, read_head, shows_rows, words

_WRITTEN = {"report.html", "summary.md", "findings.sarif", "junit.xml"}
_TYPES = {
    "line": {"int64"}, "match_score": {"float", "double"}, "matched_chars": {"int32", "int64"},
    "digest": {"string", "fixed_size_binary[32]"},
    "teachers": {"list<item: string>", "list<element: string>"},
    "licenses": {"list<item: string>", "list<element: string>"},
    "rules": {"list<item: string>", "list<element: string>"},
}  # fmt: skip
_TEXTS = {
    "sample_id", "origin_id", "basis", "grade", "outcome", "claim_set", "match", "match_teacher",
    "reference_id", "match_slot",
}  # fmt: skip
_LEDGER = {
    "ledger.db": b"SQLite format 3\0",
    "ledger.db-wal": b"\x37\x7f\x06",
    "ledger.db-journal": b"\xd9\xd5\x05\xf9",
    "ledger.db-shm": b"\x18\xe2\x2d\x00",
}
_LARGEST = 64 << 20
_LARGEST_ENVELOPE = 16 << 20
_ENVELOPE = {"payloadType", "payload", "signatures"}
_ROW_LINE = re.compile(rb"[0-9a-f]{64} [^\n]*#[\w.\[\]!-]{1,40}\n?")
_LONGEST_LINE = 1 << 12
_SCHEMA = Path(__file__).parents[2] / "report" / "schema" / "report.v2.schema.json"


def is_audits_own(path: Path, in_audit: bool) -> bool:
    """Tell whether a file is what an audit or its ledger wrote."""
    if in_audit and path.name == "report.json":
        return _is_report(path)
    if in_audit and path.name in _WRITTEN:
        return not _is_rows(path)
    if in_audit and path.name == "unreadable.jsonl":
        return _lists_only(path, {"sample_id", "line", "reason"})
    if in_audit and path.name == "samples.parquet":
        return _own_columns(path)
    return is_permit_file(path) or _in_ledger(path)


def is_permit_file(path: Path) -> bool:
    """Tell whether a file is a permit, its bundle, its test result or its list of row digests."""
    if path.name.endswith(".rows"):
        return _is_row_list(path)
    if not path.name.endswith((".intoto.json", ".sigstore.json")):
        return False
    try:
        value = json.loads(read_regular(path)) if path.stat().st_size <= _LARGEST_ENVELOPE else None
    except (OSError, ValueError, RecursionError):
        return False
    if isinstance(value, dict) and "dsseEnvelope" in value:
        if not value.keys() <= {"mediaType", "verificationMaterial", "dsseEnvelope"}:
            return False
        if any(
            words(text) > 1 for text in _texts([value.get("verificationMaterial"), value.get("mediaType")])
        ):
            return False
        value = value["dsseEnvelope"]
    return isinstance(value, dict) and value.keys() == _ENVELOPE and _is_envelope(value)


def _is_row_list(path: Path) -> bool:
    try:
        with open_regular(path) as file:
            return all(_ROW_LINE.fullmatch(line) for line in iter(lambda: file.readline(_LONGEST_LINE), b""))
    except OSError:
        return False


def _is_envelope(value: dict[str, Any]) -> bool:
    signatures = value["signatures"]
    signed = isinstance(signatures, list) and all(
        isinstance(one, dict) and one.keys() <= {"keyid", "sig"} and all(map(_is_short, one.values()))
        for one in signatures
    )
    return signed and _is_short(value["payloadType"]) and _is_statement(value["payload"])


def _texts(value: Any) -> Iterator[str]:
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list):
            left += [*one, *one.values()] if isinstance(one, dict) else one


def _is_short(value: Any) -> bool:
    return isinstance(value, str) and words(value) <= 1


def _is_statement(payload: Any) -> bool:
    try:
        statement = json.loads(base64.b64decode(payload, validate=True))
    except (TypeError, ValueError, RecursionError):
        return False
    members = {"_type", "subject", "predicateType", "predicate"}
    return isinstance(statement, dict) and statement.keys() == members


def _in_ledger(path: Path) -> bool:
    if ".auditor" not in path.parts[:-1]:
        return False
    if path.suffix == ".parquet":
        return _own_columns(path)
    head = read_head(path, 128) or b""
    if path.name.endswith(".digests.npy"):
        return head.startswith(b"\x93NUMPY")
    return path.parent.name == ".auditor" and path.name in _LEDGER and head.startswith(_LEDGER[path.name])


def _is_rows(path: Path) -> bool:
    """Tell whether a page of an audit holds rows; findings are one object of JSON."""
    try:
        data = read_regular(path) if path.stat().st_size <= _LARGEST else b"\0"
        if path.suffix == ".sarif":
            return not {"version", "runs"} <= json.loads(data).keys() <= {"$schema", "version", "runs"}
    except (OSError, ValueError, AttributeError, RecursionError):
        return True
    return is_binary(data) or shows_rows(data.decode("utf-8-sig", "replace"))


def _is_report(path: Path) -> bool:
    """Tell whether a report holds the members alone that its schema knows."""
    try:
        if path.stat().st_size > _LARGEST:
            return False
        value = json.loads(read_regular(path))
    except (OSError, ValueError, RecursionError):
        return False
    schema = _schema()
    return isinstance(value, dict) and _knows(schema, value, schema["$defs"])


@cache
def _schema() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(_SCHEMA.read_bytes())
    return read


def _knows(schema: dict[str, Any], value: Any, defs: dict[str, Any]) -> bool:
    """Tell whether every member of a value stands in the schema; whether any lacks is not asked."""
    if "$ref" in schema:
        return _knows(defs[schema["$ref"].rpartition("/")[2]], value, defs)
    if "anyOf" in schema:
        return any(_knows(one, value, defs) for one in schema["anyOf"])
    if isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties")
        return all(
            _knows(known[key], item, defs)
            if key in known
            else isinstance(other, dict) and _knows(other, item, defs)
            for key, item in value.items()
        )
    if isinstance(value, list):
        return "items" in schema and all(_knows(schema["items"], item, defs) for item in value)
    # A text where an object or a list belongs would be passed over by whoever reads the report.
    return not isinstance(value, str) or schema.get("type", "string") == "string"


def _lists_only(path: Path, keys: set[str]) -> bool:
    try:
        with open_regular(path) as file:
            return all(json.loads(line).keys() <= keys for line in file)
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def _own_columns(path: Path) -> bool:
    """Tell whether a table has the columns of an audit's answers, each of its type, and no other."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
    except (OSError, pa.ArrowException):
        return False
    return all(_own_type(field.name, str(field.type)) for field in schema)


def _own_type(name: str, kind: str) -> bool:
    if name == "spans":
        return kind.startswith("list<") and "string" not in kind
    if name in _TEXTS:
        return kind == "string" or kind.startswith("dictionary<values=string")
    return kind in _TYPES.get(name, ())
