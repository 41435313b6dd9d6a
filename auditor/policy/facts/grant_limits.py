"""Where a text's grant ends: places that it leaves out, sizes past which something else holds."""

from __future__ import annotations

import re

from auditor.domain.axes import ScaleLimit
from auditor.domain.term_obligation import Territory, TerritoryTest, Threshold
from auditor.domain.tribool import Tribool, any_of
from auditor.policy.facts.applicable_terms import ApplicableTerms
from auditor.policy.facts.thresholds import passed
from auditor.policy.facts.usage import UsageContext
from auditor.policy.pack.variables import Role

_MULTIMODAL = re.compile(r"vision|multimodal|\b(11|90)b\b|image|-vl\b", re.I)
_TEXT_ONLY = re.compile(r"\btext\b|\b(1|3|70)b\b", re.I)


def outside_territory(reached: ApplicableTerms, usage: UsageContext) -> Tribool | None:
    """Tell whether the use is in a place that the text leaves out; None where it leaves none out."""
    territories = reached.terms.territories
    return any_of(_excludes(one, reached, usage) for one in territories) if territories else None


def _excludes(territory: Territory, reached: ApplicableTerms, usage: UsageContext) -> Tribool:
    match territory.test:
        case TerritoryTest.PRINCIPAL_PLACE:
            given = [usage.principal_place]
        case TerritoryTest.PLACE_OF_USE:
            given = [usage.place_of_use]
        case TerritoryTest.ANY:
            given = [usage.principal_place, usage.place_of_use]
    named = any(set(territory.excluded) & places for places in given)
    outside = Tribool.YES if named else Tribool.NO if all(given) else Tribool.UNKNOWN
    if territory.multimodal_only:
        outside &= _multimodal(reached, usage)
    if territory.end_users_exempt:
        outside &= _no_end_user(usage)
    return outside


def _no_end_user(usage: UsageContext) -> Tribool:
    """Tell that the one who trains is not an end user of a product; a service's customer may be either."""
    if usage.fact("self_hosted", Tribool.YES) is Tribool.YES:
        return Tribool.YES
    return ~usage.fact("end_user_of_product", Tribool.UNKNOWN)


def _multimodal(reached: ApplicableTerms, usage: UsageContext) -> Tribool:
    variant = usage.text("teacher_variant") if reached.role is not Role.BASE else ""
    for words in (variant, reached.name, reached.subject):
        if _MULTIMODAL.search(words):
            return Tribool.YES
        if _TEXT_ONLY.search(words):
            return Tribool.NO
    return Tribool.UNKNOWN if not reached.name else Tribool.NO


def over_threshold(reached: ApplicableTerms, usage: UsageContext) -> Tribool | None:
    """Tell whether the plan is past a size that ends the grant; None where the text names no size."""
    thresholds = reached.terms.thresholds
    return any_of(_over(one, reached, usage) for one in thresholds) if thresholds else None


def _over(threshold: Threshold, reached: ApplicableTerms, usage: UsageContext) -> Tribool:
    if threshold.limit is ScaleLimit.NO_COMMERCIAL_USE and usage.commercial is Tribool.NO:
        return Tribool.NO
    over = passed(usage, threshold)
    if threshold.limit is ScaleLimit.NO_RIGHTS:
        return over
    return over & ~usage.held("separate_license", reached.party)
