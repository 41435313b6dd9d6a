"""The front of the readers: arguments in, batches of rows out, with their texts and claims.

A row that cannot be read, or fits no shape, is counted and told of; the rows after it are read on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from auditor.domain.claim import Claim, ClaimSet
from auditor.domain.permit import BoundFile
from auditor.domain.sample import Shape
from auditor.errors import InputError, NoRowsError, UnreadableInputError
from auditor.row_kernels.worth import expect
from auditor.samples.batch import SampleBatch
from auditor.samples.claims.answered import Answered
from auditor.samples.claims.beside import beside_files, bound_around
from auditor.samples.claims.claim_table import ClaimTable, around
from auditor.samples.claims.generation_records import read_record
from auditor.samples.claims.known_names import Models
from auditor.samples.claims.named_beside import set_up_claims
from auditor.samples.claims.profile import ValueProfile
from auditor.samples.claims.side_files import file_claims, record_claims
from auditor.samples.file_facts import FileFacts, Unreadable, UnreadableFile
from auditor.samples.inputs.sources import DataFile, find_files, places_of
from auditor.samples.planned.file_rows import FileRows
from auditor.samples.readers.chunk import CHUNK_ROWS, Chunk
from auditor.samples.readers.expected import expected_rows
from auditor.samples.readers.formats import Format, read_file, sniff
from auditor.samples.readers.stored import Stored, bytes_of, bytes_taken, size_of
from auditor.samples.shapes.column_map import ColumnMap
from auditor.samples.shapes.flat_rows import opened_row
from auditor.samples.shapes.layouts import RECORD, column_layout
from auditor.samples.shapes.map_check import MappedPaths
from auditor.samples.shapes.map_entry import MapEntry
from auditor.samples.shapes.map_files import check_named, found_beside
from auditor.samples.shapes.mapping import Mapping
from auditor.samples.shapes.recognize import SAMPLE_ROWS, ShapeGuess, guess_shape, left_out, why_not

_RENEW = "fetch or write the file again, or leave it out"
Ahead = Callable[[Iterator[Chunk], int], Iterator[Chunk]]
"""Yields the chunks of a file of so many bytes, perhaps made before they are asked for."""
KEPT = 10_000
"""Unreadable rows kept in memory; the others are counted and given to the sink alone."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read; the defaults need no knowledge of the data."""

    shape: Shape | None = None
    """None recognizes it."""
    text_columns: tuple[str, ...] = ()
    """Columns of teacher text; empty goes by the shape."""
    prompt_columns: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    """Claims by flag, for every row."""
    batch_rows: int = CHUNK_ROWS
    split: str | None = None
    allow_network: bool = False
    sample: int | None = None
    """Stop after so many rows."""
    mapping: Mapping | None = None
    """What the user says of columns."""
    models: Models | None = None
    """What is known as a model's name; None looks for models in the usual columns alone."""
    by_plan: bool = True
    """Decide once for each schema; False reads every row by itself, with the same answers."""
    bind: bool = False
    """Digest what stands beside the rows too (`Source.beside`)."""


