"""When something was written: days of moments, and the names that logs give them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

_UNITS = (1, 1_000, 1_000_000, 1_000_000_000)
"""Moments are counted in seconds, thousandths, millionths or billionths of them."""
LOGGED = frozenset(
    (
        *("tstamp", "start_time", "started_at", "sent_at", "request_time", "request_created_at"),
        *("create_time", "processed_time", "start_time_unix_nano"),
    )
)
"""Names that only logs give: the moment at which a model was called."""
_ANYWHERE = frozenset(("timestamp", "created"))
MOMENTS = LOGGED | _ANYWHERE | {"created_at"}
_OF_LOGS = frozenset(
    (
        *("messages", "conversation", "conversations", "chat_messages", "full_conversation", "mapping"),
        *("history", "trajectory", "steps", "choices", "response", "responses", "output", "outputs"),
        *("completion", "completions", "generation", "generations", "request", "message", "payload"),
        *("attributes", "model_output", "turns", "conversation_a", "judgment"),
    )
)
"""Names beside which a `timestamp` is that of the call."""


def iso_day(value: Any) -> str | None:
    """Return a moment's UTC day: from a count since 1970, or the date that a text begins with."""
    if isinstance(value, str) and value.isdecimal() and value.isascii() and 10 <= len(value) <= 19:
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = next((value / unit for unit in _UNITS if 1e9 <= value / unit < 1e10), None)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC).date().isoformat()
    if isinstance(value, str) and len(value) >= 10:
        try:
            return datetime.fromisoformat(value[:10]).date().isoformat()
        except ValueError:
            return None
    return None


def is_moment(name: str, beside: Iterable[str]) -> bool:
    """Tell whether a plain name is that of the moment of a call, by the plain names beside it.

    A page of the web has a `timestamp` too, and says where it was found.
    """
    if name not in _ANYWHERE:
        return name in LOGGED
    names = frozenset(beside)
    return "url" not in names and not names.isdisjoint(_OF_LOGS)
