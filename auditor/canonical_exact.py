"""Canonical JSON written value by value: what `auditor.canonical` writes fast must equal this.

`canonical` is the form of rows and facts; `rfc8785` is RFC 8785 to the letter.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn

from auditor.errors import InputError

MAX_DEPTH = 128
"""Objects and lists nested deeper than this are refused."""
_SAFE = 2**53 - 1
"""Up to here every integer is a double."""
_EPOCH = dt.datetime(1970, 1, 1)
_EPOCH_UTC = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class RowError(InputError):
    """Report a row that has no canonical form."""


class Typed(NamedTuple):
    """A value that JSON has no type for; `kind` is one of the kinds that `typed` makes, or `float32`."""

    kind: str
    text: str


def canonical(value: object) -> bytes:
    """Return the canonical form of a value in UTF-8; the exact path, which the fast one must equal.

    Raises:
        RowError: the value has no canonical form.
    """
    return exact(value, 1)


def rfc8785(value: object) -> bytes:
    """Return the form of RFC 8785 to the letter, which any library writes: null members stay.

    Raises:
        RowError: the value has none: a type that JSON lacks, or an integer that a double would round.
    """
    return exact(value, 1, to_the_letter=True)


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


def exact(value: object, depth: int, *, to_the_letter: bool = False) -> bytes:
    """Return the form of a value that lies at a depth.

    Raises:
        RowError: it has none, or is nested too deep.
    """
    out: list[str] = []
    _write(value, out, depth, to_the_letter)
    try:
        return "".join(out).encode("utf-8")
    except UnicodeEncodeError:
        raise RowError("a string holds a lone surrogate") from None


def _write(value: object, out: list[str], depth: int, plain: bool) -> None:
    if isinstance(value, str):
        out.append(json.dumps(value, ensure_ascii=False))
    elif value is None:
        out.append("null")
    elif isinstance(value, bool):
        out.append("true" if value else "false")
    elif isinstance(value, int):
        if plain and abs(value) > _SAFE:
            raise RowError("an integer is beyond 2^53, where RFC 8785 would round it")
        out.append(int.__repr__(value))
    elif isinstance(value, float):
        out.append(number(float(value)))
    elif isinstance(value, Typed) and not plain:
        out.append(f"!{value.kind}:{value.text}")
    elif isinstance(value, Mapping):
        _write_object(value, out, depth, plain)
    elif isinstance(value, list | tuple) and not isinstance(value, Typed):
        _write_list(value, out, depth, plain)
    elif plain:
        raise RowError(f"JSON has no type for a value of type {type(value).__name__}")
    else:
        _write(typed(value), out, depth, plain)


def _write_list(value: list[object] | tuple[object, ...], out: list[str], depth: int, plain: bool) -> None:
    if depth > MAX_DEPTH:
        too_deep()
    out.append("[")
    for place, item in enumerate(value):
        if place:
            out.append(",")
        _write(item, out, depth + 1, plain)
    out.append("]")


def _write_object(value: Mapping[Any, object], out: list[str], depth: int, plain: bool) -> None:
    if depth > MAX_DEPTH:
        too_deep()
    if not all(isinstance(key, str) for key in value):
        raise RowError("a key is not a string")
    members = [(key, item) for key, item in value.items() if plain or item is not None]
    members.sort(key=lambda member: member[0].encode("utf-16-be", "surrogatepass"))
    out.append("{")
    for place, (key, item) in enumerate(members):
        out.append(f"{',' if place else ''}{json.dumps(key, ensure_ascii=False)}:")
        _write(item, out, depth + 1, plain)
    out.append("}")


def too_deep() -> NoReturn:
    """Refuse a value that is nested too deep."""
    raise RowError(f"nested deeper than {MAX_DEPTH} levels")
