"""What may be called open: OSI-approved, or conformant to the Open Definition 2.1, without limits of use."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.domain.license import LicenseStatus
from auditor.domain.terms import Openness
from auditor.ids import TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.expression import NOASSERTION, evaluate

_ORDER = (Openness.CLOSED, Openness.UNKNOWN, Openness.SOURCE_AVAILABLE, Openness.OPEN)


def openness(knowledge: Knowledge, text: str) -> Openness:
    """Return the openness of terms, of a license, or of an SPDX expression.

    All parts of an AND must be open; one of an OR is enough. What nobody knows is `unknown`; `NONE` grants
    nothing and is `closed`.
    """
    single = _single(knowledge, text.strip())
    if single is not None:
        return single
    read = knowledge.normalize_license(text)
    if read.status is LicenseStatus.NONE:
        return Openness.CLOSED
    if read.expression == NOASSERTION:
        return Openness.UNKNOWN
    return _of_expression(knowledge, read.expression)


def least_open(grades: Iterable[Openness]) -> Openness:
    """Return the openness of what several grades hold for at once; of none, `unknown`."""
    return min(grades, key=_rank, default=Openness.UNKNOWN)


def _of_expression(knowledge: Knowledge, expression: str) -> Openness:
    def is_open(id: str) -> bool | None:
        found = _single(knowledge, id)
        return None if found in (None, Openness.UNKNOWN) else found is Openness.OPEN

    def is_there(id: str) -> bool | None:
        found = _single(knowledge, id)
        return None if found in (None, Openness.UNKNOWN) else found is not Openness.CLOSED

    whole = evaluate(expression, is_open)
    if whole is None:
        return Openness.UNKNOWN
    if whole:
        return Openness.OPEN
    return Openness.SOURCE_AVAILABLE if evaluate(expression, is_there) else Openness.CLOSED


def _single(knowledge: Knowledge, id: str) -> Openness | None:
    license = knowledge.licenses.get(id)
    terms = knowledge.terms.get(TermsId(id))
    found = [one.openness for one in (license, terms) if one is not None]
    return least_open(found) if found else None


def _rank(value: Openness) -> int:
    return _ORDER.index(value) if value in _ORDER else len(_ORDER)
