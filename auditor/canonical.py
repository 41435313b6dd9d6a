"""Canonical JSON: one byte string per row, whatever container the row was read from.

It is RFC 8785 (keys in the order of their UTF-16 code units, numbers as ECMAScript writes them), with these
differences, each so that the same row read from another container has the same digest:

- Object members that are null are dropped at every depth: columnar formats cannot tell null from absent.
  Null elements of lists, empty lists and empty objects stay.
- Integers are written exactly, whatever their size; RFC 8785 would round those beyond 2^53.
- Temporal, decimal, binary and single-precision values are written as `!kind:text`, which is not JSON, so
  that they never equal a string or a double.

NaN, infinities, duplicate keys and lone surrogates are errors. Text is not normalized.

Every digest over values is SHA-256 of one of these forms; the first is the form for a new one:

| digest | form | version |
|---|---|---|
| rows, label texts, members around rows | this one | fixed: permits are over it |
| plan, report, waivers, tokenizer, fair-use sheet | this one | 1 |
| claim sets, students, what the ledger's tables hold of an audit | this one (no null, no float) | 1 |
| entries of the ledger's chain | RFC 8785 to the letter: nulls stay, no longer integers | the RFC's |
| packs, origins, texts of a container's side file | `json.dumps`, each with the options beside it | 1 |

The last line stays as it is: permits, reports and ledgers name these digests without a version, and some of
those values hold null members, which the first form drops, or lone surrogates, which it refuses.
"""

from __future__ import annotations

import json
import re
from types import NoneType
from typing import Any

import orjson

from auditor.canonical_exact import (
    MAX_DEPTH,
    RowError,
    Typed,
    canonical,
    exact,
    number,
    rfc8785,
    too_deep,
    typed,
)
from auditor.ids import Digest, digest_of

__all__ = [
    "LONG",
    "MAX_DEPTH",
    "RowError",
    "Typed",
    "canonical",
    "content_digest",
    "encode",
    "number",
    "parse_canonical",
    "parse_row",
    "parse_unchecked",
    "rfc8785",
    "typed",
]

LONG = 1 << 60
"""Counted as members dropped for a double that may have been a longer integer in the text."""

_FLOATS = {float}
_AS_THEY_ARE = {str, int, bool, NoneType}
_MINUS_ZERO = re.compile(rb"-0(?=[],}])")
_UPPER = (b"\xee", b"\xef")
_ABOVE = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")


def parse_row(raw: bytes) -> dict[str, Any]:
    """Parse one row strictly.

    Raises:
        RowError: not a JSON object, a key twice, a lone surrogate, a number beyond a double, or too deep.
    """
    return parse_canonical(raw)[0]


def parse_canonical(raw: bytes) -> tuple[dict[str, Any], bytes]:
    """Parse as `parse_row` does; return the row and its canonical form.

    Raises:
        RowError: as `parse_row` does.
    """
    row, form, dropped = parse_unchecked(raw)
    if form is None or not _all_there(raw, form, dropped):
        # A key may have come twice, or an integer is longer than orjson holds.
        row = _parse_pairs(raw)
        return row, canonical(row)
    return row, form


def parse_unchecked(raw: bytes) -> tuple[dict[str, Any], bytes | None, int]:
    """Parse as `parse_canonical` does, but that members may be lost: of equal keys the last one stands.

    Returns:
        the row; its form, or None where only the exact path can write it; and the number of null members
        dropped, or `LONG` and more where a double may have been a longer integer in the text.

    Raises:
        RowError: not a JSON object, a lone surrogate, a number beyond a double, or too deep.
    """
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise RowError(f"not valid JSON: {_why(raw, error)}") from None
    if type(row) is not dict:
        raise RowError(f"a row is an object, this is {_kind(row)}")
    prepared, dropped = _prepared(row, 1)
    return row, _dumps(prepared), dropped


_NOT_NUMBERS = re.compile(r"-?(NaN|Infinity|nan|inf)\b")
_COMMENT = re.compile(r"[,\s]*(//|/\*|#)")
_PYTHON = re.compile(r"'|(None|True|False)\b")


def _why(raw: bytes, error: orjson.JSONDecodeError) -> str:
    """Say what a text is instead of JSON, and how to mend it where that is known."""
    at = f"(column {error.colno})"
    try:
        text = raw.decode()
    except UnicodeDecodeError as bad:
        return f"not valid UTF-8 (byte {bad.start + 1}): convert the file to UTF-8"
    left = text[error.pos :]
    if found := _NOT_NUMBERS.match(text, max(0, error.pos - 1)) or _NOT_NUMBERS.match(left):
        return f"{found[0]} is no number in JSON: write null {at}"
    if _PYTHON.match(left):
        return f"this is Python's notation: write rows by json.dumps {at}"
    if _COMMENT.match(left):
        return f"a comment: take it out {at}"
    if "after document" in error.msg and left.lstrip(", \t\r\u2028\u2029\x1e").startswith("{"):
        return f"more than one object in a line: write each in a line of its own {at}"
    if left.strip() == ",":
        return f"a comma follows the object: take it out {at}"
    if "control character" in error.msg:
        return f"a control character inside a text: write it as an escape such as \\u0000 {at}"
    return f"{error.msg} {at}"


