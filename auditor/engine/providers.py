"""Who provides the models that labels of an index name, by the catalog."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from auditor.domain.claim import Access
from auditor.domain.teacher import ResolutionStatus, Teacher
from auditor.ids import TeacherId
from auditor.knowledge.catalog import Knowledge

_DEEPEST = 8
_NOBODY = {"", "n a", "various"}
_WORD = re.compile(r"[^\s/()]+")


def provider_of(knowledge: Knowledge) -> Callable[[str], str | None]:
    """Return what names the provider of a label; None for one that the catalog does not know.

    A model that learned from another's outputs speaks for that one's provider: it may repeat them.
    """
    makers = frozenset(_plain(entry.developer) for entry in knowledge.teachers.values())

    def origin(entry: Teacher, depth: int = 0) -> str:
        if entry.distilled_from and depth < _DEEPEST:
            return min(origin(knowledge.teachers[one], depth + 1) for one in entry.distilled_from)
        return _house(_plain(entry.developer), makers)

    @lru_cache(maxsize=65_536)
    def provider(label: str) -> str | None:
        found = knowledge.resolve(label)
        if found.status is ResolutionStatus.NO_MODEL or found.access is Access.NONE:
            return None
        ids = (found.teacher,) if found.teacher else found.candidates
        named = {origin(knowledge.teachers[TeacherId(one)]) for one in ids}
        return min(named - _NOBODY, default=None)

    return provider


def _plain(developer: str) -> str:
    return " ".join(_WORD.findall(developer.casefold()))


def _house(developer: str, makers: frozenset[str]) -> str:
    """Return whose part a developer is: `google` of `google deepmind`, where the catalog has both."""
    words = developer.split()
    leads = (" ".join(words[:count]) for count in range(1, len(words)))
    return next((lead for lead in leads if lead in makers), developer)
