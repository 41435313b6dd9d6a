"""The one report object: every format is written from it, and `report.json` is it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from auditor.domain.claim import Basis, Claim, Grade
from auditor.domain.coverage import Coverage
from auditor.domain.direction import Direction
from auditor.domain.finding import Finding
from auditor.domain.match import Span
from auditor.domain.obligation import Obligation
from auditor.domain.origin import Origin, OriginFlag, OriginLicense, OriginTeacher
from auditor.domain.outcome import Outcome
from auditor.domain.plan import IntendedUse, Plan
from auditor.domain.terms import Openness
from auditor.domain.waiver import AppliedWaiver
from auditor.errors import InputError
from auditor.report.codec import decode, encode

SCHEMA = "auditor.report/v2"
READ = (SCHEMA, "auditor.report/v1")
"""Schemas that are read; what the first one lacks takes its default."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One input file and the row layout it was read with."""

    path: str
    """Relative to the argument's root, as in sample ids."""
    samples: int = 0
    unreadable: int = 0
    shape: str = ""
    """Empty where the file could not be read."""
    runner_up: str = ""
    """The layout that came second; empty for none."""
    error: str = ""
    """Why the whole file is unreadable."""
    location: str = ""
    """The path as seen from the working directory of the audit; empty where nobody noted it."""

    @property
    def seen(self) -> str:
        """Return the path that a person or a CI service can open."""
        return self.location or self.path


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that could not be read, and so was not judged."""

    sample_id: str
    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What was audited."""

    digest: str
    """`sha256:…` over all readable rows, whatever their order or shard."""
    samples: int
    unreadable: int = 0
    files: tuple[FileFacts, ...] = ()
    unreadable_examples: tuple[UnreadableRow, ...] = ()
    arguments: tuple[str, ...] = ()
    """The data as it was named to the audit."""


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """The pack in force."""

    name: str
    version: str
    digest: str
    title: str = ""
    rules: int = 0
    source: str = ""
    """As it was asked for: a name, or a file."""
    overrides: tuple[str, ...] = ()
    """Rules of included packs that this pack replaces."""
    shadows: str = ""
    """The shipped pack whose name a pack from elsewhere bears; empty for none."""
    disabled: tuple[str, ...] = ()
    """Rules of included packs that this pack leaves out."""
    local: bool = False
    """The pack was read from a file that is not shipped."""
    waivers: str = ""
    """Which waivers were taken: none, named or signed; empty where an older report does not say."""
    permit: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the pack asks of whoever acts on a permit."""


@dataclass(frozen=True, slots=True)
class KnowledgeFacts:
    """The catalog of teachers, terms and licenses in force."""

    version: str = ""
    digest: str = ""
    overlays: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    """Kind and id of each shipped entry that an overlay replaces, or whose name it takes over."""
    added: tuple[str, ...] = ()
    """Kind and id of each entry that only an overlay has."""


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """An index that was searched."""

    name: str
    spec_id: str
    fpr: float
    """Stated rate of false positives: expected flagged rows per searched row that is no copy."""
    references: int = 0
    teachers: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    digest: str = ""


@dataclass(frozen=True, slots=True)
class OriginFacts:
    """A combination of teachers and licenses, and what it came to."""

    id: str
    teachers: tuple[str, ...]
    """Catalog ids, declared and detected; the raw name where the catalog has none."""
    terms: tuple[str, ...]
    licenses: tuple[str, ...]
    """Concluded SPDX expressions."""
    basis: Basis
    grade: Grade
    samples: int
    share: float
    """Part of the readable rows, 0 to 1."""
    outcome: Outcome
    flags: tuple[OriginFlag, ...] = ()
    teacher_details: tuple[OriginTeacher, ...] = ()
    license_details: tuple[OriginLicense, ...] = ()
    rules: tuple[str, ...] = ()


class BesideKind(StrEnum):
    """What stands beside the rows and the verdict rested on."""

    CARD = "card"
    LICENSE = "license"
    SIDE_FILE = "side-file"
    AROUND = "around"
    """Members around the rows of a wrapped JSON file."""
    LABELS = "labels"
    """Texts that a file's metadata gives to numbers in its rows."""


