"""What entries point at must be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.errors import KnowledgeError
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.read_services import check_services


def check_references(knowledge: Knowledge) -> None:
    """Refuse an entry that points at terms, a teacher or a service that is not there.

    Raises:
        KnowledgeError: the first one.
    """
    check_services(knowledge.services.values(), knowledge.terms)
    for teacher in knowledge.teachers.values():
        used = [*teacher.terms, *(one for span in teacher.spans for one in span.terms)]
        _exists(used, knowledge.terms, f"teachers.yaml ({teacher.id})", "terms")
        named = [*teacher.distilled_from, *(one for _, ids in teacher.by_access for one in ids)]
        named += [teacher.inherits_base] if teacher.inherits_base else []
        _exists(named, knowledge.teachers, f"teachers.yaml ({teacher.id})", "teacher")
    for host in knowledge.hosts.values():
        _exists(host.adds_terms, knowledge.terms, f"teachers.yaml hosts ({host.id})", "terms")
    for name in knowledge.ambiguous:
        _exists(name.candidates, knowledge.teachers, f"teachers.yaml ambiguous ({name.match})", "teacher")


def _exists(names: Iterable[str], known: Mapping[Any, object], where: str, what: str) -> None:
    for name in names:
        if name not in known:
            raise KnowledgeError(
                f"points at the {what} `{name}`, which is not there", where=where, fix="add it"
            )
