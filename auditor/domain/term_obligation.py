"""A term obligation: a duty that terms lay down, what switches it on, and where it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from auditor.domain.axes import ScaleLimit


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
    NO_WEB_SEARCH_OUTPUT = "no-web-search-output-in-machine-learning"
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
    WEB_SEARCH_OUTPUTS = "web-search-outputs"
    """Outputs were made with the service's search of the web."""
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
    """Passed beyond this number."""
    metric: Metric | None = None
    """None where any size counts."""
    business: Business = Business.ANY
    limit: ScaleLimit | None = None
    """What happens past it."""


@dataclass(frozen=True, slots=True)
class Territory:
    """Places to which the grant does not reach."""

    excluded: tuple[str, ...]
    """`EU`, or ISO 3166 alpha-2 codes."""
    test: TerritoryTest = TerritoryTest.ANY
    """Which place counts."""
    multimodal_only: bool = False
    """Holds for the multimodal variants of the model alone."""
    end_users_exempt: bool = False
    """Does not hold for end users of a product of somebody else that runs the model."""
    section: str = ""
    """As the text numbers it."""


@dataclass(frozen=True, slots=True)
class TermObligation:
    """A duty of the terms: what must be done, when, with which parameters."""

    obligation: ObligationId
    """What must be done."""
    trigger: Trigger
    """What switches it on."""
    section: str = ""
    """As the text numbers it."""
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Words for the duty: `prefix`, `text`, `allowed_base`, `aup`, `excluded`, … For `same-family-student`
    `allowed_terms` lists (blank-separated) the terms ids a student's base may carry."""
    certain: bool = True
    """False: arguable, to be shown as advice and reviewed."""
    thresholds: tuple[Threshold, ...] = ()
    """Any one of them switches `Trigger.SCALE` on."""
