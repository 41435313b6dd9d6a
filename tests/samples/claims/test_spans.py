"""A traced call says who answered, at whose host, and when."""

from __future__ import annotations

from auditor.samples.claims.spans import span_facts


def test_the_model_that_answered_is_told_from_the_one_that_was_asked() -> None:
    attributes = {"gen_ai.request.model": "a", "gen_ai.response.model": "b", "gen_ai.system": "openai"}
    (call,) = span_facts({"attributes": attributes, "start_time": "2025-02-03T10:00:00Z"}) or []
    assert (call.asked, call.answered, call.host, call.day) == ("a", "b", "openai", "2025-02-03")


def test_spans_within_spans_are_found_and_others_are_none() -> None:
    typed = [{"key": "llm.model_name", "value": {"stringValue": "a"}}]
    nested = {"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": typed}, {"attributes": {}}, 7]}]}]}
    (call,) = span_facts(nested) or []
    assert (call.asked, call.asked_where) == (
        "a",
        "resourceSpans[].scopeSpans[].spans[].attributes.llm.model_name",
    )
    assert span_facts({"attributes": {"color": "red"}}) is None
    assert span_facts({"data": [[1], "x"], "attributes": None}) is None


def test_a_name_in_quotes_is_a_name() -> None:
    (call,) = span_facts({"attributes": {"mlflow.llm.model": '"gpt-4o"'}}) or []
    assert call.asked == "gpt-4o"
    (call,) = span_facts({"attributes": {"mlflow.llm.model": '"gpt-4o'}}) or []
    assert call.asked == '"gpt-4o'


def test_endless_spans_end() -> None:
    row: dict[str, object] = {"attributes": {"llm.model_name": "a"}}
    for _ in range(2000):
        row = {"spans": [row]}
    assert span_facts(row) is None
