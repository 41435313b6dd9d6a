"""Give rows of a `datasets.Dataset` back the types that Python's values do not carry.

A float32 column comes out as doubles, which the digest tells apart; the dataset's schema says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from auditor.canonical import Typed, number

Step = Callable[[Any], Any]


def typing_of(rows: object) -> Step:
    """Return what types a row of `rows`, or of the dataset that a loader reads."""
    for holder in (rows, getattr(rows, "dataset", None)):
        schema = getattr(getattr(holder, "features", None), "arrow_schema", None)
        if schema is not None:
            return _members({field.name: field.type for field in schema}) or _as_it_is
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _typing(kind: Any) -> Step | None:
    import pyarrow as pa

    if isinstance(kind, pa.BaseExtensionType):
        return _typing(kind.storage_type)
    if pa.types.is_float32(kind) or pa.types.is_float16(kind):
        return _single
    if pa.types.is_struct(kind):
        return _members({kind.field(place).name: kind.field(place).type for place in range(kind.num_fields)})
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        step = _typing(kind.value_type)
        return None if step is None else partial(_typed_items, step)
    return None


def _members(kinds: Mapping[str, Any]) -> Step | None:
    steps = {name: step for name, kind in kinds.items() if (step := _typing(kind)) is not None}
    return partial(_typed_members, steps) if steps else None


def _typed_items(step: Step, value: Any) -> Any:
    return [step(item) for item in value] if isinstance(value, list) else value


def _typed_members(steps: Mapping[str, Step], row: Any) -> Any:
    if not isinstance(row, Mapping):
        return row
    return {name: steps[name](value) if name in steps else value for name, value in row.items()}


def _single(value: Any) -> Any:
    return Typed("float32", number(value)) if type(value) is float and math.isfinite(value) else value
