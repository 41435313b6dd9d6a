"""The texts of many rows in one buffer, as Arrow has them, without an object for each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.jit.compile import RO_I64, RO_U8, kernel
from auditor.row_kernels.leaf_text import put_text
from auditor.row_kernels.text import BYTES, PAD, PAIRS, PLACES, copy_bytes

_RO_I32 = "Array(int32, 1, 'C', True)"


@kernel(
    f"int64({RO_U8}, {PAIRS}, {PLACES}, {_RO_I32}, {PLACES}, {PLACES}, {RO_I64}, {RO_I64}, {RO_U8},"
    f" boolean, {BYTES}, {PLACES})",
    allocates=False,
)
def _texts(
    text: Any, leaves: Any, first: Any, schemas: Any, programs: Any, code: Any, own: Any, own_ends: Any,
    own_text: Any, escaped: Any, out: Any, ends: Any,
) -> Any:  # fmt: skip
    """Write the texts of rows and where each ends; return how many there are."""
    count, o, said, own_at = 0, 0, 0, 0
    for row in range(schemas.shape[0]):
        if own[row] >= 0:
            for _ in range(own[row]):
                o = copy_bytes(own_text, own_at, own_ends[said], out, o)
                own_at = own_ends[said]
                said += 1
                ends[count] = o
                count += 1
            continue
        at, leaf = programs[schemas[row]], first[row]
        for k in range(at + 1, at + 1 + code[at]):
            place = leaf + code[k]
            o = put_text(text, leaves[place, 0], leaves[place, 1], out, o, escaped)
            ends[count] = o
            count += 1
    return count


def texts_of_rows(
    outline: Any, rows: int, programs: NDArray[np.int64], code: NDArray[np.int64], own: Any, counts: int
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return where each text of the first rows ends, and all texts end to end.

    Args:
        outline: schemas, places and text of the rows.
        programs: by schema, where its list of texts stands in `code`: how many, and which values.
        own: of each row how many texts it brings, -1 for one that goes by its schema; and these texts.
        counts: how many texts there are.
    """
    many, own_ends, own_text = own
    out = np.empty(outline.text.size + len(own_text) + 2 * PAD, np.uint8)
    ends = np.empty(counts, np.int64)
    count = _texts(
        outline.text, outline.leaves, outline.first[:rows], outline.schemas[:rows], programs, code, many,
        own_ends, np.frombuffer(own_text + bytes(PAD), np.uint8), outline.escaped, out, ends,
    )  # fmt: skip
    assert count == counts
    return ends, out[: ends[-1] if count else 0]
