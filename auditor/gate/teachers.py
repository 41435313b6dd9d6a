"""Models that a trainer asks for logits, rewards or judgments, held against those that the permit names.

Such a teacher leaves no row, so that no row digest tells of it: its name in the trainer's settings does.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from auditor.domain.permit import Permit
from auditor.errors import RefusedError
from auditor.gate.teacher_keys import is_vague, names_model, numbered, roles_of, share_of, teaches, word_in
from auditor.printable import plain


@dataclass(frozen=True, slots=True)
class Used:
    """A model that a trainer is about to ask."""

    key: str
    """The setting that names it, dotted."""
    name: str
    """Empty where the trainer holds a model that bears no name."""
    revision: str | None = None
    file: str = ""
    """The file of settings that it stands in."""


def check_teachers(permit: Permit, used: Iterable[Used]) -> None:
    """Refuse models that the permit does not hold: by name, by what they do, and by revision.

    Raises:
        RefusedError: there is one; the message names all of them.
    """
    missing = [one for one in used if not any(_is(one, declared) for declared in permit.trainer_teachers)]
    if missing:
        several = len(missing) > 1
        raise RefusedError(
            f"the trainer asks {'models' if several else 'a model'} that the permit does not hold: "
            + ", ".join(dict.fromkeys(_said(one) for one in missing)),
            fix="name each in the plan's trainer_teachers, as the trainer does, with its role; audit again",
        )


def named_teachers(settings: Mapping[str, Any], revision: str | None = None) -> Iterator[Used]:
    """Yield the models that settings name, whatever the trainer: keys may be nested or dotted."""
    flat = {key: numbered(key, value) for key, value in _opened(settings)}
    yield from (one for one in _shares(flat, revision) if not _is_off(f"{one.key}.{one.name}", flat))
    named = {key: value for key, value in flat.items() if names_model(key, value) and not _is_off(key, flat)}
    exact = [key for key in named if not is_vague(key, flat[key])]
    for key, value in named.items():
        if not is_vague(key, value) or not any(one.startswith(_around(key)) for one in exact):
            found = revisions_of(key, settings) or (revision,)
            yield from (Used(key, value, one) for one in found)


def _opened(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what `flatten` does, mappings and lists that are written as JSON in one text too."""
    for key, value in flatten(settings):
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") and teaches(key):
            try:
                yield from flatten(json.loads(value), key)
                continue
            except (ValueError, RecursionError):
                pass
        yield key, value


def _shares(flat: Mapping[str, Any], revision: str | None) -> Iterator[Used]:
    for key, value in flat.items():
        share = share_of(key)
        if share and isinstance(value, int | float) and not isinstance(value, bool):
            yield Used(*share, revision)


def _around(key: str) -> str:
    """Return how the keys start that lie with a vague one; torchtune's checkpointer is beside its model."""
    parent = key.rpartition(".")[0]
    return re.sub(r"(model|checkpointer)$", "", parent) if key.endswith("_component_") else f"{parent}."


def flatten(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every single value with its dotted key; members of lists bear `[n]`."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from flatten(item, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from flatten(item, f"{key}[{number}]")
    else:
        yield key, value


def _is_off(key: str, flat: Mapping[str, Any]) -> bool:
    """Tell whether the part of the settings that a key lies in is switched off."""
    parts = key.split(".")
    above = (".".join(parts[:length]) for length in range(1, len(parts)))
    return any(flat.get(f"{one}.{name}") is False for one in above for name in ("enable", "enabled"))


def revisions_of(key: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return every revision that settings give for the model that a key names: which one is taken differs."""
    word = word_in(key)
    parent = key.rpartition(".")[0]
    found: dict[str, None] = {}
    for place, value in _opened(settings):
        lowered = place.lower()
        if not value or not lowered.endswith("revision") or "tokenizer" in lowered:
            continue
        above = place.rpartition(".")[0]
        near = (above == parent) or (above and key.startswith(f"{above}."))
        beneath = bool(parent) and place.startswith(f"{parent}.")
        apart = place.partition(".")[0] != key.partition(".")[0]
        named = word is not None and word in lowered
        if (named and (near or beneath or apart)) or (
            parent and above == parent and lowered.endswith(".revision")
        ):
            found[str(value)] = None
    return tuple(found)


def _is(used: Used, declared: Mapping[str, Any]) -> bool:
    if not used.name or str(declared.get("role")) not in roles_of(used.key):
        return False
    if not _same(used.name, str(declared.get("name") or ""), str(declared.get("host") or "")):
        return False
    wanted = declared.get("revision")
    return wanted is None or str(wanted) == used.revision


def _same(used: str, name: str, host: str) -> bool:
    if "://" in used:
        return used.rstrip("/") in (name.rstrip("/"), host.rstrip("/")) or (
            bool(host) and _host(used) == host
        )
    if used.rstrip("/") == name.rstrip("/"):
        return True
    return os.path.lexists(used) and os.path.realpath(used) == os.path.realpath(name)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _said(one: Used) -> str:
    revision = f" at revision {one.revision}" if one.revision else ""
    place = f"{one.file}: {one.key}" if one.file else one.key
    return plain(f"{one.name or 'a model without a name'}{revision} ({place})")
