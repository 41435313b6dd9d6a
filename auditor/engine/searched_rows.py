"""The rows of an audit with their teacher text and what the indexes know of it, read and searched ahead."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass

from auditor.domain.sample import SEARCHED
from auditor.engine.inputs import AuditInputs, searches
from auditor.engine.part_texts import PartTexts, texts_of
from auditor.engine.pipeline import ahead, usual_jobs
from auditor.engine.providers import provider_of
from auditor.engine.search import RowMatches, SearchIndex, search
from auditor.samples.batch import SampleBatch
from auditor.samples.file_facts import Unreadable
from auditor.samples.readers.chunk import Chunk

OnUnreadable = Callable[[Unreadable], None]
_WAITING = 16 << 20
"""Bytes of rows that wait between two steps."""
_LARGE = 8 << 20
"""Bytes of a file for which a thread pays."""
_Read = tuple[SampleBatch, float]
"""A batch, and which part of the data was read by then."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A batch of rows and what the indexes know of it."""

    batch: SampleBatch
    texts: PartTexts
    """Its teacher text."""
    matches: RowMatches
    share: float
    """Which part of the data was read by then."""


def searched_rows(inputs: AuditInputs, on_unreadable: OnUnreadable) -> Generator[Searched, None, None]:
    """Yield each batch with its teacher text and matches, in the order of the files.

    With more than one job a thread reads and digests ahead, another takes the rows apart, and a third
    searches where there is an index. What comes out is the same for any number of them; close the generator
    to be sure that they have ended.

    Raises:
        InputError: as `Source.read` does.
    """
    jobs = inputs.request.jobs or usual_jobs()
    source = inputs.source
    read = source.read(on_unreadable) if jobs == 1 else source.read(on_unreadable, _chunks_ahead)
    batches = ((batch, source.share_read()) for batch in read)
    if jobs == 1:
        return _searched(batches, inputs, jobs)
    found = _searched(ahead(batches, _weight, _WAITING), inputs, jobs)
    if not inputs.indexes:
        return found
    return ahead(found, lambda one: _weight((one.batch, one.share)), _WAITING)


def _searched(
    batches: Generator[_Read, None, None], inputs: AuditInputs, jobs: int
) -> Generator[Searched, None, None]:
    indexes: tuple[tuple[str, SearchIndex], ...] = _asked(inputs, jobs)
    with closing(batches):
        for batch, share in batches:
            texts = texts_of(batch.parts, SEARCHED)
            yield Searched(batch, texts, search(indexes, texts, len(batch), inputs.request.fpr), share)


def _asked(inputs: AuditInputs, jobs: int) -> tuple[tuple[str, SearchIndex], ...]:
    """Return what the indexes are asked by; without one no kernel is loaded."""
    if not inputs.indexes:
        return ()
    from auditor.fingerprint.search.public_passages import Publics

    return searches(inputs.indexes, jobs, Publics(inputs.public, provider_of(inputs.knowledge)))


def _chunks_ahead(chunks: Iterator[Chunk], size: int) -> Iterator[Chunk]:
    """Read and digest the chunks of a large file in a thread of their own, one before it is asked for."""
    return ahead(chunks, lambda chunk: 1, 1) if size >= _LARGE else chunks


def _weight(read: _Read) -> int:
    """Return about how many bytes a batch holds."""
    batch, _ = read
    return int(batch.parts.nbytes) + 64 * len(batch)
