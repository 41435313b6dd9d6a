"""Compile array kernels with numba, or run them as plain Python with `NUMBA_DISABLE_JIT=1`.

Uncompiled they give the same results, slowly: for a debugger, for coverage, for little work
(`auditor.jit.choice`), and for a machine whose compiler or numba itself does not work.

Compiled kernels are kept in the user's folder, where it can be trusted. Numba asks there by processor and
its features, so one folder may serve several machines; it asks by the file of the kernel alone, not by what
is inlined into it, so the folder is named by a digest of all kernel sources.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from auditor.hidden import hidden
from auditor.jit.choice import spared
from auditor.jit.kept import kept_or_compiled
from auditor.jit.kernel_folder import trusted_folder
from auditor.jit.sources import sources_digest

Function = Callable[..., Any]

RO_U8 = "Array(uint8, 1, 'C', True)"
RO_U16 = "Array(uint16, 1, 'C', True)"
RO_U32 = "Array(uint32, 1, 'C', True)"
RO_U64 = "Array(uint64, 1, 'C', True)"
RO_I32 = "Array(int32, 1, 'C', True)"
RO_I64 = "Array(int64, 1, 'C', True)"
RO_F32 = "Array(float32, 1, 'C', True)"
"""Signature names of read-only arrays: Arrow buffers and memory maps are read-only, scratch converts."""


def cache_folder() -> Path | None:
    """Return the folder for compiled kernels, or None where no folder can be trusted."""
    return trusted_folder(sources_digest())


def _import_numba() -> Any:
    """Import numba so that it takes no settings from the working directory; None where it is missing.

    Numba reads `.numba_config.yaml` there, when it is imported and before each compilation: it could name a
    folder of pickles, or modules to import. Where it finds no YAML reader it reads no such file. Of SciPy it
    asks the version alone, which is for linear algebra.
    """
    known = "numba.core.config" in sys.modules
    try:
        unseen = {"yaml"} if "scipy" in sys.modules else {"yaml", "scipy"}
        with hidden(*unseen), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import numba
    except ImportError:
        return None
    settings: Any = importlib.import_module("numba.core.config")
    settings._config_fname = os.devnull
    if known:
        settings.reload_config()
    return numba


numba: Any = None if spared() else _import_numba()
COMPILED = numba is not None and not numba.config.DISABLE_JIT
_FOLDER = cache_folder() if COMPILED else None


def _keep_in_our_folder() -> bool:
    """Point numba at the trusted folder, whatever was set since; False where kernels are not kept."""
    numba.config.CACHE_LOCATOR_CLASSES = ""
    numba.config.CACHE_DIR = str(_FOLDER or "")
    return _FOLDER is not None


def kernel(signature: str, allocates: bool = True) -> Callable[[Function], Function]:
    """Compile a function for one explicit signature, releasing the GIL, cached in the user's folder.

    Switched off, the function is returned as it is.

    Args:
        allocates: it makes arrays; one that says it does not spares counting those that it is given.
    """

    def decorate(function: Function) -> Function:
        if not COMPILED:
            return function
        cached = _keep_in_our_folder()
        options = {"nogil": True, "cache": cached, "boundscheck": False, "_nrt": allocates}
        if not cached:
            plain: Function = numba.njit(signature, **options)(function)
            return plain
        compiled: Function = kept_or_compiled(numba.njit(**options)(function), signature)
        return compiled

    return decorate


def inlined(function: Function) -> Function:
    """Mark a small function to be inlined into the kernels that call it."""
    if not COMPILED:
        return function
    compiled: Function = numba.njit(inline="always")(function)
    return compiled


def part(function: Function) -> Function:
    """Mark a function that kernels call, and that makes no array: compiled and kept with each of them."""
    if not COMPILED:
        return function
    compiled: Function = numba.njit(
        nogil=True, boundscheck=False, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False
    )(function)
    return compiled
