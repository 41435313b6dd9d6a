"""Terms that reach a teacher's outputs, as facts on closed axes; conditions with typed triggers.

A fact's words stay beside its value (`text`, `note`), but only the value decides. The values of every axis
are closed: a rule matches them exhaustively, and a value nobody foresaw is refused when knowledge is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from auditor.ids import TermsId


class Confidence(StrEnum):
    """How a fact was established."""

    TEXT = "verified-from-text"
    SECONDARY = "verified-from-secondary"
    MEMORY = "from-memory"


class Axis(StrEnum):
    """The questions asked of every license or service agreement."""

    OUTPUTS = "outputs_train_other_models"
    STUDENT = "student_is_derivative"
    COMMERCIAL = "commercial_use"
    REDISTRIBUTION = "redistribution"
    ATTRIBUTION = "attribution"
    SHARE_ALIKE = "share_alike"
    FIELD = "field_or_geo"
    SCALE = "scale_threshold"
    TERMINATION = "termination_patent"
    OWNERSHIP = "output_ownership"


class OutputsUse(StrEnum):
    """May outputs train another model?"""

    ALLOWED = "allowed"
    CONDITIONAL = "allowed-with-conditions"
    FORBIDDEN_IF_COMPETING = "forbidden-if-competing"
    FORBIDDEN = "forbidden"
    SILENT = "silent"
    """Read, or reported, not to speak of it: neither a permission nor a ban; see `SilentBasis`."""


class SilentBasis(StrEnum):
    """What silence on outputs stands on."""

    BROAD_USE_GRANT = "broad-use-grant"
    """Treat as allowed, and list the silence."""
    NON_COMMERCIAL_GRANT = "non-commercial-grant"
    """Research is within the grant; commercial use is not."""
    LIMITED_GRANT = "limited-grant"
    TEXT_NOT_READ = "text-not-read"


class StudentStatus(StrEnum):
    """Is a student trained on outputs a derivative of the teacher?"""

    YES = "yes"
    NO = "no"
    SILENT = "silent"


class CommercialUse(StrEnum):
    """May the model and what it makes be used commercially?"""

    YES = "yes"
    BELOW_THRESHOLD = "yes-below-threshold"
    CONDITIONAL = "conditional"
    AFTER_REGISTRATION = "after-registration"
    UNLESS_AUTHORIZED = "no-unless-authorized"
    NO = "no"
    NO_OUTPUT_INCLUDED = "no-output-included"
    NOT_APPLICABLE = "not-applicable"


class Redistribution(StrEnum):
    """May the materials be passed on?"""

    YES = "yes"
    WITH_CONDITIONS = "with-conditions"
    NON_COMMERCIAL = "non-commercial"
    NO_RESALE = "no-resale"
    NOT_APPLICABLE = "not-applicable"


class Attribution(StrEnum):
    """What credit is owed?"""

    YES = "yes"
    WITH_MATERIALS = "with-materials"
    NOTICE_FILE = "notice-file"
    NOTICE_AND_DISPLAY = "notice-file-and-display"


class ShareAlikeTerms(StrEnum):
    """Must the same terms travel on?"""

    NO = "no"
    PARTIAL = "partial"


class FieldLimit(StrEnum):
    """Limits of field or place; places are in `Terms.territories`."""

    USE_POLICY = "use-policy"
    FIELDS = "fields"
    EXTRACTION = "no-extraction"
    PLACES = "places"


class ScaleLimit(StrEnum):
    """What happens past a size; sizes are in `Terms.thresholds`."""

    SEPARATE_LICENSE = "separate-license"
    NO_RIGHTS = "no-rights"
    NO_COMMERCIAL_USE = "no-commercial-use"


class Termination(StrEnum):
    """What ends the grant?"""

    NONE = "none"
    PATENT_SUIT = "patent-suit"
    IP_SUIT = "ip-suit"
    BREACH = "breach"
    BREACH_OR_IP_SUIT = "breach-or-ip-suit"
    REVOCABLE = "revocable"


class OutputOwnership(StrEnum):
    """Who owns outputs, as between the parties?"""

    SILENT = "silent"
    NO_CLAIM = "no-claim"
    NO_CLAIM_BUT_RESTRICTED = "no-claim-but-restricted"
    USER = "user"
    LICENSOR = "licensor"
    NOT_READ = "not-read"


AxisValue = (
    OutputsUse
    | StudentStatus
    | CommercialUse
    | Redistribution
    | Attribution
    | ShareAlikeTerms
    | FieldLimit
    | ScaleLimit
    | Termination
    | OutputOwnership
)
"""Any value of any axis."""


class Effect(StrEnum):
    """What a clause does, roughly; for listing, never for deciding."""

    PERMIT = "permit"
    FORBID = "forbid"
    REQUIRE = "require"
    SILENT = "silent"


class TermsKind(StrEnum):
    """What sort of text it is."""

    PERMISSIVE = "permissive-license"
    LICENSE = "license-and-contract"
    SERVICE = "service-terms"
    USE_POLICY = "acceptable-use-policy"
    NONE = "none"
    """No model, hence no terms."""
    UNKNOWN = "unknown"


class ObligationId(StrEnum):
    """The duties that terms and dataset licenses put on a user."""

    NAME_PREFIX = "name-prefix"
    DISPLAY_BUILT_WITH = "display-built-with"
    LICENSE_COPY_AND_NOTICES = "license-copy-and-notices"
    LICENSE_COPY = "license-copy"
    NOTICE_FILE = "notice-file"
    MODIFIED_FILES_NOTICE = "modified-files-notice"
    RETAIN_NOTICES = "retain-notices"
    USE_RESTRICTIONS_FLOW_DOWN = "use-restrictions-flow-down"
    AUP_COMPLIANCE = "aup-compliance"
    RESEARCH_ONLY = "research-only"
    SAME_FAMILY_STUDENT = "same-family-student"
    SEPARATE_LICENSE = "separate-license"
    REGISTRATION = "registration"
    WRITTEN_AUTHORIZATION = "written-authorization"
    ORDER_FORM_PERMISSION = "order-form-permission"
    TERRITORY = "territory"
    LABEL_AI_GENERATED = "label-ai-generated"
    LABEL_NOT_HUMAN = "label-not-human"
    DISPLAY_MODEL_NAME_AT_SCALE = "display-model-name-at-scale"
    PERMITTED_EXCEPTION_CLASSIFIER = "permitted-exception-classifier"
    PERMITTED_EXCEPTION_OPENAI_FINETUNE = "permitted-exception-openai-finetune"
    SECURITY_REVIEW = "security-review"
    UPSTREAM_MODEL_TERMS = "upstream-model-terms"
    ATTRIBUTION_STATEMENT = "attribution-statement"
    DOCUMENTATION_KEPT = "documentation-kept"
    NO_REVERSE_ENGINEERING = "no-reverse-engineering-with-outputs"
    NO_IMAGE_OUTPUT = "no-image-output-to-competing-image-generator"
    COMPLY_WITH_LAW_AND_TERMS = "comply-with-law-and-terms"
    ATTRIBUTION_MANIFEST = "attribution-manifest"
    LICENSE_COPY_DATA = "license-copy-data"
    INDICATE_CHANGES = "indicate-changes"
    SHARE_ALIKE_DATA = "share-alike-data"
    SHARE_ALIKE_MODEL_REVIEW = "share-alike-model-review"
    PRODUCED_WORK_NOTICE = "produced-work-notice"
    NO_DATA_REDISTRIBUTION = "no-data-redistribution"
    SPLIT_CONFIGS = "split-configs"


class Trigger(StrEnum):
    """What switches a condition on."""

    ALWAYS = "always"
    BASE_MODEL_REDISTRIBUTED = "base-model-redistributed"
    """Weights of this license, or made from them, are handed out (the student's base, not its teacher)."""
    BASE_OR_DERIVATIVE_REDISTRIBUTED = "base-or-derivative-redistributed"
    COPIES_OF_MATERIALS_DISTRIBUTED = "copies-of-materials-distributed"
    MODEL_REDISTRIBUTED = "model-redistributed"
    MATERIALS_OR_PRODUCT_DISTRIBUTED = "materials-or-product-distributed"
    """Materials, a derivative, or a product or AI model that uses them, is distributed or made available."""
    PRODUCT_DISTRIBUTES_MATERIALS = "product-distributes-materials"
    STUDENT_CONTAINS_MATERIALS = "student-contains-materials"
    STUDENT_DISTRIBUTED = "student-distributed"
    """The student is distributed or made available to others (a hosted API counts)."""
    STUDENT_DISTRIBUTED_NOT_HOSTED = "student-distributed-not-hosted"
    """Weights are handed out; a hosted service alone does not switch it on."""
    STUDENT_DISTRIBUTED_OR_HOSTED = "student-distributed-or-hosted"
    STUDENT_DISTRIBUTED_OUTPUT_ONLY = "student-distributed-output-only"
    """Distributed, and tied to the teacher by its outputs alone."""
    STUDENT_SHARED = "student-shared"
    STUDENT_FROM_MATERIALS_DISTRIBUTED = "student-from-materials-distributed"
    """A student made from the materials themselves (not from outputs) is distributed."""
    STUDENT_IS_CLASSIFIER = "student-is-classifier"
    STUDENT_IS_PROVIDER_FINETUNE = "student-is-provider-finetune"
    OUTPUTS_PUBLISHED = "outputs-published"
    IMAGE_OUTPUTS = "image-outputs"
    COSMOS_OUTPUTS = "cosmos-outputs"
    """The teacher is an NVIDIA Cosmos model and its outputs trained the student."""
    COMPETING = "competing"
    COMMERCIAL_USE = "commercial-use"
    AUTHORIZED_COMMERCIAL_USE = "authorized-commercial-use"
    SCALE = "scale"
    """One of the condition's `thresholds` is passed."""
    PUBLIC_STATEMENT = "public-statement"


class Metric(StrEnum):
    """What a threshold measures, of the licensee with its affiliates."""

    MONTHLY_ACTIVE_USERS = "monthly-active-users"
    MONTHLY_ACTIVE_USERS_AT_RELEASE = "monthly-active-users-at-release"
    """Frozen: users in the month before the model version's release."""
    MONTHLY_REVENUE_USD = "monthly-revenue-usd"
    YEARLY_REVENUE_USD = "yearly-revenue-usd"


class Business(StrEnum):
    """The line of business a threshold speaks of."""

    ANY = "any"
    MODEL_AS_A_SERVICE = "model-as-a-service"
    MAAS_OR_WORK_ASSISTANT = "model-as-a-service-or-work-assistant"


class TerritoryTest(StrEnum):
    """Which place counts."""

    PRINCIPAL_PLACE = "principal-place"
    PLACE_OF_USE = "place-of-use"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A size past which something else holds; `above` 0 means at any size."""

    above: int
    metric: Metric | None = None
    """None where any size counts."""
    business: Business = Business.ANY
    limit: ScaleLimit | None = None


@dataclass(frozen=True, slots=True)
class Territory:
    """Places to which the grant does not reach."""

    excluded: tuple[str, ...]
    """`EU`, or ISO 3166 alpha-2 codes."""
    test: TerritoryTest = TerritoryTest.ANY
    multimodal_only: bool = False
    """Holds for the multimodal variants of the model alone."""
    section: str = ""


V = TypeVar("V", bound=AxisValue, covariant=True)


@dataclass(frozen=True, slots=True)
class Clause(Generic[V]):
    """One fact: the value on its axis, the words behind it, and where they stand."""

    axis: Axis
    value: V
    section: str = ""
    text: str = ""
    """The reading in a few words where the value alone says less."""
    note: str = ""
    confidence: Confidence = Confidence.MEMORY
    source: str = ""

    @property
    def effect(self) -> Effect:
        """Say whether the clause permits, forbids, requires or is silent."""
        return EFFECTS[self.value]


@dataclass(frozen=True, slots=True)
class Condition:
    """A duty of the terms: what must be done, when, with which parameters."""

    obligation: ObligationId
    trigger: Trigger
    section: str = ""
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Words for the duty: `prefix`, `text`, `allowed_base`, `aup`, `excluded`, … For `same-family-student`
    `allowed_terms` lists (blank-separated) the terms ids a student's base may carry."""
    certain: bool = True
    """False: arguable, to be shown as advice and reviewed."""
    thresholds: tuple[Threshold, ...] = ()
    """Any one of them switches `Trigger.SCALE` on."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the terms say, one clause an axis; None where they were not asked or do not say."""

    outputs: Clause[OutputsUse]
    silent_basis: SilentBasis | None = None
    """Given exactly where `outputs` is silent."""
    student: Clause[StudentStatus] | None = None
    commercial: Clause[CommercialUse] | None = None
    redistribution: Clause[Redistribution] | None = None
    attribution: Clause[Attribution] | None = None
    share_alike: Clause[ShareAlikeTerms] | None = None
    field_limit: Clause[FieldLimit] | None = None
    scale: Clause[ScaleLimit] | None = None
    termination: Clause[Termination] | None = None
    ownership: Clause[OutputOwnership] | None = None

    def clauses(self) -> Iterator[Clause[AxisValue]]:
        """Yield the clauses that are there, in the order of `Axis`."""
        every: tuple[Clause[AxisValue] | None, ...] = (
            self.outputs,
            self.student,
            self.commercial,
            self.redistribution,
            self.attribution,
            self.share_alike,
            self.field_limit,
            self.scale,
            self.termination,
            self.ownership,
        )
        return (clause for clause in every if clause is not None)


class Openness(StrEnum):
    """What may be called open: OSI-approved or Open Definition conformant, without limits of use."""

    OPEN = "open"
    SOURCE_AVAILABLE = "source-available"
    """The material is there to take, with limits of use, field, size or place (Llama, RAIL, NC, ND)."""
    CLOSED = "closed"
    """A service or an agreement; no material is handed out."""
    NOT_APPLICABLE = "not-applicable"
    """No model is involved."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Terms:
    """A license, service agreement or use policy, in one version."""

    id: TermsId
    name: str
    kind: TermsKind
    version: str
    url: str
    source: str
    confidence: Confidence
    facts: Facts
    conditions: tuple[Condition, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    """Sizes of the scale axis."""
    territories: tuple[Territory, ...] = ()
    openness: Openness = Openness.UNKNOWN
    also_known_as: tuple[str, ...] = ()
    """SPDX or ScanCode ids of the same text."""
    effective_from: str | None = None
    """ISO date; None where not known."""
    effective_to: str | None = None
    engine_note: str = ""
    not_verified: str = ""
    """What of the text was not read."""
    overlay: str = ""
    """The overlay folder that gave this entry; empty for the built-in knowledge."""


UNKNOWN_TERMS = TermsId("LicenseRef-Unknown")
"""The entry that stands for terms nobody has read; it can only lead to review."""

EFFECTS: Mapping[AxisValue, Effect] = MappingProxyType(
    {
        OutputsUse.ALLOWED: Effect.PERMIT,
        OutputsUse.CONDITIONAL: Effect.REQUIRE,
        OutputsUse.FORBIDDEN_IF_COMPETING: Effect.FORBID,
        OutputsUse.FORBIDDEN: Effect.FORBID,
        OutputsUse.SILENT: Effect.SILENT,
        StudentStatus.YES: Effect.REQUIRE,
        StudentStatus.NO: Effect.PERMIT,
        StudentStatus.SILENT: Effect.SILENT,
        CommercialUse.YES: Effect.PERMIT,
        CommercialUse.BELOW_THRESHOLD: Effect.REQUIRE,
        CommercialUse.CONDITIONAL: Effect.REQUIRE,
        CommercialUse.AFTER_REGISTRATION: Effect.REQUIRE,
        CommercialUse.UNLESS_AUTHORIZED: Effect.FORBID,
        CommercialUse.NO: Effect.FORBID,
        CommercialUse.NO_OUTPUT_INCLUDED: Effect.FORBID,
        CommercialUse.NOT_APPLICABLE: Effect.SILENT,
        Redistribution.YES: Effect.PERMIT,
        Redistribution.WITH_CONDITIONS: Effect.REQUIRE,
        Redistribution.NON_COMMERCIAL: Effect.REQUIRE,
        Redistribution.NO_RESALE: Effect.FORBID,
        Redistribution.NOT_APPLICABLE: Effect.SILENT,
        Attribution.YES: Effect.REQUIRE,
        Attribution.WITH_MATERIALS: Effect.REQUIRE,
        Attribution.NOTICE_FILE: Effect.REQUIRE,
        Attribution.NOTICE_AND_DISPLAY: Effect.REQUIRE,
        ShareAlikeTerms.NO: Effect.PERMIT,
        ShareAlikeTerms.PARTIAL: Effect.REQUIRE,
        FieldLimit.USE_POLICY: Effect.REQUIRE,
        FieldLimit.FIELDS: Effect.FORBID,
        FieldLimit.EXTRACTION: Effect.FORBID,
        FieldLimit.PLACES: Effect.FORBID,
        ScaleLimit.SEPARATE_LICENSE: Effect.REQUIRE,
        ScaleLimit.NO_RIGHTS: Effect.FORBID,
        ScaleLimit.NO_COMMERCIAL_USE: Effect.FORBID,
        Termination.NONE: Effect.SILENT,
        Termination.PATENT_SUIT: Effect.REQUIRE,
        Termination.IP_SUIT: Effect.REQUIRE,
        Termination.BREACH: Effect.REQUIRE,
        Termination.BREACH_OR_IP_SUIT: Effect.REQUIRE,
        Termination.REVOCABLE: Effect.REQUIRE,
        OutputOwnership.SILENT: Effect.SILENT,
        OutputOwnership.NO_CLAIM: Effect.PERMIT,
        OutputOwnership.NO_CLAIM_BUT_RESTRICTED: Effect.REQUIRE,
        OutputOwnership.USER: Effect.PERMIT,
        OutputOwnership.LICENSOR: Effect.FORBID,
        OutputOwnership.NOT_READ: Effect.SILENT,
    }
)
