"""How much a test tries: a part on a person's machine, all of it with AUDITOR_TEST_EFFORT=full, as in CI."""

from __future__ import annotations

import os

_FULL = os.environ.get("AUDITOR_TEST_EFFORT") == "full"


def tries(most: int) -> int:
    """Return how many examples or rounds to try of those that CI tries."""
    return most if _FULL else max(most // 4, 10)
