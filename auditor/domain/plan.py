"""A plan: the student that the user means to train, its use and its release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from auditor.domain.claim import Access
from auditor.domain.role import TeacherRole
from auditor.domain.tribool import Tribool


class IntendedUse(StrEnum):
    """What the student is for, narrowest first."""

    RESEARCH_ONLY = "research-only"
    INTERNAL_COMMERCIAL = "internal-commercial"
    COMMERCIAL_API = "commercial-api"
    OPEN_WEIGHTS_RELEASE = "open-weights-release"


FactValue = str | int | float | bool | tuple[str, ...] | Mapping[str, str | bool]
"""A map is by party: whose permission is held, with whom the student competes."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """Who declared a fact, when, and on what evidence; empty where the plan does not say."""

    by: str = ""
    """Who stands for it."""
    on: str = ""
    """ISO date."""
    evidence: str = ""
    """What they point at."""


@dataclass(frozen=True, slots=True)
class StudentBase:
    """The model that the student starts from."""

    name: str
    """As the user wrote it: a hub id or a path."""
    terms: str
    """SPDX expression or terms id."""


@dataclass(frozen=True, slots=True)
class TrainerTeacher:
    """A model that works in the trainer and leaves no row: it gives logits, rewards or judgments."""

    name: str
    """As the trainer names it: a hub id, a path, or the model behind a server."""
    role: TeacherRole
    access: Access = Access.UNKNOWN
    host: str | None = None
    revision: str | None = None
    generated_at: str | None = None
    """When it serves: an ISO date or a prefix of one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan, as declared; None marks a key that the user left out."""

    student_base: StudentBase | None = None
    intended_use: IntendedUse | None = None
    student_release_license: str | None = None
    student_name: str | None = None
    competes_with_teacher_provider: Tribool | None = None
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))
    source: str = ""
    """File it was read from; empty for none."""
    trainer_teachers: tuple[TrainerTeacher, ...] = ()
    declarations: Mapping[str, Declaration] = field(default_factory=lambda: MappingProxyType({}))
    """By fact: who stands for it."""
