"""Who grants what: permissions are held from a party, and one yes does not say from whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from auditor.domain.axes import CommercialUse
from auditor.domain.plan import FactValue
from auditor.domain.term_obligation import ObligationId
from auditor.domain.terms import Terms
from auditor.domain.tribool import Tribool

PERMISSIONS = ("separate_license", "written_authorization", "order_form_permission")
"""Facts that one licensor grants."""
KEYED = (*PERMISSIONS, "competes_with")
"""Facts that may be given by party: a map of party to yes, no or unknown."""
_GENERIC = frozenset({"ai", "the", "labs", "lab", "research", "of", "and"}) | frozenset(
    {"inc", "incorporated", "ltd", "limited", "llc", "llp", "lp", "plc", "pbc", "corp", "corporation"}
    | {"co", "company", "gmbh", "ag", "bv", "sa", "sas"}
)
NO_RIVALS: Mapping[str, frozenset[str]] = MappingProxyType({})
_YES = {"yes", "true", "1"}
_NO = {"no", "false", "0", "none"}


@dataclass(frozen=True, slots=True)
class Party:
    """Who stands behind a text, by all names that a plan may use."""

    name: str = ""
    names: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    """Of the text and of the model: a plan may name these, whole."""
    beside: bool = False
    """A service between maker and user: a plain answer on the teacher's provider may mean the maker."""

    def goes_by(self, name: str) -> bool:
        """Tell whether a plan's word names this party: the same spelling, or some of its own words."""
        said = _squashed(name)
        if not said:
            return False
        if any(said == _squashed(one) for one in (*self.names, *self.ids)):
            return True
        words = _words(name)
        return bool(words) and any(words <= _words(one) for one in self.names)


NOBODY = Party()


def party_of(name: str, terms: Terms, *ids: str) -> Party:
    """Build the party behind a text: its maker, and the text itself by each of its ids."""
    parts = [part.strip() for part in re.split(r"[/()]", name)]
    exact = (str(terms.id), *terms.also_known_as, *ids)
    return Party(
        name, frozenset(one for one in (name, *parts) if one), frozenset(one for one in exact if one)
    )


def truth(value: object) -> Tribool:
    """Read yes or no; everything else is unknown."""
    if isinstance(value, bool):
        return Tribool.of(value)
    text = str(value).strip().casefold()
    return Tribool.YES if text in _YES else Tribool.NO if text in _NO else Tribool.UNKNOWN


def held(value: FactValue | None, party: Party, shared: bool) -> Tribool:
    """Tell whether a permission is held from `party`.

    Args:
        value: the fact: yes or no, the party's name, a list of parties, or a map of them.
        shared: several parties are asked for it, so that a bare yes does not say whose it is.
    """
    if value is None:
        return Tribool.NO
    if isinstance(value, Mapping):
        return _agreed(truth(told) for name, told in value.items() if party.goes_by(str(name)))
    if isinstance(value, tuple):
        return Tribool.of(any(party.goes_by(name) for name in value))
    told = truth(value)
    if told is Tribool.YES:
        return Tribool.UNKNOWN if shared else Tribool.YES
    if told is Tribool.UNKNOWN and isinstance(value, str) and party.goes_by(value):
        return Tribool.YES
    return told


def competes(
    value: FactValue | None, party: Party, shared: bool, rivals: Mapping[str, frozenset[str]] = NO_RIVALS
) -> Tribool | None:
    """Tell what is said of competing with `party` by name; None where nothing is.

    Args:
        rivals: whom each name stands for; one that stands for nobody may mean the party.
    """
    told = _competes(value, party, shared, rivals)
    stranger = any(not meant for meant in rivals.values())
    return Tribool.UNKNOWN if stranger and told is not Tribool.YES else told


def _competes(
    value: FactValue | None, party: Party, shared: bool, rivals: Mapping[str, frozenset[str]]
) -> Tribool | None:
    if isinstance(value, Mapping):
        said = [(str(name), truth(one)) for name, one in value.items()]
        told = [
            one
            for name, one in said
            if (party.goes_by(name) if one is Tribool.NO else _means(name, party, rivals))
        ]
        return _agreed(told, Tribool.YES) if told else None
    if isinstance(value, tuple):
        named = (name for name in value if truth(name) is not Tribool.NO)
        return Tribool.YES if any(_means(name, party, rivals) for name in named) else None
    if value is None or truth(value) is Tribool.NO:
        return None
    if truth(value) is Tribool.YES:
        return Tribool.UNKNOWN if shared else Tribool.YES
    text = str(value)
    if text.strip().casefold() != Tribool.UNKNOWN and _means(text, party, rivals):
        return Tribool.YES
    return None if rivals.get(text) else Tribool.UNKNOWN


def _means(name: str, party: Party, rivals: Mapping[str, frozenset[str]]) -> bool:
    return any(_like(one, party) for one in (name, *rivals.get(name, ())))


def asks(terms: Terms) -> frozenset[str]:
    """Name the permissions that would lift a bar of the text."""
    duties = {condition.obligation for condition in terms.conditions}
    commercial = terms.facts.commercial
    keys: set[str] = set()
    if ObligationId.ORDER_FORM_PERMISSION in duties:
        keys.add("order_form_permission")
    if ObligationId.WRITTEN_AUTHORIZATION in duties:
        keys.add("written_authorization")
    if commercial is not None and commercial.value is CommercialUse.UNLESS_AUTHORIZED:
        keys.add("written_authorization")
    if ObligationId.RESEARCH_ONLY in duties or ObligationId.SEPARATE_LICENSE in duties:
        keys.add("separate_license")
    return frozenset(keys)


def _agreed(told: Iterable[Tribool], strict: Tribool | None = None) -> Tribool:
    """Join what is said of one party under several names; without a word it is no."""
    found = set(told)
    if strict in found and strict is not None:
        return strict
    if not found:
        return Tribool.NO
    return found.pop() if len(found) == 1 else Tribool.UNKNOWN


def _like(name: str, party: Party) -> bool:
    """Tell whether a name may mean the party: for a bar, a part of the name is enough."""
    said = _squashed(name)
    maker = _squashed(party.name)
    return party.goes_by(name) or (bool(said and maker) and (said in maker or maker in said))


def _squashed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in re.split(r"[^a-z0-9]+", name.casefold()) if word) - _GENERIC
