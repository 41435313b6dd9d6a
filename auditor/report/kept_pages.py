"""Compiled templates, kept in a folder that only this user can write to: what lies there runs."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError

import jinja2
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from auditor.jit.kernel_folder import trusted_folder

_KIND = "pages"
_BROKEN = (UnpicklingError, EOFError, ValueError, TypeError, AttributeError, ImportError, IndexError, OSError)
"""What reading a damaged file raises (the documentation of pickle)."""


class KeptPages(FileSystemBytecodeCache):
    """Keeps compiled templates; one that cannot be kept is compiled each time."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take one; what is broken counts as none."""
        try:
            super().load_bytecode(bucket)
        except _BROKEN:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one, where there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def kept_pages(settings: Path) -> KeptPages | None:
    """Return what is kept, or None where no folder can be trusted.

    Jinja looks at the template alone, so that the folder is named after what else the code depends on.

    Args:
        settings: the module that says how templates are compiled.
    """
    digest = hashlib.blake2b(settings.read_bytes(), digest_size=8)
    digest.update(jinja2.__version__.encode())
    folder = trusted_folder(digest.hexdigest(), _KIND)
    return None if folder is None else KeptPages(str(folder))
