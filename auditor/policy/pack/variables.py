"""The variables that a rule may name, by what the rule is about; closed sets list their words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import OriginFlag
from auditor.domain.permit import PermitPurpose
from auditor.domain.plan import IntendedUse
from auditor.domain.role import TeacherRole
from auditor.domain.rule import AppliesTo, ForEach
from auditor.domain.tribool import Tribool


class FactType(StrEnum):
    """Types of facts."""

    TEXT = "text"
    TRUTH = "truth"
    NUMBER = "number"
    COUNT = "count"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Variable:
    """One declared fact."""

    name: str
    type: FactType
    about: str
    words: tuple[str, ...] = ()


class Role(StrEnum):
    """Why a text reaches the student."""

    TEACHER = "teacher"
    BASE = "base"
    LICENSE_TAG = "license-tag"


_FACT = tuple(Tribool)
_STATED = (*_FACT, "unstated")
_FACT_OR_NONE = (*_FACT, "none")

PLAN = (
    Variable("plan.given", FactType.TRUTH, "a plan was given"),
    Variable("plan.missing", FactType.TEXTS, "keys that the given plan leaves out"),
    Variable("plan.use", FactType.TEXT, "intended use", (*IntendedUse, "unknown")),
    Variable("plan.commercial", FactType.TEXT, "the use is commercial", _FACT),
    Variable("plan.released", FactType.TEXT, "the student's weights go out", _FACT),
    Variable("plan.available", FactType.TEXT, "others can use the student, by weights or by API", _FACT),
    Variable(
        "plan.release",
        FactType.TEXT,
        "kind of the student's release license",
        (
            "none",
            "proprietary",
            "open",
            "source-available",
            "non-commercial",
            "described",
            "unparsed",
            "unknown",
        ),
    ),
    Variable("plan.published", FactType.TEXT, "the data set is published", _FACT),
    Variable("plan.modified", FactType.TEXT, "the data set was modified", _FACT),
    Variable("plan.merged", FactType.TEXT, "data sets were merged into one adapted work", _FACT),
    Variable("plan.third_party", FactType.TEXT, "somebody else generated the rows", _FACT),
    Variable("plan.in_eu", FactType.TEXT, "used in, or licensee based in, the EU", _FACT),
    Variable("plan.unplaced", FactType.TRUTH, "a place was given that the tool cannot place"),
    Variable("plan.base_known", FactType.TRUTH, "the terms of the student's base are in the catalog"),
    Variable(
        "plan.base_agrees", FactType.TRUTH, "the base's name and its stated terms agree with the catalog"
    ),
    Variable("plan.has_base", FactType.TRUTH, "the student starts from a base model"),
    Variable("plan.access_evasion", FactType.TEXT, "access controls were evaded", _FACT),
    Variable(
        "plan.confidential", FactType.TEXT, "outputs came by a leak or under a confidentiality duty", _FACT
    ),
    Variable("plan.acquired", FactType.TEXT, "each source was acquired lawfully", _STATED),
    Variable("plan.text_mining_reserved", FactType.TEXT, "rights in sources were reserved", _STATED),
    Variable("plan.extracted", FactType.TEXT, "outputs were collected by program", _STATED),
    Variable(
        "plan.training_ground",
        FactType.TEXT,
        "ground on which text of people is copied for training",
        ("unstated", "license", "text-mining", "unknown"),
    ),
    Variable("plan.purpose", FactType.TEXT, "what the rows are for", tuple(PermitPurpose)),
    Variable("plan.research_organization", FactType.TEXT, "a research organization mines", _FACT),
)
TEACHER = (
    Variable("teacher.declared", FactType.TRUTH, "somebody says so"),
    Variable("teacher.copied", FactType.TRUTH, "the rows repeat registered text of it"),
    Variable("teacher.work", FactType.TRUTH, "it is a registered work of others, its rights reserved"),
    Variable("teacher.id", FactType.TEXT, "catalog id, or the raw name"),
    Variable("teacher.known", FactType.TRUTH, "the catalog has it and its terms"),
    Variable("teacher.ambiguous", FactType.TRUTH, "the name could be several entries"),
    Variable("teacher.human", FactType.TRUTH, "no model was involved"),
    Variable("teacher.access", FactType.TEXT, "how it was reached", tuple(Access)),
    Variable("teacher.role", FactType.TEXT, "what it did for the row or the trainer", tuple(TeacherRole)),
    Variable("teacher.in_rows", FactType.TRUTH, "its text or its judgment stands in the rows"),
    Variable("teacher.taught", FactType.TRUTH, "the student learns what it made"),
    Variable("teacher.unread", FactType.TRUTH, "terms then in force were not read"),
)
TERMS = (
    Variable("terms.id", FactType.TEXT, "terms id"),
    Variable("terms.role", FactType.TEXT, "why the text reaches the student", tuple(Role)),
    Variable(
        "terms.kind",
        FactType.TEXT,
        "kind of text",
        ("weights-license", "service-terms", "usage-policy", "no-model", "unknown"),
    ),
    Variable(
        "terms.outputs",
        FactType.TEXT,
        "may outputs train another model",
        ("allowed", "allowed-with-conditions", "forbidden-if-competing", "forbidden", "silent"),
    ),
    Variable(
        "terms.silence",
        FactType.TEXT,
        "what kind of grant a silent text makes",
        ("none", "broad-use-grant", "non-commercial-grant", "limited-grant", "text-not-read"),
    ),
    Variable(
        "terms.evaluation",
        FactType.TEXT,
        "does a ban on outputs reach evaluation",
        ("allowed", "not-reached", "arguable", "unread"),
    ),
    Variable("terms.bars_extraction", FactType.TRUTH, "it bars collecting outputs by program, on this path"),
    Variable("terms.commercial", FactType.TEXT, "commercial use", ("yes", "no", "conditional", "unstated")),
    Variable("terms.recalled", FactType.TRUTH, "the text, or its permission, is given from memory"),
    Variable("terms.conditioned", FactType.TRUTH, "the text's conditions are listed"),
    Variable(
        "terms.inherited", FactType.TRUTH, "the text comes from the model that the teacher derives from"
    ),
    Variable("terms.duties", FactType.TEXTS, "duties that the text makes"),
    Variable(
        "assessment.family", FactType.TEXT, "the student is of the family that the ban spares", _FACT_OR_NONE
    ),
    Variable("assessment.competes", FactType.TEXT, "the student competes with the text's author", _FACT),
    Variable(
        "assessment.barred", FactType.TEXT, "the student is of the kind of model that the ban names", _FACT
    ),
    Variable("assessment.permission", FactType.TEXT, "the author's permission is on record", _FACT_OR_NONE),
    Variable(
        "assessment.exception", FactType.TEXT, "an exception of the text covers the student", _FACT_OR_NONE
    ),
    Variable("assessment.derivative", FactType.TEXT, "the text makes the student a derivative", _FACT),
    Variable("assessment.territory", FactType.TEXT, "place", ("inside", "outside", "unknown", "none")),
    Variable(
        "assessment.scale",
        FactType.TEXT,
        "size against the text's threshold",
        ("under", "over", "unknown", "none"),
    ),
)
DUTY = (
    Variable("duty.id", FactType.TEXT, "obligation id"),
    Variable("duty.triggered", FactType.TEXT, "the plan switches it on", (*_FACT, "arguable")),
    Variable(
        "duty.status", FactType.TEXT, "how the plan stands to it", ("met", "violated", "open", "unknown")
    ),
)
LICENSE = (
    Variable("license.id", FactType.TEXT, "SPDX id"),
    Variable("license.known", FactType.TRUTH, "the catalog has it and it is a license"),
    Variable("license.recalled", FactType.TRUTH, "nobody read the text: it is given from memory"),
    Variable("license.family", FactType.TEXT, "family"),
    Variable("license.non_commercial", FactType.TEXT, "bars commercial use", _FACT),
    Variable("license.no_derivatives", FactType.TEXT, "bars sharing adaptations", _FACT),
    Variable(
        "license.share_alike",
        FactType.TEXT,
        "what share-alike attaches to",
        (
            "none",
            "adaptations",
            "database",
            "file",
            "library",
            "network",
            "use-restrictions",
            "see-terms",
            "unknown",
        ),
    ),
    Variable(
        "license.reach",
        FactType.TEXT,
        "does it reach trained models",
        ("silent", "free", "notice", "contested", "derivative", "see-terms", "unknown"),
    ),
    Variable("license.attribution", FactType.TRUTH, "asks for attribution"),
    Variable("license.notices", FactType.TRUTH, "asks to keep its text with the data"),
    Variable("license.marks_changes", FactType.TRUTH, "asks to say what was changed"),
    Variable("license.redistribution", FactType.TRUTH, "lets the data be passed on"),
    Variable(
        "license.clashes", FactType.TRUTH, "another license of the same rows cannot join it in one work"
    ),
    Variable(
        "license.may_clash",
        FactType.TRUTH,
        "whether another license of the same rows can join it in one work is open, or it cannot",
    ),
)
ORIGIN = (
    Variable("origin.flags", FactType.TEXTS, "what is odd about the origin", tuple(OriginFlag)),
    Variable("origin.grade", FactType.TEXT, "how well it is held up", tuple(Grade)),
    Variable("origin.basis", FactType.TEXT, "who says so", tuple(Basis)),
    Variable("origin.teachers", FactType.COUNT, "number of teachers"),
    Variable("origin.licenses", FactType.COUNT, "number of dataset licenses"),
    Variable("origin.licensed", FactType.TEXT, "the data's licenses grant copying", _FACT),
    Variable("origin.open", FactType.TEXT, "teacher and data are open by definition", _FACT),
)
DATASET = (
    Variable("dataset.rows", FactType.COUNT, "rows read"),
    Variable("dataset.unreadable", FactType.COUNT, "rows that could not be read"),
    Variable("dataset.declared", FactType.NUMBER, "share of rows with a declared origin"),
    Variable("dataset.searched", FactType.NUMBER, "share of rows searched for copies"),
    Variable("dataset.decided", FactType.NUMBER, "share of searched rows long enough to decide"),
    Variable("dataset.unnamed", FactType.TEXTS, "bare permissions that several parties are asked for"),
    Variable("dataset.fair_use_sheet", FactType.TRUTH, "a fair-use sheet goes with the audit"),
)
SAMPLE = (
    Variable(
        "sample.state",
        FactType.TEXT,
        "what was seen of the rows",
        ("unreadable", "copied", "insufficient", "unreadable-text", "public-text", "unknown-origin"),
    ),
    Variable("sample.count", FactType.COUNT, "rows in that state"),
)


def variables_of(applies_to: AppliesTo, for_each: ForEach) -> tuple[Variable, ...]:
    """Return the variables that a rule of this scope may name."""
    match applies_to:
        case AppliesTo.DATASET:
            return (*PLAN, *DATASET)
        case AppliesTo.SAMPLE:
            return (*PLAN, *SAMPLE)
        case AppliesTo.ORIGIN:
            return (*PLAN, *ORIGIN, *_EACH[for_each])
        case AppliesTo.PLAN:
            return (*PLAN, *_EACH[for_each])


_EACH: dict[ForEach, tuple[Variable, ...]] = {
    ForEach.WHOLE: (),
    ForEach.TEACHER: TEACHER,
    ForEach.TERMS: (*TEACHER, *TERMS),
    ForEach.DUTY: (*TEACHER, *TERMS, *DUTY),
    ForEach.LICENSE: LICENSE,
}

EXTRAS = frozenset(
    {
        "teacher.name",
        "teacher.asks",
        "assessment.asks",
        "assessment.ground",
        "terms.name",
        "terms.note",
        "duty.what",
        "duty.shown",
        "license.note",
        "license.declared",
        "plan.student_name",
        "duty.fix",
        "duty.question",
        "dataset.compared",
        "dataset.search_question",
    }
)
"""Further texts that messages may name; conditions may not."""
