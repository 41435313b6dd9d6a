"""Compile kernels in a process of their own, while this one works without them."""

from __future__ import annotations

import atexit
import subprocess
import sys
from collections.abc import Sequence

from auditor.jit.compile import cache_folder

_under_way: list[Making] = []


def stop_all() -> None:
    """End whatever is being compiled: of a process that ends at once none is left."""
    for making in _under_way:
        making.stop()


class Making:
    """Kernels of some modules on their way into the folder where they are kept."""

    def __init__(self, modules: Sequence[str]) -> None:
        """Begin; where nothing can be kept, or no process started, it has ended already.

        Args:
            modules: their full names.
        """
        self._process: subprocess.Popen[bytes] | None = None
        if not sys.executable or cache_folder() is None:
            return
        work = f"import sys; sys.path[:] = {sys.path!r}; import {', '.join(modules)}"
        nothing = subprocess.DEVNULL
        try:
            # -P and the path of this process: it must find the same modules, and none in the working folder.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", work], stdin=nothing, stdout=nothing, stderr=nothing
            )
        except OSError:
            return
        atexit.register(self.stop)
        _under_way.append(self)

    def ended(self) -> bool:
        """Tell whether it has ended, well or not: what is not kept is compiled where it is used."""
        return self._process is None or self._process.poll() is not None

    def stop(self) -> None:
        """End it: nobody needs them any more."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
