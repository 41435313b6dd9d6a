"""Sessions of agents whose answers do not name their model: the lines around them do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.values import values
from auditor.samples.readers.chunk import CHUNK_ROWS
from auditor.samples.readers.formats import read_file, sniff

_CONTEXT = "turn_context"


def session_claims(path: Path) -> Iterator[Claim]:
    """Yield the models of a session's turns, each once: where it changed, any of them may have answered."""
    seen: set[str] = set()
    for chunk in read_file(path, sniff(path), CHUNK_ROWS):
        for row in chunk.rows:
            payload = row.get("payload")
            payload = opened_cell(payload) if isinstance(payload, str) else payload
            if row.get("type") != _CONTEXT or not isinstance(payload, dict):
                continue
            for model in values(ClaimKind.TEACHER, payload.get("model")):
                if model not in seen:
                    seen.add(model)
                    yield Claim(ClaimKind.TEACHER, model, Basis.LOG, f"{_CONTEXT}.payload.model")
