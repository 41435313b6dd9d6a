"""A moment is that of a call where a log says so, and its day is read however it is counted."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.samples.claims.moments import is_moment, iso_day


@pytest.mark.parametrize(
    "value",
    [1738577472, 1738577472.5, 1738577472000, 1738577472000000000, "1738577472000", "2025-02-03 10:11:12"],
)
def test_a_moment_has_its_day(value: Any) -> None:
    assert iso_day(value) == "2025-02-03"


@pytest.mark.parametrize(
    "value", [None, True, 7, 1e30, float("nan"), float("inf"), "soon", "2025-13-40", "9" * 19]
)
def test_what_is_no_moment_has_none(value: Any) -> None:
    assert iso_day(value) is None


@pytest.mark.parametrize(
    ("name", "beside", "is_of_a_call"),
    [
        ("tstamp", (), True),
        ("timestamp", ("messages", "model"), True),
        ("created", ("output",), True),
        ("timestamp", ("text", "url", "output"), False),
        ("timestamp", ("text",), False),
        ("birthday", ("messages",), False),
    ],
)
def test_the_moment_of_a_page_is_not_that_of_a_call(
    name: str, beside: tuple[str, ...], is_of_a_call: bool
) -> None:
    assert is_moment(name, beside) is is_of_a_call
