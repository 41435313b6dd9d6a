# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernel that turns code into tokens: of whole texts, or of the blocks that fences enclose in them."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.code.lexer import (
    backquoted_end,
    begins_name,
    closed_at,
    colons_rule,
    color_end,
    continues_name,
    fence_at,
    is_blank,
    is_digit,
    line_end,
    number_end,
    quoted_end,
)
from auditor.fingerprint.code.symbols import (
    BREAK,
    COMMENT,
    CONTROL,
    FIRST_NAME,
    IN_COMMENT,
    IN_STRING,
    MOST_NAMES,
    NUMBER,
    OPENS_STRING,
    PLAIN,
    SLOTS,
    STRING,
)
from auditor.fingerprint.code.triage import NOTHING, WHOLE
from auditor.jit.compile import RO_I64, RO_U8, RO_U16, kernel, part

NAME_SLOTS = 1 << 17
"""Slots of the open hash table of one text's names."""
_PRIME, _START, _MASK = 16777619, 2166136261, 0xFFFFFFFF
_LONGEST_KEYWORD = 12
_NO_TRIPLE, _NO_BACKQUOTE, _NO_BLOCK, _NO_MARKUP, _NO_LONG = 1, 4, 8, 16, 32


@part
def _is_prefix(data, at, stop):
    """Tell letters that may stand before a string: `f`, `rb`, and so on."""
    if stop - at > 2:
        return False
    for k in range(at, stop):
        small = data[k] | 32
        if small != 114 and small != 98 and small != 117 and small != 102:
            return False
    return True


@part
def _number_of(value, text, names, known):
    """Return the number of a name in its text, and how many names there are then."""
    keys, owners, numbers = names
    slot = value & (NAME_SLOTS - 1)
    while owners[slot] == text and keys[slot] != value:
        slot = (slot + 1) & (NAME_SLOTS - 1)
    if owners[slot] == text:
        return np.int64(numbers[slot]), known
    if known >= MOST_NAMES:
        return np.int64(MOST_NAMES), known
    owners[slot] = text
    keys[slot] = value
    numbers[slot] = known
    return np.int64(known), known + 1


@part
def _word(data, at, end, text, words, names, known):
    """Return where a word ends, its symbol, a hash without case and `_`, and how many names there are."""
    start = at
    exact = small = np.int64(_START)
    while at < end and continues_name(data[at]):
        byte = np.int64(data[at])
        exact = ((exact ^ byte) * _PRIME) & _MASK
        if byte != 95:
            small = ((small ^ (byte | 32 if 65 <= byte <= 90 else byte)) * _PRIME) & _MASK
        at += 1
    if at - start <= _LONGEST_KEYWORD:
        hashes, symbols = words
        slot = exact & (SLOTS - 1)
        while hashes[slot] >= 0 and hashes[slot] != exact:
            slot = (slot + 1) & (SLOTS - 1)
        if hashes[slot] == exact:
            return at, np.int64(symbols[slot]), small, known
    number, known = _number_of(exact, text, names, known)
    return at, FIRST_NAME + number, small, known


@part
def _quoted(data, at, end, missing, dead):
    """Return where what begins with a quote ends, its symbol, and what is known of quotes further on."""
    quote = np.int64(data[at])
    double = quote == 34
    flag = _NO_TRIPLE << np.int64(double)
    if at + 2 < end and data[at + 1] == quote and data[at + 2] == quote and missing & flag == 0:
        stop = closed_at(data, at + 3, end, quote, quote, quote)
        if stop >= 0:
            return stop, np.int64(COMMENT), missing, dead
        missing |= flag
    if at >= dead[np.int64(double)]:
        stop = quoted_end(data, at, end)
        if stop >= 0:
            return stop, np.int64(STRING), missing, dead
        line = line_end(data, at, end)
        dead = (dead[0], line) if double else (line, dead[1])
    return at + 1, quote, missing, dead


@part
def _slash_or_less(data, at, end, begin, colons, missing):
    """Return where a comment of C or HTML ends, or a mark; its symbol; which closers are missing."""
    mark, following = np.int64(data[at]), np.int64(data[at + 1]) if at + 1 < end else np.int64(0)
    if mark == 47 and following == 47 and not colons and (at == begin or data[at - 1] != 58):
        return line_end(data, at, end), np.int64(COMMENT), missing
    if mark == 47 and following == 42 and missing & _NO_BLOCK == 0:
        stop = closed_at(data, at + 2, end, 42, 47, 0)
        if stop >= 0:
            return stop, np.int64(COMMENT), missing
        missing |= _NO_BLOCK
    if mark == 60 and following == 33 and at + 3 < end and data[at + 2] == 45 and data[at + 3] == 45:
        stop = closed_at(data, at + 4, end, 45, 45, 62) if missing & _NO_MARKUP == 0 else np.int64(-1)
        if stop >= 0:
            return stop, np.int64(COMMENT), missing
        missing |= _NO_MARKUP
    return at + 1, mark, missing


