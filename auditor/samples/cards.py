"""The dataset card: `README.md` with YAML at its top."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from auditor.errors import InputError
from auditor.strict_yaml import Limits, parse

_LIMITS = Limits(size=1 << 20, nodes=200_000)
"""Cards of sets with many configurations list hundreds of files."""
_LINE = re.compile(r"(?m)^[ \t]*[{\-]?[ \t]*[\"']?[A-Za-z][\w -]*[\"']?[ \t]*:(?=\s|$)")
_LICENSE = re.compile(r"(?im)^\W*licen[sc]e")
UNREADABLE = "a card that cannot be read"
"""Stands for the license of a card that is closed to us or broken, which may forbid anything."""


def read_card(root: Path) -> dict[str, Any]:
    """Return the card's YAML, its names in lower case; empty where there is none.

    A card that breaks YAML, or what is accepted of it (`auditor.strict_yaml`), has the license `UNREADABLE`.
    """
    text = _read(root)
    if text is None:
        return {"license": UNREADABLE}
    head = _head(text)
    if head is None:
        return {}
    try:
        card = parse(head, "README.md", InputError, limits=_LIMITS).data
    except InputError:
        return _passed_over(head)
    if not isinstance(card, dict):
        # Prose between two rules is no broken card.
        return {"license": UNREADABLE} if _LICENSE.search(head) else {}
    lowered = {name.lower(): value for name, value in card.items()}
    return lowered if len(lowered) == len(card) else _passed_over(head)


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
        with cards[0].open("rb") as file:
            data = file.read(_LIMITS.size + 1)
    except IsADirectoryError:
        return ""
    except OSError:
        return None
    text = data.decode("utf-8-sig", "replace")
    whole = len(data) <= _LIMITS.size or _head(text) is not None or text.lstrip()[:3] != "---"
    return text if whole else None


def _head(text: str) -> str | None:
    lines = text.strip().splitlines()
    if not lines or lines[0].strip() != "---":
        return None
    ends = [place for place, line in enumerate(lines[1:], 1) if line.strip() == "---"]
    return "\n".join(lines[1 : ends[0]]) if ends else None
