from __future__ import annotations

import pytest

from auditor.report.words import percent, web_address


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 9, "0 %"), (9, 9, "100 %"), (1, 10**6, "0.1 %"), (10**6 - 1, 10**6, "99.9 %"), (1, 0, "–")],
)
def test_a_share_is_never_rounded_to_none_or_all(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil", "https://a b", 'https://a"x']
)
def test_only_plain_web_addresses_become_links(url: str) -> None:
    assert web_address(url) == ""
