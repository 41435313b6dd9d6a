"""Make things ahead, in a thread of their own, in order and within a bound: two steps run side by side."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from threading import Condition, Thread
from typing import Generic, TypeVar

from auditor import interrupts

T = TypeVar("T")

_LEAVE = 1.0
PAYS = 8
"""More threads than so many bring nothing."""


def usual_jobs() -> int:
    """Return how many threads an audit takes unless it is told: one a processor, as many as pay."""
    with suppress(AttributeError):  # a system that does not say which processors are ours
        return min(PAYS, len(os.sched_getaffinity(0)))
    return min(PAYS, os.cpu_count() or 1)


def ahead(source: Iterator[T], size: Callable[[T], int], limit: int) -> Generator[T, None, None]:
    """Yield what `source` does, made by a thread while the ones before it are worked on.

    Close the generator (`contextlib.closing`) to be sure that the thread has ended, also after an error.

    Args:
        size: bytes of one thing.
        limit: so many bytes may wait; one thing may, whatever its size.

    Raises:
        BaseException: what `source` raises, after all that came before it.
    """
    belt = _Belt(source, size, limit)
    worker = Thread(target=belt.fill, name="auditor-ahead", daemon=True)
    worker.start()
    try:
        yield from belt
    finally:
        belt.stop()
        # After an interrupt nobody waits for a thread that compiles.
        worker.join(_LEAVE if interrupts.came() else None)


class _Belt(Generic[T]):
    """What was made and is not yet taken, between one thread that makes and one that takes."""

    def __init__(self, source: Iterator[T], size: Callable[[T], int], limit: int) -> None:
        self._source, self._size, self._limit = source, size, limit
        self._changed = Condition()
        self._waiting: deque[tuple[T, int]] = deque()
        self._bytes = 0
        self._stopped = self._ended = False
        self._error: BaseException | None = None

    def fill(self) -> None:
        """Make things until there are no more, or nobody wants them."""
        error = None
        try:
            for thing in self._source:
                if not self._put(thing):
                    break
        except BaseException as raised:
            error = raised
        try:
            if isinstance(self._source, Generator):
                self._source.close()
        except BaseException as raised:
            error = error or raised
        with self._changed:
            self._error, self._ended = error, True
            self._changed.notify_all()

    def stop(self) -> None:
        """Let the maker end: nothing more is wanted."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._changed:
                while not (self._waiting or self._ended):
                    self._changed.wait()
                if not self._waiting:
                    if self._error is not None:
                        raise self._error
                    return
                thing, size = self._waiting.popleft()
                self._bytes -= size
                self._changed.notify_all()
            yield thing
            del thing

    def _put(self, thing: T) -> bool:
        size = self._size(thing)
        with self._changed:
            while self._waiting and self._bytes + size > self._limit and not self._stopped:
                self._changed.wait()
            if self._stopped:
                return False
            self._waiting.append((thing, size))
            self._bytes += size
            self._changed.notify_all()
        return True
