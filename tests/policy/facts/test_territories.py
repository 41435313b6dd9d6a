from __future__ import annotations

from auditor.policy.facts.territories import place_of


def test_a_place_goes_by_its_usual_names_or_is_unknown() -> None:
    assert [place_of(words) for words in ("Germany", "E.U.", "uk", "Korea", "us", "Narnia")] == [
        "EU", "EU", "GB", "KR", "US", None,
    ]  # fmt: skip
