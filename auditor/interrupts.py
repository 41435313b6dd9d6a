"""Interrupts (Ctrl-C, SIGTERM): none is lost, and none comes between two steps that belong together.

Libraries swallow what is raised inside their callbacks, compilers among them, so that a raised interrupt may
vanish; it is kept in mind and raised again at the next look.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""A terminal sends the one, a scheduler or container the other; both leave nothing half written."""


class _State:
    came = False
    done = ""


_state = _State()


def watch() -> None:
    """Keep interrupts in mind from now on, in a program's main thread."""
    _state.came, _state.done = False, ""
    if not _is_main():
        return
    for number in _SIGNALS:
        if signal.getsignal(number) in (signal.default_int_handler, signal.SIG_DFL):
            signal.signal(number, _raise)


def ignore() -> None:
    """Let no interrupt come any more: all is done and said."""
    if _is_main():
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)


def came() -> bool:
    """Tell whether there was an interrupt, also one that was lost."""
    return _state.came


def check() -> None:
    """Raise an interrupt that was lost.

    Raises:
        KeyboardInterrupt: there was one.
    """
    if _state.came:
        raise KeyboardInterrupt


def note_done(what: str) -> None:
    """Note what stands by now, to be said where an interrupt comes later."""
    _state.done = what


def done() -> str:
    """Return what stands by now; empty where nothing does."""
    return _state.done


@contextmanager
def held_back() -> Iterator[None]:
    """Hold an interrupt back until the block has ended, then let it come.

    Raises:
        KeyboardInterrupt: one came before.
    """
    check()
    if not _is_main():
        yield
        return
    waiting: list[int] = []
    before = [signal.signal(number, lambda number, frame: waiting.append(number)) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if waiting:
            signal.raise_signal(waiting[0])


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


def _raise(number: int, frame: FrameType | None) -> None:
    _state.came = True
    raise KeyboardInterrupt
