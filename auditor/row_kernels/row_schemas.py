"""The schemas of rows, written while a kernel walks them, and where the values of each row stand.

A schema is the names of a row's members in their order, the types of all values, which texts are empty, the
lengths of lists, and who speaks in the turns of a list. Its text is compared byte by byte (`ByteTable`): rows
of one number are alike but for their values. Leaves are those values, in the order of the walk.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from auditor.jit.compile import COMPILED, part
from auditor.row_kernels.byte_table import ByteTable, add_bytes, equal_bytes, find_bytes
from auditor.row_kernels.text import BYTES, PAD, PAIRS, PLACES, copy_bytes

if COMPILED:
    from auditor.jit.intrinsics import byte_at, put_byte

SCHEMAS: Final = 1024
"""Of one file; rows of further ones have no number."""
_LONGEST, _ROOM = 8192, 1 << 20
_SPEAKER = 48
"""Bytes of who speaks, as it is written; a row with a longer one has no schema."""
NOTES: Final = f"{BYTES}, {PAIRS}, {PLACES}"
"""Signature names of what is written on a walk: signs of the schema, leaves, and where both stand."""

ON, SIGNS, LEAVES, SPEAKS, LAST, WRITTEN = range(6)
_KEY, _SAID = 1, 2
EMPTY, TEXT, INTEGER, DOUBLE, TRUTH, NULL = (ord(sign) for sign in '"sifbn')


@part
def note_sign(sign: int, signs: Any, note: Any) -> None:
    """Write that an object or list begins or ends, where anything is written."""
    at = note[SIGNS]
    if note[ON] == 0 or at + PAD > _LONGEST:
        note[ON] = 0
        return
    put_byte(signs, at, sign)
    note[SIGNS] = at + 1


@part
def note_open(sign: int, ended: int, signs: Any, note: Any) -> None:
    """Write that an object or list begins, and where it holds nothing that it ends too."""
    for k in range(1 + ended):
        note_sign(sign + 2 * k, signs, note)


@part
def note_bytes(sign: int, text: Any, begin: int, end: int, signs: Any, note: Any) -> None:
    """Write a name, or what is said, with its length before it."""
    at, size = note[SIGNS], end - begin
    if at + size + PAD > _LONGEST:
        note[ON] = 0
        return
    put_byte(signs, at, sign)
    put_byte(signs, at + 1, size >> 8)
    put_byte(signs, at + 2, size & 0xFF)
    note[SIGNS] = copy_bytes(text, begin, end, signs, at + 3)


@part
def note_key(text: Any, begin: int, end: int, listed: bool, signs: Any, note: Any) -> None:
    """Write the name of a member.

    Args:
        listed: its object is an entry of a list, so that it may say who speaks.
    """
    note_bytes(_KEY, text, begin, end, signs, note)
    note[SPEAKS] = 0
    if listed and end - begin == 4:
        word = 0
        for k in range(4):
            word = word << 8 | byte_at(text, begin + k)
        if word == 0x726F6C65 or word == 0x66726F6D:
            note[SPEAKS] = 1


@part
def note_leaf(sign: int, text: Any, begin: int, end: int, signs: Any, leaves: Any, note: Any) -> None:
    """Write the type of a value that holds no other, and where it stands; of a speaker the value too."""
    count = note[LEAVES]
    if count == leaves.shape[0]:
        note[ON] = 0
        return
    leaves[count, 0] = begin
    leaves[count, 1] = end
    note[LEAVES] = count + 1
    said = note[SPEAKS] == 1
    note[SPEAKS] = 0
    note_sign(EMPTY if sign == TEXT and begin == end else sign, signs, note)
    if said and end - begin > _SPEAKER:
        note[ON] = 0
    elif said:
        note_bytes(_SAID, text, begin, end, signs, note)


@part
def start_notes(on: int, note: Any) -> Any:
    """Begin the notes of a row; return the place of its first leaf."""
    note[ON] = on
    note[SIGNS] = 0
    note[SPEAKS] = 0
    return note[LEAVES]


@part
def end_notes(first: int, signs: Any, note: Any, slots: Any, ends: Any, pool: Any) -> Any:
    """Return the number of a row's schema; where it has none its leaves are dropped, and -1 returned."""
    number, size, last = -1, note[SIGNS], note[LAST]
    if note[ON]:
        if (
            last >= 0
            and ends[last + 1] - ends[last] == size
            and equal_bytes(signs, 0, pool, ends[last], size)
        ):
            return last
        number = find_bytes(signs, 0, size, slots, ends, pool)
        if number < 0:
            number = add_bytes(signs, 0, size, slots, ends, pool)
    if number < 0:
        note[LEAVES] = first
    else:
        note[LAST] = number
    return number


class RowSchemas:
    """The schemas of the rows of one file."""

    def __init__(self) -> None:
        self._table = ByteTable(SCHEMAS, _ROOM)
        self._signs = np.empty(_LONGEST + 2 * PAD, np.uint8)

    def __len__(self) -> int:
        return len(self._table)

    def notes(self, rows: int, leaves: int) -> Notes:
        """Return what a kernel writes of so many rows and leaves."""
        return Notes(self._signs, rows, leaves, self._table)


class Notes:
    """What a kernel writes down of many rows; without a table it writes nothing."""

    def __init__(
        self, signs: NDArray[np.uint8], rows: int, leaves: int, table: ByteTable | None = None
    ) -> None:
        self.schemas = np.empty(rows, np.int32)
        """The number of each row's schema, -1 for a row without one."""
        self.first = np.empty(rows, np.int64)
        """The place of each row's first leaf."""
        self.leaves = np.empty((leaves, 2), np.int64)
        """Where each value begins and ends: a text between its quotes."""
        self._signs, self._table = signs, _NOTHING if table is None else table
        self._note = np.array([table is not None, 0, 0, 0, -1, 0], np.int64)

    @staticmethod
    def none() -> Notes:
        """Return what writes nothing down."""
        return Notes(np.empty(0, np.uint8), 0, 0)

    @property
    def arrays(self) -> tuple[Any, ...]:
        """Return what kernels are given (`NOTES`, then the numbers and first leaves, then `TABLE`)."""
        return self._signs, self.leaves, self._note, self.schemas, self.first, *self._table.arrays

    def write_from(self, place: int) -> None:
        """Let values that are no text be written from a place on."""
        self._note[WRITTEN] = place

    def trim(self) -> None:
        """Give back the room that no leaf took."""
        self.leaves = self.leaves[: self._note[LEAVES]].copy()


_NOTHING = ByteTable(1, 0)
