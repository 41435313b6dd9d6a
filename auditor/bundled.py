"""Where the files shipped with the program lie: packs, templates, the demo set; and which program it is."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from auditor.errors import EnvironmentFault
from auditor.ids import Digest, digest_of_hash

_PACKAGE = Path(__file__).parent


def bundled(name: str) -> Path:
    """Return the folder `name` (`policies`, `reports`, `demo`), in a wheel or in a checkout.

    Raises:
        EnvironmentFault: the installation lacks it.
    """
    for folder in (_PACKAGE / "_bundled" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise EnvironmentFault(f"the installation lacks its folder `{name}`", fix="reinstall auditor")


@cache
def program_digest() -> Digest:
    """Return `sha256:…` over the names and contents of the program's modules, read once a process."""
    total = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(_PACKAGE).as_posix()} {content}\n".encode())
    return digest_of_hash(total)
