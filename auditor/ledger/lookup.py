"""Find rows of a shard by digest without reading the shard: sorted 8-byte prefixes, memory-mapped."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.errors import LedgerError
from auditor.files import Draft

_ENTRY = np.dtype([("key", "<u8"), ("row", "<u4")])


class DigestIndex:
    """The prefixes of a shard's digests in order, each with its row; 12 bytes per row."""

    class Builder:
        """Gather the digests of a shard, a row group at a time."""

        def __init__(self) -> None:
            self._keys: list[NDArray[np.uint64]] = []
            self._rows: list[NDArray[np.uint32]] = []
            self._count = 0

        def add(self, digests: pa.ChunkedArray) -> None:
            """Append digests (binary(32)); a null has no entry."""
            for chunk in digests.chunks:
                rows = np.arange(self._count, self._count + len(chunk), dtype=np.uint32)
                self._count += len(chunk)
                if chunk.null_count:
                    valid = chunk.is_valid().to_numpy(zero_copy_only=False)
                    rows, chunk = rows[valid], chunk.drop_null()
                raw = np.frombuffer(chunk.buffers()[1] or b"", ">u8")
                raw = raw[chunk.offset * 4 : (chunk.offset + len(chunk)) * 4 : 4]
                self._keys.append(raw.astype(np.uint64))
                self._rows.append(rows)

        def build(self) -> DigestIndex:
            """Sort what was gathered; equal prefixes stay in row order."""
            keys = np.concatenate(self._keys) if self._keys else np.empty(0, np.uint64)
            rows = np.concatenate(self._rows) if self._rows else np.empty(0, np.uint32)
            order = np.argsort(keys, kind="stable")
            entries = np.empty(len(keys), _ENTRY)
            entries["key"], entries["row"] = keys[order], rows[order]
            return DigestIndex(entries)

    def __init__(self, entries: NDArray[np.void]) -> None:
        self._entries = entries

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map the index of a shard.

        Raises:
            LedgerError: the file is missing or broken.
        """
        try:
            entries = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise LedgerError("a digest look-up cannot be read", where=str(path), fix=_REBUILD) from error
        if entries.dtype != _ENTRY or entries.ndim != 1:
            raise LedgerError("a digest look-up has another layout", where=str(path), fix=_REBUILD)
        return cls(entries)

    def save(self, path: Path) -> None:
        """Write the index; the file appears whole or not at all."""
        with Draft.beside(path, mode=0o600) as draft:
            np.save(draft.file, self._entries, allow_pickle=False)

    def rows(self, prefix: bytes) -> Iterator[int]:
        """Yield the rows whose digest may start with `prefix`; digests equal in 8 bytes are all given."""
        yield from self.between(prefix.ljust(8, b"\0"), prefix.ljust(8, b"\xff"))

    def between(self, first: bytes, last: bytes) -> Iterator[int]:
        """Yield the rows whose digest may lie between two, both included; only 8 bytes are compared."""
        low, high = int.from_bytes(first[:8], "big"), int.from_bytes(last[:8], "big")
        start = bisect_left(self._entries, low, key=lambda entry: int(entry["key"]))
        for entry in self._entries[start:]:
            if entry["key"] > high:
                return
            yield int(entry["row"])

    def __len__(self) -> int:
        """Return how many digests are indexed."""
        return len(self._entries)


_REBUILD = "delete the file; the next look-up makes it anew"
