"""The settings of a trainer, as a file or as arguments of its command: teachers and data that they name."""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.domain.permit import Permit
from auditor.errors import RefusedError, UsageError
from auditor.gate.teachers import check_teachers, flatten, named_teachers
from auditor.printable import name_of

_DATA = re.compile(
    r"(.*\.)?(datasets?(\[\d+\])?(\.(path|data_files(\[\d+\])?|name|dataset))?|train_(files?|datasets?|data|file_path)|"
    r"dataset_(name|path|mixture)|prompt_data(set)?|(pretraining|val|eval|test)_(datasets?|files?)|"
    r"data_(path|files)|pretrain_data)(\[\d+\])?(\.path)?"
)
_LARGEST = 4 << 20


def read_settings(path: Path) -> dict[str, Any]:
    """Read a trainer's file of settings, YAML or JSON.

    Raises:
        UsageError: it cannot be read, or holds no mapping.
    """
    from auditor.strict_yaml import read

    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(
                "the trainer's settings are too long", where=str(path), fix="name the right file"
            )
        value = json.loads(path.read_text("utf-8")) if path.suffix == ".json" else None
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not valid JSON"
        raise UsageError(
            f"the trainer's settings cannot be read: {reason}", where=str(path), fix="check the file"
        ) from None
    if value is None:
        value = read(path, UsageError, path.name).data
    if not isinstance(value, dict):
        raise UsageError(
            "the trainer's settings are no mapping of keys", where=str(path), fix="name the file"
        )
    return value


def settings_of(command: Sequence[str]) -> dict[str, Any]:
    """Return the settings that a command's arguments give: `--key value`, `--key=value` and `key=value`."""
    found: dict[str, list[str]] = {}
    key = ""
    for word in command[1:]:
        named = re.match(r"(?:--?|\+{1,2})?([A-Za-z_][\w.@-]*)=(.*)", word, re.DOTALL)
        if named:
            key = ""
            found.setdefault(named[1], []).append(named[2])
        elif re.match(r"--?[A-Za-z_]", word):
            key = word.lstrip("-")
        elif key:
            found.setdefault(key, []).append(word)
    return {
        name.replace("-", "_"): values[0] if len(values) == 1 else values for name, values in found.items()
    }


def check_settings(
    permit: Permit, files: Iterable[Path], command: Sequence[str], places: Sequence[str]
) -> tuple[str, ...]:
    """Refuse a command whose settings name a teacher, or a file whose settings name data, beyond the permit.

    Returns:
        Data that the command's own arguments name and that is not the permitted one, to be said.

    Raises:
        RefusedError: a model that the permit does not hold, or data that is not the gated one.
        UsageError: a file cannot be read.
    """
    read = [(path, read_settings(path)) for path in files]
    given = settings_of(command)
    used = [replace(one, file=path.name) for path, held in read for one in named_teachers(held)]
    check_teachers(permit, (*used, *named_teachers(given)))
    foreign = [f"{name_of(name)} ({path.name}: {key})" for path, held in read
               for key, name in _foreign(held, path.parent, places)]  # fmt: skip
    if foreign:
        raise RefusedError(
            f"the trainer's settings name data that the permit does not cover: {', '.join(foreign)}",
            fix="give it by --dataset too, or take it out of the settings",
        )
    return tuple(f"{name_of(name)} (--{key})" for key, name in _foreign(given, Path(), places))


def _foreign(settings: Mapping[str, Any], base: Path, places: Sequence[str]) -> Iterator[tuple[str, str]]:
    registry = _registry(settings, base)
    for key, value in flatten(settings):
        if not isinstance(value, str) or not value.strip() or not _DATA.fullmatch(key.lower()):
            continue
        for name in (part.strip() for part in value.split(",")):
            if name and not any(
                _is_gated(one, places) for one in (*registry.get(name, ()), Path(name), base / name)
            ):
                yield key, name


def _registry(settings: Mapping[str, Any], base: Path) -> dict[str, tuple[Path, ...]]:
    """Return the files behind the names that `dataset_info.json` of a `dataset_dir` gives."""
    folder = settings.get("dataset_dir", "data")
    found: dict[str, tuple[Path, ...]] = {}
    for root in (Path(str(folder)), base / str(folder)):
        try:
            listed = json.loads((root / "dataset_info.json").read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        for name, entry in listed.items() if isinstance(listed, dict) else ():
            if isinstance(entry, dict) and isinstance(entry.get("file_name"), str):
                found[str(name)] = (root / entry["file_name"],)
    return found


def _is_gated(name: Path, places: Sequence[str]) -> bool:
    """Tell whether a path is a gated place or lies in one; a pattern, whether all that it meets does."""
    text = os.fspath(name)
    try:
        met = (
            glob.glob(text, recursive=True) if glob.has_magic(text) and not os.path.lexists(text) else [text]
        )
        gated = [Path(os.path.realpath(place)) for place in places]
        return bool(met) and all(
            os.path.exists(one) and any(Path(os.path.realpath(one)).is_relative_to(place) for place in gated)
            for one in met
        )
    except (OSError, ValueError):
        return False
