"""Traced calls: the spans of OpenTelemetry and of the tools that write their own names into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from auditor.samples.claims.attributes import key_values
from auditor.samples.claims.column_names import plain_name
from auditor.samples.claims.moments import MOMENTS, iso_day

_ANSWERED = ("gen_ai.response.model", "ai.response.model", "llm.response.model")
_ASKED = (
    *("gen_ai.request.model", "llm.model_name", "langfuse.observation.model.name", "mlflow.llm.model"),
    *("ai.model.id", "llm.request.model"),
)
_HOSTS = (
    *("server.address", "gen_ai.provider.name", "gen_ai.system", "llm.provider", "ai.model.provider"),
    "mlflow.llm.provider",
)
_AROUND = ("spans", "resourceSpans", "scopeSpans", "resource_spans", "scope_spans", "data", "trace")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class TracedCall:
    """What one span says of a call of a model."""

    answered: str | None
    where: str
    asked: str | None
    asked_where: str
    host: str | None
    day: str | None


def span_facts(row: dict[str, Any]) -> list[TracedCall] | None:
    """Return the calls of models in a row that is a span or holds spans; None where it holds none."""
    found = [call for span, at in _spans(row, "", 0) for call in _calls(span, at)]
    return found or None


def _spans(value: dict[str, Any], at: str, depth: int) -> Iterator[tuple[dict[str, Any], str]]:
    if "attributes" in value:
        yield value, at
    for name in _AROUND:
        inner = value.get(name)
        if depth < _DEEPEST and isinstance(inner, dict | list):
            place = f"{at}{name}{'[]' if isinstance(inner, list) else ''}."
            for one in inner if isinstance(inner, list) else [inner]:
                if isinstance(one, dict):
                    yield from _spans(one, place, depth + 1)


def _calls(span: dict[str, Any], at: str) -> Iterator[TracedCall]:
    held = span["attributes"]
    facts = held if isinstance(held, dict) else key_values(held)
    if facts is None:
        return
    answered, where = _first(facts, _ANSWERED, at)
    asked, asked_where = _first(facts, _ASKED, at)
    if answered or asked:
        days = (iso_day(value) for name, value in span.items() if plain_name(name) in MOMENTS)
        host, _ = _first(facts, _HOSTS, at)
        yield TracedCall(answered, where, asked, asked_where, host, next((one for one in days if one), None))


def _first(facts: dict[str, Any], names: tuple[str, ...], at: str) -> tuple[str | None, str]:
    for name in names:
        value = facts.get(name)
        if isinstance(value, str) and value.startswith('"'):
            value = _unquoted(value)
        if isinstance(value, str) and value.strip():
            return value.strip(), f"{at}attributes.{name}"
    return None, f"{at}attributes.{names[0]}"


def _unquoted(text: str) -> Any:
    """Return the text that stands as JSON in an attribute, as MLflow writes them."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
