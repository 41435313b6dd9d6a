"""Undo encodings that stand in a text: escapes, entities, tags, percent signs, base64, hex."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from auditor.fingerprint.disguise.view import Disguise, View

_READABLE = 0.9
_SHORTEST = 12
"""Characters that a decoded run must have: shorter ones are keys and hashes."""
_PLAIN_ESCAPE = r"\\[nrtbf\"'\\/]"
_CODED_ESCAPE = (
    r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})(?:\\u([Dd][C-Fc-f][0-9A-Fa-f]{2}))?"
    r"|x([0-9A-Fa-f]{2})|U([0-9A-Fa-f]{8}))"
)
_ESCAPE = re.compile(f"{_CODED_ESCAPE}|{_PLAIN_ESCAPE}")
_ESCAPES = re.compile(f"{_CODED_ESCAPE}|((?:{_PLAIN_ESCAPE})+)")
"""As many plain ones in a row as there are: each of them stands for one character."""
_PLAIN = str.maketrans("nrtbf", "\n\n\t  ")
_BYTES = re.compile(r"(?:\\x[0-9A-Fa-f]{2}){2,}|(?:\\[0-3][0-7]{2}){2,}")
_POINTS = re.compile(r"(?:U\+[0-9A-Fa-f]{4,6}[\s,]{0,2}){4,}")
_NUMBERS = re.compile(
    r"(?<![\w.])(?:\d{2,3}(?:\s|,\s?)){19,}\d{2,3}(?![\w.])|(?P<bits>(?<!\w)(?:[01]{8}\s?){12,}(?!\w))"
)
_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&#\d{2,7}(?!\d)|&#[xX][0-9A-Fa-f]{2,6}(?![0-9A-Fa-f])"
)
_TAG = re.compile(r"<!--|</?([A-Za-z][\w:-]{0,40})(?:\s[^<>]{0,2000})?/?>|<![A-Za-z][^<>]{0,200}>")
_COMMENT = re.compile(r"(<(?!!--))?.*", re.S)
"""A comment from its start to its end, with a name that it never has."""
_LONGEST_COMMENT = 4000
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PLUS = re.compile(r"(?<=[\w%,.!?;:'\")])\+(?=[\w%'\"(])")
_BASE64 = re.compile(r"(?<![\w+/-])[A-Za-z0-9+/_-]{16,}+(?:\s{1,4}[A-Za-z0-9+/_-]{16,}+)*={0,2}(?![\w+/=-])")
_BASE32 = re.compile(r"(?<![\w+/-])[A-Z2-7]{32,}+={0,6}(?![\w+/=-])")
_HEX = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:0x)?[0-9A-Fa-f]{2}[\s:,-]{0,2}){19,}(?:0x)?[0-9A-Fa-f]{2}(?![0-9A-Za-z])"
)


def _unescape(match: re.Match[str]) -> str | None:
    braced, four, low, two, eight, plain = match.groups()
    if plain is not None:
        return str(plain[1::2].translate(_PLAIN))
    if low is not None and 0xD800 <= int(four, 16) < 0xDC00:
        return chr(0x10000 + ((int(four, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00))
    point = int(braced or four or two or eight, 16)
    # A second half without a first is no character: it is left as it is written.
    rest = "" if low is None else f"\\u{low}"
    return chr(point) + rest if _is_character(point) else None


def _is_character(point: int) -> bool:
    return point < 0x110000 and not 0xD800 <= point < 0xE000


def _bytes_of(match: re.Match[str]) -> str | None:
    if match[0].startswith("\\x"):
        return _readable(bytes.fromhex(match[0].replace("\\x", "")), 1)
    return _readable(bytes(int(one, 8) for one in match[0].split("\\")[1:]), 1)


def _points(match: re.Match[str]) -> str | None:
    points = [int(one, 16) for one in re.findall(r"[0-9A-Fa-f]+", match[0].replace("U+", " "))]
    return "".join(map(chr, points)) if all(map(_is_character, points)) else None


def _numbers(match: re.Match[str]) -> str | None:
    if match["bits"]:
        digits = "".join(match[0].split())
        values = [int(digits[at : at + 8], 2) for at in range(0, len(digits), 8)]
    else:
        values = [int(one) for one in re.findall(r"\d+", match[0])]
    return _readable(bytes(values), _SHORTEST) if max(values) < 256 else None


def _base32(match: re.Match[str]) -> str | None:
    run = match[0].rstrip("=")
    try:
        return _readable(base64.b32decode(run + "=" * (-len(run) % 8)), _SHORTEST)
    except binascii.Error:
        return None


def _entity(match: re.Match[str]) -> str | None:
    decoded = html.unescape(match[0])
    return None if decoded == match[0] else decoded


def _tags(text: str) -> Iterator[re.Match[str]]:
    """Yield tags and comments; the end of a comment is looked for once, however many begin before it."""
    at, close = 0, -1
    while match := _TAG.search(text, at):
        at = match.end()
        if match[0] != "<!--":
            yield match
            continue
        if close < at:
            close = text.find("-->", at)
            close = close if close >= 0 else at + len(text) + _LONGEST_COMMENT
        if close - at <= _LONGEST_COMMENT and (comment := _COMMENT.match(text, match.start(), close + 3)):
            yield comment
            at = close + 3


def _tag(match: re.Match[str]) -> str:
    return "" if (match[1] or "").lower() in _INLINE else "\n"


def _percent(match: re.Match[str]) -> str | None:
    return _readable(bytes.fromhex(match[0].replace("%", "")), 1)


def _base64(match: re.Match[str]) -> str | None:
    run = "".join(match[0].split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return _readable(base64.b64decode(run + "=" * (-len(run) % 4), validate=True), _SHORTEST)
    except binascii.Error:
        return None


def _hex(match: re.Match[str]) -> str | None:
    digits = re.sub(r"[^0-9A-Fa-f]", "", match[0].replace("0x", " "))
    return _readable(bytes.fromhex(digits), _SHORTEST) if len(digits) % 2 == 0 else None


def _readable(data: bytes, shortest: int) -> str | None:
    """Return bytes as text; None where they are none."""
    for encoding in ("utf-8", "utf-16-le") if data[1::2].count(0) * 3 > len(data) else ("utf-8",):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        shown = sum(one.isprintable() or one.isspace() for one in text)
        if len(text) >= shortest and shown >= _READABLE * len(text):
            return text
    return None


class _Step(NamedTuple):
    disguise: Disguise
    mark: str
    """What must stand in the text, before it is read more closely."""
    find: Callable[[str], Iterable[re.Match[str]]]
    decode: Callable[[re.Match[str]], str | None]
    least: int
    """How often it must stand there."""
    counted: Callable[[str], Iterable[re.Match[str]]] | None = None
    """What is counted, where `find` takes several at once."""


_STEPS = (
    _Step(Disguise.ESCAPES, "\\", _BYTES.finditer, _bytes_of, 1),
    _Step(Disguise.ESCAPES, "\\", _ESCAPES.finditer, _unescape, 3, _ESCAPE.finditer),
    _Step(Disguise.ENTITIES, "&", _ENTITY.finditer, _entity, 3),
    _Step(Disguise.PERCENT, "%", _PERCENT.finditer, _percent, 1),
    _Step(Disguise.NUMBERS, "", _NUMBERS.finditer, _numbers, 1),
    _Step(Disguise.NUMBERS, "U+", _POINTS.finditer, _points, 1),
    _Step(Disguise.BASE32, "", _BASE32.finditer, _base32, 1),
    _Step(Disguise.BASE64, "", _BASE64.finditer, _base64, 1),
    _Step(Disguise.HEX, "", _HEX.finditer, _hex, 1),
    _Step(Disguise.TAGS, "<", _tags, _tag, 4),
)
_LAYERS = 4


def _stands(step: _Step, text: str) -> bool:
    found = (step.counted or step.find)(text)
    return sum(1 for _ in zip(range(step.least), found, strict=False)) == step.least


def decoded(view: View) -> View:
    """Undo every encoding, several over one another too; returns the same view where there is none."""
    for _ in range(_LAYERS):
        before = view
        for step in _STEPS:
            if step.mark in view.text and _stands(step, view.text):
                view = view.replaced(step.find(view.text), step.decode, step.disguise) or view
                if (
                    step.disguise is Disguise.PERCENT
                    and Disguise.PERCENT in view.undone
                    and " " not in view.text
                ):
                    view = view.replaced(_PLUS.finditer(view.text), lambda _: " ", step.disguise) or view
        if view is before:
            break
    return view
