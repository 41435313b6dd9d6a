"""Names among other words of a value."""

from __future__ import annotations

from auditor.samples.claims.mentions import is_made_of_several, named_pair, pieces


def test_a_value_falls_into_steps_and_settings() -> None:
    assert pieces("load -> big-1|filter") == [("", "load"), ("", "big-1"), ("", "filter")]
    assert pieces("llm=big-1; seed: 4") == [("llm", "big-1"), ("seed", "4")]
    assert is_made_of_several("answered with big-1")
    assert not is_made_of_several("big-1")
    assert not is_made_of_several('{"by": "big-1"}')


def test_an_object_that_names_what_it_holds_is_a_pair() -> None:
    assert named_pair({"name": "llm", "value": "big-1"}) == ("llm", "big-1")
    assert named_pair({"from": "gpt", "value": "text"}) is None
    assert named_pair({"name": "Ann", "from": "human", "value": "text"}) is None
