"""`<permit>.rows`: the digests and ids of the permitted rows, sorted, one a line.

A line is 64 hexadecimal digits, a space and the sample id. The permit holds the file's SHA-256, and the
digests give the dataset's root, so a list that was edited is noticed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.attest.files import read_bounded
from auditor.digest import DatasetDigest, split_digests
from auditor.domain.permit import Permit
from auditor.errors import EvidenceError
from auditor.ids import Digest, digest_of

MAX_BYTES = 1 << 32
"""A row list is no longer than this."""
_BEFORE_ID = 65
_NEWLINES = str.maketrans({"\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class RowList:
    """Permitted rows: their digests, and the ids they had when they were audited."""

    run: bytes
    """The digests end to end, 32 bytes a row, sorted."""
    lines: bytes | bytearray
    """The file's bytes; of equal digests the ids are sorted."""

    def __len__(self) -> int:
        return len(self.run) // 32

    @property
    def digests(self) -> Iterator[bytes]:
        """Yield the digests, sorted."""
        return split_digests(self.run)

    @property
    def ids(self) -> Iterator[str]:
        """Yield the ids in the order of the digests."""
        at = 0
        while at < len(self.lines):
            end = self.lines.index(b"\n", at)
            yield self.lines[at + _BEFORE_ID : end].decode()
            at = end + 1

    @classmethod
    def of(cls, rows: Iterable[tuple[str, bytes]]) -> RowList:
        """Sort (id, digest) pairs by digest, then id."""
        ordered = sorted((digest, name) for name, digest in rows)
        lines = "".join(f"{digest.hex()} {name.translate(_NEWLINES)}\n" for digest, name in ordered)
        run = b"".join(digest for digest, _ in ordered)
        return cls(run, lines.encode("utf-8", "backslashreplace"))

    @classmethod
    def parse(cls, raw: bytes) -> RowList:
        """Read the file's bytes back.

        Raises:
            ValueError: a line is damaged.
        """
        from auditor.attest.row_lines import in_order, read_digests

        if b"\r" in raw or (raw and not raw.endswith(b"\n")):
            raw = b"".join(line + b"\n" for line in raw.splitlines())
        run = read_digests(raw)
        if not in_order(run):
            raw = b"".join(line + b"\n" for line in sorted(raw.splitlines()))
            run = read_digests(raw)
        return cls(run, raw)

    def dump(self) -> bytes | bytearray:
        """Return the file's bytes."""
        return self.lines

    def root(self) -> Digest:
        """Return the dataset digest of the listed rows."""
        gathered = DatasetDigest()
        gathered.extend_run(self.run)
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
