"""The shipped knowledge, loaded once."""

from __future__ import annotations

import pytest

from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.load import load_knowledge


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The shipped knowledge without an overlay."""
    return load_knowledge()
