"""`<permit>.rows`: the digests and ids of the permitted rows, sorted, one a line.

A line is 64 hexadecimal digits, a space and the sample id. The permit holds the file's SHA-256, and the
digests give the dataset's root, so a list that was edited is noticed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from auditor.attest.files import read_bounded
from auditor.digest import DatasetDigest
from auditor.domain.permit import Permit
from auditor.errors import EvidenceError
from auditor.ids import Digest, digest_of

MAX_BYTES = 1 << 32
"""A row list is no longer than this."""

_LINE = re.compile(rb"([0-9a-f]{64}) (.*)")
_NEWLINES = str.maketrans({"\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class RowList:
    """Permitted rows: 32-byte digests and the ids they had when they were audited."""

    digests: tuple[bytes, ...]
    ids: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, bytes]]) -> RowList:
        """Sort (id, digest) pairs by digest, then id."""
        ordered = sorted((digest, name) for name, digest in rows)
        return cls(tuple(digest for digest, _ in ordered), tuple(name for _, name in ordered))

    @classmethod
    def parse(cls, raw: bytes) -> RowList:
        """Read the file's bytes back.

        Raises:
            ValueError: a line is damaged.
        """
        lines = [_LINE.fullmatch(line) for line in raw.splitlines()]
        if None in lines:
            raise ValueError("row list")
        return cls.of((line[2].decode(), bytes.fromhex(line[1].decode())) for line in lines if line)

    def dump(self) -> bytes:
        """Return the file's bytes."""
        lines = (
            f"{digest.hex()} {name.translate(_NEWLINES)}\n"
            for digest, name in zip(self.digests, self.ids, strict=True)
        )
        return "".join(lines).encode("utf-8", "backslashreplace")

    def root(self) -> Digest:
        """Return the dataset digest of the listed rows."""
        gathered = DatasetDigest()
        gathered.extend(self.digests)
        return gathered.digest()


def rows_path(permit: Path) -> Path:
    """Return where the row list of a permit lies; a bundle shares the list of its bare envelope."""
    name = permit.name
    if name.endswith(".sigstore.json"):
        name = name.removesuffix(".sigstore.json") + ".intoto.json"
    return permit.with_name(f"{name}.rows")


def read_rows(path: Path, permit: Permit) -> RowList | None:
    """Read the list beside a permit; None when there is none.

    Raises:
        EvidenceError: it is unreadable, or it is not the list that the permit names.
    """
    if not os.path.lexists(path):
        return None
    raw = read_bounded(path, MAX_BYTES)
    if permit.rows_digest != digest_of(raw):
        raise EvidenceError(
            "the row list is not the one that the permit names",
            where=str(path),
            fix="restore it, or delete it: refusals then come without row ids",
        )
    try:
        found = RowList.parse(raw)
    except ValueError:
        raise EvidenceError("the row list is damaged", where=str(path), fix="restore it") from None
    if found.root() != permit.dataset_digest:
        raise EvidenceError(
            "the rows in the list are not those of the permit", where=str(path), fix="restore it"
        )
    return found
