"""Canonical JSON: one byte string per row, whatever container the row was read from.

It is RFC 8785 (keys in the order of their UTF-16 code units, numbers as ECMAScript writes them), with these
differences, each so that the same row read from another container has the same digest:

- Object members that are null are dropped at every depth: columnar formats cannot tell null from absent.
  Null elements of lists, empty lists and empty objects stay.
- Integers are written exactly, whatever their size; RFC 8785 would round those beyond 2^53.
- Temporal, decimal, binary and single-precision values are written as `!kind:text`, which is no JSON, so
  that they never equal a string or a double.

NaN, infinities, duplicate keys and lone surrogates are errors. Text is not normalized.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn

import orjson

from auditor.errors import InputError

MAX_DEPTH = 128
"""Objects and lists nested deeper than this are refused."""

_ODD = 1 << 30
_BIG = 1 << 60
_EPOCH = dt.datetime(1970, 1, 1)
_EPOCH_UTC = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class RowError(InputError):
    """Report a row that has no canonical form."""


class Typed(NamedTuple):
    """A value that JSON has no type for; `kind` is one of the kinds that `typed` makes, or `float32`."""

    kind: str
    text: str


def parse_row(raw: bytes) -> dict[str, Any]:
    """Parse one row strictly.

    Raises:
        RowError: no JSON object, a duplicate key, a lone surrogate, a number that is no double, or too deep.
    """
    return parse_with_form(raw)[0]


def canonical(value: object) -> bytes:
    """Return the canonical form of a value in UTF-8; the exact path, which the fast one must equal.

    Raises:
        RowError: the value has no canonical form.
    """
    out: list[str] = []
    _write(value, out, 1)
    try:
        return "".join(out).encode("utf-8")
    except UnicodeEncodeError:
        raise RowError("a string holds a lone surrogate") from None


def encode(row: Mapping[str, Any], plain: bool = False) -> bytes:
    """Return what `canonical` returns, faster where orjson's sorted output is known to be the same.

    Args:
        plain: `parse_with_form` has said that the row needs no changes.

    Raises:
        RowError: the row has no canonical form.
    """
    if type(row) is dict:
        try:
            if plain or _survey(row, 1) < _ODD:
                return orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
            return orjson.dumps(_simplified(row), option=orjson.OPT_SORT_KEYS)
        except (_NotSimple, TypeError):
            pass
    return canonical(row)


def typed(value: object) -> Typed:
    """Return the typed form of a temporal, decimal or binary Python value.

    Instants count nanoseconds since 1970 (`timestamp-utc` when they know their zone, `timestamp` when not),
    `time` since midnight, `duration` in all; `date` is ISO 8601, `decimal` its digits, `binary` base64.

    Raises:
        RowError: the type is none of these.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        return Typed("binary", base64.b64encode(value).decode("ascii"))
    if isinstance(value, Decimal):
        return Typed("decimal", str(value))
    if isinstance(value, dt.datetime):
        aware = value.tzinfo is not None
        since = value - (_EPOCH_UTC if aware else _EPOCH)
        return Typed("timestamp-utc" if aware else "timestamp", _nanoseconds(since))
    if isinstance(value, dt.date):
        return Typed("date", value.isoformat())
    if isinstance(value, dt.time):
        since = dt.datetime.combine(_EPOCH, value.replace(tzinfo=None)) - _EPOCH
        return Typed("time", _nanoseconds(since))
    if isinstance(value, dt.timedelta):
        return Typed("duration", _nanoseconds(value))
    raise RowError(f"a value of type {type(value).__name__} has no canonical form")


def number(value: float) -> str:
    """Write a double as ECMAScript's Number::toString does (RFC 8785, section 3.2.2.3).

    Raises:
        RowError: NaN or an infinity.
    """
    if not math.isfinite(value):
        raise RowError("a number is not finite")
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + int(exponent)
    if len(text) <= point <= 21:
        body = text + "0" * (point - len(text))
    elif 0 < point <= 21:
        body = f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        body = f"0.{'0' * -point}{text}"
    else:
        body = text[0] + (f".{text[1:]}" if len(text) > 1 else "") + f"e{point - 1:+d}"
    return f"-{body}" if sign else body