@dataclass(frozen=True, slots=True)
class BesideFile:
    """One such file, or part of a file, by digest."""

    path: str
    """Relative to the data's root, as in sample ids; `FILE!around` and `FILE!labels` for parts of a file."""
    kind: BesideKind
    digest: str


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A data-like file in the named data that gave no rows."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConfigFacts:
    """The file of settings that was used."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What the audit was asked, as far as it bears on the answer; by it the rows can be judged again."""

    claims: tuple[Claim, ...] = ()
    """Claims about the whole set, by option."""
    shape: str = ""
    indexes: tuple[str, ...] = ()
    fpr: float = 0.001
    sample: int | None = None
    knowledge: str = ""
    """Folder of the catalog's overlay; empty for none."""
    waivers: str = ""
    approver_keys: tuple[str, ...] = ()
    """Public keys whose signatures under waivers counted, where the policy lists none."""
    mapping: tuple[str, ...] = ()
    """Which columns hold what, as the user said."""


@dataclass(frozen=True, slots=True)
class UseOutcome:
    """What the same rows come to for another use."""

    use: IntendedUse
    outcome: Outcome
    reason: str = ""
    """The deciding rule or question, one line."""


@dataclass(frozen=True, slots=True)
class OpennessFact:
    """What may be called open of the teacher, the data and the student."""

    subject: str
    """`teacher`, `data` or `student`."""
    name: str
    openness: Openness


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One line of the fair-use sheet: a consideration and what the audit knows of it."""

    factor: str
    question: str
    known: str = ""
    """Facts of this audit; empty: a person must say."""
    direction: Direction = Direction.UNKNOWN
    authority: str = ""
    """The provision or decision that makes the question matter."""


@dataclass(frozen=True, slots=True)
class SheetWork:
    """A registered work that rows repeat."""

    title: str
    rows: int
    share_of_work: float | None = None
    """Part of what the index holds of it, 0 to 1."""
    share_of_set: float = 0.0


@dataclass(frozen=True, slots=True)
class FairUseSheet:
    """Material for a lawyer's weighing; it decides nothing and changes no outcome."""

    digest: str
    entries: tuple[SheetEntry, ...] = ()
    works: tuple[SheetWork, ...] = ()
    notes: tuple[str, ...] = ()


class Redaction(StrEnum):
    """How much row text the report carries."""

    NO_TEXT = "no-text"
    SHARED_SPANS = "shared-spans"
    """Only the stretches that row and reference share, with a few words around them."""
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A row beside the reference it matches; spans count characters within these two texts."""

    finding: str
    sample_id: str
    text: str
    reference_text: str
    spans: tuple[Span, ...] = ()
    teacher: str = ""
    reference_id: str = ""
    score: float | None = None


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
    """The answer in one sentence; empty lets the report word it."""
    sampled: bool = False
    """Only a part of the set was read; the answer is not for the whole."""
    plan: Plan | None = None
    knowledge: KnowledgeFacts = KnowledgeFacts()
    indexes: tuple[IndexFacts, ...] = ()
    origins: tuple[OriginFacts, ...] = ()
    findings: tuple[Finding, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    waivers: tuple[AppliedWaiver, ...] = ()
    assumptions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    matrix: tuple[UseOutcome, ...] = ()
    openness: tuple[OpennessFact, ...] = ()
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


def to_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON values, members in the order of the schema."""
    plain: dict[str, Any] = encode(report)
    return {"schema": plain.pop("schema"), **plain}


def parse(raw: bytes) -> Report:
    """Read a report from the bytes of `report.json`.

    Raises:
        InputError: it is not JSON, or not a report of this schema.
    """
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError("the report is no JSON", fix="give the folder that `auditor audit` wrote") from error
    return from_json(value)


def from_json(value: Any) -> Report:
    """Read a report back.

    Raises:
        InputError: it is no report of this schema.
    """
    if not isinstance(value, dict) or value.get("schema") not in READ:
        raise InputError(f"this is no report of schema {SCHEMA}", fix="give the folder an audit wrote")
    report: Report = decode(Report, value)
    return report


def origin_facts(
    origin: Origin,
    terms: tuple[str, ...],
    samples: int,
    total: int,
    outcome: Outcome,
    rules: tuple[str, ...] = (),
) -> OriginFacts:
    """Sum up one origin that `samples` of `total` readable rows have."""
    return OriginFacts(
        id=origin.id,
        teachers=tuple(sorted({teacher.id for teacher in origin.teachers})),
        terms=tuple(sorted(set(terms))),
        licenses=tuple(sorted({entry.expression for entry in origin.licenses})),
        basis=origin.basis,
        grade=origin.grade,
        samples=samples,
        share=samples / total if total else 0.0,
        outcome=outcome,
        flags=tuple(sorted(origin.flags)),
        teacher_details=origin.teachers,
        license_details=origin.licenses,
        rules=tuple(sorted(set(rules))),
    )
