"""What is asked of each row that goes by its schema, before its texts are taken and its claims looked up.

A program (`samples/planned/programs.py`) says for one schema what to ask. The kernel goes through rows in
their order and stops at each that Python must look at; whatever is not sure stops it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from auditor.jit.compile import COMPILED, RO_U8, kernel, part
from auditor.row_kernels.byte_table import TABLE, ByteTable, find_bytes
from auditor.row_kernels.leaf_text import is_longer, may_be_equal, may_be_word, may_begin, next_sign
from auditor.row_kernels.silent_texts import NOTHING, TELLS, SilentTexts, says_nothing
from auditor.row_kernels.text import BYTES, PAD, PAIRS, PLACES, SLASH, copy_bytes

if COMPILED:
    from auditor.jit.intrinsics import byte_at, put_byte

TEXTS, DISTINCT, ASKED, CELLS, VALUES, SECTIONS = range(6)
"""Sections of a program: each begins with how many entries it has; their places stand at its head."""
EXACT, NUMBER, NAME = range(3)
"""How a value counts: as it stands, as 0, 1 or another number, or not at all where it is known as silent."""
ENDED, ALONE, PROSE, UNKNOWN = range(4)
"""Why the kernel stops: at the end, or since a row goes by itself, may hold prose, or has unknown claims."""

ROW, PASSED, KEY, LOUD = range(4)
"""State: the row it stands at, the one whose prose was looked at, bytes of the key (-1 where it is too long),
and how many values in it may be silent."""
_KEY_ROOM: Final = 4096
_PROBE: Final = _KEY_ROOM + 64
_LONGEST_NAME: Final = 1024
_FEWEST_BLANKS: Final = 19
_H: Final = 0x68
_SILENT: Final = 120
"""Characters; a longer text is silent (`claims/silence.py`) with no blank at an end, nor a bracket or `h`."""


@part
def _holds(text: Any, leaves: Any, leaf: int, code: Any, program: int, words: Any, escaped: bool) -> Any:
    """Tell whether a row surely answers what the layout asks as the example row did."""
    at = program + code[program + DISTINCT]
    last = at + code[at]
    for k in range(at + 1, last + 1):
        for j in range(k + 1, last + 1):
            one, other = leaf + code[k], leaf + code[j]
            if may_be_equal(
                text, leaves[one, 0], leaves[one, 1], leaves[other, 0], leaves[other, 1], escaped
            ):
                return False
    at = program + code[program + ASKED]
    for k in range(at + 1, at + 1 + 4 * code[at], 4):
        place = leaf + code[k]
        begin, end = leaves[place, 0], leaves[place, 1]
        if code[k + 1]:
            if may_begin(text, begin, end, words, code[k + 2], code[k + 3], escaped):
                return False
        elif may_be_word(text, begin, end, words, code[k + 2], code[k + 3], escaped):
            return False
    return True


@part
def _may_be_prose(text: Any, leaves: Any, leaf: int, code: Any, at: int, escaped: bool) -> Any:
    """Tell whether the texts of a cell may be prose, or one of them a cell that holds others."""
    count = code[at]
    blanks = count - 1
    for k in range(at + 1, at + 1 + count):
        place, end = leaves[leaf + code[k], 0], leaves[leaf + code[k], 1]
        opens = True
        while place < end:
            place, c = next_sign(text, place, escaped)
            if c < 0 or (opens and (c == 0x7B or c == 0x5B)):
                return True
            opens = False
            blanks += c == 0x20 or c == 0x0A or c == 0x09
            if blanks >= _FEWEST_BLANKS:
                return True
    return False


@part
def _holds_prose(text: Any, leaves: Any, leaf: int, code: Any, program: int, escaped: bool) -> Any:
    """Tell whether a cell of a row that no part comes from may hold prose."""
    at = program + code[program + CELLS]
    k = at + 1
    for _ in range(code[at]):
        size, opens = code[k] - 1, False
        for j in range(k + 1, k + 1 + code[k]):
            begin, end = leaves[leaf + code[j], 0], leaves[leaf + code[j], 1]
            size += end - begin
            opens |= begin < end and _is_edge(text, begin, escaped)
        if (opens or size > 38) and _may_be_prose(text, leaves, leaf, code, k, escaped):
            return True
        k += 1 + code[k]
    return False


@part
def _is_edge(text: Any, at: int, escaped: bool) -> Any:
    """Tell whether a character may be a blank or a bracket, at which a text is cut or opened."""
    c = byte_at(text, at)
    if c < 0x80:
        return c <= 0x20 or c == 0x7B or c == 0x5B or (c == SLASH and escaped)
    # Blanks beyond ASCII begin with one of these bytes.
    return (
        c == 0xC2
        or c == 0xE1
        or (c == 0xE2 and byte_at(text, at + 1) < 0x82)
        or (c == 0xE3 and byte_at(text, at + 1) == 0x80 and byte_at(text, at + 2) == 0x80)
    )


@part
def _may_end_blank(text: Any, end: int, escaped: bool) -> Any:
    """Tell whether a text of several characters may end in a blank, before which it may be a short one."""
    c, before = byte_at(text, end - 1), byte_at(text, end - 2)
    if c <= 0x20:
        return True
    if c < 0x80:
        named = before == SLASH and c != 0x22 and c != SLASH and c != 0x2F
        return escaped and (named or byte_at(text, end - 6) == SLASH)
    first = byte_at(text, end - 3)
    return (
        before == 0xC2
        or first == 0xE1
        or (first == 0xE2 and before < 0x82)
        or (first == 0xE3 and before == 0x80 and c == 0x80)
    )


@part
def _is_silent(
    context: int, text: Any, begin: int, end: int, key: Any, slots: Any, ends: Any, pool: Any, escaped: bool,
    heads: Any, first: Any, runs: Any,
) -> Any:  # fmt: skip
    """Tell whether a text says nothing: by its bytes, or since that is known of it or of its stem."""
    long = end - begin > _SILENT and not (_is_edge(text, begin, escaped) or byte_at(text, begin) == _H)
    if long and not _may_end_blank(text, end, escaped) and is_longer(text, begin, end, _SILENT, escaped):
        return True
    if end - begin > _LONGEST_NAME:
        return False
    if says_nothing(text, begin, end, heads, first, runs):
        return True
    stem, plain = end, True
    for k in range(begin, end):
        plain &= byte_at(text, k) != SLASH
    while plain and stem > begin and 48 <= byte_at(text, stem - 1) <= 57:
        stem -= 1
    for k in range(4):
        put_byte(key, _PROBE + k, context >> (8 * k))
    for whatever_digits in range(2 if plain else 1):
        put_byte(key, _PROBE + 4, whatever_digits)
        stop = copy_bytes(text, begin, stem if whatever_digits else end, key, _PROBE + 5)
        if find_bytes(key, _PROBE, stop, slots, ends, pool) >= 0:
            return True
    return False


@part
def _put_value(text: Any, begin: int, end: int, key: Any, o: int) -> Any:
    """Write a value with its length before it; return the place after it, or -1 where there is no room."""
    size = end - begin
    if o + size + PAD > _KEY_ROOM:
        return -1
    put_byte(key, o, 1)
    put_byte(key, o + 1, size >> 8)
    put_byte(key, o + 2, size & 0xFF)
    return copy_bytes(text, begin, end, key, o + 3)


@part
def _key(
    schema: int, text: Any, leaves: Any, leaf: int, code: Any, program: int, key: Any, loud: Any, state: Any,
    slots: Any, ends: Any, pool: Any, escaped: bool, heads: Any, first: Any, runs: Any,
) -> Any:  # fmt: skip
    """Write what the claims of a row follow from; return its length, -1 where it is too long."""
    for k in range(4):
        put_byte(key, k, schema >> (8 * k))
    o, found = 4, 0
    at = program + code[program + VALUES]
    if code[at] < 0:
        o = -1
    for k in range(at + 1, at + 1 + 3 * code[at], 3):
        begin, end = leaves[leaf + code[k], 0], leaves[leaf + code[k], 1]
        c = byte_at(text, begin)
        if code[k + 1] == NUMBER:
            put_byte(key, o, c if end - begin == 1 and c <= 49 else 0)
            o += 1
        elif code[k + 1] == NAME and _is_silent(
            code[k + 2], text, begin, end, key, slots, ends, pool, escaped, heads, first, runs
        ):
            put_byte(key, o, 0)
            o += 1
        else:
            if code[k + 1] == NAME and found < loud.shape[0]:
                loud[found] = (k - at - 1) // 3
                found += 1
            o = _put_value(text, begin, end, key, o)
        if o < 0 or o + PAD > _KEY_ROOM:
            o = -1
            break
    state[LOUD] = found
    return o


@kernel(
    f"int64({RO_U8}, {PAIRS}, {PLACES}, Array(int32, 1, 'C', True), {PLACES}, {PLACES}, {BYTES}, boolean,"
    f" {BYTES}, {PLACES}, {PLACES}, {PLACES}, Array(int32, 1, 'C'), {TABLE}, {TABLE}, {PLACES}, {TELLS})",
    allocates=False,
)
def _ask(
    text: Any, leaves: Any, first: Any, schemas: Any, programs: Any, code: Any, words: Any, escaped: Any,
    key: Any, loud: Any, state: Any, counts: Any, numbers: Any, slots: Any, ends: Any, pool: Any,
    key_slots: Any, key_ends: Any, key_pool: Any, known: Any, heads: Any, starts: Any, runs: Any,
) -> Any:  # fmt: skip
    """Go on through the rows; return why it stopped."""
    for row in range(state[ROW], numbers.shape[0]):
        state[ROW] = row
        schema, leaf = schemas[row], first[row]
        if schema < 0 or programs[schema] < 0:
            return ALONE
        program = programs[schema]
        if not _holds(text, leaves, leaf, code, program, words, escaped):
            return ALONE
        if state[PASSED] != row and _holds_prose(text, leaves, leaf, code, program, escaped):
            return PROSE
        size = _key(
            schema, text, leaves, leaf, code, program, key, loud, state, slots, ends, pool, escaped,
            heads, starts, runs,
        )  # fmt: skip
        state[KEY] = size
        found = find_bytes(key, 0, size, key_slots, key_ends, key_pool) if size >= 0 else -1
        if found < 0:
            return UNKNOWN
        numbers[row] = known[found]
        counts[schema] += 1
    state[ROW] = numbers.shape[0]
    return ENDED


class RowQuestions:
    """Goes through rows by programs, and holds what is known of their values: silent ones, and claim sets.

    Args:
        most: values, and combinations of values, that are kept.
        schemas: so many may have a program.
        silent: tells texts that say nothing by their bytes; without it each is asked for.
    """

    def __init__(self, most: int, schemas: int, silent: SilentTexts | None = None) -> None:
        self.programs = np.full(schemas, -1, np.int64)
        """By schema, where its program stands in `code`; -1 for none."""
        self.code = np.zeros(0, np.int64)
        self.words = np.zeros(PAD, np.uint8)
        self.counts = np.zeros(schemas, np.int64)
        """Rows that went by each schema without a stop."""
        self._silent, self._keys = ByteTable(most, 128 * most), ByteTable(most, 256 * most)
        self._known = np.zeros(most, np.int64)
        self._tells = NOTHING if silent is None else silent.arrays
        self._key, self._loud = np.zeros(_PROBE + 2 * _LONGEST_NAME, np.uint8), np.zeros(256, np.int64)
        self._state = np.zeros(4, np.int64)

    def set_words(self, words: bytes) -> None:
        """Take the words that programs point into."""
        self.words = np.frombuffer(words + bytes(PAD), np.uint8).copy()

    def start(self) -> None:
        """Begin with the rows of another outline."""
        self._state[:] = (0, -1, 0, 0)

    def ask(self, outline: Any, numbers: NDArray[np.int32]) -> int:
        """Number the claim sets of rows from where it stopped; return why it stopped again.

        Args:
            numbers: takes the number of each row's claim set; as many rows are gone through.
        """
        found: int = _ask(
            outline.text, outline.leaves, outline.first, outline.schemas, self.programs, self.code,
            self.words, outline.escaped, self._key, self._loud, self._state, self.counts, numbers,
            *self._silent.arrays, *self._keys.arrays, self._known, *self._tells,
        )  # fmt: skip
        return found

    @property
    def row(self) -> int:
        """Return the row that it stopped at."""
        return int(self._state[ROW])

    def go_on(self, row: int) -> None:
        """Go on at a row."""
        self._state[ROW] = row

    def pass_prose(self) -> None:
        """Ask no more whether this row holds prose."""
        self._state[PASSED] = self._state[ROW]

    @property
    def loud(self) -> list[int]:
        """Return which values of the row may be silent and are not known to be, by their entries."""
        found: list[int] = self._loud[: self._state[LOUD]].tolist()
        return found

    def know(self, number: int) -> None:
        """Keep the number of the row's claim set for rows of its schema with the same values."""
        size = int(self._state[KEY])
        place = self._keys.add(self._key[:size].tobytes()) if size >= 0 else -1
        if place >= 0:
            self._known[place] = number

    def know_silent(self, context: int, value: bytes, whatever_digits: bool) -> bool:
        """Keep that a value says nothing in a column; tell whether there was room for it.

        Args:
            whatever_digits: it says nothing whatever digits it ends in.
        """
        if len(value) > _LONGEST_NAME:
            return False
        stem = value.rstrip(b"0123456789") if whatever_digits else value
        return self._silent.add(context.to_bytes(4, "little") + bytes([whatever_digits]) + stem) >= 0
