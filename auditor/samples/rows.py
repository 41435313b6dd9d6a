"""Row digests of any input, without shapes or claims: what the gate hashes again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.canonical import RowError
from auditor.errors import UnreadableInputError
from auditor.row_kernels.worth import expect
from auditor.samples.inputs.sources import DataFile, find_files
from auditor.samples.readers.chunk import Chunk, Fault
from auditor.samples.readers.formats import read_file, sniff
from auditor.samples.readers.stored import bytes_of


def iter_chunks(
    args: Sequence[str], split: str | None = None, allow_network: bool = False
) -> Iterator[tuple[DataFile, Chunk]]:
    """Yield the rows of all files that the arguments name, in file order.

    Raises:
        InputError: an argument names nothing, or a file cannot be read.
    """
    files = find_files(args, split, allow_network)
    expect(bytes_of(file.stored for file in files))
    for file in files:
        try:
            for chunk in read_file(file.stored, sniff(file.stored)):
                yield file, chunk
        except UnreadableInputError as error:
            raise UnreadableInputError(
                error.message,
                where=error.where or file.name,
                fix=error.fix or "fetch or write the file again",
            ) from error


@dataclass(frozen=True, slots=True)
class DigestRun:
    """Row digests of one file, end to end; ids are made of those rows alone that are asked for."""

    file: str
    numbers: Sequence[int]
    """Place of each row in its file."""
    digests: bytes
    """32 bytes a row."""

    def __len__(self) -> int:
        return len(self.numbers)

    def id_of(self, place: int) -> str:
        """Return the sample id of the row at a place of the run."""
        return f"{self.file}#{self.numbers[place]}"

    def where(self, wanted: NDArray[np.bool_]) -> bytes:
        """Return the digests of some of the rows, end to end."""
        if wanted.all():
            return self.digests
        return np.frombuffer(self.digests, np.uint8).reshape(-1, 32)[wanted].tobytes()


def iter_digest_runs(
    args: Sequence[str],
    split: str | None = None,
    allow_network: bool = False,
    on_fault: Callable[[str, Fault], None] | None = None,
    on_around: Callable[[str, dict[str, Any]], None] | None = None,
) -> Iterator[DigestRun]:
    """Yield the row digests of all files that the arguments name, as `iter_row_digests`, many at a time."""
    for file, chunk in _told(iter_chunks(args, split, allow_network), on_fault, on_around):
        yield DigestRun(file.name, chunk.numbers, b"".join(chunk.digests))


def iter_row_digests(
    args: Sequence[str],
    split: str | None = None,
    allow_network: bool = False,
    on_fault: Callable[[str, Fault], None] | None = None,
    on_around: Callable[[str, dict[str, Any]], None] | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield each row's sample id (`file#row`) and digest (32 bytes).

    Args:
        on_fault: told of every unreadable row, with its sample id; without it such a row is an error.
        on_around: told of every file whose rows stand in an object, with its name and the other members.

    Raises:
        RowError: a row cannot be read, unless `on_fault` is there.
        InputError: an argument names nothing, or a file cannot be read.
    """
    for file, chunk in _told(iter_chunks(args, split, allow_network), on_fault, on_around):
        for number, digest in zip(chunk.numbers, chunk.digests, strict=True):
            yield f"{file.name}#{number}", digest


def _told(
    chunks: Iterable[tuple[DataFile, Chunk]],
    on_fault: Callable[[str, Fault], None] | None,
    on_around: Callable[[str, dict[str, Any]], None] | None,
) -> Iterator[tuple[DataFile, Chunk]]:
    """Yield each chunk after its faults, and what stands around its rows, were told."""
    for file, chunk in chunks:
        if chunk.about and on_around is not None:
            on_around(file.name, chunk.about)
        for fault in chunk.faults:
            sample_id = f"{file.name}#{fault.row}"
            if on_fault is None:
                raise RowError(fault.reason, where=sample_id)
            on_fault(sample_id, fault)
        yield file, chunk
