"""Reports to render: a rich one, a pass, a bare one, and one full of hostile strings."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from auditor.domain.axes import Confidence, OutputsUse, SilentBasis
from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.clause import ClauseRef
from auditor.domain.coverage import Coverage
from auditor.domain.finding import Evidence, Finding
from auditor.domain.match import Span
from auditor.domain.obligation import Obligation, ObligationStatus
from auditor.domain.origin import OriginFlag, OriginLicense, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.plan import IntendedUse, Plan, StudentBase
from auditor.domain.report.dataset import DatasetFacts, FileFacts, UnreadableRow
from auditor.domain.report.excerpt import Excerpt, Redaction
from auditor.domain.report.fair_use import FairUseSheet, SheetEntry
from auditor.domain.report.judged_by import IndexFacts, KnowledgeFacts, PolicyFacts
from auditor.domain.report.openness_fact import OpennessFact
from auditor.domain.report.origin_facts import OriginFacts
from auditor.domain.report.report import Report
from auditor.domain.report.use_outcome import UseOutcome
from auditor.domain.terms import Openness
from auditor.domain.timeline import Ground, Known, Lane, Segment, Timeline
from auditor.domain.tribool import Tribool
from auditor.domain.verdict import Layer
from auditor.domain.waiver import AppliedWaiver as Waiver
from auditor.ids import TermsId

CANARY = (
    "\"><script>alert('xss')</script><img src=x onerror=alert(1)>`|%0A::error::${{7*7}}{{7*7}}\x1b[31m\r\n"
)
CLAUSE = ClauseRef(
    "openai-services-agreement",
    "2.3(e)",
    "https://example.org/terms",
    "services agreement, 2025-05-31",
    "high",
)


def _teacher(
    name: str, grade: Grade, views: tuple[View, ...], access: Access, slot: str = ""
) -> OriginTeacher:
    basis = Basis.ROW if View.DECLARED in views else Basis.FINGERPRINT
    where = "generator" if View.DECLARED in views else "index:detection"
    return OriginTeacher(name, name, True, views, basis, grade, access, None, "2024-04", slot, where)


def _origin(
    number: int,
    teachers: tuple[OriginTeacher, ...],
    terms: tuple[str, ...],
    license_id: str,
    grade: Grade,
    samples: int,
    outcome: Outcome,
    *flags: OriginFlag,
) -> OriginFacts:
    return OriginFacts(
        id=f"o-{number:08x}",
        teachers=tuple(teacher.id for teacher in teachers),
        terms=terms,
        licenses=(license_id,),
        basis=teachers[0].basis if teachers else Basis.NONE,
        grade=grade,
        samples=samples,
        share=samples / 12_000,
        outcome=outcome,
        flags=flags,
        teacher_details=teachers,
        license_details=(OriginLicense(license_id.lower(), license_id, Basis.CARD, "README.md:license"),),
    )


def _origins() -> tuple[OriginFacts, ...]:
    both = (View.DECLARED, View.EFFECTIVE)
    found = (View.DETECTED, View.CONCLUDED, View.EFFECTIVE)
    qwen = _teacher("qwen1.5-72b-chat", Grade.C, both, Access.OPEN_WEIGHTS)
    gpt = _teacher("gpt-4-1106-preview", Grade.C, found, Access.API)
    llama = _teacher("llama-3.1-70b-instruct", Grade.B, both, Access.OPEN_WEIGHTS)
    odd = OriginTeacher(
        "acme-chat-9", "acme-chat-9", False, both, Basis.ROW, Grade.C, slot="chosen", where="model"
    )
    llama_terms = ("LicenseRef-Llama-3.1",)
    return (
        _origin(1, (llama,), llama_terms, "Apache-2.0", Grade.B, 7_904, Outcome.ALLOW_WITH_OBLIGATIONS),
        _origin(
            2,
            (qwen,),
            ("LicenseRef-Tongyi-Qianwen",),
            "Apache-2.0",
            Grade.C,
            3_061,
            Outcome.ALLOW_WITH_OBLIGATIONS,
        ),
        _origin(
            3,
            (qwen, gpt),
            ("openai-services-agreement",),
            "MIT",
            Grade.E,
            412,
            Outcome.DENY,
            OriginFlag.CONTRADICTION,
        ),
        _origin(
            4,
            (odd,),
            ("LicenseRef-Unknown",),
            "NOASSERTION",
            Grade.C,
            306,
            Outcome.REVIEW,
            OriginFlag.UNKNOWN_TEACHER,
        ),
        _origin(5, (), (), "CC-BY-NC-4.0", Grade.E, 280, Outcome.REVIEW, OriginFlag.UNDECLARED),
        _origin(6, (gpt,), ("openai-services-agreement",), "MIT", Grade.B, 37, Outcome.REVIEW),
    )


def _timelines() -> tuple[Timeline, ...]:
    older = Ground(
        TermsId("openai-business"), "Business Terms", OutputsUse.FORBIDDEN_IF_COMPETING, "2.3", "", "recalled"
    )
    newer = Ground(
        TermsId("openai-services-agreement"),
        "Services agreement",
        OutputsUse.FORBIDDEN_IF_COMPETING,
        "2.3(e)",
        "Outputs may not develop a model that competes.",
        "a copy of 2025",
        Confidence.TEXT,
        "https://example.org/terms",
        effective_from="2025-05-31",
        seen="2026-09-01",
    )
    silent = Ground(TermsId("MIT"), "MIT", OutputsUse.SILENT, confidence=Confidence.TEXT)
    grant = replace(silent, silent_basis=SilentBasis.BROAD_USE_GRANT)
    api = Lane(
        "gpt-4-1106-preview",
        Access.API,
        None,
        (
            Segment("2023-11-06", "2023-12-31", Known.UNREAD, (), "the version in force then was not read"),
            Segment("2024-01-01", "2025-05-30", Known.MEMORY, (older,)),
            Segment("2025-05-31", None, Known.READ, (newer,)),
        ),
        ("2024-04", "2025-06-02"),
    )
    weights = Lane("acme-open", Access.OPEN_WEIGHTS, "together", (Segment(None, None, Known.READ, (grant,)),))
    return (
        Timeline("GPT-4 Turbo", "gpt-4-1106-preview", "OpenAI", (api,), "2026-11-24"),
        Timeline("Acme Open", "acme-open", "Acme", (weights,), "2026-11-24"),
    )


def _findings() -> tuple[Finding, ...]:
    return (
        Finding(
            id="F-3c9a51d2",
            rule="outputs-forbidden-if-competing",
            outcome=Outcome.DENY,
            title="Output used to train a competing model",
            message="gpt-4-1106-preview wrote these rows, and its terms forbid training a model that "
            "competes with the provider. The plan says that the student competes.",
            layer=Layer.SERVICE_TERMS,
            samples=412,
            subject="gpt-4-1106-preview",
            clauses=(CLAUSE,),
            fix="Leave these rows out with `auditor split --keep allow`, or declare how the student does "
            "not compete.",
            origins=("o-00000003",),
            evidence=(
                Evidence(
                    "train/part-0.jsonl#18221",
                    "word for word",
                    18222,
                    "gpt-4-1106-preview",
                    "gpt4_1106_preview#551",
                    0.998,
                    (Span(0, 412, 0, 412),),
                ),
                Evidence(
                    "train/part-0.jsonl#18240",
                    "near-copy",
                    18241,
                    "gpt-4-1106-preview",
                    "gpt4_1106_preview#77",
                    0.942,
                    (Span(14, 300, 20, 306),),
                ),
                Evidence(
                    "train/part-1.parquet#9",
                    "near-copy",
                    None,
                    "gpt-4-1106-preview",
                    "gpt4_1106_preview#90",
                    0.911,
                    (),
                ),
            ),
        ),
        Finding(
            id="F-77b01e02",
            rule="origin-contradiction",
            outcome=Outcome.REVIEW,
            title="Declared teacher is not the one found",
            message="The rows declare qwen1.5-72b-chat; the search finds text of gpt-4-1106-preview.",
            layer=Layer.PROVENANCE,
            samples=412,
            subject="qwen1.5-72b-chat",
            clauses=(ClauseRef("engine-rule", "contradiction"),),
            fix="Correct the column `generator`, or adjudicate the rows.",
            origins=("o-00000003",),
            evidence=(Evidence("train/part-0.jsonl#18221", "declared qwen1.5-72b-chat", 18222),),
        ),
        Finding(
            id="F-a0c2d910",
            rule="teacher-unknown",
            outcome=Outcome.REVIEW,
            title="Teacher that the catalog does not know",
            message="`acme-chat-9` is in no catalog, so nobody knows its terms.",
            layer=Layer.PROVENANCE,
            samples=306,
            subject="acme-chat-9",
            clauses=(ClauseRef("engine-rule", "unknown-teacher"),),
            fix="Add it with an overlay: `auditor catalog teachers --knowledge my-knowledge/`.",
            origins=("o-00000004",),
            evidence=(
                Evidence("train/part-2.csv#3", "model = acme-chat-9", 5),
                Evidence("train/part-2.csv#4"),
            ),
        ),
        Finding(
            id="F-0be411aa",
            rule="origin-undeclared",
            outcome=Outcome.REVIEW,
            title="Nobody says where these rows come from",
            message="No column, card or flag names a teacher, and the search finds none.",
            layer=Layer.PROVENANCE,
            samples=280,
            subject="",
            clauses=(ClauseRef("engine-rule", "undeclared"),),
            fix="Declare the source: `auditor audit … --teacher human --access none`.",
            origins=("o-00000005",),
            evidence=(Evidence("train/part-2.csv#300", "", 302),),
        ),
        Finding(
            id="F-c1d2e3f4",
            rule="license-non-commercial",
            outcome=Outcome.REVIEW,
            title="Non-commercial license in a commercial plan",
            message="CC-BY-NC-4.0 keeps commercial use back.",
            layer=Layer.DATASET_LICENSE,
            samples=37,
            subject="CC-BY-NC-4.0",
            clauses=(
                ClauseRef(
                    "CC-BY-NC-4.0",
                    "2(a)(1)",
                    "https://creativecommons.org/licenses/by-nc/4.0/legalcode",
                    "CC legal code",
                    "high",
                ),
            ),
            fix="Ask the rights holder for a commercial license.",
            origins=("o-00000006",),
            evidence=(Evidence("train/part-2.csv#8", "", 10),),
            waived_by="W-2026-004",
        ),
    )


def _obligations() -> tuple[Obligation, ...]:
    llama = ClauseRef(
        "LicenseRef-Llama-3.1", "1.b.i", "https://example.org/llama-3.1", "license text", "high"
    )
    return (
        Obligation(
            "name-prefix",
            "the student is distributed",
            llama,
            ObligationStatus.MET,
            MappingProxyType({"prefix": "Llama"}),
            "The student's name starts with “Llama”.",
        ),
        Obligation(
            "display-notice",
            "the student is distributed",
            llama,
            ObligationStatus.OPEN,
            MappingProxyType({"text": "Built with Llama"}),
            "Show “Built with Llama” on a website, in an app or in the documentation.",
        ),
        Obligation(
            "notice-file",
            "copies are distributed",
            llama,
            ObligationStatus.OPEN,
            MappingProxyType(
                {
                    "text": "Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright © "
                    "Meta Platforms, Inc."
                }
            ),
            "Ship a NOTICE file with this text.",
        ),
    )


def _sheet() -> FairUseSheet:
    return FairUseSheet(
        "sha256:" + "5e" * 32,
        (
            SheetEntry("Purpose and character", "Is the student for commerce?", "Plan: commercial-api."),
            SheetEntry("Nature of the work", "Is the source text creative or factual?", ""),
            SheetEntry(
                "Amount used",
                "How much of each work is taken?",
                "412 rows copied, 100 of them word for word.",
            ),
            SheetEntry(
                "Effect on the market",
                "Does the student stand in for the teacher?",
                "Plan: competes with the provider.",
            ),
        ),
    )


def rich() -> Report:
    """A denied set of five findings, with everything that a report can show."""
    return Report(
        outcome=Outcome.DENY,
        dataset=DatasetFacts(
            digest="sha256:" + "9f2c41" * 10 + "9f2c",
            samples=12_000,
            unreadable=3,
            files=(
                FileFacts("train/part-0.jsonl", 8_000, 2, "messages", "prompt-completion"),
                FileFacts("train/part-1.parquet", 3_000, 0, "preference", "alpaca"),
                FileFacts("train/part-2.csv", 1_000, 1, "question-answer", ""),
                FileFacts("train/broken.json", 0, 0, "", "", "not valid JSON: unexpected end (line 4)"),
            ),
            unreadable_examples=(
                UnreadableRow("train/part-0.jsonl#77", "a key is there twice in one object", 78),
                UnreadableRow("train/part-0.jsonl#4012", "not valid JSON: unexpected end (column 88)", 4013),
                UnreadableRow("train/part-2.csv#12", "a row has 5 fields, the header has 4", 14),
            ),
        ),
        policy=PolicyFacts("default", "1.0.0", "sha256:" + "ab" * 32, "The default pack", 31),
        coverage=Coverage(
            declared=11_683,
            searched_rows=12_000,
            detected=449,
            insufficient=1_388,
            unknown_origin=586,
            searched=("detection (spec sha256:77e0…, 7 teachers, 14,000 references)",),
            not_searched=(
                "Prompt sides: the index holds answers only.",
                "Teachers outside the index were not searched for.",
            ),
        ),
        tool_version="0.1.0",
        created_at="2026-11-24T12:00:00Z",
        exit_code=1,
        plan=Plan(
            StudentBase("meta-llama/Llama-3.1-8B", "LicenseRef-Llama-3.1"),
            IntendedUse.COMMERCIAL_API,
            "proprietary",
            "Llama-Acme-8B",
            Tribool.YES,
            MappingProxyType({"mau": 20_000, "self_hosted": True, "competes_with": ("OpenAI",)}),
            "plan.yaml",
        ),
        knowledge=KnowledgeFacts("2026.11", "sha256:" + "cd" * 32, ("my-knowledge",)),
        indexes=(
            IndexFacts(
                "detection",
                "sha256:77e0" + "0" * 60,
                0.001,
                14_000,
                ("gpt4_1106_preview", "claude-3", "qwen1.5-72b", "llama-3.1-70b"),
                MappingProxyType({"containment": 0.41, "jaccard": 0.55}),
                "sha256:" + "11" * 32,
            ),
        ),
        origins=_origins(),
        findings=_findings(),
        obligations=_obligations(),
        waivers=(
            Waiver(
                "W-2026-004",
                "license-non-commercial",
                "Commercial license bought, contract 2026-118.",
                "counsel@example.org",
                "2027-01-31",
                37,
                "F-c1d2e3f4",
            ),
            Waiver(
                "W-2025-019", "teacher-unknown", "Pilot set.", "lead@example.org", "2026-12-24", 0, "", True
            ),
        ),
        assumptions=("`dataset_published` = no (default).", "`order_form_permission` = no (default)."),
        questions=(
            "Does acme-chat-9 have terms? Nobody has read any.",
            "Who wrote the 280 rows that nobody declares?",
        ),
        matrix=(
            UseOutcome(IntendedUse.RESEARCH_ONLY, Outcome.REVIEW, "teacher-unknown"),
            UseOutcome(IntendedUse.INTERNAL_COMMERCIAL, Outcome.REVIEW, "teacher-unknown"),
            UseOutcome(IntendedUse.COMMERCIAL_API, Outcome.DENY, "outputs-forbidden-if-competing"),
            UseOutcome(IntendedUse.OPEN_WEIGHTS_RELEASE, Outcome.DENY, "outputs-forbidden-if-competing"),
        ),
        openness=(
            OpennessFact("teacher", "gpt-4-1106-preview", Openness.CLOSED),
            OpennessFact("teacher", "llama-3.1-70b-instruct", Openness.SOURCE_AVAILABLE),
            OpennessFact("data", "Apache-2.0", Openness.OPEN),
            OpennessFact("student", "proprietary", Openness.CLOSED),
        ),
        timelines=_timelines(),
        fair_use=_sheet(),
        redaction=Redaction.SHARED_SPANS,
        excerpts=(
            Excerpt(
                "F-3c9a51d2",
                "train/part-0.jsonl#18221",
                "Sure! A binary search halves the interval at every step, so that a sorted list of a million "
                "entries needs at most twenty comparisons.",
                "Here you go. A binary search halves the interval at every step, so that a sorted list of a "
                "million entries needs no more than twenty.",
                (Span(6, 108, 13, 115),),
                "gpt-4-1106-preview",
                "gpt4_1106_preview#551",
                0.942,
            ),
        ),
        notes=("The index holds no text of 2026.",),
        command="auditor audit train/ --plan plan.yaml --policy default --index detection.idx",
        next_commands=(
            "auditor explain F-3c9a51d2",
            "auditor split auditor-out --keep allow",
            "auditor report auditor-out --open",
        ),
    )


def bare() -> Report:
    """What an audit without plan and index says of a readable set of unknown origin."""
    return Report(
        outcome=Outcome.REVIEW,
        dataset=DatasetFacts(
            "sha256:" + "0a" * 32, 7_473, files=(FileFacts("gsm8k-train.jsonl", 7_473, 0, "question-answer"),)
        ),
        policy=PolicyFacts("default", "1.0.0", "sha256:" + "ab" * 32),
        coverage=Coverage(
            unknown_origin=7_473, not_searched=("No index was given, so no row was searched.",)
        ),
        tool_version="0.1.0",
        created_at="2026-11-24T12:00:00Z",
        exit_code=3,
        findings=(_findings()[3],),
    )


def passing() -> Report:
    """A set that may be trained on, with one duty left and what the pass does not say."""
    return Report(
        outcome=Outcome.ALLOW_WITH_OBLIGATIONS,
        dataset=DatasetFacts(
            "sha256:" + "0b" * 32, 500, files=(FileFacts("kept.jsonl", 500, 0, "messages"),)
        ),
        policy=PolicyFacts("default", "1.0.0", "sha256:" + "ab" * 32),
        coverage=Coverage(500, 500, 0, 40, 0, ("detection (7 teachers)",), ("Prompt sides.",)),
        tool_version="0.1.0",
        created_at="2026-11-24T12:00:00Z",
        origins=(replace(_origins()[0], samples=500, share=1.0),),
        obligations=_obligations()[1:2],
        plan=Plan(intended_use=IntendedUse.COMMERCIAL_API),
        matrix=(UseOutcome(IntendedUse.COMMERCIAL_API, Outcome.ALLOW_WITH_OBLIGATIONS),),
        next_commands=("auditor attest auditor-out --key KEY --out permit.intoto.json",),
    )


def waived() -> Report:
    """A set that passes because somebody accepted what was found, signed, and until a day."""
    found = _findings()[0]
    signed = ("3f" * 32,)
    more = replace(_findings()[2], waived_by="Bea Kurz until 2027-01-31")
    origins = (_origins()[0], _origins()[2], _origins()[3])
    return replace(
        passing(),
        dataset=DatasetFacts(
            "sha256:" + "0b" * 32, 8_622, files=(FileFacts("kept.jsonl", 8_622, 0, "messages"),)
        ),
        policy=PolicyFacts("commercial-api", "1.0.0", "sha256:" + "ab" * 32, waivers="signed"),
        coverage=Coverage(8_622, 8_622, 412, 40, 0, ("detection (7 teachers)",), ("Prompt sides.",)),
        origins=tuple(replace(one, share=one.samples / 8_622) for one in origins),
        findings=(replace(found, waived_by="Bea Kurz until 2027-01-31"), more),
        waivers=tuple(
            Waiver(
                id=one.id.replace("F-", "W-"),
                rule=one.rule,
                reason="counsel-decided: The contract of 3 May allows it.",
                approved_by="Bea Kurz",
                expires="2027-01-31",
                samples=one.samples,
                finding=one.id,
                author="Ann Berg",
                created="2026-11-20",
                policy="commercial-api",
                file="waivers.yaml",
                digest="sha256:" + "5e" * 32,
                signed_by=signed,
            )
            for one in (found, more)
        ),
        matrix=(
            UseOutcome(IntendedUse.RESEARCH_ONLY, Outcome.REVIEW, "teacher-unknown"),
            UseOutcome(IntendedUse.INTERNAL_COMMERCIAL, Outcome.DENY, "outputs-forbidden-if-competing"),
            UseOutcome(IntendedUse.COMMERCIAL_API, Outcome.DENY, "outputs-forbidden-if-competing"),
            UseOutcome(IntendedUse.OPEN_WEIGHTS_RELEASE, Outcome.DENY, "outputs-forbidden-if-competing"),
        ),
    )


def _hostile_ground() -> Ground:
    outputs, memory = OutputsUse.FORBIDDEN, Confidence.MEMORY
    return Ground(
        TermsId(CANARY), CANARY, outputs, CANARY, CANARY, CANARY, memory, CANARY, None, CANARY, CANARY
    )


def hostile() -> Report:
    """Untrusted strings that try to break out of every format."""
    clause = ClauseRef(CANARY, CANARY, "javascript:alert(1)", CANARY)
    return Report(
        outcome=Outcome.DENY,
        dataset=DatasetFacts(
            "sha256:" + "0c" * 32,
            1,
            1,
            (FileFacts(CANARY, 1, 1, CANARY, CANARY, CANARY),),
            (UnreadableRow(CANARY, CANARY, 1),),
        ),
        policy=PolicyFacts(CANARY, CANARY, CANARY),
        coverage=Coverage(1, 1, 1, 0, 0, (CANARY,), (CANARY,)),
        tool_version="0.1.0",
        created_at="2026-11-24T12:00:00Z",
        exit_code=1,
        plan=Plan(
            StudentBase(CANARY, CANARY),
            IntendedUse.COMMERCIAL_API,
            CANARY,
            CANARY,
            source=CANARY,
            facts=MappingProxyType({CANARY: CANARY}),
        ),
        origins=(
            _origin(
                1,
                (OriginTeacher(CANARY, CANARY, False, (View.DECLARED,), Basis.ROW, Grade.C),),
                (CANARY,),
                CANARY,
                Grade.C,
                1,
                Outcome.DENY,
            ),
        ),
        timelines=(
            Timeline(
                CANARY,
                CANARY,
                CANARY,
                (
                    Lane(
                        CANARY,
                        Access.API,
                        CANARY,
                        (
                            Segment(
                                CANARY, "9999-12-31", Known.READ, (_hostile_ground(),), CANARY, None, CANARY
                            ),
                            Segment("0001-01-01", CANARY, Known.UNREAD, (), CANARY),
                        ),
                        (CANARY, "9999", "0001-01"),
                    ),
                )
                * 2,
                CANARY,
            ),
        )
        * 2,
        findings=(
            Finding(
                CANARY,
                CANARY,
                Outcome.DENY,
                CANARY,
                CANARY,
                Layer.SERVICE_TERMS,
                1,
                CANARY,
                (clause,),
                CANARY,
                (),
                (Evidence(CANARY, CANARY, 1, CANARY, CANARY),),
            ),
        ),
        obligations=(
            Obligation(CANARY, CANARY, clause, params=MappingProxyType({CANARY: CANARY}), message=CANARY),
        ),
        waivers=(
            Waiver(
                CANARY,
                CANARY,
                CANARY,
                CANARY,
                CANARY,
                1,
                CANARY,
                False,
                CANARY,
                CANARY,
                CANARY,
                CANARY,
                CANARY,
                (CANARY,),
                (CANARY,),
            ),
        ),
        questions=(CANARY,),
        assumptions=(CANARY,),
        fair_use=FairUseSheet(CANARY, (SheetEntry(CANARY, CANARY, CANARY),)),
        redaction=Redaction.FULL,
        excerpts=(Excerpt(CANARY, CANARY, CANARY, CANARY, (Span(2, 9, 0, 900),), CANARY, CANARY),),
        notes=(CANARY,),
        command=CANARY,
        next_commands=(CANARY,),
    )
