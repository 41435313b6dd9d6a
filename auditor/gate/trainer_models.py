"""The models that a trainer object holds beside its student, under whatever name."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from types import FunctionType, MethodType, ModuleType
from typing import Any

from auditor.gate.teacher_keys import teaches

_STUDENT = ("model", "model_wrapped", "ref_model")
_PASSED = {
    "accelerator",
    "args",
    "callback_handler",
    "train_dataset",
    "eval_dataset",
    "processing_class",
    "tokenizer",
}
_LIBRARIES = {
    "transformers",
    "trl",
    "accelerate",
    "torch",
    "datasets",
    "peft",
    "deepspeed",
    "tokenizers",
    "liger_kernel",
}
# Names that are asked for too, as a property may answer to them.
_COMPUTED = ("teacher_model", "teacher", "reward_model", "reward_funcs", "judge", "judges", "teacher_models")
_DEPTH = 5


def held_models(trainer: Any) -> Iterator[tuple[str, Any]]:
    """Yield each model that a trainer holds beside its student, and what it keeps under a teacher's name."""
    student = _parts_of_student(trainer)
    computed = {name: getattr(trainer, name, None) for name in _COMPUTED}
    members = {**computed, **_of_classes(trainer), **getattr(trainer, "__dict__", {})}
    seen: set[int] = {id(trainer)}
    for name, value in members.items():
        key = name.lstrip("_")
        if key not in _PASSED:
            yield from _walk(key, value, student, seen, 0)
    for name, method in _methods(trainer):
        for one in _cells(method):
            found = _walk(name, one, student, seen, 1)
            yield from ((key, model) for key, model in found if is_module(model))
    for name in _STUDENT:
        yield from _named_parts(name, members.get(name))


def is_module(held: Any) -> bool:
    """Tell whether this is a model: a torch module that is not a plain loss, or what looks like one."""
    if isinstance(held, type):
        return False
    module = getattr(sys.modules.get("torch.nn"), "Module", None)
    if module is not None and isinstance(held, module):
        kind = type(held).__module__
        return not (kind == "torch.nn.modules.loss" or kind.startswith("liger_kernel."))
    return hasattr(held, "config") and callable(getattr(held, "forward", None))


def is_of_library(kind: type) -> bool:
    """Tell whether a class is the one that transformers, TRL and what they stand on define by its name."""
    if kind is object:
        return True
    home = sys.modules.get(kind.__module__)
    return kind.__module__.partition(".")[0] in _LIBRARIES and getattr(home, kind.__name__, None) is kind


def is_plain(held: Any) -> bool:
    """Tell whether this asks nobody: numbers, tensors, tokenizers, settings."""
    if held is None or isinstance(held, bool | int | float | bytes | type):
        return True
    kind = type(held)
    if kind.__module__.partition(".")[0] == "numpy":
        return True
    return (
        is_of_library(kind)
        and not callable(getattr(held, "forward", None))
        and (
            kind.__module__ == "torch"
            or "Token" in kind.__name__
            or kind.__name__.endswith(("Config", "Processor"))
        )
    )


def _parts_of_student(trainer: Any) -> set[int]:
    found: set[int] = set()
    for name in _STUDENT:
        model = getattr(trainer, name, None)
        if model is not None:
            found.add(id(model))
            modules = getattr(model, "modules", None)
            found.update(id(part) for part in modules()) if callable(modules) else None
    return found


def _methods(trainer: Any) -> Iterator[tuple[str, FunctionType]]:
    """Yield the methods of the trainer's own classes; they may keep a model from around them."""
    for kind in type(trainer).__mro__:
        if not is_of_library(kind):
            yield from ((name, one) for name, one in vars(kind).items() if isinstance(one, FunctionType))


def _of_classes(trainer: Any) -> dict[str, Any]:
    """Return what the trainer's own classes keep, functions and properties aside."""
    found: dict[str, Any] = {}
    for kind in reversed(type(trainer).__mro__):
        if not is_of_library(kind):
            found.update(
                (name, value)
                for name, value in vars(kind).items()
                if not name.startswith("__")
                and not isinstance(value, FunctionType | property | classmethod | staticmethod)
            )
    return found


def _walk(key: str, value: Any, student: set[int], seen: set[int], depth: int) -> Iterator[tuple[str, Any]]:
    if id(value) in student:
        return
    if is_module(value) or isinstance(value, str):
        yield key, value
        return
    if value is None or isinstance(value, bool | int | float | bytes | type | ModuleType):
        return
    if id(value) in seen or depth > _DEPTH:
        return
    seen.add(id(value))
    inner = list(_inside(value))
    if teaches(key) and not isinstance(value, Mapping | list | tuple | set | frozenset):
        yield key, value
    for name, one in inner:
        yield from _walk(f"{key}{name}", one, student, seen, depth + 1)


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        if type(value).__module__.partition(".")[0] not in ("datasets",):
            yield from ((f".{name}", value[name]) for name in list(value))
    elif type(value) in (list, tuple, set, frozenset) and len(value) <= 1024:
        yield from ((f"[{number}]", one) for number, one in enumerate(value))
    elif isinstance(value, partial):
        yield from (("[func]", value.func), ("[args]", value.args), ("[keywords]", value.keywords))
    elif isinstance(value, MethodType):
        yield "[self]", value.__self__
    elif isinstance(value, FunctionType):
        yield from ((f"[{number}]", cell) for number, cell in enumerate(_cells(value)))
    elif is_of_library(type(value)):
        model = getattr(value, "__dict__", {}).get("model")
        if model is not None:
            yield ".model", model
    else:
        yield from ((f".{name}", one) for name, one in list(getattr(value, "__dict__", {}).items()))


def _cells(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # It is not filled yet.
            continue


def _named_parts(name: str, model: Any) -> Iterator[tuple[str, Any]]:
    """Yield parts of the student that are called a teacher: a model that holds both learns from one."""
    parts = getattr(model, "named_modules", None)
    for place, part in parts() if callable(parts) else ():
        if place and teaches(place.rpartition(".")[2]):
            yield f"{name}.{place}", part
