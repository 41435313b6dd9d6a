"""Stand between data and training: no valid permit, no step.

`require_permit` checks a permit and the rows it covers; `guard` checks every row that is about to be used;
`PermitCallback` refuses inside `transformers.Trainer` and TRL before the first step.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.gate.callback import PermitCallback, guard_trainer
    from auditor.gate.grant import Grant, require_permit
    from auditor.gate.stream import guard

__all__ = ["Grant", "PermitCallback", "guard", "guard_trainer", "require_permit"]

_HOMES = {
    "Grant": "grant",
    "PermitCallback": "callback",
    "guard": "stream",
    "guard_trainer": "callback",
    "require_permit": "grant",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: only the callback needs transformers."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"auditor.gate.{_HOMES[name]}"), name)
