"""What an audit stood on: the pack, the catalog, the indexes, and how it was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.attest.files import file_digest
from auditor.domain.report.judged_by import (
    IndexFacts,
    KnowledgeFacts,
    PolicyFacts,
    PublicFacts,
    RequestFacts,
)
from auditor.domain.waiver import WaiverMode
from auditor.engine.request import AuditRequest
from auditor.knowledge.catalog import Knowledge
from auditor.policy.pack.load import CompiledPack
from auditor.redact import redact

if TYPE_CHECKING:
    from auditor.fingerprint.search.public_texts import PublicTexts
    from auditor.fingerprint.search.reference_index import ReferenceIndex


def policy_facts(pack: CompiledPack, asked: str, waivers: WaiverMode) -> PolicyFacts:
    """Return the pack in force.

    Args:
        asked: the pack as the audit was asked for it.
        waivers: which waivers were taken.
    """
    changes = pack.changes
    return PolicyFacts(
        pack.name,
        pack.version,
        pack.digest,
        pack.pack.title,
        len(pack.rules),
        redact(asked),
        overrides=changes.overrides,
        shadows=", ".join(changes.shadows),
        disabled=changes.disabled,
        local=changes.local,
        waivers=str(waivers),
        permit=pack.pack.permit.stated(),
    )


def knowledge_facts(knowledge: Knowledge) -> KnowledgeFacts:
    """Return the catalog in force."""
    return KnowledgeFacts(
        knowledge.version,
        knowledge.digest,
        knowledge.overlays,
        knowledge.replaced,
        knowledge.added,
        knowledge.bundle,
    )


def index_facts(
    indexes: Sequence[tuple[str, ReferenceIndex]], paths: Sequence[Path], fpr: float
) -> Iterator[IndexFacts]:
    """Yield each index searched.

    Args:
        paths: of their files, in the same order.
        fpr: the share of innocent rows called copied that was asked for.
    """
    for (name, index), path in zip(indexes, paths, strict=True):
        thresholds = index.thresholds
        yield IndexFacts(
            name=name,
            spec_id=index.spec,
            fpr=index.promised(fpr),
            references=len(index),
            digest=file_digest(path),
            teachers=tuple(index.teachers),
            thresholds={f"{rate:g}": round(float(score), 4) for rate, score in sorted(thresholds.items())},
        )


def public_facts(public: Sequence[PublicTexts]) -> tuple[PublicFacts, ...]:
    """Return the public texts that were asked beside the indexes."""
    return tuple(PublicFacts(one.name, one.version, one.digest, len(one)) for one in public)


def request_facts(request: AuditRequest) -> RequestFacts:
    """Return what the audit was asked, as far as it bears on the answer."""
    return RequestFacts(
        claims=request.claims,
        shape=str(request.shape or ""),
        indexes=tuple(redact(str(path)) for path in request.indexes),
        public=tuple(redact(str(path)) for path in request.public),
        fpr=request.fpr,
        sample=request.sample,
        knowledge=redact(str(request.knowledge or "")),
        waivers=redact(str(request.waivers or "")),
        approver_keys=tuple(redact(str(path)) for path in request.approver_keys),
        mapping=request.mapping,
        mapping_by=request.mapping_by if request.mapping else "",
        map_from=tuple(redact(str(path)) for path in request.map_from),
    )
