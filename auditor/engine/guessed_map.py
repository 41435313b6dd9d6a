"""The map of columns as it is guessed, for a person to look at before anything is audited."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.domain.sample import Shape
from auditor.samples.shapes.mapping import read_mapping
from auditor.samples.source import ReadOptions, Source, open_source

_LOOKED = 200
"""Rows of a file that a guess is made from."""


def guessed_map(
    data: Sequence[str], mapping: Sequence[str], shape: Shape | None, network: bool
) -> dict[str, tuple[str, ...]]:
    """Return the columns by role, from the first rows of each file."""
    said = read_mapping(mapping)
    options = ReadOptions(shape, mapping=said, bind=True, sample=_LOOKED, allow_network=network)
    opened = open_source(data, options)
    for file in opened.inputs:
        for _ in Source((file,), options, column_map=opened.column_map):
            pass
    return opened.column_map.columns()
