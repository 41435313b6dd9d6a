"""A permit: the signed answer that a gate reads, without its signature."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from auditor.domain.pack_changes import PackChanges, catalog_said
from auditor.domain.waiver import AppliedWaiver
from auditor.ids import Digest


class PermitResult(StrEnum):
    """SLSA VSA v1 `verificationResult`."""

    PASSED = "PASSED"
    FAILED = "FAILED"


class EvidenceMode(StrEnum):
    """What a verdict was held against when it was signed, strongest first."""

    ROWS = "rows"
    """The rows were read and judged again."""
    LEDGER = "ledger"
    """The recorded origins were judged again, and the ledger's entry says the same."""
    REPORT_ONLY = "report-only"
    """Nothing but the report's own words."""


class PermitPurpose(StrEnum):
    """What the rows may be used for under a permit."""

    TRAINING = "training"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class BoundFile:
    """A file, or a part of one, beside the rows that the verdict rested on."""

    path: str
    """Relative to the data's root, as in sample ids; `FILE!claims`, `!names`, `!labels`… for parts."""
    kind: str
    """What it is to the rows: a card, a side file, …"""
    digest: Digest


@dataclass(frozen=True, slots=True)
class Permit:
    """What a verified permit states; only `auditor.attest.verify` makes one from signed bytes."""

    digest: Digest
    """SHA-256 of the signed payload: the permit's name in revocation lists and model cards."""
    result: PermitResult
    outcome: str
    dataset_digest: Digest
    samples: int
    """Rows in the data set."""
    policy: str
    """The pack, as its resource name."""
    policy_digest: Digest
    issued_at: datetime
    signers: tuple[str, ...] = ()
    """Key ids whose signatures were verified."""
    plan_digest: Digest | None = None
    expires_at: datetime | None = None
    rows_digest: Digest | None = None
    """SHA-256 of `<permit>.rows`."""
    sheet_digest: Digest | None = None
    """Digest of the fair-use sheet."""
    bound: Mapping[str, Digest] = field(default_factory=lambda: MappingProxyType({}))
    """Digests of what stands between the rows and the weights: tokenizer, chat template, collator."""
    version: int = 2
    """Of the predicate; a permit of the first round is 1 and binds less."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Which columns were judged as what, by role: learned, prompt, system, claim, unjudged."""
    beside: tuple[BoundFile, ...] = ()
    trainer_teachers: tuple[Mapping[str, Any], ...] = ()
    unread: tuple[str, ...] = ()
    """Data-like files that the audit did not read."""
    evidence: EvidenceMode = EvidenceMode.REPORT_ONLY
    purpose: PermitPurpose = PermitPurpose.TRAINING
    waivers: tuple[AppliedWaiver, ...] = ()
    """Findings that somebody accepted: without them the rows would not have passed."""
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """All other extensions: knowledge, waivers, index, tools, coverage, plan, obligations, origins."""

    @property
    def policy_words(self) -> str:
        """Return the pack as `name@version`, with what it changes of the shipped ones."""
        name = self.policy.removeprefix(_POLICY)
        local = name.startswith(_LOCAL)
        name, _, version = name.removeprefix(_LOCAL).partition(":")
        said = _changes(self.facts.get("policyChanges"), local).words(name)
        named = f"{name}@{version}" if version else name
        return f"{named} ({said or 'not a shipped pack'})" if local or said else named

    @property
    def catalog(self) -> Mapping[str, Any]:
        """Return the catalog that the rows were judged by: version, digest, overlays, replaced, added."""
        stated = self.facts.get("knowledge")
        return stated if isinstance(stated, Mapping) else {}

    @property
    def catalog_bundle(self) -> str | None:
        """Return the digest of the bundle that the catalog is of; None for the catalog of a program."""
        stated = self.catalog.get("bundle")
        return str(stated.get("digest")) if isinstance(stated, Mapping) else None

    @property
    def catalog_words(self) -> str:
        """Return the catalog with its overlays and what they change of the shipped one."""
        overlays, replaced, added = (_texts(self.catalog.get(key)) for key in _OVERLAID)
        bundle = self.catalog.get("bundle")
        told = f", catalog bundle {self.catalog_bundle}" if isinstance(bundle, Mapping) else ""
        named = " + ".join((str(self.catalog.get("version") or "unknown") + told, *overlays))
        said = catalog_said(replaced, added)
        unsaid = overlays and "replaced" not in self.catalog
        said = said or ("which shipped entries it replaces is not stated" if unsaid else "")
        return f"{named} ({said})" if said else named

    @property
    def forbids_unread(self) -> bool:
        """Tell whether the pack lets nobody start beside data that was not read."""
        requires = self.facts.get("requires")
        return isinstance(requires, Mapping) and requires.get("unread") == "refuse"

    def judges(self, column: str) -> bool:
        """Tell whether a row's column holds text that was judged as learned, prompt, system or a tool's.

        A name that may be a row's text, as of a file without a header, stands in the map by its digest.
        """
        return is_judged(self.columns, column)


_OVERLAID = ("overlays", "replaced", "added")
_POLICY, _LOCAL = "urn:auditor:policy:", "local:"


def _texts(found: object) -> tuple[str, ...]:
    return tuple(map(str, found)) if isinstance(found, list | tuple) else ()


def _changes(found: Any, local: bool) -> PackChanges:
    if not isinstance(found, Mapping):
        return PackChanges(local)
    lists = (found.get("overrides"), found.get("disabled"))
    overrides, disabled = (tuple(map(str, one)) if isinstance(one, list) else () for one in lists)
    shadows = str(found.get("shadows") or "")
    return PackChanges(local, tuple(shadows.split(", ")) if shadows else (), overrides, disabled)


JUDGED = ("learned", "masked", "prompt", "system", "tool")
_PLAIN = re.compile(r"\w[\w.-]{0,39}")


def shown_column(name: str) -> str:
    """Return a column's name as the map writes it."""
    return name if _PLAIN.fullmatch(name) else f"~{sha256(name.encode('utf-8', 'replace')).hexdigest()[:12]}"


def is_judged(columns: Mapping[str, Sequence[str]], name: str) -> bool:
    """Tell whether a map of columns calls this column judged."""
    shown = shown_column(name)
    paths = (path for role in JUDGED for path in columns.get(role, ()))
    return any(path == shown or path.startswith((f"{shown}.", f"{shown}[")) for path in paths)
