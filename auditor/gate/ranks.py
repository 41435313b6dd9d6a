"""One answer for all ranks of a distributed run: rank 0 checks, the rest wait, and all raise together."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

from auditor.errors import AuditorError, RefusedError

T = TypeVar("T")
_OK = b"ok"


def agree(full: Callable[[], T], light: Callable[[], T | None]) -> T:
    """Run `full` on rank 0 and `light` on the others, which run `full` where `light` gives None.

    Without an initialized process group this process decides alone.

    Raises:
        Exception: this rank's own refusal or failure; the others never wait for one that failed.
        RefusedError: another rank's.
    """
    group = _group()
    if group is None:
        return full()
    first = group.get_rank() == 0
    value, problem = _attempt(full) if first else (None, None)
    said = _broadcast(group, _said(problem))
    if not first and said == _OK:
        value, problem = _attempt(light)
        if value is None and problem is None:
            value, problem = _attempt(full)
    failed = _any(group, problem is not None or said != _OK)
    if problem is not None:
        raise problem
    if failed or value is None:
        raise RefusedError(said.decode() if said != _OK else "another rank refused its permit")
    return value


def _group() -> Any:
    torch = sys.modules.get("torch")
    if torch is None:
        return None
    group = torch.distributed
    return group if group.is_available() and group.is_initialized() and group.get_world_size() > 1 else None


def _attempt(task: Callable[[], T]) -> tuple[T | None, Exception | None]:
    try:
        return task(), None
    except Exception as problem:
        return None, problem


def _said(problem: Exception | None) -> bytes:
    if problem is None:
        return _OK
    # What no refusal foresaw may quote rows or paths: its kind is enough for the others.
    text = str(problem) if isinstance(problem, AuditorError) else f"rank 0 failed: {type(problem).__name__}"
    return text.encode("utf-8", "backslashreplace")


def _broadcast(group: Any, message: bytes) -> bytes:
    torch = sys.modules["torch"]
    device = _device(group, torch)
    size = torch.tensor([len(message)], dtype=torch.int64, device=device)
    group.broadcast(size, src=0)
    body = torch.zeros(int(size.item()), dtype=torch.uint8, device=device)
    if group.get_rank() == 0:
        body.copy_(torch.tensor(list(message), dtype=torch.uint8, device=device))
    group.broadcast(body, src=0)
    return bytes(body.cpu().tolist())


def _any(group: Any, mine: bool) -> bool:
    torch = sys.modules["torch"]
    flag = torch.tensor([int(mine)], dtype=torch.int64, device=_device(group, torch))
    group.all_reduce(flag, op=group.ReduceOp.MAX)
    return bool(flag.item())


def _device(group: Any, torch: Any) -> str:
    return f"cuda:{torch.cuda.current_device()}" if "nccl" in group.get_backend() else "cpu"
