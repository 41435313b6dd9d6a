"""The student's base: what its name, and the names inside it, say of the terms that a plan states for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.domain.claim import Access
from auditor.domain.plan import StudentBase
from auditor.domain.teacher import Resolution, ResolutionStatus
from auditor.domain.terms import UNKNOWN_TERMS, Terms, TermsKind
from auditor.ids import TeacherId, TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.openness import is_open
from auditor.policy.facts.applicable_terms import Base

_NO_BASE = frozenset({"", "none", "scratch", "from-scratch", "trained-from-scratch", "no-base", "n/a"})
_NAMED = (ResolutionStatus.KNOWN, ResolutionStatus.AMBIGUOUS)
_WORD = re.compile(r"[a-z0-9.]+", re.I)
_ORGANIZATION = re.compile(r"[^/\\]+/(?=[^/\\]+$)")
_LONGEST_NAME = 300
_LONGEST_FAMILY = 6
"""Words that a model named inside another name may have."""

Sets = tuple[frozenset[TermsId], ...]
"""The texts of one model, by version."""


def no_base(base: StudentBase | None) -> bool:
    """Tell whether a plan says that the student starts from nothing; a named model is never that."""
    if base is None:
        return True
    return all(
        re.sub(r"[\s_]+", "-", said.strip().casefold()) in _NO_BASE for said in (base.name, base.terms)
    )


def read_base(
    knowledge: Knowledge, base: StudentBase, stated: tuple[Terms, ...] | None, choice: bool
) -> Base:
    """Look a named base up: what the plan states, and what its own base brings along.

    A license put over a derived model grants nothing of what the model under it keeps back.

    Args:
        stated: the terms that the plan states; None where one of them is not known.
        choice: the plan states a choice of them.
    """
    # A model that a service keeps and tunes is reached through it; any other base is taken as weights.
    served = bool(stated) and all(one.kind is TermsKind.SERVICE for one in stated or ())
    found = knowledge.resolve(base.name, Access.API if served else Access.OPEN_WEIGHTS)
    inherited = _inherited(knowledge, found)
    if stated is None or inherited is None or any(one.kind is TermsKind.NONE for one in stated):
        return Base(True, False, True, inherited or (), base.name)
    ids = {one.id for one in stated}
    brought = (one for one in inherited if one.id not in ids)
    agrees = _agrees(knowledge, found, stated, {one.id for one in inherited})
    return Base(True, True, agrees, (*stated, *brought), base.name, stated if choice else ())


def _inherited(knowledge: Knowledge, found: Resolution) -> tuple[Terms, ...] | None:
    """Return the terms of the models that the base was made from; None where candidates differ in them."""
    could_be = {_lineage(knowledge, id) for id in _meant(found)}
    if len(could_be) > 1:
        return None
    return tuple(knowledge.terms[one] for ids in could_be for one in ids)


def _lineage(knowledge: Knowledge, id: TeacherId) -> tuple[TermsId, ...]:
    """Return the terms of every model below `id`, nearest first."""
    terms: dict[TermsId, None] = {}
    seen: set[TeacherId] = set()
    entry = knowledge.teachers.get(id)
    while entry is not None and entry.inherits_base and entry.id not in seen:
        seen.add(entry.id)
        entry = knowledge.teachers.get(entry.inherits_base)
        terms.update(dict.fromkeys(entry.terms if entry else ()))
    return tuple(terms)


def _meant(found: Resolution) -> tuple[TeacherId, ...]:
    return found.candidates or ((found.teacher,) if found.teacher else ())


def _agrees(
    knowledge: Knowledge, found: Resolution, stated: tuple[Terms, ...], inherited: set[TermsId]
) -> bool:
    """Tell whether each model that the name may mean carries what the plan states.

    A name that means several agrees only if all of them do. Of a name that nobody knows the families
    inside it are asked.
    """
    if found.status not in _NAMED:
        return _agrees_inside(knowledge, found.name, stated)
    models = _models(knowledge, found)
    ids = {one.id for one in stated}
    if not all(any(ids & version for version in versions) for versions in models):
        return False
    carried = inherited.union(*(version for versions in models for version in versions))
    return not models or _bound(stated) <= carried


def _agrees_inside(knowledge: Knowledge, name: str, stated: tuple[Terms, ...]) -> bool:
    if len(name) > _LONGEST_NAME:
        return False
    models = [versions for hit in _families(knowledge, name) for versions in _models(knowledge, hit)]
    if not models:
        return True
    carried = frozenset[TermsId]().union(*(version for versions in models for version in versions))
    clears = {one.id for one in stated} | {id for id, terms in knowledge.terms.items() if _plain(terms)}
    return _bound(stated) <= carried and all(
        any(version <= clears for version in versions) for versions in models
    )


def _families(knowledge: Knowledge, name: str) -> Iterator[Resolution]:
    """Yield the models named inside a name, the longest names first; the organization names none."""
    rest = _ORGANIZATION.sub("", name.strip(), count=1)
    words = [match.span() for match in _WORD.finditer(rest)]
    at = 0
    while at < len(words):
        hit = None
        for stop in range(min(at + _LONGEST_FAMILY, len(words)), at, -1):
            hit = knowledge.resolve(rest[words[at][0] : words[stop - 1][1]], Access.OPEN_WEIGHTS)
            if hit.status in _NAMED:
                yield hit
                at = stop
                break
        else:
            at += 1


def _models(knowledge: Knowledge, found: Resolution) -> list[Sets]:
    """Return what each model that is meant carries; one whose text nobody has read says nothing."""
    models = []
    for id in _meant(found):
        sets = knowledge.terms_for(id, Access.OPEN_WEIGHTS)
        versions = (frozenset(one.terms) - {UNKNOWN_TERMS} for one in sets)
        read = tuple(version for version in versions if version)
        models += [read] if read else []
    return models


def _bound(stated: Iterable[Terms]) -> frozenset[TermsId]:
    """Return what is stated that belongs to models of some maker, and so says whose model the base is."""
    return frozenset(one.id for one in stated if not _plain(one))


def _plain(terms: Terms) -> bool:
    """Tell whether any license may be put over a model under such terms."""
    return terms.kind in (TermsKind.PERMISSIVE, TermsKind.USE_POLICY) or is_open(terms.openness) is True
