"""What a trainer of transformers or TRL is about to use: its models beside the student, and its rows.

A callback is not given its trainer, so it is looked for among those who are calling.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.gate.teacher_keys import names_model, teaches
from auditor.gate.teachers import Used, flatten, named_teachers, revisions_of
from auditor.gate.trainer_models import held_models, is_module, is_of_library, is_plain

_DEPTH = 64


def find_trainer(callback: object) -> tuple[Any, dict[str, Any]]:
    """Return the trainer that is calling a callback, and the variables of its methods; None where none is."""
    found: Any = None
    variables: dict[str, Any] = {}
    frame = sys._getframe(1)
    for _ in range(_DEPTH):
        held = frame.f_locals.get("self")
        if _has(held, callback):
            found = held
            for name, value in list(frame.f_locals.items()):
                if value is not None and teaches(name):
                    variables.setdefault(name, value)
        if frame.f_back is None:
            break
        frame = frame.f_back
    return found, variables


def _has(held: Any, callback: object) -> bool:
    handler = getattr(held, "callback_handler", None) if held is not callback else None
    callbacks = getattr(handler, "callbacks", None)
    return isinstance(callbacks, list) and any(one is callback for one in callbacks)


def used_models(args: Any, trainer: Any, variables: Mapping[str, Any], code: Sequence[str]) -> Iterator[Used]:
    """Yield the models that teach, reward or judge: from the arguments, the trainer and its methods.

    Args:
        code: names of reward functions that ask no model.
    """
    settings = {name: value for name, value in _members(args).items() if value is not None}
    yield from named_teachers(settings)
    given = ((name, value) for name, value in settings.items() if is_module(value))
    for key, one in (*given, *flatten(dict(variables)), *held_models(trainer)):
        for used in _used(key, one, settings):
            if used.name not in code:
                yield used


def _members(args: Any) -> dict[str, Any]:
    members = getattr(args, "__dict__", {})
    return {name.lstrip("_"): value for name, value in members.items()}


def _used(key: str, held: Any, settings: Mapping[str, Any]) -> Iterator[Used]:
    if held is None:
        return
    if isinstance(held, str):
        if names_model(key, held):
            yield from (Used(key, held, one) for one in revisions_of(key, settings) or (None,))
        return
    if not is_module(held) and (not teaches(key) or is_plain(held)):
        return
    config = getattr(held, "config", None)
    if config is None:
        # A module without a name is nobody's; a function is called as it is.
        name = "" if is_module(held) else getattr(held, "__name__", None) or type(held).__name__
        yield Used(key, str(name))
        return
    name = getattr(config, "_name_or_path", None) or getattr(config, "name_or_path", None) or ""
    chosen = revisions_of(key, settings) or (getattr(config, "_commit_hash", None),)
    yield from (Used(key, str(name), str(one) if one else None) for one in chosen)


def made_by_library(trainer: Any, method: str) -> bool:
    """Tell whether a method of a trainer is that of transformers or TRL, and was not replaced."""
    if method in getattr(trainer, "__dict__", {}):
        return False
    owner = next((one for one in type(trainer).__mro__ if method in vars(one)), None)
    return owner is None or is_of_library(owner)
