"""Fixtures that every test folder may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


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