@dataclass(slots=True)
class Source:
    """Iterates batches once, in bounded memory; the other members fill as it goes."""

    inputs: tuple[DataFile, ...]
    options: ReadOptions
    files: list[FileFacts] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    """The first `KEPT` of them."""
    unreadable_rows: int = 0
    unreadable_files: list[UnreadableFile] = field(default_factory=list)
    samples: int = 0
    """Rows given out so far."""
    beside: tuple[BoundFile, ...] = ()
    """What is read for claims beside the rows, once all was read; empty without `ReadOptions.bind`."""
    column_map: ColumnMap = field(default_factory=ColumnMap)
    """Which columns were judged as what; it fills as rows are read, with `ReadOptions.bind`."""
    overruled: dict[tuple[str, str, str], None] = field(default_factory=dict)
    """What rows said and the user answered otherwise: his line, and place and value of the claim."""
    maps_beside: dict[MapEntry, None] = field(default_factory=dict)
    """What trainers' files beside the rows say of their columns."""
    _around: dict[str, BoundFile] = field(default_factory=dict)
    _mapped: MappedPaths = field(default_factory=MappedPaths)
    _claims: ClaimTable = field(default_factory=ClaimTable)
    _tell: Callable[[Unreadable], None] = lambda row: None
    _ahead: Ahead = lambda chunks, size: chunks
    _size: int = 0
    """Bytes of all files."""
    _reading: Stored | None = None
    _said_rows: int | None = None
    """Rows that the file says it has that is being read."""

    @property
    def claim_sets(self) -> list[ClaimSet]:
        """Return the claim sets that batches point into, as many as the rows read so far have."""
        return self._claims.sets

    @property
    def sources_left_out(self) -> dict[str, int]:
        """Return how many rows lost a source claim, by its column: such a column names rows, not datasets."""
        return self._claims.sources_left_out

    def __iter__(self) -> Iterator[SampleBatch]:
        """Yield the batches; see `read`."""
        return self.read()

    def read(
        self,
        on_unreadable: Callable[[Unreadable], None] = lambda row: None,
        ahead: Ahead = lambda chunks, size: chunks,
    ) -> Iterator[SampleBatch]:
        """Yield the batches.

        Args:
            on_unreadable: told of every unreadable row.
            ahead: lets chunks be read and digested beside what becomes of them.

        Raises:
            UnreadableInputError: no file can be read.
            NoRowsError: there is no row, or none that can be read.
            UsageError: the user named a column or an answer that no row has.
        """
        self._tell, self._ahead = on_unreadable, ahead
        self._size = bytes_of(file.stored for file in self.inputs)
        expect(self._size)
        before = beside_files(self.inputs) if self.options.bind else ()
        for file in self.inputs:
            if self._done():
                break
            try:
                yield from self._file(file)
            except UnreadableInputError as error:
                self.unreadable_files.append(UnreadableFile(file.name, error.message, error.fix or _RENEW))
        if not self.samples:
            self._refuse()
        self._mapped.refuse(slot for claims in self.claim_sets for slot in claims.slots)
        if self.options.bind:
            self._bind(before)

    def share_read(self) -> float:
        """Return which part of all files' bytes was read so far, or of the rows asked for; for a bar."""
        read = 0.0
        if self.files:
            *done, last = self.files
            taken = bytes_taken(self._reading) if self._reading else 0
            of_last = last.size * last.rows / self._said_rows if self._said_rows else taken
            read = (sum(facts.size for facts in done) + min(of_last, last.size)) / max(1, self._size)
        return min(1.0, max(read, self.samples / self.options.sample if self.options.sample else 0.0))

    def _bind(self, before: tuple[BoundFile, ...]) -> None:
        """Keep the digests of what stands beside the rows.

        Raises:
            InputError: some of it changed while the rows were read.
        """
        if beside_files(self.inputs) != before:
            raise InputError(
                "a card, license or side file changed while the rows were read",
                fix="let nothing write to the data, then run it again",
            )
        around = (self._around[digest] for digest in sorted(self._around))
        self.beside = (*before, *around)

    def _file(self, file: DataFile) -> Iterator[SampleBatch]:
        kind = sniff(file.stored)
        facts = FileFacts(file.name, file.path.as_posix(), size_of(file.stored), kind, file.split)
        self.files.append(facts)
        self._reading = file.stored
        self._said_rows = expected_rows([file.stored]) if kind is Format.PARQUET else None
        guess: ShapeGuess | None = None
        rows: FileRows | None = None
        chunks = read_file(file.stored, kind, self.options.batch_rows, self._by_outline())
        for chunk in self._ahead(chunks, facts.size):
            if kind.flat:
                chunk.change_rows(opened_row)
            self._said_rows = chunk.of_rows or self._said_rows
            if chunk.about:
                bound = bound_around(file.name, chunk.about)
                self._around.setdefault(bound.digest, bound)
            if guess is None and len(chunk):
                head = chunk.head(SAMPLE_ROWS)
                guess = self._guess(head)
                beside = (*around(chunk.about), *file_claims(file, _record_kind(guess, chunk)))
                rows = self._rows(
                    file, guess, (*beside, *self._named(file, chunk.about), *self.options.claims)
                )
                facts = _with_shape(facts, guess, head)
            before = self.unreadable_rows
            for fault in chunk.faults:
                self._quarantine(Unreadable(file.name, fault.row, fault.line, fault.reason))
            batch = self._batch(file, chunk, rows) if rows else None
            facts = replace(
                facts,
                rows=facts.rows + (len(batch) if batch else 0),
                unreadable=facts.unreadable + self.unreadable_rows - before,
            )
            self.files[-1] = facts
            if batch:
                self.samples += len(batch)
                yield batch
            if self._done():
                return

    def _named(self, file: DataFile, about: dict[str, Any]) -> tuple[Claim, ...]:
        """Return the models named around a file's rows, in settings beside it, and by its name and split."""
        profile = self._claims.profile
        if profile is None:
            return ()
        names = places_of(file)
        beside = set_up_claims(file, profile.models)
        return (
            *(profile.around(about) if about else ()),
            *beside,
            *profile.of_file(tuple(dict.fromkeys(names))),
        )

    def _guess(self, rows: Sequence[dict[str, Any]]) -> ShapeGuess:
        options = self.options
        if options.text_columns:
            return ShapeGuess(((column_layout(options.text_columns, options.prompt_columns), 1.0),))
        return guess_shape(rows, options.shape)

    def _rows(self, file: DataFile, guess: ShapeGuess, common: tuple[Claim, ...]) -> FileRows:
        said = self.options.mapping
        beside = found_beside(file)
        mapping = (said or Mapping(())).of_file(file.path, beside)
        self.maps_beside.update((entry, None) for entry in beside)
        said_here = mapping if mapping and mapping.entries else None
        self._claims.answered = Answered(said_here, self.overruled) if said_here else None
        return FileRows(
            guess.fit if mapping is None else partial(mapping.take_parts, fit=guess.fit),
            mapping,
            self._claims,
            common,
            lru_cache(partial(record_claims, file)),
            self.column_map if self.options.bind else None,
            self.options.by_plan,
        )

    def _batch(self, file: DataFile, chunk: Chunk, rows: FileRows) -> SampleBatch:
        numbers, lines, left = chunk.numbers, chunk.lines, self._left()
        count = len(chunk) if left is None else min(left, len(chunk))
        if self.options.mapping is not None:
            self._mapped.look(chunk.rows[:count])
        found = rows.read(
            chunk.runs, count, lambda at: (file.name, numbers[at], lines[at] if lines else None)
        )
        for at, row in found.unfit:
            line = lines[at] if lines else None
            self._quarantine(Unreadable(file.name, numbers[at], line, why_not(row)))
        parts = found.parts.batch()
        return SampleBatch(
            file.name,
            np.array(numbers, np.int64)[found.places],
            np.array(lines, np.int64)[found.places] if lines else None,
            [chunk.digests[at] for at in found.places],
            parts,
            self._claims.with_own_words(parts, np.array(found.claim_sets, np.int32)),
        )

    def _by_outline(self) -> bool:
        return self.options.by_plan and self.options.mapping is None

    def _quarantine(self, row: Unreadable) -> None:
        self.unreadable_rows += 1
        if len(self.unreadable) < KEPT:
            self.unreadable.append(row)
        self._tell(row)

    def _left(self) -> int | None:
        return None if self.options.sample is None else self.options.sample - self.samples

    def _done(self) -> bool:
        return self.options.sample is not None and self.samples >= self.options.sample

    def _refuse(self) -> None:
        if self.unreadable_files:
            first = self.unreadable_files[0]
            raise UnreadableInputError(first.reason, where=first.file, fix=first.fix)
        if self.unreadable:
            row = self.unreadable[0]
            raise NoRowsError(
                f"no row can be read: {row.reason}",
                where=row.sample_id,
                fix="check the file's format and shape",
            )
        where = ", ".join(file.name for file in self.inputs)
        raise NoRowsError("the input holds no row", where=where, fix="give a file with rows")


