"""Which catalog is meant: the shipped one or an applied bundle, and an overlay over it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import KnowledgeError
from auditor.ids import PREFIX, Digest, is_digest

_OVER = "+"
_FORM = "write sha256:DIGEST, sha256:DIGEST+FOLDER, or an overlay's FOLDER"


@dataclass(frozen=True, slots=True)
class Choice:
    """A bundle by its digest, an overlay's folder, both, or neither: the shipped catalog."""

    bundle: Digest | None = None
    overlay: Path | None = None

    def __str__(self) -> str:
        """Return the choice as it is written in an option or a report."""
        return _OVER.join(str(one) for one in (self.bundle, self.overlay) if one)


def read_choice(named: str | os.PathLike[str] | None) -> Choice:
    """Read what an option, a setting or a report names.

    Raises:
        KnowledgeError: it begins like a bundle's digest and is none.
    """
    text = os.fspath(named) if named is not None else ""
    if not text.startswith(PREFIX):
        return Choice(overlay=Path(text) if text else None)
    digest, over, folder = text.partition(_OVER)
    if not is_digest(digest) or (over and not folder):
        raise KnowledgeError(f"`{text[:90]}` does not name a catalog bundle", fix=_FORM)
    return Choice(Digest(digest), Path(folder) if folder else None)
