"""Read dataset_licenses.yaml: `DatasetLicense`s and string maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from auditor.domain.axes import Confidence
from auditor.domain.license import (
    DatasetLicense,
    LicenseClause,
    LicenseCondition,
    LicenseFamily,
    Limitation,
    Permission,
    Reach,
    ShareAlike,
)
from auditor.domain.terms import Openness
from auditor.knowledge.fields import Fields


class Vocabulary(StrEnum):
    """Whose words a license string is in."""

    SPDX = "spdx"
    HF = "hf"
    """Tags of Hugging Face cards."""
    HF_NAME = "hf_license_name"
    """`license_name` of a card whose tag is `other`."""
    DPI = "dpi"
    """Strings of the Data Provenance Initiative."""
    NAME = "names"
    """Names in words, as people write them; compared by key."""
    PLACE = "places"
    """Addresses where a license stands, without scheme and `www.`."""
    ANY = "any"


@dataclass(frozen=True, slots=True)
class LicenseString:
    """The meaning of a string of a vocabulary; several ids where it does not tell."""

    string: str
    maps_to: tuple[str, ...]
    note: str = ""
    overlay: str = ""

    @property
    def id(self) -> str:
        """Return the string, which is what names the entry."""
        return self.string


def read_license(fields: Fields, overlay: str = "") -> DatasetLicense:
    """Build one entry of `licenses`.

    Raises:
        KnowledgeError: the entry breaks the schema.
    """
    license_ = DatasetLicense(
        id=fields.text("id"),
        name=fields.text("name"),
        family=fields.choice("family", LicenseFamily),
        attribution=fields.truth("attribution"),
        share_alike=fields.choice("share_alike", ShareAlike),
        non_commercial=fields.maybe("non_commercial"),
        no_derivatives=fields.maybe("no_derivatives"),
        reach=fields.choice("reach_to_models", Reach),
        permissions=fields.choices("permissions", Permission),
        conditions=fields.choices("conditions", LicenseCondition),
        limitations=fields.choices("limitations", Limitation),
        confidence=fields.choice("confidence", Confidence),
        source=fields.text("source"),
        openness=fields.choice("openness", Openness, Openness.UNKNOWN),
        relicensable_as=fields.texts("may_be_relicensed_as"),
        sections=_sections(fields.part("sections")),
        note=fields.text("note", ""),
        overlay=overlay,
    )
    if license_.non_commercial is not False and Permission.COMMERCIAL_USE in license_.permissions:
        raise fields.fault("`commercial-use` is permitted, but `non_commercial` is not false")
    fields.done()
    return license_


def _sections(fields: Fields) -> Mapping[LicenseClause, str]:
    found = {clause: fields.text(clause) for clause in LicenseClause if fields.has(clause)}
    fields.done()
    return MappingProxyType(found)


def read_string(fields: Fields, overlay: str = "") -> LicenseString:
    """Build one entry of a string map."""
    string = LicenseString(fields.text("string"), fields.texts("maps_to"), fields.text("note", ""), overlay)
    if not string.maps_to:
        raise fields.fault("`maps_to` is empty", "give NOASSERTION where nobody knows")
    fields.done()
    return string
