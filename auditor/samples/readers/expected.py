"""About how many rows files hold, told from their sizes: for a bar, never for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import assert_never

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.errors import AuditorError
from auditor.samples.readers.compression import TruncatedError, is_compressed, open_bytes
from auditor.samples.readers.formats import Format, sniff

_HEAD = 1 << 20


def expected_rows(paths: Iterable[Path]) -> int | None:
    """Return the rows of all files, exact for Parquet; None where nothing cheap tells."""
    total = 0
    for path in paths:
        try:
            rows = _rows(path)
        except (AuditorError, TruncatedError, OSError, pa.ArrowException, EOFError):
            return None
        if rows is None:
            return None
        total += rows
    return total


def _rows(path: Path) -> int | None:
    kind = sniff(path)
    match kind:
        case Format.PARQUET:
            with pq.ParquetFile(path) as file:
                return int(file.metadata.num_rows)
        case Format.JSON_LINES | Format.CSV | Format.TSV:
            return _lines(path)
        case Format.JSON_ARRAY | Format.JSON_OBJECTS | Format.ARROW | Format.ADDED:
            return None
        case _:
            assert_never(kind)


def _lines(path: Path) -> int | None:
    """Count the lines of the head and stretch them over the file."""
    with open_bytes(path) as stream:
        head = stream.read(_HEAD)
    lines = head.count(b"\n")
    if len(head) < _HEAD:
        return lines
    return None if is_compressed(path) else lines * path.stat().st_size // len(head)
