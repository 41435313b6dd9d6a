"""`report.json`, read and written: the one typed reader."""

from __future__ import annotations

import json
from typing import Any

from auditor.domain.report.report import SCHEMA, Report
from auditor.errors import InputError
from auditor.serialize import decode, encode

FILE_NAME = "report.json"
MAX_BYTES = 1 << 30
"""A report is no longer than this."""
READ = (SCHEMA, "auditor.report/v1")
"""Schemas that are read; what the first one lacks takes its default."""


def to_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON values, members in the order of the schema."""
    plain: dict[str, Any] = encode(report, sort_keys=True)
    return {"schema": plain.pop("schema"), **plain}


def parse(raw: bytes) -> Report:
    """Read a report from the bytes of `report.json`.

    Raises:
        InputError: it is not JSON, or not a report of this schema.
    """
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError(
            "the report is not JSON", fix="give the folder that `auditor audit` wrote"
        ) from error
    return from_json(value)


def from_json(value: Any) -> Report:
    """Read a report back.

    Raises:
        InputError: it is not a report of this schema.
    """
    if not isinstance(value, dict) or value.get("schema") not in READ:
        raise InputError(f"this is not a report of schema {SCHEMA}", fix="give the folder an audit wrote")
    report: Report = decode(Report, value)
    return report
