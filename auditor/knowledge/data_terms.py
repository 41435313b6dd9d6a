"""Terms that data may carry as its license: the ids and titles that they go by."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.domain.terms import Terms, TermsKind
from auditor.ids import TermsId

_NOT_OF_DATA = (TermsKind.NONE, TermsKind.SERVICE, TermsKind.USE_POLICY)
"""What is no license of data."""


def tags_of(terms: Mapping[TermsId, Terms]) -> dict[str, str]:
    """Return the ids that data may be tagged with, ScanCode's among them, and the terms each stands for."""
    found: dict[str, str] = {}
    for id, entry in terms.items():
        if entry.kind not in _NOT_OF_DATA:
            found |= {name: id for name in entry.also_known_as if name.startswith("LicenseRef-")}
            found[id] = id
    return found


def titles_of(terms: Mapping[TermsId, Terms]) -> dict[TermsId, str]:
    """Return what each of them is called."""
    return {id: entry.name for id, entry in terms.items() if entry.kind not in _NOT_OF_DATA}
