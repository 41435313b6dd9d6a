"""Where the files shipped with the program lie: packs, templates, the demo set."""

from __future__ import annotations

from pathlib import Path

from auditor.errors import EnvironmentFault

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
