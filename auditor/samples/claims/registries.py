"""A trainer's registry of data sets, LLaMA-Factory's `dataset_info.json`: which sets a file is said to be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

_HUBS = ("hf_hub_url", "ms_hub_url", "om_hub_url", "script_url")


def of_registry(held: Any, path: Path, file: Path) -> list[tuple[str, ...]] | None:
    """Return the names that a registry's entries for a file give it; None for what is no registry.

    An entry's own name is one, and so are the addresses on hubs that stand beside the file's name.
    """
    if not isinstance(held, dict) or not held or not all(_is_entry(one) for one in held.values()):
        return None
    return [
        (str(name), *(one[key] for key in _HUBS if isinstance(one.get(key), str)))
        for name, one in held.items()
        if isinstance(one.get("file_name"), str) and _is_of(path.parent / one["file_name"], file)
    ]


def _is_entry(one: Any) -> bool:
    return isinstance(one, dict) and not {"file_name", *_HUBS, "cloud_file_name"}.isdisjoint(one)


def _is_of(said: Path, file: Path) -> bool:
    """Tell whether an entry speaks of a file, by its path or as one of the files of a folder."""
    try:
        one, other = os.path.realpath(said), os.path.realpath(file)
    except (OSError, ValueError):
        return False
    return one == other or other.startswith(one + os.sep)
