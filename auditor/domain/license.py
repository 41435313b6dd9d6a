"""A dataset license, in the vocabulary of choosealicense.com, and what a license string was read as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from auditor.domain.axes import Confidence
from auditor.domain.terms import Openness


class LicenseFamily(StrEnum):
    """Groups of licenses that act alike."""

    PUBLIC_DOMAIN = "public-domain"
    ATTRIBUTION = "attribution"
    SHARE_ALIKE = "share-alike"
    NON_COMMERCIAL = "non-commercial"
    NO_DERIVATIVES = "no-derivatives"
    SOFTWARE_PERMISSIVE = "software-permissive"
    SOFTWARE_COPYLEFT = "software-copyleft"
    RESPONSIBLE_AI = "responsible-ai"
    RESEARCH_ONLY = "research-only"
    TEACHER_TERMS = "teacher-terms"
    """A model license put on data: judge it by the terms of the same id."""
    CUSTOM = "custom"
    NON_LICENSE = "non-license"
    """A tag or a gap, no grant: NONE, NOASSERTION, `Various`, …"""


class ShareAlike(StrEnum):
    """What must keep the same license."""

    NONE = "none"
    ADAPTATIONS = "adaptations"
    FILE = "file"
    LIBRARY = "library"
    NETWORK = "network"
    DATABASE = "database"
    USE_RESTRICTIONS = "use-restrictions"
    SEE_TERMS = "see-terms"
    UNKNOWN = "unknown"


class Reach(StrEnum):
    """Does the license reach a model trained on the data?"""

    SILENT = "silent"
    FREE = "free"
    """The text frees models and other results."""
    NOTICE = "notice"
    CONTESTED = "contested"
    DERIVATIVE = "derivative"
    SEE_TERMS = "see-terms"
    UNKNOWN = "unknown"


class Permission(StrEnum):
    """What the license lets one do."""

    COMMERCIAL_USE = "commercial-use"
    MODIFICATIONS = "modifications"
    DISTRIBUTION = "distribution"
    PRIVATE_USE = "private-use"
    PATENT_USE = "patent-use"


class LicenseCondition(StrEnum):
    """What the license asks for."""

    INCLUDE_COPYRIGHT = "include-copyright"
    INCLUDE_COPYRIGHT_SOURCE = "include-copyright--source"
    DOCUMENT_CHANGES = "document-changes"
    DISCLOSE_SOURCE = "disclose-source"
    NETWORK_USE_DISCLOSE = "network-use-disclose"
    SAME_LICENSE = "same-license"
    SAME_LICENSE_FILE = "same-license--file"
    SAME_LICENSE_LIBRARY = "same-license--library"
    SEE_TERMS = "see-terms"
    USE_RESTRICTIONS_FLOW_DOWN = "use-restrictions-flow-down"
    COMPUTATIONAL_USE_ONLY = "computational-use-only"
    INTERNAL_MODEL_TRAINING_ONLY = "internal-model-training-only"


class Limitation(StrEnum):
    """What the license keeps back."""

    WARRANTY = "warranty"
    LIABILITY = "liability"
    TRADEMARK_USE = "trademark-use"
    PATENT_USE = "patent-use"
    NO_COMMERCIAL_USE = "no-commercial-use"
    NO_MODIFICATIONS = "no-modifications"
    NO_REDISTRIBUTION = "no-redistribution"
    NO_BENCHMARK_DISCLOSURE = "no-benchmark-disclosure"


class LicenseClause(StrEnum):
    """What a section of a license speaks of."""

    ATTRIBUTION = "attribution"
    SHARE_ALIKE = "share-alike"
    NON_COMMERCIAL = "non-commercial"
    NO_DERIVATIVES = "no-derivatives"
    NOTICE = "notice"
    REDISTRIBUTION = "redistribution"


@dataclass(frozen=True, slots=True)
class DatasetLicense:
    """What the grant on a data set allows; it never cleans the teacher's terms."""

    id: str
    """SPDX id or LicenseRef."""
    name: str
    family: LicenseFamily
    attribution: bool
    """Credit must be given."""
    share_alike: ShareAlike
    non_commercial: bool | None
    """None: unknown."""
    no_derivatives: bool | None
    """None: unknown."""
    reach: Reach
    permissions: frozenset[Permission]
    conditions: frozenset[LicenseCondition]
    limitations: frozenset[Limitation]
    confidence: Confidence
    """How the facts were established."""
    source: str
    """What they were read from."""
    openness: Openness = Openness.UNKNOWN
    relicensable_as: tuple[str, ...] = ()
    """Licenses that the data may be passed on under instead."""
    sections: Mapping[LicenseClause, str] = field(default_factory=lambda: MappingProxyType({}))
    """Where the words stand, e.g. `2(a)(1)` for non-commercial; what is not here nobody looked up."""
    note: str = ""
    overlay: str = ""
    """The overlay folder that gave this entry; empty for the built-in knowledge."""


class LicenseStatus(StrEnum):
    """How a license string or text was read; only `known` may ever lead to an allow."""

    KNOWN = "known"
    AMBIGUOUS = "ambiguous"
    """A family or several licenses: see `candidates`."""
    UNKNOWN = "unknown"
    """Something is said, and nobody here knows what it is."""
    NONE = "none"
    """Known to carry no license."""
    UNREADABLE = "unreadable"
    """It should be an expression or a text, and cannot be parsed."""


@dataclass(frozen=True, slots=True)
class LicenseResolution:
    """A license string, tag or text, read."""

    declared: str
    """As it was given."""
    expression: str
    """Normalized SPDX expression; `NONE` or `NOASSERTION` unless known."""
    status: LicenseStatus
    candidates: tuple[str, ...] = ()
    """Licenses that an ambiguous string could mean."""
    note: str = ""
    """Why it is not known, in words."""
