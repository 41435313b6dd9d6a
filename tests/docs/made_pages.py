"""Parts of pages that are made from what is tested, between two marks."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def assert_made(page: Path, begin: str, end: str, lines: Iterable[str]) -> None:
    """Hold that the lines stand between the marks; with AUDITOR_GOLDEN=write they are put there."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    made = before + begin + "".join(lines) + end + after
    if os.environ.get("AUDITOR_GOLDEN") == "write":
        page.write_text(made, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == made
