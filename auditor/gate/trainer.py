"""What a trainer of transformers or TRL is about to use: its models beside the student, and its rows.

A callback is not given its trainer, so it is looked for among those who are calling.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from auditor.digest import RowError, row_digest
from auditor.errors import RefusedError
from auditor.gate.grant import Grant
from auditor.gate.stream import permitted_by
from auditor.gate.teachers import Used, named_teachers, names_model, works
from auditor.gate.typed_rows import typing_of

_TOKENS = ("input_ids", "prompt_ids", "chosen_ids", "prompt_input_ids", "chosen_input_ids", "labels")
_HELD = ("teacher_model", "teacher", "reward_model", "reward_funcs", "judge", "judges", "teacher_models")
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
            for name in _HELD:
                value = frame.f_locals.get(name)
                if value is not None:
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
    held = {name: getattr(trainer, name, None) for name in _HELD}
    held |= {name: one for name, one in _members(trainer).items() if works(name) and _is_model(one)}
    revision = settings.get("teacher_model_revision")
    for name, value in (*variables.items(), *held.items()):
        for one in value if isinstance(value, list | tuple) else (value,):
            if one is not None and (used := _used(name, one, revision)) and used.name not in code:
                yield used


def _members(args: Any) -> dict[str, Any]:
    members = getattr(args, "__dict__", {})
    return {name.lstrip("_"): value for name, value in members.items()}


def _is_model(held: Any) -> bool:
    return hasattr(held, "config") and callable(getattr(held, "forward", None))


def _used(key: str, held: Any, revision: Any) -> Used | None:
    if isinstance(held, str):
        return Used(key, held, revision) if names_model(key, held) else None
    config = getattr(held, "config", None)
    if config is not None:
        name = getattr(config, "_name_or_path", None) or getattr(config, "name_or_path", None) or ""
        chosen = revision if key.startswith("teacher") else None
        return Used(key, str(name), str(chosen or getattr(config, "_commit_hash", None) or "") or None)
    return Used(key, str(getattr(held, "__name__", None) or type(held).__name__))


def check_rows_of(held: Any, grant: Grant, where: str, prepared_from: Any = None) -> None:
    """Refuse what a trainer is about to read unless its rows are permitted, or guarded by this grant.

    Args:
        held: a data set or loader.
        prepared_from: the raw rows that `held` was made of, where it holds tokens: its maker says so.

    Raises:
        RefusedError: a row is foreign, or it cannot be told.
    """
    permitted = permitted_by(held)
    if permitted is not None and permitted <= grant.digests:
        return
    inner = getattr(held, "dataset", None)
    if inner is not None and not isinstance(held, Mapping) and not hasattr(held, "column_names"):
        check_rows_of(inner, grant, where, prepared_from)
        return
    if _holds_tokens(held):
        _check_origin(held, grant, where, prepared_from)
        return
    _check_raw(held, grant, where)


def _check_origin(held: Any, grant: Grant, where: str, prepared_from: Any) -> None:
    if prepared_from is None:
        raise RefusedError(
            f"{where} holds tokens, which cannot be compared with permitted rows",
            fix="hand on guard(rows, grant).map(tokenize), or name the raw rows by prepared_from=",
        )
    check_rows_of(prepared_from, grant, "prepared_from")
    if hasattr(held, "__len__") and hasattr(prepared_from, "__len__") and len(held) > len(prepared_from):
        raise RefusedError(
            f"{where} has {len(held):,} rows, and prepared_from {len(prepared_from):,}",
            fix="name the rows that it was made of",
        )


def _check_raw(held: Any, grant: Grant, where: str) -> None:
    # A stream without an end cannot be checked first, nor does it give the same rows again.
    if isinstance(held, Mapping) or not hasattr(held, "__iter__") or not hasattr(held, "__len__"):
        raise RefusedError(
            f"{where} is a {type(held).__name__}, which cannot be compared with permitted rows",
            fix="hand on guard(rows, grant), a list of rows or a datasets.Dataset",
        )
    typed = typing_of(held)
    for number, row in enumerate(held):
        for one in row if isinstance(row, list | tuple) else (row,):
            try:
                known = isinstance(one, Mapping) and row_digest(dict(typed(one))) in grant.digests
            except (RowError, TypeError):
                known = False
            if not known:
                raise RefusedError(
                    f"{where} holds a row that is not permitted",
                    where=f"row#{number}",
                    fix="train on the audited data, through guard(rows, grant)",
                )


def _holds_tokens(held: Any) -> bool:
    columns = getattr(held, "column_names", None)
    if (
        not columns
        and hasattr(held, "__getitem__")
        and hasattr(held, "__len__")
        and not hasattr(held, "keys")
    ):
        first = next(islice(iter(held), 1), None)
        columns = list(first) if isinstance(first, Mapping) else []
    return any(name in _TOKENS for name in columns or ())
