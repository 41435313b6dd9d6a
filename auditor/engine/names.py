"""The knowledge base as provenance asks for it; every answer is kept, since rows repeat names."""

from __future__ import annotations

from functools import lru_cache

from auditor.domain.claim import Access, Claim
from auditor.domain.origin import OriginLicense
from auditor.domain.teacher import Resolution, ResolutionStatus, Teacher
from auditor.domain.terms import Openness
from auditor.ids import TeacherId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.openness import openness
from auditor.provenance.interface import Named


class CachedCatalog:
    """Resolve teachers and licenses by the catalog in force."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self.name_teacher = lru_cache(maxsize=65_536)(self._name_teacher)
        self.read_license = lru_cache(maxsize=65_536)(self._read_license)
        self.known_set = knowledge.known_sets.find
        self.mirrored_set = lru_cache(maxsize=65_536)(knowledge.known_sets.find_mirror)
        self.is_bound = lru_cache(maxsize=65_536)(self._is_bound)

    def _name_teacher(self, name: str, access: Access, host: str | None, date: str | None) -> Named:
        found = self._knowledge.resolve(name, access=access, date=date, host=host)
        if found.status is ResolutionStatus.NO_MODEL:
            return Named(found.teacher or name.strip().lower(), Access.NONE, None)
        return Named(found.teacher, found.access, found.host, tuple(found.candidates))

    def _read_license(self, claim: Claim) -> OriginLicense:
        read = self._knowledge.normalize_license(claim.value)
        # Of a whole license text its title is shown; what was concluded came from every word of it.
        said = read.declared if "\n" in claim.value else claim.value
        return OriginLicense(said, read.expression, claim.basis, claim.where, read.candidates)

    def _is_bound(self, name: str) -> bool:
        by_weights = self._knowledge.resolve(name, access=Access.OPEN_WEIGHTS)
        reached = self._entries(by_weights) or self._entries(self._knowledge.resolve(name))
        models = [entry for entry in reached if entry.access is not Access.NONE]
        # A name of several may be that of the open one.
        return bool(models) and not any(self._is_open(entry) for entry in models)

    def _is_open(self, entry: Teacher) -> bool:
        return all(openness(self._knowledge, term) is Openness.OPEN for term in entry.terms)

    def _entries(self, found: Resolution) -> list[Teacher]:
        return [self._knowledge.teachers[TeacherId(one)] for one in (found.teacher, *found.candidates) if one]