@part
def _hash_or_dash(data, at, end, begin, missing):
    """Return where a comment of a shell or SQL ends, or a mark; its symbol; which closers are missing."""
    mark, following = np.int64(data[at]), np.int64(data[at + 1]) if at + 1 < end else np.int64(10)
    fresh = at == begin or is_blank(data[at - 1])
    if mark == 35:
        if fresh and (is_blank(following) or following == 35 or following == 33):
            return line_end(data, at, end), np.int64(COMMENT), missing
        stop = color_end(data, at, end)
        return (stop, np.int64(NUMBER), missing) if stop >= 0 else (at + 1, mark, missing)
    if fresh and following == 45:
        third = np.int64(data[at + 2]) if at + 2 < end else np.int64(10)
        if third == 91 and at + 3 < end and data[at + 3] == 91 and missing & _NO_LONG == 0:
            stop = closed_at(data, at + 4, end, 93, 93, 0)
            if stop >= 0:
                return stop, np.int64(COMMENT), missing
            missing |= _NO_LONG
        if is_blank(third):
            return line_end(data, at, end), np.int64(COMMENT), missing
    return at + 1, mark, missing


@part
def _literal(data, at, stop):
    """Return a hash of a literal that stays when words in it change: its first word, then its signs."""
    value = np.int64(_START)
    leads = True
    for k in range(at, stop):
        byte = np.int64(data[k])
        named = continues_name(byte)
        if byte != 34 and byte != 39 and byte != 96 and (leads or not named):
            value = ((value ^ byte) * _PRIME) & _MASK
            leads = leads and named
    return value


@part
def _token(data, at, end, begin, colons, state, text, words, names):
    """Return where the token at `at` ends, its symbol and value, and the state after it."""
    missing, dead, known = state
    byte = data[at]
    value = np.int64(0)
    if begins_name(byte):
        stop, symbol, value, known = _word(data, at, end, text, words, names, known)
        if stop < end and (data[stop] == 34 or data[stop] == 39) and _is_prefix(data, at, stop):
            stop, symbol, missing, dead = _quoted(data, stop, end, missing, dead)
    elif is_digit(byte):
        stop, symbol = number_end(data, at, end), np.int64(NUMBER)
    elif byte == 34 or byte == 39:
        stop, symbol, missing, dead = _quoted(data, at, end, missing, dead)
    elif byte == 96:
        stop = backquoted_end(data, at, end) if missing & _NO_BACKQUOTE == 0 else np.int64(-1)
        symbol = np.int64(STRING) if stop >= 0 else np.int64(byte)
        if stop < 0:
            stop, missing = at + 1, missing | _NO_BACKQUOTE
    elif byte == 47 or byte == 60:
        stop, symbol, missing = _slash_or_less(data, at, end, begin, colons, missing)
    elif byte == 35 or byte == 45:
        stop, symbol, missing = _hash_or_dash(data, at, end, begin, missing)
    else:
        stop, symbol = at + 1, max(np.int64(byte), np.int64(CONTROL))
    stop = min(stop, end)
    if NUMBER <= symbol <= STRING:
        value = _literal(data, at, stop)
    return stop, symbol, value, (missing, dead, known)


@part
def _characters(data, start, end):
    """Count the code points that start in data[start:end]."""
    count = np.int64(0)
    for at in range(start, end):
        count += data[at] & 0xC0 != 0x80
    return count


@part
def _put(data, at, stop, token, place, out, filled):
    """Write a token; return the byte and the character reached."""
    symbols, values, starts, sizes, marks = out
    symbol, value, mark = token
    character = place[1] + _characters(data, place[0], at)
    size = _characters(data, at, stop)
    symbols[filled] = np.uint16(symbol)
    values[filled] = np.uint16((value ^ value >> 16) & 0xFFFF)
    starts[filled] = np.uint32(character)
    sizes[filled] = np.uint16(min(size, 65535))
    marks[filled] = np.uint8(mark)
    return stop, character + size


