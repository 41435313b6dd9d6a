"""`<permit>.rows`: the digests and ids of the permitted rows, sorted, one a line.

A line is 64 hexadecimal digits, a space and the sample id. The permit holds the file's SHA-256, and the
digests give the dataset's root, so a list that was edited is noticed. In memory are the digests alone, 32
bytes a row: ids are read again, or made again, where one is asked for.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from auditor.attest.files import blocks_of
from auditor.digest import split_digests, tree_root
from auditor.domain.permit import Permit
from auditor.errors import EvidenceError
from auditor.ids import Digest, digest_of_hash, written

MAX_BYTES = 1 << 32
"""A row list is no longer than this."""
_BEFORE_ID = 65
_BLOCK = 1 << 22
_NEWLINES = str.maketrans({"\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True, eq=False)
class RowList:
    """Permitted rows: their digests, and the ids they had when they were audited."""

    run: bytes | bytearray
    """The digests end to end, 32 bytes a row, sorted."""
    pieces: Callable[[], Iterator[bytes]]
    """Gives the file's bytes, cut anywhere; of equal digests the ids are sorted."""

    def __len__(self) -> int:
        return len(self.run) // 32

    @property
    def digests(self) -> Iterator[bytes]:
        """Yield the digests, sorted."""
        return split_digests(self.run)

    @property
    def ids(self) -> Iterator[str]:
        """Yield the ids in the order of the digests.

        Raises:
            EvidenceError: the list's file is no longer what it was.
        """
        tail, digests = b"", self.digests
        for piece in self.pieces():
            *lines, tail = (tail + piece).split(b"\n")
            for line in lines:
                if next(digests, b"").hex().encode() != line[: _BEFORE_ID - 1]:
                    raise _changed()
                yield line[_BEFORE_ID:].decode()
        if next(digests, None) is not None:
            raise _changed()

    @classmethod
    def of(cls, rows: Iterable[tuple[str, bytes]]) -> RowList:
        """Sort (id, digest) pairs by digest, then id."""
        ordered = sorted((digest, name) for name, digest in rows)
        lines = "".join(f"{digest.hex()} {name.translate(_NEWLINES)}\n" for digest, name in ordered)
        run = b"".join(digest for digest, _ in ordered)
        return cls(run, partial(_cut, lines.encode("utf-8", "backslashreplace")))

    @classmethod
    def parse(cls, raw: bytes) -> RowList:
        """Read the file's bytes back, whatever their order and line ends.

        Raises:
            ValueError: a line is damaged.
        """
        from auditor.attest.row_lines import in_order, read_digests

        if b"\r" in raw or (raw and not raw.endswith(b"\n")):
            raw = b"".join(line + b"\n" for line in raw.splitlines())
        run = read_digests(_cut(raw))
        if not in_order(run):
            raw = b"".join(line + b"\n" for line in sorted(raw.splitlines()))
            run = read_digests(_cut(raw))
        return cls(run, partial(_cut, raw))

    @classmethod
    def read(cls, path: Path, digest: Digest | None = None) -> RowList:
        """Read a file without holding its ids, where it is as it was written.

        Args:
            digest: that the file must have, where it is known.

        Raises:
            EvidenceError: it is unreadable, or another file.
            ValueError: a line is damaged.
        """
        from auditor.attest.row_lines import in_order, read_digests

        pieces = partial(blocks_of, path, MAX_BYTES)
        blocks = _Named(pieces(), digest, path)
        try:
            run = read_digests(blocks)
            plain = in_order(run)
        except ValueError:
            plain = False
        for _ in blocks:
            pass  # what follows a damaged line counts for the file's digest too
        if plain:
            return cls(run, pieces)
        return cls.parse(b"".join(_Named(pieces(), digest, path)))

    def dump(self) -> bytes:
        """Return the file's bytes."""
        return b"".join(self.pieces())

    def digest(self) -> Digest:
        """Return the SHA-256 of the file."""
        hashed = hashlib.sha256()
        for piece in self.pieces():
            hashed.update(piece)
        return digest_of_hash(hashed)

    def root(self) -> Digest:
        """Return the dataset digest of the listed rows."""
        return written(tree_root(self.run))


def _cut(raw: bytes) -> Iterator[bytes]:
    return (raw[at : at + _BLOCK] for at in range(0, len(raw), _BLOCK))


class _Named:
    """The blocks of a file, which are refused at their end where the file is another one."""

    def __init__(self, blocks: Iterator[bytes], digest: Digest | None, path: Path) -> None:
        self._blocks, self._digest, self._path = blocks, digest, path
        self._hashed = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self._hashed.update(block)
            yield block
        if self._digest not in (None, digest_of_hash(self._hashed)):
            raise _another(self._path)


def _another(path: Path) -> EvidenceError:
    return EvidenceError(
        "the row list is not the one that the permit names",
        where=str(path),
        fix="restore it, or delete it: refusals then come without row ids",
    )


def _changed() -> EvidenceError:
    return EvidenceError("the row list changed while it was read", fix="let nothing write to it")


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
    if permit.rows_digest is None:
        raise _another(path)
    try:
        found = RowList.read(path, permit.rows_digest)
    except ValueError:
        raise EvidenceError("the row list is damaged", where=str(path), fix="restore it") from None
    if found.root() != permit.dataset_digest:
        raise EvidenceError(
            "the rows in the list are not those of the permit", where=str(path), fix="restore it"
        )
    return found
