"""The dataset card: `README.md` with YAML at its top."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_LIMIT = 1 << 20
_LICENSE = re.compile(r"(?im)^\W*licen[sc]e")
UNREADABLE = "a card that cannot be read"
"""Stands for the license of a card that is closed to us or broken, which may forbid anything."""


def read_card(root: Path) -> dict[str, Any]:
    """Return the card's YAML, its names in lower case; empty where there is none."""
    text = _read(root)
    if text is None:
        return {"license": UNREADABLE}
    head = _head(text)
    if head is None:
        return {}
    import yaml

    try:
        node = yaml.compose(head, yaml.SafeLoader)
        card = yaml.safe_load(head)
    except (yaml.YAMLError, ValueError, RecursionError):
        return _passed_over(head)
    pairs = node.value if isinstance(card, dict) and isinstance(node, yaml.MappingNode) else ()
    names = [str(key.value).lower() for key, _ in pairs]
    if not names or len(set(names)) != len(names):
        return _passed_over(head)
    return {str(name).lower(): value for name, value in card.items()}


def _passed_over(head: str) -> dict[str, Any]:
    # Prose between two rules is no broken card.
    return {"license": UNREADABLE} if _LICENSE.search(head) else {}


def _read(root: Path) -> str | None:
    """Return the card's text, empty where there is none; None for one that cannot be opened."""
    try:
        cards = sorted(path for path in root.iterdir() if path.name.lower() == "readme.md")
    except OSError:
        return ""
    if not cards:
        return ""
    try:
        # Capitals come first: `README.md` is the card where there are several.
        with cards[0].open("rb") as file:
            return file.read(_LIMIT).decode("utf-8-sig", "replace")
    except IsADirectoryError:
        return ""
    except OSError:
        return None


def _head(text: str) -> str | None:
    lines = text.strip().splitlines()
    if not lines or lines[0].strip() != "---":
        return None
    ends = [place for place, line in enumerate(lines[1:], 1) if line.strip() == "---"]
    return "\n".join(lines[1 : ends[0]]) if ends else None
