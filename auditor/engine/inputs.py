"""Everything an audit stands on, loaded and checked before the first row is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.domain.plan import Plan
from auditor.engine.model_names import ModelNames
from auditor.engine.request import AuditRequest
from auditor.engine.waiving import NO_WAIVERS, WaiverSet, read_waiver_set
from auditor.errors import InputError, KnowledgeError
from auditor.knowledge.bundle import out_of_time
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.load import load_knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.pack.load import CompiledPack, load_pack
from auditor.policy.plan.plans import load_plan
from auditor.samples.inputs.folders import AUDIT_FILES
from auditor.samples.shapes.map_files import map_from
from auditor.samples.shapes.mapping import Mapping, joined, read_mapping
from auditor.samples.source import ReadOptions, Source, open_source

if TYPE_CHECKING:
    from auditor.fingerprint.search.detect import NgramSearch
    from auditor.fingerprint.search.public_passages import Publics
    from auditor.fingerprint.search.public_texts import PublicTexts
    from auditor.fingerprint.search.reference_index import ReferenceIndex


@dataclass(frozen=True, slots=True)
class AuditInputs:
    """The rules, facts, indexes and rows of one audit.

    Attributes:
        indexes: name and index, in the order given; the name is the file's.
        public: the texts that are nobody's own, the shipped ones first; empty where there is no index.
    """

    request: AuditRequest
    knowledge: Knowledge
    pack: CompiledPack
    plan: Plan | None
    indexes: tuple[tuple[str, ReferenceIndex], ...]
    source: Source
    waivers: WaiverSet = NO_WAIVERS
    public: tuple[PublicTexts, ...] = ()

    @property
    def context(self) -> EvaluationContext:
        """Return what origins are judged by: pack, knowledge, plan and day."""
        return EvaluationContext(self.pack, self.knowledge, self.plan, self.request.now.date())


def searches(
    indexes: Sequence[tuple[str, ReferenceIndex]], threads: int, publics: Publics
) -> tuple[tuple[str, NgramSearch], ...]:
    """Return what each index is asked by, with so many threads; without one no kernel is loaded."""
    from auditor.fingerprint.search.detect import NgramSearch

    return tuple((name, NgramSearch(index, threads, publics)) for name, index in indexes)


def prepare(request: AuditRequest) -> AuditInputs:
    """Load what the request names; a mistake in any of it costs no pass over the rows.

    Raises:
        AuditorError: whichever part cannot be used.
    """
    plan = load_plan(request.plan) if request.plan else None
    pack = load_pack(request.policy)
    waivers = read_waiver_set(request, pack.pack, plan)
    knowledge = load_knowledge(request.knowledge)
    _check_bundle(knowledge, request.now)
    indexes = _open(request.indexes)
    public = _open_public(request.public) if indexes else ()
    options = ReadOptions(
        shape=request.shape,
        claims=request.claims,
        sample=request.sample,
        allow_network=request.allow_network,
        mapping=mapping_of(request.mapping, request.mapping_by, request.map_from),
        models=ModelNames(knowledge),
        bind=True,
    )
    source = open_source(request.data, options)
    _check_output(source, request.out)
    return AuditInputs(request, knowledge, pack, plan, indexes, source, waivers, public)


def _check_bundle(knowledge: Knowledge, moment: datetime) -> None:
    """Refuse to judge by a bundle whose readings nobody vouches for any more."""
    why = knowledge.bundle and out_of_time(knowledge.bundle, moment)
    if why:
        raise KnowledgeError(why, fix="take a newer bundle by `auditor catalog update`, and pin that one")


def mapping_of(lines: Sequence[str], said_by: str, files: Sequence[Path]) -> Mapping | None:
    """Return what the user says of columns, in lines and by trainers' files; the lines come first.

    Raises:
        UsageError: a line or a file says nothing of columns.
    """
    return joined(read_mapping(lines, said_by), tuple(entry for path in files for entry in map_from(path)))


def _check_output(source: Source, out: Path) -> None:
    """Refuse an output folder in which a report would replace the data."""
    written = {(out / name).resolve() for name in AUDIT_FILES}
    for file in source.inputs:
        if file.path.resolve() in written:
            raise InputError(
                "the audit would write over its data", where=str(file.path), fix="choose another --out"
            )


def _open(paths: Sequence[Path]) -> tuple[tuple[str, ReferenceIndex], ...]:
    """Open the indexes; without one no kernel is loaded, let alone compiled."""
    if not paths:
        return ()
    from auditor.fingerprint.search.public_texts import open_teachers

    return tuple((path.stem, open_teachers(path)) for path in paths)


def _open_public(paths: Sequence[Path]) -> tuple[PublicTexts, ...]:
    from auditor.fingerprint.search.public_texts import open_public, shipped

    return (shipped(), *(open_public(path) for path in paths))
