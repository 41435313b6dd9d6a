"""What may be called open, as a report says it."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.terms import Openness


@dataclass(frozen=True, slots=True)
class OpennessFact:
    """What may be called open of the teacher, the data and the student."""

    subject: str
    """`teacher`, `data` or `student`."""
    name: str
    """The teacher's id, the license of the data, or the license of the release."""
    openness: Openness
