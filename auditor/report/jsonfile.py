"""`report.json`: the report object itself."""

from __future__ import annotations

import json
from pathlib import Path

from auditor.domain.report.codec import FILE_NAME, MAX_BYTES, parse, to_json
from auditor.domain.report.report import Report
from auditor.errors import InputError
from auditor.files import read_regular
from auditor.report.interface import Style


class JsonWriter:
    """Write indented JSON in UTF-8, members in the order of the schema."""

    name = "json"
    file_name = FILE_NAME

    def render(self, report: Report, style: Style) -> bytes:
        """Return the same bytes for the same report."""
        text = json.dumps(to_json(report), ensure_ascii=False, indent=2, allow_nan=False)
        return (text + "\n").encode("utf-8", "backslashreplace")


def read_report(path: Path) -> Report:
    """Read a report from its file or from an audit's folder.

    Raises:
        InputError: there is none, or it cannot be read as one.
    """
    file = path / FILE_NAME if path.is_dir() else path
    fix = "give the folder that `auditor audit --out` wrote"
    try:
        if file.stat().st_size > MAX_BYTES:
            raise InputError("the report is too large to be read back", where=str(file))
        return parse(read_regular(file))
    except OSError as error:
        raise InputError(f"no report to read: {error.strerror}", where=str(file), fix=fix) from error
    except InputError as error:
        place = f"{file}: {error.where}" if error.where else str(file)
        raise InputError(error.message, where=place, fix=error.fix) from error
