"""Fixtures that every test folder may use."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.effort import tries

USUAL = settings()
settings.register_profile(
    "part",
    USUAL,
    max_examples=tries(USUAL.max_examples),
    deadline=None,  # a busy machine fails no test
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("part")


def pytest_collection_finish() -> None:
    """Take thousands of tests and what they import out of the garbage collector's sight."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; a clone without it skips the tests that need it."""
    folder = Path(os.environ.get("AUDITOR_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("real data not here: set AUDITOR_SHARED to its folder")
    return folder


@pytest.fixture(scope="session", autouse=True)
def not_in_ci() -> Iterator[None]:
    """Run tests and fixtures as on a person's machine; a test about CI sets what it needs itself."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE"):
            environment.delenv(name, raising=False)
        yield
