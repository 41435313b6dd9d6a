"""A teacher: a model that writes rows, the hosts that serve it, and the terms that governed it when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.axes import Confidence
from auditor.domain.claim import Access
from auditor.ids import TeacherId, TermsId


@dataclass(frozen=True, slots=True)
class TermsSpan:
    """The terms in force between two dates, both included."""

    start: str | None
    """ISO date; None: since ever."""
    end: str | None
    """ISO date; None: still in force."""
    terms: tuple[TermsId, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """A service that serves models, or the user's own machines."""

    id: str
    match: str
    """Regular expression for the prefix that the host puts before a model's name; empty for none."""
    adds_terms: tuple[TermsId, ...]
    """Terms that hold besides the model's own."""
    aliases: tuple[str, ...] = ()
    """Other spellings of the host, lower case."""
    addresses: tuple[str, ...] = ()
    """Names of the machines that answer calls, lower case; `*` stands for any part."""
    developers: tuple[str, ...] = ()
    """Developers for whom this is their own service: it adds nothing to their models' terms."""
    operator: str = ""
    """Who stands behind the service: its own clauses are held against them."""
    replaces_vendor_terms: bool = False
    """The customer's contract is with the operator; the service terms of the model's maker do not hold."""
    self_hosted: bool = False
    """The user runs the weights; the access path is then `open-weights`."""
    service: str = ""
    """The service whose texts, by date, hold besides the model's own; instead of `adds_terms`."""
    spans: tuple[TermsSpan, ...] = ()
    """The texts of that service over time."""
    overlay: str = ""
    """The overlay folder that gave this entry; empty for the built-in knowledge."""

    def adds(self, terms: TermsId) -> bool:
        """Tell whether the host adds this text, today or in one of its spans."""
        return terms in self.adds_terms or any(terms in span.terms for span in self.spans)


@dataclass(frozen=True, slots=True)
class Teacher:
    """A model, or a family under one set of terms, by one access path."""

    id: TeacherId
    name: str
    developer: str
    access: Access
    terms: tuple[TermsId, ...]
    """Terms of today, where `spans` is empty for all time."""
    patterns: tuple[str, ...]
    confidence: Confidence
    source: str
    """What the facts were read from."""
    spans: tuple[TermsSpan, ...] = ()
    service: str = ""
    """The service that `spans` are taken from; empty where the entry gives its own."""
    models: tuple[str, ...] = ()
    """Models whose terms were read; case, hyphens, packaging and the account of the maker do not count."""
    aliases: tuple[str, ...] = ()
    """Other names, in any case."""
    dpi_names: tuple[str, ...] = ()
    """As the Data Provenance Initiative writes it."""
    released: str = ""
    """ISO date or a prefix of one; no output can be older."""
    by_access: tuple[tuple[Access, tuple[TeacherId, ...]], ...] = ()
    """The entries for the same models by another access path; several where the name does not tell."""
    inherits_base: TeacherId | None = None
    """The entry of its base model."""
    distilled_from: tuple[TeacherId, ...] = ()
    """Entries of the models whose outputs it learned from."""
    via: str = ""
    note: str = ""
    overlay: str = ""
    """The overlay folder that gave this entry; empty for the built-in knowledge."""

    def siblings(self, access: Access) -> tuple[TeacherId, ...]:
        """Return the entries for the same models by `access`; empty where the catalog has none."""
        return next((ids for path, ids in self.by_access if path is access), ())


class ResolutionStatus(StrEnum):
    """How well a name was recognized."""

    KNOWN = "known"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    NO_MODEL = "no-model"
    """Text by people or programs."""


@dataclass(frozen=True, slots=True)
class TermsSet:
    """All terms that hold together in one version of the facts.

    A missing date or access path gives several sets; the answer stands only where all of them agree.
    """

    terms: tuple[TermsId, ...]
    teacher: TeacherId | None
    known: bool = True
    """False: nobody has read what held here; the set can only lead to review."""
    start: str | None = None
    end: str | None = None
    access: Access = Access.UNKNOWN
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the catalog makes of a teacher's name with the rest of its key."""

    name: str
    teacher: TeacherId | None
    """None where the name is unknown or ambiguous."""
    host: str | None
    """Host id; the name as given where the catalog has no such host."""
    access: Access
    status: ResolutionStatus
    sets: tuple[TermsSet, ...]
    candidates: tuple[TeacherId, ...] = ()
    near: tuple[TeacherId, ...] = ()
    """Entries whose names begin alike, where the name leads to none: for people, never judged by."""
    confidence: Confidence | None = None
    notes: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[TermsId, ...]:
        """All terms that may hold, each once, in the order of the sets."""
        return tuple(dict.fromkeys(term for one in self.sets for term in one.terms))
