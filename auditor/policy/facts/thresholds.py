"""Sizes of a plan against the thresholds of a text."""

from __future__ import annotations

from auditor.domain.plan import IntendedUse
from auditor.domain.term_obligation import Business, Metric, Threshold
from auditor.domain.tribool import Tribool
from auditor.policy.facts.usage import UsageContext


def passed(usage: UsageContext, threshold: Threshold) -> Tribool:
    """Tell whether the plan's size is past a threshold in the business that it speaks of."""
    return _over(usage, threshold) & _in_business(usage, threshold.business)


def _over(usage: UsageContext, threshold: Threshold) -> Tribool:
    match threshold.metric:
        case None:
            return Tribool.YES
        case Metric.MONTHLY_ACTIVE_USERS:
            value = usage.number("mau")
        case Metric.MONTHLY_ACTIVE_USERS_AT_RELEASE:
            value = usage.number("mau_at_teacher_release")
        case Metric.MONTHLY_REVENUE_USD:
            value = usage.number("monthly_revenue_usd")
        case Metric.YEARLY_REVENUE_USD:
            monthly = usage.number("monthly_revenue_usd")
            value = None if monthly is None else monthly * 12
    return Tribool.UNKNOWN if value is None else Tribool.of(value > threshold.above)


def _in_business(usage: UsageContext, business: Business) -> Tribool:
    match business:
        case Business.ANY:
            return Tribool.YES
        case Business.MODEL_AS_A_SERVICE | Business.MAAS_OR_WORK_ASSISTANT:
            # Serving one student by API may or may not make the licensee such a business: a person decides.
            return Tribool.UNKNOWN if usage.use in (IntendedUse.COMMERCIAL_API, None) else Tribool.NO