@part
def _put_inner(data, at, stop, mark, text, tables, known, place, out, filled):
    """Write the words and signs of a comment or a string; return (tokens, names, place)."""
    words, names = tables
    while at < stop:
        byte = np.int64(data[at])
        if is_blank(byte):
            at += 1
            continue
        value, after, symbol = np.int64(0), at + 1, max(byte, np.int64(CONTROL))
        if begins_name(byte):
            after, symbol, value, known = _word(data, at, stop, text, words, names, known)
        elif is_digit(byte):
            after, symbol = number_end(data, at, stop), np.int64(NUMBER)
            value = _literal(data, at, after)
        elif byte == 39 or byte == 96:
            symbol = np.int64(34)
        place = _put(data, at, after, (symbol, value, mark), place, out, filled)
        filled += 1
        at = after
    return filled, known, place


@part
def _scan_block(data, begin, end, text, tables, place, known, out, filled):
    """Write the tokens of data[begin:end]; return (tokens, names, byte and character reached)."""
    words, names = tables
    colons = colons_rule(data, begin, end)
    state = (np.int64(0), (np.int64(0), np.int64(0)), known)
    at = begin
    while at < end:
        if is_blank(data[at]):
            at += 1
            continue
        stop, symbol, value, state = _token(data, at, end, begin, colons, state, text, words, names)
        mark = np.int64(IN_COMMENT)
        inner = at
        if symbol != COMMENT:
            mark = np.int64(OPENS_STRING if symbol == STRING else PLAIN)
            inner = stop
            if symbol == STRING:
                symbol, mark, inner = np.int64(34), np.int64(OPENS_STRING), at + 1
                while (
                    inner < stop and data[inner - 1] != 34 and data[inner - 1] != 39 and data[inner - 1] != 96
                ):
                    inner += 1
            place = _put(data, at, inner, (symbol, value, mark), place, out, filled)
            filled += 1
            mark = np.int64(IN_STRING)
        known = state[2]
        filled, known, place = _put_inner(data, inner, stop, mark, text, tables, known, place, out, filled)
        state = (state[0], state[1], known)
        at = stop
    return filled, known, place


@part
def _block_after(data, at, end):
    """Return where the next fenced block begins (-1 where there is none) and ends, and where to go on."""
    opened, mark, begin = np.int64(0), np.int64(0), np.int64(-1)
    while at < end:
        stop = line_end(data, at, end)
        count, after = fence_at(data, at, stop)
        if count > 0 and opened == 0:
            opened, mark, begin = count, np.int64(data[after - 1]), min(stop + 1, end)
        elif count >= opened > 0 and np.int64(data[after - 1]) == mark:
            while after < stop and is_blank(data[after]):
                after += 1
            if after == stop:
                return begin, at, stop
        at = stop + 1
    return begin, end, end


NAMES = "Tuple((int64[::1], int32[::1], uint16[::1]))"
OUT = "Tuple((uint16[::1], uint16[::1], uint32[::1], uint16[::1], uint8[::1]))"
TABLE = f"Tuple(({RO_I64}, {RO_U16}))"


@kernel(f"int64({RO_U8}, {RO_I64}, {RO_I64}, {RO_U8}, {TABLE}, {NAMES}, {OUT}, int64[::1])")
def scan_code(data, offsets, stops, kinds, words, names, out, bounds):
    """Write the tokens of every text data[offsets[i]:stops[i]] that has code.

    Args:
        kinds: uint8[n], `NOTHING`, `FENCED` or `WHOLE`.
        words: the table of reserved words.
        names: scratch: int64 keys, int32 owners set to -1, uint16 numbers, `NAME_SLOTS` of each.
        out: uint16 symbols and values, uint32 starts and uint16 sizes in characters of the text, uint8 marks.
        bounds: out, int64[n + 1], the tokens of text i are bounds[i]:bounds[i + 1].

    Returns:
        how many tokens there are.
    """
    filled = np.int64(0)
    bounds[0] = 0
    for text in range(kinds.size):
        start, end = offsets[text], stops[text]
        place, known = (start, np.int64(0)), np.int64(0)
        at = start if kinds[text] != NOTHING else end
        while at < end:
            if kinds[text] == WHOLE:
                begin, stop, at = at, end, end
            else:
                begin, stop, at = _block_after(data, at, end)
            if begin < 0:
                break
            if filled > bounds[text]:
                nothing = (np.int64(BREAK), np.int64(0), np.int64(PLAIN))
                _put(data, place[0], place[0], nothing, place, out, filled)
                filled += 1
            filled, known, place = _scan_block(
                data, begin, stop, text, (words, names), place, known, out, filled
            )
        bounds[text + 1] = filled
    return filled
