"""Read services.yaml: `Service`s, and hand their texts over time to the teachers and hosts that name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from auditor.domain.claim import Access
from auditor.domain.service import Service, Unread
from auditor.domain.teacher import Host, Teacher
from auditor.domain.terms import UNKNOWN_TERMS
from auditor.errors import KnowledgeError
from auditor.ids import TermsId
from auditor.knowledge.fields import Fields
from auditor.knowledge.read_teachers import read_spans

_MISSING = "points at the {} `{}`, which is not there"


def read_service(fields: Fields, overlay: str = "") -> Service:
    """Build one entry of services.yaml.

    Raises:
        KnowledgeError: the entry breaks the schema.
    """
    service = Service(
        id=fields.text("id"),
        name=fields.text("name"),
        provider=fields.text("provider"),
        access=fields.choice("access", Access),
        spans=read_spans(fields, "spans"),
        unread=tuple(_unread(one) for one in fields.entries("unread")),
        note=fields.text("note", ""),
        overlay=overlay,
    )
    if not (service.spans or service.unread):
        raise fields.fault("neither `spans` nor `unread`", "list the texts that nobody read under `unread`")
    if any(span.terms == (UNKNOWN_TERMS,) for span in service.spans):
        raise fields.fault(f"a span of {UNKNOWN_TERMS} alone", "list the text under `unread` instead")
    fields.done()
    return service


def _unread(fields: Fields) -> Unread:
    unread = Unread(fields.date("from"), fields.date("to"), fields.text("what"), fields.text("where"))
    fields.done()
    return unread


def teacher_with_spans(teacher: Teacher, services: Mapping[str, Service]) -> Teacher:
    """Return the teacher with the texts of its service over time; those in force are its terms of today.

    Raises:
        KnowledgeError: there is no such service.
    """
    if not teacher.service:
        return teacher
    service = _named(teacher.service, services, f"teachers.yaml ({teacher.id})")
    terms = teacher.terms or _today(service)
    return replace(teacher, spans=service.spans, terms=terms)


def host_with_spans(host: Host, services: Mapping[str, Service]) -> Host:
    """Return the host with the texts of its service over time.

    Raises:
        KnowledgeError: there is no such service.
    """
    if not host.service:
        return host
    service = _named(host.service, services, f"teachers.yaml hosts ({host.id})")
    return replace(host, spans=service.spans, adds_terms=_today(service))


def check_services(services: Iterable[Service], terms: Mapping[TermsId, object]) -> None:
    """Refuse a span that points at terms which are not there.

    Raises:
        KnowledgeError: one does.
    """
    for service in services:
        for id in (one for span in service.spans for one in span.terms):
            if id not in terms:
                where = f"services.yaml ({service.id})"
                raise KnowledgeError(_MISSING.format("terms", id), where=where, fix="add it")


def _named(id: str, services: Mapping[str, Service], where: str) -> Service:
    if id not in services:
        raise KnowledgeError(_MISSING.format("service", id), where=where, fix="add it")
    return services[id]


def _today(service: Service) -> tuple[TermsId, ...]:
    last = service.spans[-1] if service.spans else None
    return last.terms if last is not None and last.end is None else (UNKNOWN_TERMS,)
