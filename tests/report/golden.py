"""Compare rendered bytes with the files in tests/golden/report; AUDITOR_GOLDEN=write renews them."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden" / "report"


def assert_golden(name: str, content: bytes) -> None:
    path = FOLDER / name
    if os.environ.get("AUDITOR_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert content.decode() == path.read_bytes().decode()
