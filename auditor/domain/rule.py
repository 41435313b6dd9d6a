"""What a policy pack is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from auditor.domain.clause import ClauseRef
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer


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
    owner: str
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
    question: str = ""
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules in force, after includes and overrides."""

    name: str
    version: str
    title: str
    rules: tuple[Rule, ...]
    waivers: bool = True
    """Whether waivers count under this pack."""
    files: tuple[str, ...] = ()
    disabled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Rule id to the stated reason for switching it off."""
    permit: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the pack asks of whoever acts on a permit: `unread` is `refuse` or `name`."""
