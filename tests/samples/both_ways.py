"""A file read by outlines, by plans and row by row: all three come to the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.errors import AuditorError
from auditor.jit.compile import COMPILED
from auditor.samples.readers import chunk, columnar, delimited, json_arrays, json_lines
from auditor.samples.source import ReadOptions, Source, open_source


def read(path: Path, by_plan: bool, **more: Any) -> tuple[Source, list[Any]]:
    """Return a source that was read, and what it gave: batches and unreadable rows, or its error."""
    source = open_source([str(path)], ReadOptions(bind=True, by_plan=by_plan, **more))
    told: list[Any] = []
    try:
        batches = [
            (batch.rows.tolist(), batch.digests, batch.claim_sets.tolist(), batch.parts)
            for batch in source.read(told.append)
        ]
    except AuditorError as error:
        return source, [type(error), str(error), told]
    for _, _, _, parts in batches:
        parts.validate(full=True)
    return source, [batches, told]


def same(path: Path, **more: Any) -> None:
    """Hold that all ways of reading a file give the same in every respect."""
    single, each = read(path, False, **more)
    for outlined in (True, False) if COMPILED else (False,):
        with pytest.MonkeyPatch.context() as patch:
            for reader in (json_lines, json_arrays, chunk, columnar, delimited):
                patch.setattr(reader, "pays", lambda size, outlined=outlined: outlined)
            planned, by_plan = read(path, True, **more)
        assert by_plan == each
        assert planned.claim_sets == single.claim_sets
        assert planned.sources_left_out == single.sources_left_out
        assert planned.files == single.files
        assert planned.column_map.columns() == single.column_map.columns()
        assert planned.column_map.unjudged_prose() == single.column_map.unjudged_prose()
        assert planned.column_map == single.column_map
