from __future__ import annotations

from auditor.domain.axes import ScaleLimit
from auditor.domain.term_obligation import Metric, Territory, TerritoryTest, Threshold
from auditor.domain.tribool import Tribool
from auditor.policy.facts.thresholds import passed
from auditor.policy.facts.usage import usage_of
from auditor.policy.plan.plans import plan_from


def test_sizes_that_are_no_numbers_are_unknown() -> None:
    users = Threshold(100, Metric.MONTHLY_ACTIVE_USERS, limit=ScaleLimit.SEPARATE_LICENSE)
    yearly = Threshold(100, Metric.YEARLY_REVENUE_USD)
    for given, expected in (
        (101, Tribool.YES),
        ("1,000", Tribool.YES),
        (100, Tribool.NO),
        ("many", Tribool.UNKNOWN),
        (True, Tribool.UNKNOWN),
        (-5, Tribool.UNKNOWN),
    ):
        usage = usage_of(plan_from({"facts": {"mau": given, "monthly_revenue_usd": given}}), None)
        assert passed(usage, users) is expected
    assert passed(usage_of(plan_from({"facts": {"monthly_revenue_usd": 9}}), None), yearly) is Tribool.YES
    assert Territory(("EU",)).test is TerritoryTest.ANY
