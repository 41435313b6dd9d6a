"""The settings of a trainer, as a file or as arguments of its command: teachers and data that they name."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.domain.permit import Permit
from auditor.errors import RefusedError, UsageError
from auditor.gate.command_line import deletes, files_in, settings_of
from auditor.gate.teachers import Used, check_teachers, flatten, named_teachers
from auditor.gate.trainer_data import foreign_data, is_gated
from auditor.printable import name_of

_LARGEST = 4 << 20
_DEEPEST = 64


def read_settings(path: Path) -> dict[str, Any]:
    """Read a trainer's file of settings, YAML or JSON.

    Raises:
        UsageError: it cannot be read, or does not hold a mapping.
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
            "the trainer's settings are not a mapping of keys", where=str(path), fix="name the file"
        )
    return value


def named_files(command: Sequence[str], places: Sequence[str]) -> list[Path]:
    """Return the files of settings that a command names; not the gated data, nor lists in JSON."""
    found = [path for path in files_in(command) if not is_gated(path, places)]
    return [path for path in found if path.suffix.lower() != ".json" or _is_mapping(path)]


def _is_mapping(path: Path) -> bool:
    try:
        with path.open("rb") as opened:
            return not opened.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    except OSError:
        return True


def check_settings(
    permit: Permit, files: Iterable[Path], command: Sequence[str], places: Sequence[str]
) -> tuple[str, ...]:
    """Refuse a command whose settings name a teacher, or a file whose settings name data, beyond the permit.

    Files that the command names are read like `files`; all of them and the command's arguments are one.

    Returns:
        Data that the command's own arguments name and that is not the permitted one, to be said.

    Raises:
        RefusedError: a model that the permit does not hold, or data that is not the gated one.
        UsageError: a file cannot be read.
    """
    paths = {os.path.realpath(path): path for path in (*files, *named_files(command, places))}
    read = [(path, read_settings(path)) for path in paths.values()]
    given = settings_of(command)
    if any(_is_deep(held) for held in (given, *(held for _, held in read))):
        raise UsageError("the trainer's settings are nested too deeply", fix="check files and command")
    sources = [*((path.name, dict(flatten(held))) for path, held in read), ("", dict(flatten(given)))]
    check_teachers(permit, _used(sources, never_off=deletes(command)))
    folders = _folders(flat for _, flat in sources)
    foreign = [f"{name_of(name)} ({path.name}: {key})" for path, held in read
               for key, name in foreign_data(held, path.parent, places, folders)]  # fmt: skip
    if foreign:
        raise RefusedError(
            f"the trainer's settings name data that the permit does not cover: {', '.join(foreign)}",
            fix="give it by --dataset too, or take it out of the settings",
        )
    own = foreign_data(given, Path(), places, folders)
    return tuple(f"{name_of(name)} (--{key})" for key, name in own)


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        held = [one for one in level if isinstance(one, dict | list)]
        level = [item for one in held for item in (one.values() if isinstance(one, dict) else one)]
    return bool(level)


def _used(sources: Sequence[tuple[str, Mapping[str, Any]]], *, never_off: bool) -> Iterator[Used]:
    """Yield the models of all settings, each with every revision that any of them gives it.

    What is switched off in one place and on in another counts as on.
    """
    flats = [flat for _, flat in sources]
    switches = {
        key: not never_off and all(_says_no(flat[key]) for flat in flats if key in flat)
        for flat in flats
        for key in flat
        if key.rpartition(".")[2] in ("enable", "enabled")
    }
    revisions = [(key, value) for flat in flats for key, value in flat.items() if _is_revision(key)]
    for file, flat in sources:
        own = {key: value for key, value in flat.items() if not _is_revision(key)}
        for one in named_teachers({**own, **{key: not off for key, off in switches.items()}}):
            alone = (named_teachers({one.key: one.name, key: value}) for key, value in revisions)
            held = {found.revision for models in alone for found in models if found.key == one.key}
            for revision in (*sorted(filter(None, held)),) or (None,):
                yield replace(one, revision=revision, file=file)


def _is_revision(key: str) -> bool:
    return re.sub(r"\[\d+\]", "", key.lower()).endswith("revision")


def _says_no(value: Any) -> bool:
    return str(value).lower() in ("false", "no", "off", "0")


def _folders(flats: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the folders that may hold LLaMA-Factory's registry of data sets."""
    named = [value for flat in flats for key, value in flat.items()
             if re.fullmatch(r"(.*\.)?dataset_d(ir?)?(\[\d+\])?", key)]  # fmt: skip
    return tuple(dict.fromkeys(str(one) for one in named if one)) or ("data",)
