"""Audits to put in a ledger."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from auditor.domain.claim import Access, Basis, Claim, ClaimKind, ClaimSet, Grade
from auditor.domain.clause import ClauseRef
from auditor.domain.coverage import Coverage
from auditor.domain.finding import Finding
from auditor.domain.origin import Origin, OriginFlag, OriginLicense, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer, Reason, Verdict
from auditor.ledger.recording import AuditHeader
from auditor.ledger.store import Ledger

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CLAIMS = ClaimSet(
    (
        Claim(ClaimKind.TEACHER, "GPT-4", Basis.ROW, "generator", "chosen"),
        Claim(ClaimKind.LICENSE, "mit", Basis.CARD, "README.md:license"),
    )
)
DENIED = Origin(
    "o-denied",
    (
        OriginTeacher(
            "openai/gpt-4",
            "GPT-4",
            True,
            (View.DECLARED, View.CONCLUDED),
            Basis.ROW,
            Grade.C,
            Access.API,
            host="openai",
            generated_at="2024-03",
            slot="chosen",
            where="generator",
            candidates=("openai/gpt-4",),
        ),
    ),
    (OriginLicense("mit", "MIT", Basis.CARD, "README.md:license"),),
    Basis.ROW,
    Grade.C,
    frozenset({OriginFlag.CONTRADICTION}),
)
UNKNOWN = Origin("o-none", (), (), Basis.NONE, Grade.E, frozenset({OriginFlag.UNDECLARED}))
CLAUSE = ClauseRef("openai-terms-2024-01", "2(c)(iii)", "https://example.org/terms")
NO_COMPETITION = Reason(
    "teacher-terms", Outcome.DENY, "t", "m", Layer.SERVICE_TERMS, CLAUSE, subject="openai/gpt-4"
)
UNDECLARED = Reason(
    "origin-undeclared", Outcome.REVIEW, "t", "m", Layer.PROVENANCE, ClauseRef("engine-rule", "undeclared")
)
VERDICTS = {
    "o-denied": Verdict(Outcome.DENY, (NO_COMPETITION,)),
    "o-none": Verdict(Outcome.REVIEW, (UNDECLARED,), questions=("who wrote the answers?",)),
}
FINDING = Finding("f-1", "teacher-terms", Outcome.DENY, "t", "m", Layer.SERVICE_TERMS, 2, clauses=(CLAUSE,))


def digest_of(row: int) -> bytes:
    """The digest of the test row `row`."""
    return hashlib.sha256(f"row {row}".encode()).digest()


def rows(count: int, claim_set: str | None = None, file: str = "train.jsonl") -> pa.Table:
    """Rows of which every third was denied and copied."""
    denied = [row % 3 == 0 for row in range(count)]
    span = {"query_start": 0, "query_end": 40, "reference_start": 5, "reference_end": 45}
    return pa.table(
        {
            "sample_id": [f"{file}#{row}" for row in range(count)],
            "digest": pa.array([digest_of(row) for row in range(count)], pa.binary(32)),
            "origin_id": ["o-denied" if no else "o-none" for no in denied],
            "claim_set": pa.array([claim_set if no else None for no in denied], pa.string()),
            "outcome": ["deny" if no else "review" for no in denied],
            "match": ["copied" if no else "no-match" for no in denied],
            "match_teacher": pa.array(["gpt4" if no else None for no in denied], pa.string()),
            "match_score": pa.array([0.9 if no else 0.1 for no in denied], pa.float32()),
            "spans": pa.array(
                [[span] if no else [] for no in denied],
                pa.list_(pa.struct([(name, pa.int32()) for name in span])),
            ),
            "text": ["never kept"] * count,
        }
    )


def opened(folder: Path) -> Ledger:
    """Open a fresh ledger below a folder."""
    return Ledger.open(str(folder / "a" / "ledger.db"), lambda: NOW)


def record(ledger: Ledger, count: int = 9, dataset: str = "train", file: str = "train.jsonl") -> str:
    """Record one audit and return its id."""
    header = AuditHeader(dataset, "default", NOW, indexes=("idx",), tool="auditor 0")
    with ledger.begin_audit(header) as audit:
        (claims,) = audit.add_claim_sets([CLAIMS])
        audit.add_origins([DENIED, UNKNOWN])
        audit.add_samples(rows(count, claims, file))
        audit.add_verdicts(VERDICTS, {"o-denied": ["openai-policies"]})
        audit.add_findings([FINDING])
        audit.add_waivers([{"id": "w-1", "finding": "f-1", "reason": "agreed"}])
        return audit.commit(f"sha256:{count:064x}", Outcome.DENY, Coverage(declared=count // 3))


WRITE = """
import sys
from auditor.ledger.store import Ledger
from tests.ledger.material import NOW, record
with Ledger.open(sys.argv[1], lambda: NOW) as ledger:
    for turn in range(int(sys.argv[3])):
        record(ledger, dataset=f"{sys.argv[2]}-{turn}")
"""
"""A program that records audits: the ledger, the start of their names, how many."""
