"""The one report object: every format is written from it, and `report.json` is it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from auditor.domain.coverage import Coverage
from auditor.domain.finding import Finding
from auditor.domain.obligation import Obligation
from auditor.domain.outcome import Outcome
from auditor.domain.plan import Plan
from auditor.domain.report.dataset import BesideFile, DatasetFacts
from auditor.domain.report.excerpt import Excerpt, Redaction
from auditor.domain.report.fair_use import FairUseSheet
from auditor.domain.report.judged_by import (
    ConfigFacts,
    IndexFacts,
    KnowledgeFacts,
    PolicyFacts,
    PublicFacts,
    RequestFacts,
)
from auditor.domain.report.openness_fact import OpennessFact
from auditor.domain.report.origin_facts import OriginFacts
from auditor.domain.report.unread_file import UnreadFile
from auditor.domain.report.use_outcome import UseOutcome
from auditor.domain.timeline import Timeline
from auditor.domain.waiver import AppliedWaiver

SCHEMA = "auditor.report/v2"


@dataclass(frozen=True, slots=True)
class Report:
    """An audit's answer with all that led to it."""

    outcome: Outcome
    dataset: DatasetFacts
    policy: PolicyFacts
    coverage: Coverage
    schema: str = SCHEMA
    tool_version: str = ""
    tool_digest: str = ""
    """`sha256:…` over the modules of the program that made the audit."""
    created_at: str = ""
    """RFC 3339 in UTC, from the caller's clock."""
    exit_code: int = 0
    sentence: str = ""
    """The answer in the words of another tool that made the report; an audit leaves it to the formats."""
    sampled: bool = False
    """Only a part of the set was read; the answer is not for the whole."""
    plan: Plan | None = None
    knowledge: KnowledgeFacts = field(default_factory=KnowledgeFacts)
    indexes: tuple[IndexFacts, ...] = ()
    public: tuple[PublicFacts, ...] = ()
    """Empty where there was no index to search in."""
    origins: tuple[OriginFacts, ...] = ()
    findings: tuple[Finding, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    waivers: tuple[AppliedWaiver, ...] = ()
    assumptions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    matrix: tuple[UseOutcome, ...] = ()
    openness: tuple[OpennessFact, ...] = ()
    timelines: tuple[Timeline, ...] = ()
    """What held for each teacher over time, by the paths that rows came; the verdict does not rest on it."""
    fair_use: FairUseSheet | None = None
    redaction: Redaction = Redaction.NO_TEXT
    excerpts: tuple[Excerpt, ...] = ()
    notes: tuple[str, ...] = ()
    """Warnings and advice of the run, one sentence each."""
    command: str = ""
    """The command that makes this report again."""
    next_commands: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Which columns were judged as what: learned, prompt, system, claim, unjudged."""
    beside: tuple[BesideFile, ...] = ()
    unread: tuple[UnreadFile, ...] = ()
    config: ConfigFacts | None = None
    request: RequestFacts | None = None
    """None in reports of older programs, whose rows cannot be judged again."""
    audit_id: str = ""
    """The entry in the ledger; empty where none was asked for."""
