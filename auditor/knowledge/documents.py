"""Knowledge files as plain values: strict YAML, with the lines of its entries."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.errors import KnowledgeError
from auditor.files import read_regular
from auditor.knowledge.kept import keep, kept

FILES = ("teachers.yaml", "services.yaml", "terms.yaml", "dataset_licenses.yaml", "known_sets.yaml")
MAX_BYTES = 8 * 2**20
SCHEMA_VERSION = 1
_DEPTH, _NODES = 12, 1_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """One knowledge file.

    Attributes:
        name: file name, for messages.
        sha256: hex digest of its bytes.
        value: its content, checked to be a mapping.
        lines: 1-based line of each list entry, keyed by (section, index).
    """

    name: str
    sha256: str
    value: dict[str, Any]
    lines: dict[tuple[str, int], int] = field(default_factory=dict)

    def place(self, section: str, index: int, entry_id: object) -> str:
        """Name an entry for a message, e.g. `terms.yaml:12 (MIT)`."""
        line = self.lines.get((section, index))
        at = f"{self.name}:{line}" if line else f"{self.name} {section}[{index}]"
        return f"{at} ({entry_id})" if isinstance(entry_id, str) else at


def read_folder(folder: Path, *, keeping: bool = False) -> dict[str, Document]:
    """Read the knowledge files of `folder` that are there, by name.

    Args:
        keeping: take what an earlier run parsed of the same bytes, and leave it for the next one.

    Raises:
        KnowledgeError: a file is not a file, too large, not UTF-8, or breaks YAML or the shape of a document.
    """
    return read_files(raw_files(folder), keeping=keeping)


def raw_files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of the knowledge files of `folder` that are there, by name.

    Raises:
        KnowledgeError: a file is not a file, or too large.
    """
    return {name: _bytes(folder / name) for name in FILES if (folder / name).exists()}


def read_files(raw: Mapping[str, bytes], *, keeping: bool = False) -> dict[str, Document]:
    """Parse knowledge files that are given by their bytes; for the rest as `read_folder`."""
    build = _kept if keeping else _parse
    return {name: build(name, raw[name]) for name in FILES if name in raw}


def read_document(path: Path) -> Document:
    """Read one knowledge file.

    Raises:
        KnowledgeError: as for `read_folder`.
    """
    return _parse(path.name, _bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise KnowledgeError(f"larger than {MAX_BYTES:,} bytes", where=str(path))
        return read_regular(path)
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror}", where=str(path)) from None


def _kept(name: str, content: bytes) -> Document:
    sha256 = hashlib.sha256(content).hexdigest()
    if (found := kept(sha256)) is not None:
        return Document(name, sha256, *found)
    document = _parse(name, content)
    keep(sha256, document.value, document.lines)
    return document


def _parse(name: str, content: bytes) -> Document:
    # A tenth of the program's start: not spent where an earlier run has parsed all.
    from auditor.strict_yaml import Limits, parse

    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"not UTF-8 at byte {error.start}", where=name) from None
    parsed = parse(text, name, KnowledgeError, limits=Limits(MAX_BYTES, _DEPTH, _NODES), empty=True)
    if not isinstance(parsed.data, dict):
        raise KnowledgeError(
            "must be a mapping at its top", where=name, fix="see docs/knowledge.md for its sections"
        )
    lines = {
        (str(place[0]), place[1]): mark.line
        for place, mark in parsed.marks.items()
        if len(place) == 2 and isinstance(place[1], int)
    }
    return Document(name, hashlib.sha256(content).hexdigest(), parsed.data, lines)
