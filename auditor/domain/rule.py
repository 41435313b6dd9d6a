"""A rule, and a pack of rules: what a policy is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from auditor.domain.clause import ClauseRef
from auditor.domain.outcome import Outcome
from auditor.domain.permit_terms import PermitTerms
from auditor.domain.verdict import Layer
from auditor.domain.waiver import Approver, WaiverMode


class AppliesTo(StrEnum):
    """What a rule judges."""

    ORIGIN = "origin"
    PLAN = "plan"
    DATASET = "dataset"
    SAMPLE = "sample"


class ForEach(StrEnum):
    """What an origin or plan rule is evaluated once for."""

    WHOLE = "whole"
    TEACHER = "teacher"
    TERMS = "terms"
    DUTY = "duty"
    LICENSE = "license"


class ClauseSource(StrEnum):
    """Where a rule takes the clause from that it cites."""

    OUTPUTS = "outputs"
    DERIVATIVE = "derivative"
    COMMERCIAL = "commercial"
    TERRITORY = "territory"
    SCALE = "scale"
    EVALUATION = "evaluation"
    EXTRACTION = "extraction"
    DUTY = "duty"
    TERMS = "terms"
    LICENSE = "license"
    LICENSE_ATTRIBUTION = "license.attribution"
    LICENSE_SHARE_ALIKE = "license.share-alike"
    LICENSE_NON_COMMERCIAL = "license.non-commercial"
    LICENSE_NO_DERIVATIVES = "license.no-derivatives"
    LICENSE_NOTICE = "license.notice"
    LICENSE_REDISTRIBUTION = "license.redistribution"
    BASE = "base"
    """What the license asks of weights that are passed on."""
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; every condition in `when` must hold for it to speak."""

    id: str
    title: str
    outcome: Outcome
    message: str
    """What a reader is told; may name facts in braces."""
    owner: str
    """Who answers for the rule."""
    applies_to: AppliesTo
    for_each: ForEach = ForEach.WHOLE
    layer: Layer | None = None
    """None takes the layer of the text that is judged."""
    when: tuple[tuple[str, str], ...] = ()
    """Name and CEL source of each condition."""
    fix: str = ""
    obligations: tuple[str, ...] = ()
    """Obligation ids; `duty` stands for the duty that is judged."""
    advice: tuple[str, ...] = ()
    """Good practice that the text does not force; `duty` stands for the duty that is judged."""
    clause: ClauseSource = ClauseSource.STATED
    references: tuple[ClauseRef, ...] = ()
    """What else to cite."""
    question: str = ""
    """What a person is asked where the rule leads to review."""
    pack: str = ""
    """Name of the pack it comes from."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules in force, after includes and overrides."""

    name: str
    version: str
    title: str
    rules: tuple[Rule, ...]
    waivers: WaiverMode = WaiverMode.NAMED
    """Which waivers count under this pack."""
    approvers: tuple[Approver, ...] = ()
    """Whose signatures count under waivers; empty leaves it to the user to name keys."""
    threshold: int = 1
    """How many people must sign a waiver."""
    eased: tuple[str, ...] = ()
    """Where its own file asks less of waivers than a pack that it includes, in words."""
    files: tuple[str, ...] = ()
    """The files it was read from."""
    disabled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Rule id to the stated reason for switching it off."""
    permit: PermitTerms = field(default_factory=PermitTerms)
    """What a permit under it must hold to."""
