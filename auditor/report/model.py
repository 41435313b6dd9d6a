"""The names that a report format of another package imports: the report object and its parts."""

from __future__ import annotations

from auditor.domain.report.codec import from_json, parse, to_json
from auditor.domain.report.dataset import BesideFile, BesideKind, DatasetFacts, FileFacts, UnreadableRow
from auditor.domain.report.excerpt import Excerpt, Redaction
from auditor.domain.report.fair_use import FairUseSheet, SheetEntry, SheetWork
from auditor.domain.report.judged_by import ConfigFacts, IndexFacts, KnowledgeFacts, PolicyFacts, RequestFacts
from auditor.domain.report.openness_fact import OpennessFact
from auditor.domain.report.origin_facts import OriginFacts
from auditor.domain.report.report import SCHEMA, Report
from auditor.domain.report.unread_file import UnreadFile
from auditor.domain.report.use_outcome import UseOutcome

__all__ = [
    "SCHEMA",
    "BesideFile",
    "BesideKind",
    "ConfigFacts",
    "DatasetFacts",
    "Excerpt",
    "FairUseSheet",
    "FileFacts",
    "IndexFacts",
    "KnowledgeFacts",
    "OpennessFact",
    "OriginFacts",
    "PolicyFacts",
    "Redaction",
    "Report",
    "RequestFacts",
    "SheetEntry",
    "SheetWork",
    "UnreadFile",
    "UnreadableRow",
    "UseOutcome",
    "from_json",
    "parse",
    "to_json",
]