def _nanoseconds(delta: dt.timedelta) -> str:
    return str(((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds) * 1000)


def parse_with_form(raw: bytes) -> tuple[dict[str, Any], bool]:
    """Parse as `parse_row` does; tell too whether orjson's sorted output is the canonical form."""
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise RowError(f"not valid JSON: {error.msg} (column {error.colno})") from None
    if type(row) is not dict:
        raise RowError(f"a row is an object, this is {_kind(row)}")
    found = _survey(row, 1)
    if found >= _BIG or not _all_there(raw, found % _ODD):
        row = _parse_pairs(raw)
    return row, found < _ODD


def _all_there(raw: bytes, strings: int) -> bool:
    """Tell whether the text has just the quotes of so many strings; more means that some key came twice."""
    quotes = raw.count(b'"')
    if b"\\" in raw:
        if b'\\\\"' in raw:
            # A backslash before a quote may be escaped itself: only a full parse can tell.
            return False
        quotes -= raw.count(b'\\"')
    return quotes == 2 * strings


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


def _survey(value: Any, depth: int) -> int:
    """Count the strings of a value, keys included.

    `_ODD` is added for each thing that orjson would not write in canonical form, `_BIG` for each double that
    may have been a longer integer in the text.
    """
    if depth > MAX_DEPTH:
        _too_deep()
    total = 0
    if type(value) is dict:
        total = len(value)
        try:
            if not "".join(value).isascii():
                total += _ODD
        except TypeError:
            raise RowError("a key is no string") from None
        value = value.values()
    for item in value:
        kind = type(item)
        if kind is str:
            total += 1
        elif kind is dict or kind is list:
            total += _survey(item, depth + 1)
        elif kind is not int and kind is not bool:
            total += _ODD
            if kind is float and abs(item) >= 2**53:
                total += _BIG
    return total


class _NotSimple(Exception):
    """Only the exact path can write this."""


def _simplified(value: Any) -> Any:
    """Drop null members and write doubles that are integers as such, for orjson to write the rest."""
    kind = type(value)
    if kind is str or kind is int or kind is bool:
        return value
    if kind is dict:
        # Below U+D800, UTF-8 and UTF-16 sort alike.
        names = "".join(value)
        if not names.isascii() and max(names) >= "\ud800":
            raise _NotSimple
        return {key: _simplified(item) for key, item in value.items() if item is not None}
    if kind is list:
        return [None if item is None else _simplified(item) for item in value]
    if kind is float:
        if value.is_integer() and abs(value) < 2**53:
            return int(value)
        if 1e-4 <= abs(value) < 1e15:
            return value
    raise _NotSimple


def _write(value: object, out: list[str], depth: int) -> None:
    if isinstance(value, str):
        out.append(json.dumps(value, ensure_ascii=False))
    elif value is None:
        out.append("null")
    elif isinstance(value, bool):
        out.append("true" if value else "false")
    elif isinstance(value, int):
        out.append(int.__repr__(value))
    elif isinstance(value, float):
        out.append(number(float(value)))
    elif isinstance(value, Typed):
        out.append(f"!{value.kind}:{value.text}")
    elif isinstance(value, Mapping):
        _write_object(value, out, depth)
    elif isinstance(value, list | tuple):
        _write_list(value, out, depth)
    else:
        _write(typed(value), out, depth)


def _write_list(value: list[object] | tuple[object, ...], out: list[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        _too_deep()
    out.append("[")
    for place, item in enumerate(value):
        if place:
            out.append(",")
        _write(item, out, depth + 1)
    out.append("]")


def _write_object(value: Mapping[Any, object], out: list[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        _too_deep()
    if not all(isinstance(key, str) for key in value):
        raise RowError("a key is no string")
    members = [(key, item) for key, item in value.items() if item is not None]
    members.sort(key=lambda member: member[0].encode("utf-16-be", "surrogatepass"))
    out.append("{")
    for place, (key, item) in enumerate(members):
        out.append(f"{',' if place else ''}{json.dumps(key, ensure_ascii=False)}:")
        _write(item, out, depth + 1)
    out.append("}")


def _too_deep() -> NoReturn:
    raise RowError(f"nested deeper than {MAX_DEPTH} levels")


def _kind(value: object) -> str:
    names = {list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "null")
