"""What a data set or loader gives: rows behind wrappers that are known, or what it yields itself.

An attribute called `dataset` tells nothing: whoever wraps rows may hand on others. Only classes whose reading
is known are looked through, by exact type; all else is read as a loader would read it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

_THROUGH = {
    ("torch.utils.data", "DataLoader"): "dataset",
    ("torch.utils.data", "Subset"): "dataset",
    ("torchdata.stateful_dataloader", "StatefulDataLoader"): "dataset",
    ("accelerate.data_loader", "DataLoaderShard"): "base_dataloader",
    ("accelerate.data_loader", "DataLoaderDispatcher"): "base_dataloader",
    ("accelerate.data_loader", "SkipDataLoader"): "base_dataloader",
    ("accelerate.data_loader", "IterableDatasetShard"): "dataset",
    ("transformers.trainer_pt_utils", "IterableDatasetShard"): "dataset",
}
_CHUNK = 256


def source_of(held: Any) -> Any:
    """Return what known loaders and cuts read from; anything else is its own source."""
    while (name := _inner_name(held)) is not None:
        held = vars(held)[name]
    return held


def _inner_name(held: Any) -> str | None:
    kind = type(held)
    name = next((inner for place, inner in _THROUGH.items() if _loaded(*place) is kind), None)
    # A method that was replaced on the object reads something else.
    if (
        name is None
        or name not in vars(held)
        or any(callable(getattr(kind, own, None)) for own in vars(held))
    ):
        return None
    return name


def _loaded(module: str, name: str) -> Any:
    return getattr(sys.modules.get(module), name, None)


def is_arrow(held: Any) -> bool:
    """Tell whether this is a plain `datasets.Dataset`, which reads the same by row, number and batch."""
    return type(held) is _loaded("datasets.arrow_dataset", "Dataset")


def is_countable(held: Any) -> bool:
    """Tell whether rows can be read to an end, and again."""
    if isinstance(held, Mapping | str | bytes) or not hasattr(held, "__len__"):
        return False
    return hasattr(held, "__iter__") or hasattr(held, "__getitem__")


def rows_of(held: Any) -> Iterator[tuple[int, Any]]:
    """Yield each row with its number, by every way in which a loader may ask for it.

    A class of its own may answer otherwise by number, by batch of numbers and in order.
    """
    if is_arrow(held) or type(held) in (list, tuple):
        yield from enumerate(held)
        return
    count = len(held)
    stream = _loaded("torch.utils.data", "IterableDataset")
    indexed = hasattr(held, "__getitem__") and not (stream is not None and isinstance(held, stream))
    if indexed:
        yield from ((number, held[number]) for number in range(count))
    if indexed and hasattr(held, "__getitems__"):
        for start in range(0, count, _CHUNK):
            numbers = list(range(start, min(start + _CHUNK, count)))
            yield from zip(numbers, held.__getitems__(numbers), strict=False)
    if hasattr(held, "__iter__"):
        for number, row in enumerate(held):
            yield number, row
            if number > count:  # It is longer than it says, perhaps endless.
                yield number, None
                return


def is_cut_of(part: Any, rows: Any) -> bool:
    """Tell whether a `datasets.Dataset` is another one with fewer columns."""
    if not (is_arrow(part) and is_arrow(rows) and part.column_names and len(part) == len(rows)):
        return False
    return _same(part, rows)


def _same(part: Any, rows: Any) -> bool:
    try:
        return all(one.items() <= dict(row).items() for one, row in zip(part, rows, strict=True))
    except (TypeError, ValueError):
        return False
