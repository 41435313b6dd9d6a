"""Remarks on knowledge that the schema lets pass: entries nobody can reach, or that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.domain.axes import CommercialUse, OutputsUse, ScaleLimit
from auditor.domain.claim import Access
from auditor.domain.known_set import KnownSet
from auditor.domain.license import LicenseStatus
from auditor.domain.teacher import ResolutionStatus, Teacher
from auditor.domain.term_obligation import ObligationId, Trigger
from auditor.domain.terms import UNKNOWN_TERMS, Openness, Terms
from auditor.errors import KnowledgeError
from auditor.knowledge.catalog import OTHER, Knowledge
from auditor.knowledge.expression import NOASSERTION, NONE, is_listed
from auditor.knowledge.lint_services import service_remarks, text_remarks
from auditor.knowledge.lint_sources import source_remarks
from auditor.knowledge.patterns import compiled


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend."""

    where: str
    message: str


def lint_knowledge(knowledge: Knowledge) -> list[Remark]:
    """Return every remark, in the order of the files."""
    return [
        *_patterns(knowledge),
        *(remark for teacher in knowledge.teachers.values() for remark in _teacher(teacher, knowledge)),
        *(remark for terms in knowledge.terms.values() for remark in _terms(terms)),
        *(
            Remark(f"service {service.id}", message)
            for service in knowledge.services.values()
            for message in service_remarks(service, knowledge.terms)
        ),
        *(
            Remark(f"terms {text.id}", message)
            for text in knowledge.terms.values()
            for message in text_remarks(text, knowledge.services.values())
        ),
        *(Remark(where, message) for where, message in source_remarks(knowledge)),
        *_licenses(knowledge),
        *_strings(knowledge),
        *(remark for one in knowledge.known_sets.sets for remark in _known_set(one, knowledge)),
    ]


def _patterns(knowledge: Knowledge) -> Iterator[Remark]:
    named = [(f"teacher {t.id}", pattern) for t in knowledge.teachers.values() for pattern in t.patterns]
    named += [(f"host {host.id}", host.match) for host in knowledge.hosts.values()]
    named += [(f"ambiguous {entry.match}", entry.match) for entry in knowledge.ambiguous]
    for where, pattern in named:
        try:
            compiled(pattern)
        except KnowledgeError as error:
            yield Remark(where, error.message)


def _teacher(teacher: Teacher, knowledge: Knowledge) -> Iterator[Remark]:
    where = f"teacher {teacher.id}"
    for name in (*teacher.models, *teacher.aliases, *teacher.dpi_names):
        found = knowledge.resolve(name)
        if teacher.id != OTHER and teacher.id not in (found.teacher, *found.candidates):
            yield Remark(where, f"its name `{name}` leads to {found.teacher or 'nothing'}")
    for name in teacher.models:
        others = [one.id for one in knowledge.index.entries_of(name) if one.id != teacher.id]
        if others:
            yield Remark(where, f"its model `{name}` is also one of {', '.join(others)}")
    if teacher.spans and teacher.spans[-1].end is None and set(teacher.spans[-1].terms) != set(teacher.terms):
        yield Remark(where, "`terms` are not those of the span in force")
    if not (teacher.patterns or teacher.models or teacher.aliases):
        yield Remark(where, "no name leads to it")
    for path, ids in teacher.by_access:
        wrong = [id for id in ids if knowledge.teachers[id].access is not path]
        if path is teacher.access or wrong:
            yield Remark(where, f"`by_access` {path} names {', '.join(wrong) or 'its own path'}")
    if teacher.access is Access.NONE and teacher.terms == (UNKNOWN_TERMS,):
        yield Remark(where, "no model is involved, yet its terms are unknown")


def _terms(terms: Terms) -> Iterator[Remark]:
    where = f"terms {terms.id}"
    outputs, commercial = terms.facts.outputs.value, terms.facts.commercial
    if terms.openness is Openness.OPEN and outputs in (
        OutputsUse.FORBIDDEN,
        OutputsUse.FORBIDDEN_IF_COMPETING,
    ):
        yield Remark(where, "called open, yet it forbids a use of outputs")
    if terms.openness is Openness.OPEN and commercial and commercial.value is not CommercialUse.YES:
        yield Remark(where, "called open, yet it limits commercial use")
    if terms.facts.scale is not None and not terms.thresholds:
        yield Remark(where, "a scale limit without `thresholds`")
    if any(threshold.limit is None for threshold in terms.thresholds):
        yield Remark(where, f"a threshold without `limit`: give one of {', '.join(ScaleLimit)}")
    for condition in terms.conditions:
        if condition.obligation is ObligationId.NAME_PREFIX and "prefix" not in condition.params:
            yield Remark(where, "`name-prefix` without `params.prefix`")
        if (
            condition.obligation is ObligationId.SAME_FAMILY_STUDENT
            and "allowed_terms" not in condition.params
        ):
            yield Remark(where, "`same-family-student` without `params.allowed_terms`")
        if condition.obligation is ObligationId.TERRITORY and not terms.territories:
            yield Remark(where, "`territory` without `territories`")
        if condition.trigger is Trigger.SCALE and any(
            t.metric is None and t.above for t in condition.thresholds
        ):
            yield Remark(where, "a threshold without `metric`")
    if terms.effective_from and terms.effective_to and terms.effective_to < terms.effective_from:
        yield Remark(where, "it ends before it starts")


def _licenses(knowledge: Knowledge) -> Iterator[Remark]:
    for id in knowledge.licenses:
        if not (id in (NOASSERTION, NONE) or id.startswith("LicenseRef-") or is_listed(id)):
            yield Remark(f"license {id}", "neither an SPDX id nor a LicenseRef")


def _known_set(one: KnownSet, knowledge: Knowledge) -> Iterator[Remark]:
    where = f"set {one.id}"
    if one.license and knowledge.normalize_license(one.license).status is not LicenseStatus.KNOWN:
        yield Remark(where, f"its license `{one.license}` is nowhere")
    for teacher in one.teachers:
        status = knowledge.resolve(teacher.name).status
        if one.complete and status is ResolutionStatus.UNKNOWN:
            yield Remark(where, f"its teacher `{teacher.name}` is nowhere, yet the list is called complete")
    if one.complete and not one.teachers:
        yield Remark(where, "its list of teachers is called complete and empty")


def _strings(knowledge: Knowledge) -> Iterator[Remark]:
    for vocabulary, strings in knowledge.strings.items():
        for string in strings.values():
            for id in string.maps_to:
                if not (
                    id in knowledge.licenses or id in knowledge.terms or is_listed(id) or id == NOASSERTION
                ):
                    yield Remark(f"{vocabulary} `{string.string}`", f"maps to `{id}`, which is nowhere")
