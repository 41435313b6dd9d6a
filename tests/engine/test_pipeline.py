"""Things made ahead come in order, within a bound, and leave no thread behind."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from threading import Event

import pytest

from auditor.engine.pipeline import ahead, usual_jobs


def _ours() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "auditor-ahead"]


def test_things_come_in_the_order_in_which_they_were_made() -> None:
    with closing(ahead(iter(range(1_000)), lambda thing: thing, 50)) as things:
        assert list(things) == list(range(1_000))
    assert not _ours()


def test_no_more_waits_than_the_bound_allows() -> None:
    made, third = [0], Event()

    def make() -> Iterator[int]:
        for thing in range(10):
            made[0] = thing
            if thing == 3:
                third.set()
            yield thing

    with closing(ahead(make(), lambda thing: 10, 20)) as things:
        assert next(things) == 0
        assert third.wait(10)  # two wait, and one more is in the maker's hands
        assert made[0] == 3
        assert list(things) == list(range(1, 10))


def test_one_thing_larger_than_the_bound_goes_through() -> None:
    with closing(ahead(iter([100, 1, 100]), lambda thing: thing, 10)) as things:
        assert list(things) == [100, 1, 100]


def test_an_error_comes_after_all_that_was_made_before_it() -> None:
    def make() -> Iterator[int]:
        yield 1
        yield 2
        raise ZeroDivisionError

    with closing(ahead(make(), lambda thing: 1, 10)) as things:
        assert [next(things), next(things)] == [1, 2]
        with pytest.raises(ZeroDivisionError):
            next(things)
    assert not _ours()


def test_who_stops_early_leaves_no_thread_and_lets_the_source_clean_up() -> None:
    closed = Event()

    def make() -> Generator[int, None, None]:
        try:
            yield from range(10**9)
        finally:
            closed.set()

    inner = ahead(make(), lambda thing: 1, 5)
    with closing(ahead(inner, lambda thing: 1, 5)) as things:
        assert next(things) == 0
    assert closed.is_set()
    assert not _ours()


def test_the_usual_number_of_jobs_is_at_least_one() -> None:
    assert 1 <= usual_jobs() <= 8
