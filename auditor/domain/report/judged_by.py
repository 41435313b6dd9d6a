"""What the rows were judged by: the pack, the catalog, the indexes, the settings and the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from auditor.domain.claim import Claim


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
class BundleFacts:
    """A signed bundle that took the shipped catalog's place."""

    digest: str
    """`sha256:…` of its signed statement: by this it is pinned."""
    series: str
    serial: int
    """Grows from bundle to bundle of one series."""
    version: str
    """The day on which its facts were read."""
    issued: str
    """RFC 3339 in UTC."""
    expires: str = ""
    """As `issued`; empty where it holds without end."""


def bundle_said(bundle: BundleFacts) -> str:
    """Name a bundle in words."""
    return f"catalog bundle {bundle.series} {bundle.serial} ({bundle.digest})"


@dataclass(frozen=True, slots=True)
class KnowledgeFacts:
    """The catalog of teachers, terms and licenses in force."""

    version: str = ""
    digest: str = ""
    overlays: tuple[str, ...] = ()
    """Folders laid over the shipped entries."""
    replaced: tuple[str, ...] = ()
    """Kind and id of each shipped entry that an overlay replaces, or whose name it takes over."""
    added: tuple[str, ...] = ()
    """Kind and id of each entry that only an overlay has."""
    bundle: BundleFacts | None = None
    """None: the catalog shipped with the program."""


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """An index that was searched."""

    name: str
    spec_id: str
    """How its texts were cut into words and stretches."""
    fpr: float
    """Stated rate of false positives: expected flagged rows per searched row that is not a copy."""
    references: int = 0
    """Texts that it holds."""
    teachers: tuple[str, ...] = ()
    """Whose texts these are."""
    thresholds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """Texts that are nobody's own, which were asked beside the indexes; they count toward no floor."""

    name: str
    version: str
    digest: str
    """`sha256:…` over what is kept of them."""
    ngrams: int = 0


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What the audit was asked, as far as it bears on the answer; by it the rows can be judged again."""

    claims: tuple[Claim, ...] = ()
    """Claims about the whole set, by option."""
    shape: str = ""
    indexes: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    """Indexes of texts that are nobody's own, beside the shipped ones."""
    fpr: float = 0.001
    sample: int | None = None
    knowledge: str = ""
    """Folder of the catalog's overlay; empty for none."""
    waivers: str = ""
    approver_keys: tuple[str, ...] = ()
    """Public keys whose signatures under waivers counted, where the policy lists none."""
    mapping: tuple[str, ...] = ()
    """Which columns hold what, as the user said."""
    mapping_by: str = ""
    """Where the user said so: the option, or the file of settings."""
    map_from: tuple[str, ...] = ()
    """Trainers' files that the user named as maps of columns."""


@dataclass(frozen=True, slots=True)
class ConfigFacts:
    """The file of settings that was used."""

    path: str
    """As it was named, without secrets."""
    digest: str
    """`sha256:…` of its bytes."""
