"""The dataset card: `README.md` with YAML at its top."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from auditor.errors import InputError
from auditor.samples.inputs.boxed import read_side
from auditor.strict_yaml import Limits, parse

_LIMITS = Limits(size=1 << 20, nodes=200_000)
"""Cards of sets with many configurations list hundreds of files."""
_LINE = re.compile(r"(?m)^[ \t]*[{\-]?[ \t]*[\"']?[A-Za-z][\w -]*[\"']?[ \t]*:(?=\s|$)")
_LICENSE = re.compile(r"(?im)^\W*licen[sc]e")
_STATED = re.compile(
    r"(?im)^[ \t]*[{\-]?[ \t]*[\"']?(licen[sc]es?(_name|_link)?|source_datasets|teachers?|teacher_model"
    r"|generator|generation_model)[\"']?[ \t]*:(?=\s|$)"
)
"""A line of YAML that says what a card is read for."""
_COMMENTS = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
_FIRST_LINES = 64
"""A rule of dashes among these may be meant to open the YAML."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; that of UTF-32 begins as that of UTF-16 does."""
_LOST = "\ufffd"
UNREADABLE = "a card that cannot be read"
"""Stands for the license of a card that is closed to us or broken, which may forbid anything."""


def read_card(root: Path) -> dict[str, Any]:
    """Return the card's YAML, its names in lower case; empty where there is none.

    A card that breaks YAML, or what is accepted of it (`auditor.strict_yaml`), has the license `UNREADABLE`.
    So has one whose YAML is not closed, or does not stand at the top.
    """
    text = _read(root)
    return {"license": UNREADABLE} if text is None else dict(_parsed(text))


@lru_cache(32)
def _parsed(text: str) -> dict[str, Any]:
    """Return a card's YAML; the same card is asked for by each who looks for facts, for each file."""
    head = _head(text)
    if head is None:
        return {"license": UNREADABLE} if _LOST in text or _has_loose_head(text) else {}
    if _LOST in head:
        return {"license": UNREADABLE}
    try:
        card = parse(head, "README.md", InputError, limits=_LIMITS).data
    except InputError:
        return _passed_over(head)
    if not isinstance(card, dict):
        # Prose between two rules is not a broken card.
        return {"license": UNREADABLE} if _LICENSE.search(head) else {}
    lowered = {name.lower(): value for name, value in card.items()}
    return lowered if len(lowered) == len(card) else _passed_over(head)


def body(text: str) -> str:
    """Return a card's text without the YAML at its top."""
    head = _head(text)
    return text if head is None else text.strip()[len(head) + 3 :]


def decoded(data: bytes) -> str | None:
    """Return a text in the encoding that its first bytes name, else UTF-8; None for what is not a text.

    Bytes that mean nothing there become U+FFFD.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    text = data.decode(encoding or "utf-8", "replace").removeprefix("\ufeff")
    # Text of two or four bytes a sign, without a mark.
    return None if "\0" in text else text


def _passed_over(head: str) -> dict[str, Any]:
    return {"license": UNREADABLE} if _LINE.search(head) or _LICENSE.search(head) else {}


def _read(root: Path) -> str | None:
    """Return the card's text, empty where there is none; None for one that we cannot read whole."""
    try:
        cards = sorted(path for path in root.iterdir() if path.name.lower() == "readme.md")
    except OSError:
        return ""
    if not cards:
        return ""
    try:
        # Capitals come first: `README.md` is the card where there are several.
        data = read_side(cards[0], _LIMITS.size + 1)
    except IsADirectoryError:
        return ""
    except OSError:
        return None
    text = decoded(data)
    if text is None or len(data) <= _LIMITS.size:
        return text
    # A cut may go through a sign.
    text = text.rstrip(_LOST)
    return text if _head(text) is not None or not text.lstrip().startswith(("---", "<!--")) else None


def _head(text: str) -> str | None:
    lines = text.strip().splitlines()
    if not lines or lines[0].strip() != "---":
        return None
    # Within a text of several lines such a line is indented.
    ends = [place for place, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")]
    return "\n".join(lines[1 : ends[0]]) if ends else None


def _has_loose_head(text: str) -> bool:
    """Tell whether YAML stands in the card that is not closed, or not at the top."""
    lines = _without_comments(text).strip().splitlines()
    for place, line in enumerate(lines[:_FIRST_LINES]):
        if line.strip() == "---" or line.startswith("--- "):
            after = [line.strip()[3:], *lines[place + 1 :]]
            if _STATED.search("\n".join(_up_to_rule(after))):
                return True
    return False


def _without_comments(text: str) -> str:
    while match := _COMMENTS.match(text):
        text = text[match.end() :]
    return text


def _up_to_rule(lines: list[str]) -> list[str]:
    ends = [place for place, line in enumerate(lines) if line.strip() in ("---", "...")]
    return lines[: ends[0]] if ends else lines
