"""The one definition of *open*, for the report, the fair-use sheet and the packs.

Open is what OSI approved or what conforms to the Open Definition 2.1, without limits of use. An `OR` needs
one open part, an `AND` all of them; `NONE` grants nothing and is not open; `NOASSERTION` is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.domain.license import DatasetLicense, LicenseStatus
from auditor.domain.terms import Openness
from auditor.ids import TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.expression import NOASSERTION, NONE, evaluate, is_exception

_ORDER = (Openness.CLOSED, Openness.UNKNOWN, Openness.SOURCE_AVAILABLE, Openness.OPEN)
_LATER = re.compile(r"(-or-later|\+)$", re.I)


def openness(knowledge: Knowledge, text: str) -> Openness:
    """Return the openness of terms, of a license, or of an SPDX expression."""
    single = _single(knowledge, text.strip())
    if single is not None:
        return single
    read = knowledge.normalize_license(text)
    if read.status is LicenseStatus.NONE:
        return Openness.CLOSED
    if read.expression == NOASSERTION:
        return Openness.UNKNOWN
    return _of_expression(knowledge, read.expression)


def license_openness(knowledge: Knowledge, expression: str) -> Openness:
    """Return the openness of a license of data or of a student; `none` in any case grants nothing."""
    if expression.strip().casefold() == NONE.casefold():
        return Openness.CLOSED
    return openness(knowledge, expression)


def least_open(grades: Iterable[Openness]) -> Openness:
    """Return the openness of what several grades hold for at once; of none, `unknown`."""
    return min(grades, key=_rank, default=Openness.UNKNOWN)


def is_open(grade: Openness) -> bool | None:
    """Tell whether a grade is open; where no license is needed nothing is withheld."""
    match grade:
        case Openness.OPEN | Openness.NOT_APPLICABLE:
            return True
        case Openness.SOURCE_AVAILABLE | Openness.CLOSED:
            return False
        case Openness.UNKNOWN:
            return None


def _of_expression(knowledge: Knowledge, expression: str) -> Openness:
    def grade(id: str) -> Openness:
        return _single(knowledge, id) or Openness.UNKNOWN

    def is_there(id: str) -> bool | None:
        found = grade(id)
        return None if found is Openness.UNKNOWN else found is not Openness.CLOSED

    whole = evaluate(expression, lambda id: is_open(grade(id)))
    if whole is None:
        return Openness.UNKNOWN
    if whole:
        return Openness.OPEN
    return Openness.CLOSED if evaluate(expression, is_there) is False else Openness.SOURCE_AVAILABLE


def _single(knowledge: Knowledge, name: str) -> Openness | None:
    """Grade one id in any case; None where the catalog has neither a license nor terms of that id."""
    if name in (NONE, NOASSERTION):
        return Openness.CLOSED if name == NONE else Openness.UNKNOWN
    id, _, exception = name.partition(" WITH ")
    if exception and not is_exception(exception):
        return None
    terms = knowledge.terms.get(TermsId(id))
    license = knowledge.licenses.get(id) or (None if terms else _in_any_case(knowledge, id))
    found = [one.openness for one in (license, terms) if one is not None]
    return least_open(found) if found else None


def _in_any_case(knowledge: Knowledge, id: str) -> DatasetLicense | None:
    """Find a license whatever the case of its id; `-or-later` is read as the license itself."""
    by_id = {one.casefold(): license for one, license in knowledge.licenses.items()}
    key = id.casefold()
    stem = _LATER.sub("", key)
    return by_id.get(key) or by_id.get(f"{stem}-only") or by_id.get(stem)


def _rank(value: Openness) -> int:
    return _ORDER.index(value) if value in _ORDER else len(_ORDER)
