"""How much a test tries: a part by default, all of it with AUDITOR_TEST_EFFORT=full, as before a release."""

from __future__ import annotations

import os

_FULL = os.environ.get("AUDITOR_TEST_EFFORT") == "full"


def tries(most: int) -> int:
    """Return how many examples or rounds to try of those that a release tries."""
    return most if _FULL else max(most // 4, 10)
