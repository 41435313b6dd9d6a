"""What the judge asks of the knowledge: a teacher's texts, a base's texts, the licenses of the data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from auditor.domain.axes import CommercialUse
from auditor.domain.claim import Access, Basis
from auditor.domain.license import DatasetLicense, LicenseFamily, LicenseStatus, Reach
from auditor.domain.origin import Origin, OriginLicense, OriginTeacher
from auditor.domain.plan import StudentBase
from auditor.domain.role import TeacherRole
from auditor.domain.teacher import Host, Resolution, ResolutionStatus, TermsSet
from auditor.domain.terms import UNKNOWN_TERMS, Openness, Terms
from auditor.domain.tribool import Tribool
from auditor.errors import InputError
from auditor.ids import TeacherId, TermsId
from auditor.knowledge.asof import read_range
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.expression import (
    NONE,
    Expression,
    Join,
    License,
    all_of,
    evaluate,
    has_choice,
    is_exception,
    leaves,
    parse,
)
from auditor.knowledge.keys import unknown_set
from auditor.knowledge.openness import is_open, least_open, license_openness
from auditor.policy.facts.applicable_terms import ApplicableTerms, Base
from auditor.policy.facts.dataset_licenses import Grant, later_versions
from auditor.policy.facts.student_bases import no_base, read_base
from auditor.policy.pack.variables import Role
from auditor.policy.plan.parties import Party, party_of

_LATER = re.compile(r"(-or-later|\+)$", re.I)
_KEPT = 4096
_NOT_COMMERCIAL = (CommercialUse.NO, CommercialUse.NO_OUTPUT_INCLUDED, CommercialUse.UNLESS_AUTHORIZED)


class KnowledgeView:
    """Questions to one state of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._licenses = {id.casefold(): license for id, license in knowledge.licenses.items()}
        self._terms: dict[str, Terms] = {}
        for terms in knowledge.terms.values():
            for name in (*terms.also_known_as, str(terms.id)):
                self._terms.setdefault(name.casefold(), terms)
        for terms in knowledge.terms.values():
            self._terms[str(terms.id).casefold()] = terms
        self._developers: dict[TermsId, str] = {}
        for teacher in knowledge.teachers.values():
            for one in teacher.terms:
                self._developers.setdefault(one, teacher.developer)
        # Origins share few licenses, and a teacher is asked for once for each use.
        self._resolved = lru_cache(maxsize=_KEPT)(self._resolve)
        self.grants = lru_cache(maxsize=_KEPT)(self._grants)
        self.openness = lru_cache(maxsize=_KEPT)(self._openness)

    def resolve(self, teacher: OriginTeacher, today: date | None = None) -> Resolution:
        """Resolve a teacher by its whole key; candidates of an ambiguous name stay side by side.

        Nothing was made after `today`: terms of such a date are not known.
        """
        found = self._resolved(teacher)
        days = read_range(teacher.generated_at) if today is not None else None
        if days is None or today is None or days.first <= today.toordinal():
            return found
        if found.status is ResolutionStatus.NO_MODEL:
            return found
        return replace(found, sets=(unknown_set(found.teacher, "dated in the future"),))

    def _resolve(self, teacher: OriginTeacher) -> Resolution:
        access = None if teacher.access is Access.UNKNOWN else teacher.access
        found = self.knowledge.resolve(
            teacher.id if teacher.resolved else teacher.name or teacher.id,
            access,
            teacher.generated_at,
            teacher.host,
        )
        entry = self.knowledge.teachers.get(TeacherId(teacher.id)) if teacher.resolved else None
        if entry is not None and found.status is ResolutionStatus.AMBIGUOUS:
            # A catalog id may also be a loose name (`qwen-1`, `phi`); as an id it names one entry.
            held = self.knowledge.terms_for(entry, access, teacher.generated_at, teacher.host)
            return replace(
                found, teacher=entry.id, status=ResolutionStatus.KNOWN, sets=tuple(held), candidates=()
            )
        if found.status is not ResolutionStatus.UNKNOWN or not teacher.candidates:
            return found
        sets = tuple(
            one
            for candidate in teacher.candidates
            for one in self.knowledge.terms_for(candidate, access, teacher.generated_at, teacher.host)
        )
        return Resolution(
            name=teacher.name,
            teacher=None,
            host=teacher.host,
            access=teacher.access,
            status=ResolutionStatus.AMBIGUOUS,
            sets=sets,
            candidates=tuple(TeacherId(one) for one in teacher.candidates),
        )

    def reached(
        self, teacher: OriginTeacher, version: TermsSet, host: str | None, acts: TeacherRole
    ) -> list[ApplicableTerms]:
        """Return the texts of one version, with how each reaches the student.

        Args:
            host: the service that was used; what it adds of its own is held against who runs it.
            acts: what the teacher did.
        """
        id = version.teacher or TeacherId(teacher.id)
        entry = self.knowledge.teachers.get(id)
        served = self.knowledge.hosts.get(host or "")
        own = {*entry.terms, *(one for span in entry.spans for one in span.terms)} if entry else set()
        base = self.knowledge.teachers.get(entry.inherits_base) if entry and entry.inherits_base else None
        of_base: set[TermsId] = set()
        if base is not None:
            of_base = {*base.terms, *(one for span in base.spans for one in span.terms)}
        found = []
        for one in version.terms:
            of_host = served is not None and served.adds(one) and one not in own
            maker = base.developer if base and one in of_base else entry.developer if entry else ""
            provider = served.operator or served.id if served and of_host else maker
            terms = self.knowledge.terms[one]
            found.append(
                ApplicableTerms(
                    terms=terms,
                    role=Role.TEACHER,
                    name=f"{teacher.name} {entry.name if entry else ''}".strip(),
                    subject=str(id),
                    provider=provider,
                    access=version.access,
                    inherited=one in of_base,
                    said=teacher.name,
                    party=_host_party(served, terms)
                    if served and of_host
                    else party_of(maker, terms, str(id)),
                    acts=acts,
                )
            )
        return found

    def base(self, base: StudentBase | None) -> Base:
        """Look the terms of the student's base up, and whether its name goes with them."""
        if base is None or no_base(base):
            return Base(False, False, True)
        parsed = None if base.terms.strip().casefold() in self._terms else _parsed(base.terms)
        choice = parsed is not None and has_choice(parsed)
        return read_base(self.knowledge, base, self._terms_of(base.terms), choice)

    def _terms_of(self, text: str) -> tuple[Terms, ...] | None:
        whole = self._terms.get(text.strip().casefold())
        if whole is not None:
            return (whole,)
        ids = expression_leaves(text)
        found = tuple(self._terms.get(id.casefold()) for id in ids)
        return tuple(one for one in found if one is not None) if found and all(found) else None

    def _grants(self, license: OriginLicense) -> Grant:
        """Read a license of the data as a tree of grants."""
        parsed = _parsed(license.expression)
        return self._leaf(license.expression) if parsed is None else self._tree(parsed)

    def candidates(self, license: OriginLicense) -> list[Grant]:
        """Return what an ambiguous license could be; together they may bar, never allow."""
        return [self._leaf(id) for id in license.candidates]

    def _tree(self, node: Expression) -> Grant:
        if isinstance(node, License):
            return self._leaf(_named(node))
        parts = tuple(self._tree(part) for part in node.parts)
        return Grant(str(node.join), None, parts, node.join is Join.OR)

    def _leaf(self, id: str) -> Grant:
        found = self.license(id)
        known = self.knowledge.licenses.values() if found and _LATER.search(id) else ()
        return Grant(found.id if found else id, found, later=later_versions(found, known) if found else ())

    def license(self, id: str) -> DatasetLicense | None:
        """Return a license by SPDX id, `-or-later` read as the license itself."""
        key = id.strip().casefold()
        stem = _LATER.sub("", key)
        return self._licenses.get(key) or self._licenses.get(f"{stem}-only") or self._licenses.get(stem)

    def tagged_terms(self, grant: Grant) -> tuple[Terms, ...]:
        """Return the terms that a model license used as a data tag points at."""
        license = grant.license
        if license is None or license.reach is not Reach.SEE_TERMS:
            return ()
        terms = self._terms.get(license.id.casefold())
        return (terms,) if terms else ()

    def developer(self, terms: Terms) -> str:
        """Return who wrote a text, by the models that it governs."""
        return self._developers.get(terms.id, "")

    def reading(self, words: str) -> str:
        """Return the expression that words stand for, if every license of it is known; else nothing."""
        text = words.strip()
        if self._is_known(text):
            return text
        read = self.knowledge.normalize_license(text)
        for expression in (text, read.expression if read.status is LicenseStatus.KNOWN else ""):
            leaves = expression_leaves(expression)
            if leaves and all(self._is_known(id) for id in leaves):
                return expression
        return ""

    def ids(self, expression: str) -> tuple[str, ...]:
        """Return the ids of an expression."""
        return (expression,) if self._is_known(expression) else expression_leaves(expression)

    def texts(self) -> Iterable[Terms]:
        """Return every text of the catalog."""
        return self.knowledge.terms.values()

    def _is_known(self, id: str) -> bool:
        """Tell whether an id stands for terms that somebody read, rather than for a gap or a tag."""
        license, terms = self.license(id), self._terms.get(id.casefold())
        if license is not None and license.family is LicenseFamily.NON_LICENSE:
            return license.id == NONE or license.non_commercial is not None
        return license is not None or (terms is not None and terms.id != UNKNOWN_TERMS)

    def _openness(self, expression: str) -> Openness:
        """Return the openness of a license expression, of data or of a student."""
        return license_openness(self.knowledge, expression)

    def teacher_openness(self, teacher: OriginTeacher) -> Openness:
        """Return the openness of the texts that govern a teacher as it was reached.

        All texts of a version must be open; versions that differ leave it unknown.
        """
        found = self.resolve(teacher)
        if found.status not in (ResolutionStatus.KNOWN, ResolutionStatus.NO_MODEL):
            return Openness.UNKNOWN
        grades = {self._set_openness(version) for version in found.sets}
        return grades.pop() if len(grades) == 1 else Openness.UNKNOWN

    def bars_commerce(self, expression: str) -> bool:
        """Tell whether an expression bars commercial use, whichever of its licenses is chosen."""
        text = expression.strip()
        if self._is_known(text):
            return self._bars_commerce(text)
        return evaluate(text, lambda id: not self._bars_commerce(id)) is False

    def _bars_commerce(self, id: str) -> bool:
        license, terms = self.license(id), self._terms.get(id.casefold())
        if license is not None and license.non_commercial is not None:
            return license.non_commercial
        commercial = terms.facts.commercial if terms is not None else None
        return commercial is not None and commercial.value in _NOT_COMMERCIAL

    def licensed(self, origin: Origin) -> Tribool:
        """Tell whether every license of the data is one that was read, and so grants copies at all."""
        stated = stated_licenses(origin)
        leaves = [leaf for one in stated for leaf in self.grants(one).leaves()]
        if not leaves:
            return Tribool.NO
        read = [one.license for one in leaves if one.license is not None]
        known = [one for one in read if one.family is not LicenseFamily.NON_LICENSE]
        return Tribool.YES if len(known) == len(leaves) else Tribool.UNKNOWN

    def _set_openness(self, version: TermsSet) -> Openness:
        grades = [self.knowledge.terms[one].openness for one in version.terms]
        return least_open(grades if version.known else [*grades, Openness.UNKNOWN])

    def open_fact(self, origin: Origin) -> Tribool:
        """Tell whether teacher and data are open by definition; what nobody names is unknown."""
        if not origin.teachers or not stated_licenses(origin):
            return Tribool.UNKNOWN
        grades = [self.teacher_openness(teacher) for teacher in origin.teachers]
        grades += [self.openness(license.expression) for license in origin.licenses]
        return Tribool.of(all_of(is_open(grade) for grade in grades))


def stated_licenses(origin: Origin) -> list[OriginLicense]:
    """Return the licenses that somebody states; an inferred one may bar, and it is no grant."""
    return [one for one in origin.licenses if one.basis is not Basis.INFERRED]


def _host_party(host: Host, terms: Terms) -> Party:
    """Return who is behind a host's own terms."""
    party = party_of(host.operator or host.id, terms, host.id, *host.aliases)
    return replace(party, beside=not host.replaces_vendor_terms)


def expression_leaves(text: str) -> tuple[str, ...]:
    """Return the license ids of an expression, in order; empty where it does not parse."""
    parsed = _parsed(text)
    return () if parsed is None else tuple(dict.fromkeys(_named(one) for one in leaves(parsed)))


def _parsed(text: str) -> Expression | None:
    try:
        return parse(text)
    except InputError:
        return None


def _named(license: License) -> str:
    """Name a license; a listed exception only adds permissions, so that the license alone decides.

    What is not a listed exception may take permissions away (`Commons-Clause`): the pair stays one id, and an
    unknown one.
    """
    return license.id if not license.exception or is_exception(license.exception) else str(license)
