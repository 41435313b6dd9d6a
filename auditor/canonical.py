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
import re
from collections.abc import Mapping
from decimal import Decimal
from types import NoneType
from typing import Any, NamedTuple, NoReturn

import orjson

from auditor.errors import InputError

MAX_DEPTH = 128
"""Objects and lists nested deeper than this are refused."""
LONG = 1 << 60
"""Counted as members dropped for a double that may have been a longer integer in the text."""

_FLOATS = {float}
_AS_THEY_ARE = {str, int, bool, NoneType}
_MINUS_ZERO = re.compile(rb"-0(?=[],}])")
_UPPER = (b"\xee", b"\xef")
_ABOVE = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
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
        RowError: no JSON object, a lone surrogate, a number that is no double, or too deep.
    """
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise RowError(f"not valid JSON: {error.msg} (column {error.colno})") from None
    if type(row) is not dict:
        raise RowError(f"a row is an object, this is {_kind(row)}")
    prepared, dropped = _prepared(row, 1)
    return row, _dumps(prepared), dropped


def canonical(value: object) -> bytes:
    """Return the canonical form of a value in UTF-8; the exact path, which the fast one must equal.

    Raises:
        RowError: the value has no canonical form.
    """
    return _exact(value, 1)


def encode(row: Mapping[str, Any]) -> bytes:
    """Return what `canonical` returns, faster: orjson writes whatever it writes in canonical form.

    Raises:
        RowError: the row has no canonical form.
    """
    form = _dumps(_prepared(row, 1)[0]) if type(row) is dict else None
    return canonical(row) if form is None else form


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
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(power or 0) - (len(whole + fraction) - len(digits))
    text = digits.rstrip("0")
    if len(text) <= point <= 21:
        body = text + "0" * (point - len(text))
    elif 0 < point <= 21:
        body = f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        body = f"0.{'0' * -point}{text}"
    else:
        body = text[0] + (f".{text[1:]}" if len(text) > 1 else "") + f"e{point - 1:+d}"
    return f"-{body}" if value < 0 else body


def _nanoseconds(delta: dt.timedelta) -> str:
    whole = ((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds) * 1000
    return str(whole + getattr(delta, "nanoseconds", 0))  # pandas counts on below a microsecond


def _dumps(value: dict[str, Any]) -> bytes | None:
    """Write a prepared row; None where only the exact path can."""
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
        _too_deep()
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
    return orjson.Fragment(_exact(item, depth + 1)), 0


def _prepared_list(value: list[Any], depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        _too_deep()
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


def _exact(value: object, depth: int) -> bytes:
    out: list[str] = []
    _write(value, out, depth)
    try:
        return "".join(out).encode("utf-8")
    except UnicodeEncodeError:
        raise RowError("a string holds a lone surrogate") from None


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
