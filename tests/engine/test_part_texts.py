"""Texts of some roles are found where they stand, and copied only when they are asked for."""

from __future__ import annotations

import pyarrow as pa

from auditor.domain.sample import PartRole
from auditor.engine.part_texts import texts_of
from auditor.samples.batch import PartTable
from auditor.samples.parts import Part


def _parts(*rows: list[tuple[PartRole, str]]) -> pa.RecordBatch:
    table = PartTable()
    for row in rows:
        table.add([Part(role, "", text) for role, text in row])
    return table.batch()


def test_texts_are_chosen_by_their_roles_with_their_rows() -> None:
    parts = _parts(
        [(PartRole.PROMPT, "ask"), (PartRole.TEACHER, "tell")],
        [(PartRole.TEACHER, "say"), (PartRole.MASKED, "hide")],
    )
    found = texts_of(parts)
    assert (found.rows.tolist(), found.table().column("text").to_pylist()) == ([0, 1], ["tell", "say"])
    assert texts_of(parts, (PartRole.MASKED,)).rows.tolist() == [1]
    assert len(texts_of(parts, (PartRole.TOOL,))) == 0
    chunked = pa.Table.from_batches([parts, parts])
    assert texts_of(chunked).table().column("text").to_pylist() == ["tell", "say"] * 2


def test_all_texts_are_no_copy() -> None:
    parts = _parts([(PartRole.TEACHER, "tell")], [(PartRole.TEACHER, "say")])
    held = texts_of(parts).table().column("text").chunk(0)
    assert held.buffers()[2].address == parts.column("text").buffers()[2].address
    assert texts_of(_parts()).table().num_rows == 0
