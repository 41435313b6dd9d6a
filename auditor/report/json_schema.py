"""The JSON Schema of `report.json`, made from the same annotations that write and read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from auditor.domain.report.report import SCHEMA, Report

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}
_CONTRACT = (
    "schema",
    "outcome",
    "dataset",
    "plan",
    "policy",
    "coverage",
    "origins",
    "findings",
    "obligations",
)


def schema() -> dict[str, Any]:
    """Return the schema, members in a fixed order."""
    definitions: dict[str, Any] = {}
    _kind(Report, definitions)
    root = definitions.pop("Report")
    root["properties"] = {"schema": {"const": SCHEMA}, **_without(root["properties"], "schema")}
    root["required"] = sorted({*root["required"], *_CONTRACT, "waivers"})
    return {
        "$schema": DIALECT,
        "$id": "https://example.org/auditor/report.v2.schema.json",
        "title": "Report of an audit",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _kind(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return {"anyOf": [_kind(part, definitions) for part in get_args(kind)]}
    if origin in (tuple, frozenset):
        return {"type": "array", "items": _kind(get_args(kind)[0], definitions)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _kind(get_args(kind)[1], definitions)}
    if kind is NoneType:
        return {"type": "null"}
    if is_dataclass(kind):
        return _object(kind, definitions)
    if isinstance(kind, type) and issubclass(kind, Enum):
        definitions.setdefault(kind.__name__, {"enum": [item.value for item in kind]})
        return {"$ref": f"#/$defs/{kind.__name__}"}
    return {"type": _PLAIN[getattr(kind, "__supertype__", kind)]}


def _object(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        hints = get_type_hints(kind)
        needed = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]
        definitions[name] = {
            "type": "object",
            "properties": {field.name: _kind(hints[field.name], definitions) for field in fields(kind)},
            "required": needed,
        }
    return {"$ref": f"#/$defs/{name}"}


def _without(members: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in members.items() if key != name}
