"""The hash chain: each event names the hash of the one before, so that history cannot be edited quietly.

An entry's hash is the SHA-256 of the RFC 8785 form of its other fields. Cutting entries off the end leaves a
valid chain; only a head kept (and signed) elsewhere shows that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, select

from auditor.canonical import RowError, rfc8785
from auditor.ledger.plain import from_text, to_text
from auditor.ledger.tables import Event

GENESIS = "0" * 64
"""What the first entry names as the hash before it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: all that a signature must cover to pin the whole history."""

    index: int
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not hold.

    Attributes:
        index: of the entry; None where no entry covers what is wrong.
    """

    index: int | None
    reason: str


def instant(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC, to the second.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def entry_hash(index: int, at: str, kind: str, body: Any, previous: str) -> str:
    """Return the hash of an entry, as hex."""
    entry = {"index": index, "at": at, "kind": kind, "body": body, "previous": previous}
    return hashlib.sha256(rfc8785(entry)).hexdigest()


def read_head(session: Session) -> Head | None:
    """Return the head; None for an empty chain."""
    event = session.exec(select(Event).order_by(col(Event.index).desc()).limit(1)).first()
    return None if event is None else Head(event.index, event.hash)


def next_place(session: Session) -> tuple[int, str]:
    """Return the index of the next entry and the hash that it names as the one before it."""
    last = read_head(session)
    return (0, GENESIS) if last is None else (last.index + 1, last.hash)


def append(session: Session, moment: datetime, kind: str, body: Mapping[str, Any]) -> Head:
    """Add an entry; the caller holds the writer's lock."""
    index, previous = next_place(session)
    at, text = instant(moment), to_text(body)
    hashed = entry_hash(index, at, kind, from_text(text), previous)
    session.add(Event(index=index, at=at, kind=kind, body=text, previous=previous, hash=hashed))
    session.flush()
    return Head(index, hashed)


def events(session: Session) -> Iterator[Event]:
    """Yield all entries in order, a thousand in memory at a time."""
    statement = select(Event).order_by(col(Event.index)).execution_options(yield_per=1000)
    yield from session.exec(statement)


def check_entry(event: Event, index: int, previous: str) -> str | None:
    """Return why an entry is not the one that belongs at `index` after `previous`; None where it is."""
    if event.index != index:
        return f"entry {index} is missing"
    if event.previous != previous:
        return "it does not follow from the entry before"
    try:
        body = from_text(event.body)
        hashed = entry_hash(event.index, event.at, event.kind, body, event.previous)
    except (ValueError, RowError):
        return "its body is not JSON"
    return None if hashed == event.hash else "its content was changed"
