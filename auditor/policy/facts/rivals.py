"""Whom a plan means by the names that it says the student competes with: makers, hosts, products."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.domain.plan import FactValue, Plan
from auditor.domain.teacher import ResolutionStatus
from auditor.domain.tribool import Tribool
from auditor.knowledge.catalog import Knowledge
from auditor.policy.plan.parties import Party, truth

_ALIASES = {
    "Amazon": ("AWS", "Amazon Web Services", "Amazon.com", "Bedrock"),
    "Google": ("Alphabet", "DeepMind", "Google DeepMind", "Google Cloud", "GCP", "Gemini", "Vertex AI"),
    "OpenAI": ("Open AI", "ChatGPT", "OpenAI OpCo", "OpenAI Global"),
    "Anthropic": ("Claude", "Anthropic Ireland"),
    "Meta": ("Meta Platforms", "Facebook", "Meta AI"),
    "Microsoft": ("MSFT", "Azure", "Microsoft Azure", "Copilot", "Bing"),
    "Together AI": ("Together Computer",),
}
"""Other names of companies whose terms bar competing students."""
_NOBODY = frozenset({"", "n/a", "various"})
Rivals = Mapping[str, frozenset[str]]


def rivals_of(knowledge: Knowledge, plan: Plan | None) -> Rivals:
    """Return whom each name that a plan gives stands for; nobody where the catalog does not know it."""
    value = plan.facts.get("competes_with") if plan else None
    return {name: _meant(knowledge, name) for name in _named(value)}


def strangers(rivals: Rivals) -> tuple[str, ...]:
    """Return the names that stand for nobody: whoever they mean, it may be a party to any text."""
    return tuple(name for name, meant in rivals.items() if not meant)


def _named(value: FactValue | None) -> Iterator[str]:
    """Yield the names that a plan gives; what is said not to compete tells nothing of others."""
    if isinstance(value, Mapping):
        yield from (str(name) for name, told in value.items() if truth(told) is not Tribool.NO)
    elif isinstance(value, tuple):
        yield from (name for name in value if truth(name) is not Tribool.NO)
    elif (
        value is not None
        and truth(value) is Tribool.UNKNOWN
        and str(value).strip().casefold() != Tribool.UNKNOWN
    ):
        yield str(value)


def _meant(knowledge: Knowledge, name: str) -> frozenset[str]:
    found = {one for one in _makers(knowledge) if _party(one, *re.split(r"[/()]", one)).goes_by(name)}
    found |= {one for one, others in _ALIASES.items() if _party(*others).goes_by(name)}
    host = knowledge.index.find_host(name)
    if host is not None:
        found |= {host.operator or host.id, *host.developers}
    found |= {host.operator or host.id for host in knowledge.hosts.values() if _party(host.id).goes_by(name)}
    found |= {
        terms.name
        for terms in knowledge.terms.values()
        if name.strip().casefold()
        in {str(terms.id).casefold(), *(one.casefold() for one in terms.also_known_as)}
    }
    product = knowledge.resolve(name)
    if product.status in (ResolutionStatus.KNOWN, ResolutionStatus.AMBIGUOUS):
        ids = product.candidates or ((product.teacher,) if product.teacher else ())
        found |= {knowledge.teachers[id].developer for id in ids}
    return frozenset(found - _NOBODY)


def _makers(knowledge: Knowledge) -> set[str]:
    developers = {one.developer for one in knowledge.teachers.values()}
    return (developers | {one.operator for one in knowledge.hosts.values()} | set(_ALIASES)) - _NOBODY


def _party(*names: str) -> Party:
    return Party("", frozenset(names))