def encode(value: object) -> bytes:
    """Return what `canonical` returns, faster: orjson writes whatever it writes in canonical form.

    Raises:
        RowError: the value has no canonical form.
    """
    form = None
    if type(value) is dict:
        form = _dumps(_prepared(value, 1)[0])
    elif type(value) is list:
        form = _dumps(_prepared_list(value, 1)[0])
    return canonical(value) if form is None else form


def _dumps(value: Any) -> bytes | None:
    """Write a prepared value; None where only the exact path can."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return None
    # UTF-8 and UTF-16 sort alike but for U+E000 to U+FFFF against all above; these are their first bytes.
    if text.isascii() or not (_holds(text, _UPPER) and _holds(text, _ABOVE)) or _ascii_keys(value):
        return text
    return None


def _holds(text: bytes, codes: tuple[bytes, ...]) -> bool:
    return any(code in text for code in codes)


def _ascii_keys(value: Any) -> bool:
    if type(value) is dict:
        return "".join(value).isascii() and all(map(_ascii_keys, value.values()))
    return type(value) is not list or all(map(_ascii_keys, value))


def _all_there(raw: bytes, form: bytes, dropped: int) -> bool:
    """Tell by the number of quotes whether the form holds all of the text but so many null members.

    A lost member has at least the two quotes of its key, and no quote is gained: false means perhaps.
    """
    if raw.count(b'"') - form.count(b'"') != 2 * dropped:
        return False
    return b"\\" not in raw or b"\\u0022" not in raw


def _parse_pairs(raw: bytes) -> dict[str, Any]:
    try:
        row: dict[str, Any] = json.loads(raw.decode("utf-8"), object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise RowError("not valid JSON") from None
    return row


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RowError("a key is there twice in one object")
    return found


def _prepared(value: dict[str, Any], depth: int) -> tuple[dict[str, Any], int]:
    """Return an object without null members and with all that orjson writes otherwise already written.

    With it comes the number of members dropped, and `LONG` for each double that may have been a longer
    integer in the text.
    """
    if depth > MAX_DEPTH:
        too_deep()
    tally = 0
    changed: dict[str, Any] | None = None
    for key, item in value.items():
        kind = type(item)
        if kind is str or kind is int or kind is bool:
            continue
        if item is None:
            if changed is None:
                changed = value.copy()
            del changed[key]
            tally += 1
            continue
        new, more = _value(item, kind, depth)
        tally += more
        if new is not item:
            if changed is None:
                changed = value.copy()
            changed[key] = new
    return value if changed is None else changed, tally


def _value(item: Any, kind: type, depth: int) -> tuple[Any, int]:
    if kind is dict:
        return _prepared(item, depth + 1)
    if kind is list:
        return _prepared_list(item, depth + 1)
    if kind is float:
        if 1e-4 <= abs(item) < 1e15:
            return (int(item) if item.is_integer() else item), 0
        return orjson.Fragment(number(item)), LONG if abs(item) >= 2**63 else 0
    return orjson.Fragment(exact(item, depth + 1)), 0


def _prepared_list(value: list[Any], depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        too_deep()
    kinds = set(map(type, value))
    if kinds <= _AS_THEY_ARE:
        return value, 0
    if kinds == _FLOATS and (text := _doubles(value)):
        return orjson.Fragment(text), 0
    tally = 0
    changed: list[Any] | None = None
    for place, item in enumerate(value):
        kind = type(item)
        if kind in _AS_THEY_ARE:
            continue
        new, more = _value(item, kind, depth)
        tally += more
        if new is not item:
            if changed is None:
                changed = value.copy()
            changed[place] = new
    return value if changed is None else changed, tally


def _doubles(value: list[float]) -> bytes:
    """Write a list of doubles at once; nothing where one has a power, or is not finite."""
    text = orjson.dumps(value)
    if b"e" in text or b"n" in text or b"0.000000" in text:
        return b""
    if b".0," in text:
        text = text.replace(b".0,", b",")
    if text.endswith(b".0]"):
        text = text[:-3] + b"]"
    if b"-0," in text or text.endswith(b"-0]"):
        text = _MINUS_ZERO.sub(b"0", text)
    return text


def _kind(value: object) -> str:
    names = {list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "null")


def content_digest(value: object) -> Digest:
    """Return SHA-256 over the canonical JSON of any JSON-like value.

    Raises:
        RowError: the value has no canonical form.
    """
    return digest_of(encode(value))
