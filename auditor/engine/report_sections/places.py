"""Where a file lies as seen from the working directory: what a person or a CI service can open."""

from __future__ import annotations

import os
from pathlib import Path


def seen_from_here(path: Path, *, hub: bool = False) -> str:
    """Return a path relative to the working directory, or as it was named where it lies elsewhere.

    Args:
        hub: files from elsewhere may be copies of a hub's, whose place on this machine tells nobody anything.
    """
    here = os.getcwd()
    physical = os.path.join(os.path.realpath(path.parent), path.name)
    for absolute in (os.path.abspath(path), physical):
        relative = os.path.relpath(absolute, here)
        if relative.split(os.sep)[0] != os.pardir:
            return Path(relative).as_posix()
    return "" if hub else path.as_posix()
