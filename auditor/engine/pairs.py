"""Set audited rows beside the teacher texts they match, for the people who weigh them.

An audit keeps no text. The pairs are read again from the data and from the files that an index was built of,
only where somebody asks; of each text the shared stretches and a few words around them are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from auditor.domain.finding import Evidence
from auditor.domain.match import Span
from auditor.domain.report.excerpt import Excerpt, Redaction
from auditor.domain.report.report import Report
from auditor.domain.sample import SEARCHED
from auditor.engine.samples_file import readable
from auditor.errors import InputError, RefusedError
from auditor.samples.source import Source

MOST = 40
CONTEXT = 120
"""Characters shown before the first and after the last shared stretch."""


def with_pairs(report: Report, audit: Path, source: Source, references: Iterable[tuple[str, str]]) -> Report:
    """Return the report with up to `MOST` excerpts of its evidence.

    Args:
        audit: the audit's folder.
        source: the audited data.
        references: id and text of each teacher text, as the index was built of them.

    Raises:
        InputError: a file cannot be read, or no reference named by the evidence is there.
        RefusedError: the data is not what was audited.
    """
    wanted = dict(_wanted(report))
    found = _references({row.reference_id or "" for row in wanted}, references)
    if wanted and not found:
        raise InputError(
            "none of the matched references is in these files", fix="give the files the index was built of"
        )
    texts = _texts({row.sample_id for row in wanted}, _slots(audit), source)
    pairs = tuple(
        _excerpt(finding, row, texts[row.sample_id], found[row.reference_id])
        for row, finding in wanted.items()
        if row.reference_id in found and row.sample_id in texts
    )
    return replace(report, excerpts=pairs, redaction=Redaction.SHARED_SPANS) if pairs else report


def _wanted(report: Report) -> Iterator[tuple[Evidence, str]]:
    """Yield the example rows that match a reference, once each, with the first finding that shows them."""
    met: set[tuple[str, str | None]] = set()
    for row, finding in ((row, f.id) for f in report.findings for row in f.evidence if row.spans):
        key = (row.sample_id, row.reference_id)
        if key not in met and len(met) < MOST:
            met.add(key)
            yield row, finding


def _references(wanted: set[str], references: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for id, text in references:
        if id in wanted:
            found[id] = text
            if len(found) == len(wanted):
                break
    return found


def _slots(audit: Path) -> dict[str, str]:
    """Return by sample id which of a row's texts matched."""
    path = audit / "samples.parquet"
    with readable(path):
        table = pq.read_table(path, columns=["sample_id", "match_slot"], filters=[("match", "=", "copied")])
    return dict(zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True))


def _texts(wanted: set[str], slots: Mapping[str, str], source: Source) -> dict[str, str]:
    """Return by sample id the text that matched."""
    found: dict[str, str] = {}
    for batch in source:
        ids = batch.sample_ids().to_pylist()
        if wanted.isdisjoint(ids):
            continue
        for part in batch.parts.to_pylist():
            id = ids[part["row_index"]]
            if id in wanted and part["role"] in SEARCHED and part["slot"] == slots.get(id):
                found.setdefault(id, part["text"])
    return found


def _excerpt(finding: str, row: Evidence, text: str, reference: str) -> Excerpt:
    if max(span.query_end for span in row.spans) > len(text):
        raise RefusedError(
            "the data is not what was audited", where=row.sample_id, fix="run `auditor audit` again"
        )
    if max(span.reference_end for span in row.spans) > len(reference):
        raise InputError(
            "this is not the text that the index was built of",
            where=row.reference_id,
            fix="give the files the index was built of",
        )
    left, start = _window(text, [(span.query_start, span.query_end) for span in row.spans])
    right, begin = _window(reference, [(span.reference_start, span.reference_end) for span in row.spans])
    spans = tuple(
        Span(s.query_start - start, s.query_end - start, s.reference_start - begin, s.reference_end - begin)
        for s in row.spans
    )
    return Excerpt(
        finding, row.sample_id, left, right, spans, row.teacher or "", row.reference_id or "", row.score
    )


def _window(text: str, stretches: Sequence[tuple[int, int]]) -> tuple[str, int]:
    """Return the part of a text around its stretches, and where it begins."""
    start = max(min(first for first, _ in stretches) - CONTEXT, 0)
    return text[start : max(last for _, last in stretches) + CONTEXT], start
