"""Whether kernels are compiled in this process: for little work they cost more than they save.

Compiling the kernels of a search takes some twelve seconds where none are kept yet. Uncompiled they give the
same answers, and take a second or two for a megabyte of rows, forty where all rows are copied.
"""

from __future__ import annotations

import sys

_LITTLE = 512 << 10
"""Bytes of rows for which none are compiled."""
_spared = False


def spare_for(size: int) -> None:
    """Tell, before the first kernel is imported, how many bytes of rows this process is for."""
    global _spared
    if "auditor.jit.compile" in sys.modules:
        return
    _spared = size <= _LITTLE and not kept("overlap_features")


def spared() -> bool:
    """Tell whether kernels are to run as plain Python."""
    return _spared


def kept(module: str) -> bool:
    """Tell whether compiled kernels of a module are kept from an earlier run."""
    from auditor.jit.kernel_folder import trusted_folder
    from auditor.jit.sources import sources_digest

    folder = trusted_folder(sources_digest())
    return folder is not None and any(folder.rglob(f"{module}.*.nbi"))
