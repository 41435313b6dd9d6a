"""What was looked at and what was not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.domain.coverage import Coverage
from auditor.engine.scan import Scan
from auditor.engine.set_findings.columns import names
from auditor.samples.source import Source

if TYPE_CHECKING:
    from auditor.fingerprint.search.reference_index import ReferenceIndex


def coverage(scan: Scan, source: Source, indexes: Sequence[tuple[str, ReferenceIndex]]) -> Coverage:
    """Return what was looked at and what was not."""
    return Coverage(
        declared=scan.declared,
        searched_rows=scan.searched,
        detected=scan.detected,
        insufficient=scan.insufficient,
        unreadable_text=scan.unreadable_text,
        public_text=scan.public_text,
        unknown_origin=scan.unknown_origin,
        learned_chars=scan.text.learned,
        decided_chars=scan.text.decided,
        unattributed_chars=scan.unattributed_chars,
        other_chars=scan.text.other,
        unjudged_columns=len(source.column_map.unjudged_prose()),
        masked=scan.masked,
        searched=tuple(f"{name} ({index.spec}, {len(index):,} texts)" for name, index in indexes),
        not_searched=tuple(_not_searched(source, scan.text.other) if indexes else _NO_INDEX),
    )


_NO_INDEX = ("No index was given: no row was compared with any teacher's text (see `auditor index build`).",)


def _not_searched(source: Source, chars: int) -> Iterator[str]:
    yield f"Prompts, system messages and tool output ({chars:,} characters) were not compared."
    mapping = source.options.mapping
    said = {entry.path for entry in mapping.entries} if mapping else set()
    apart = sorted({name for file in source.files for name in file.left_out} - said)
    if apart:
        yield f"Text in columns that are no part of the shape was not compared: {names(apart)}."
    yield "Teachers that no index holds cannot be found by comparison."
