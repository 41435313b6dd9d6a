"""The axes: the closed questions on which terms are read, and every value that each can take.

The values of every axis are closed: a rule matches them exhaustively, and a value nobody foresaw is refused
when knowledge is loaded.
"""

from __future__ import annotations

from enum import StrEnum


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
    EVALUATION = "evaluation_use"
    BARRED = "models_barred"


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


class EvaluationUse(StrEnum):
    """Does a ban on outputs reach benchmarking a model and judging its answers?"""

    ALLOWED = "allowed"
    """The text carves it out."""
    NOT_REACHED = "not-reached"
    """The ban speaks of training, and of nothing wider."""
    ARGUABLE = "arguable"
    """The ban speaks of developing, building or improving models."""


class BarredModels(StrEnum):
    """Which models a ban on outputs keeps from being trained, by its own words."""

    ANY = "any"
    LANGUAGE = "large-language-models"
    FOUNDATION = "foundation-models"


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
    | EvaluationUse
    | BarredModels
)
"""Any value of any axis."""
