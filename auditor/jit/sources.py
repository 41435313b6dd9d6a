"""What compiled kernels depend on: the modules that hold them."""

from __future__ import annotations

import hashlib
from pathlib import Path

_MARKS = (b"@kernel", b"@part", b"@inlined", b"@intrinsic")
_ROOMS = ("jit", "row_kernels", "fingerprint")
_CONSTANTS = {"reference.py", "folding.py", "machine.py"}


def sources_digest() -> str:
    """Return what the compiled kernels depend on: a digest of the modules that hold them."""
    digest = hashlib.blake2b(digest_size=8)
    root = Path(__file__).parents[1]
    for path in sorted(file for room in _ROOMS for file in (root / room).rglob("*.py")):
        source = path.read_bytes()
        if path.name in _CONSTANTS or any(mark in source for mark in _MARKS):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + source)
    return digest.hexdigest()
