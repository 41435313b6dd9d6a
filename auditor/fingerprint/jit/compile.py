"""Compile array kernels with numba, or run them as plain Python where numba is missing.

Compiled kernels are kept in the user's folder. Numba asks there by processor and its features, so one folder
may serve several machines; it asks by the file of the kernel alone, not by what is inlined into it, so the
folder is named by a digest of all kernel sources.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Function = Callable[..., Any]

RO_U8 = "Array(uint8, 1, 'C', True)"
RO_U16 = "Array(uint16, 1, 'C', True)"
RO_U32 = "Array(uint32, 1, 'C', True)"
RO_U64 = "Array(uint64, 1, 'C', True)"
RO_I32 = "Array(int32, 1, 'C', True)"
RO_I64 = "Array(int64, 1, 'C', True)"
RO_F32 = "Array(float32, 1, 'C', True)"
"""Signature names of read-only arrays: Arrow buffers and memory maps are read-only, scratch converts."""


_MARKS = (b"@kernel", b"@inlined", b"@intrinsic")
_CONSTANTS = {"reference.py", "folding.py", "machine.py"}


def sources_digest() -> str:
    """Return what the compiled kernels depend on: a digest of the modules that hold them."""
    digest = hashlib.blake2b(digest_size=8)
    root = Path(__file__).parents[1]
    for path in sorted(root.rglob("*.py")):
        source = path.read_bytes()
        if path.name in _CONSTANTS or any(mark in source for mark in _MARKS):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + source)
    return digest.hexdigest()


def cache_folder() -> Path | None:
    """Return the folder for compiled kernels, or None when no candidate is writable."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = str(Path("~/Library/Caches").expanduser())
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    user = os.getuid() if hasattr(os, "getuid") else "user"
    for root in (base, f"{tempfile.gettempdir()}/auditor-{user}"):
        try:
            folder = Path(root).expanduser() / "auditor" / "kernels" / sources_digest()
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except (OSError, RuntimeError):
            continue
    return None


def _load_numba() -> tuple[Any, bool]:
    try:
        import numba
    except ImportError:
        return None, False
    config: Any = numba.config
    if not config.CACHE_DIR:
        folder = cache_folder()
        if folder is None:
            return numba, False
        config.CACHE_DIR = str(folder)
    return numba, True


numba, _CACHED = _load_numba()
COMPILED = numba is not None and not numba.config.DISABLE_JIT


def kernel(signature: str) -> Callable[[Function], Function]:
    """Compile a function for one explicit signature, releasing the GIL, cached in the user's folder.

    Without numba the function is returned as it is: the same results, slowly.
    """

    def decorate(function: Function) -> Function:
        if not COMPILED:
            return function
        compiled: Function = numba.njit(signature, nogil=True, cache=_CACHED, boundscheck=False)(function)
        return compiled

    return decorate


def inlined(function: Function) -> Function:
    """Mark a small function to be inlined into the kernels that call it."""
    if not COMPILED:
        return function
    compiled: Function = numba.njit(inline="always")(function)
    return compiled
