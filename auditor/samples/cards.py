"""The dataset card: `README.md` with YAML at its top."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_LIMIT = 1 << 20


def read_card(root: Path) -> dict[str, Any]:
    """Return the card's YAML; empty where there is no card or it is no mapping."""
    try:
        with (root / "README.md").open("rb") as file:
            text = file.read(_LIMIT).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return {}
    ends = [place for place, line in enumerate(lines[1:], 1) if line.strip() == "---"]
    if not ends:
        return {}
    import yaml

    try:
        card = yaml.safe_load("\n".join(lines[1 : ends[0]]))
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return card if isinstance(card, dict) else {}