def open_source(args: Sequence[str], options: ReadOptions | None = None) -> Source:
    """Return a source over the files that the arguments name: files, globs, folders, `hf://` addresses.

    Raises:
        InputError: an argument names nothing, or a folder without data files.
        UsageError: a hub address without `allow_network`.
    """
    options = options or ReadOptions()
    mapping = options.mapping
    profile = ValueProfile(options.models) if options.models else None
    files = find_files(args, options.split, options.allow_network)
    check_named((entry for entry in (mapping.entries if mapping else ()) if entry.file), files)
    return Source(
        files,
        options,
        column_map=ColumnMap(mapping.ignored if mapping else ()),
        _claims=ClaimTable(profile),
        _mapped=MappedPaths(mapping.entries if mapping else ()),
    )


def _record_kind(guess: ShapeGuess, chunk: Chunk) -> str | None:
    if guess.best.name != RECORD:
        return None
    return next((record.kind for row in chunk.rows if (record := read_record(row))), None)


def _with_shape(facts: FileFacts, guess: ShapeGuess, rows: Sequence[dict[str, Any]]) -> FileFacts:
    return replace(
        facts,
        shape=guess.shape,
        layout=guess.best.name,
        score=guess.score,
        runner_up=guess.runner_up,
        left_out=left_out(guess, rows),
    )
