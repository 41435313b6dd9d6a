"""Cut columns of text into runs that fit in the scratch of a kernel; compiles nothing itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BATCH_BYTES = 4 * 2**20
"""Text handed to the kernel at a time; bounds its scratch."""
PADDING = 160
"""Bytes that must follow a text in its buffer; they may hold anything."""
_WORTH_PARTING = 2**18
"""Bytes from which on the last texts of a column are cut off: they lack padding, and only they are copied."""


def chunks(texts: pa.Array | pa.ChunkedArray, limit: int | None = None) -> Iterator[tuple[int, pa.Array]]:
    """Cut a column into runs of whole texts of about `limit` bytes; yields (first row, texts)."""
    limit = limit or BATCH_BYTES
    row = 0
    parts = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    for part in parts:
        if pa.types.is_dictionary(part.type):
            part = part.dictionary_decode()
        lengths = np.asarray(pc.binary_length(part.cast(pa.large_string())).fill_null(0))
        total = np.cumsum(lengths, dtype=np.int64)
        start, padded = 0, int(np.searchsorted(total, total[-1:].sum() - PADDING, side="right"))
        while start < len(part):
            before = int(total[start - 1]) if start else 0
            stop = max(start + 1, int(np.searchsorted(total, before + limit, side="right")))
            if start < padded < stop and total[padded - 1] - before >= _WORTH_PARTING:
                stop = padded
            yield row + start, part.slice(start, stop - start)
            start = stop
        row += len(part)
