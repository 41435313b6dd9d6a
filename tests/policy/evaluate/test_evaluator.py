"""Origins as the audit builds them: flags, views, no plan, many at once."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from auditor.domain.axes import ScaleLimit
from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import Origin, OriginFlag, OriginLicense, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.plan import Answer, IntendedUse, Plan, StudentBase
from auditor.domain.term_obligation import Metric, Territory, TerritoryTest, Threshold
from auditor.engine.samples_file import OriginColumns
from auditor.ids import TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.facts.knowledge_view import KnowledgeView, expression_leaves
from auditor.policy.facts.obligations import passed
from auditor.policy.facts.release_license import ReleaseKind, release_of
from auditor.policy.facts.territories import place_of
from auditor.policy.facts.usage import usage_of
from auditor.policy.pack.load import CompiledPack
from auditor.policy.pack.variables import Fact
from auditor.policy.plan.plans import plan_from
from tests.policy.conftest import TODAY, Evaluate

PLAN = Plan(
    student_base=StudentBase("Qwen/Qwen3-8B", "Apache-2.0"),
    intended_use=IntendedUse.INTERNAL_COMMERCIAL,
    student_release_license="none",
    student_name="Acme",
    competes_with_teacher_provider=Answer.NO,
)
CC0 = OriginLicense("cc0-1.0", "CC0-1.0", Basis.CARD)


def teacher(id: str, access: Access = Access.OPEN_WEIGHTS, **keys: object) -> OriginTeacher:
    given = {"views": (View.DECLARED,), "resolved": True, "name": id, **keys}
    return OriginTeacher(id=id, basis=Basis.ROW, grade=Grade.C, access=access, **given)  # type: ignore[arg-type]


def origin(
    *teachers: OriginTeacher,
    flags: frozenset[OriginFlag] = frozenset(),
    licenses: tuple[OriginLicense, ...] = (CC0,),
) -> Origin:
    return Origin("o-1", teachers, licenses, Basis.ROW, Grade.C, flags)


OLMO = teacher("olmo")


@pytest.mark.parametrize(
    ("flag", "rule"),
    [
        (OriginFlag.UNDECLARED, "origin-undeclared"),
        (OriginFlag.CONTRADICTION, "origin-contradiction"),
    ],
)
def test_an_odd_origin_is_never_allowed(
    knowledge: Knowledge, default: CompiledPack, flag: OriginFlag, rule: str
) -> None:
    assert Judge(default, knowledge, PLAN, TODAY).judge(origin(OLMO)).outcome is Outcome.ALLOW
    odd = Judge(default, knowledge, PLAN, TODAY).judge(origin(OLMO, flags=frozenset({flag})))
    assert odd.outcome is Outcome.REVIEW
    assert rule in {reason.rule for reason in odd.reasons}


def test_a_contradiction_is_judged_under_both_and_the_stricter_stands(
    knowledge: Knowledge, default: CompiledPack
) -> None:
    both = origin(
        OLMO, teacher("meta-llama-3", views=(View.DETECTED,)), flags=frozenset({OriginFlag.CONTRADICTION})
    )
    verdict = Judge(default, knowledge, PLAN, TODAY).judge(both)
    assert verdict.outcome is Outcome.DENY
    assert verdict.reasons[0].clause.ref == "LicenseRef-Llama-3-Community"


def test_an_origin_without_a_teacher_or_license_is_review(
    knowledge: Knowledge, default: CompiledPack
) -> None:
    assert Judge(default, knowledge, PLAN, TODAY).judge(origin()).outcome is Outcome.REVIEW
    bare = Judge(default, knowledge, PLAN, TODAY).judge(origin(OLMO, licenses=()))
    assert "license-missing" in {reason.rule for reason in bare.reasons}


def test_an_ambiguous_name_is_denied_only_if_all_that_it_could_be_are(
    knowledge: Knowledge, default: CompiledPack
) -> None:
    def ask(*candidates: str) -> Outcome:
        who = teacher("some llama", resolved=False, candidates=candidates, name="some llama of theirs")
        return Judge(default, knowledge, PLAN, TODAY).judge(origin(who)).outcome

    assert ask("meta-llama-2", "meta-llama-3") is Outcome.DENY
    assert ask("meta-llama-2", "olmo") is Outcome.REVIEW
    assert ask("olmo", "pythia") is Outcome.REVIEW
    loose = teacher("llama 3", resolved=False)
    assert Judge(default, knowledge, PLAN, TODAY).judge(origin(loose)).outcome is Outcome.REVIEW


def test_without_a_plan_only_what_decides_is_asked(knowledge: Knowledge, default: CompiledPack) -> None:
    human = origin(teacher("templates", Access.NONE))
    verdict = Judge(default, knowledge, None, TODAY).judge(human)
    assert verdict.outcome is Outcome.ALLOW
    assert dict(verdict.matrix)["open-weights-release"] is Outcome.ALLOW
    mixed = Judge(default, knowledge, None, TODAY).judge(origin(teacher("exaone-4")))
    assert mixed.outcome is Outcome.REVIEW
    assert any("use" in question for question in mixed.questions)
    assert Judge(default, knowledge, None, TODAY).judge(origin(teacher("exaone-3"))).outcome is Outcome.DENY


def test_a_million_rows_of_two_hundred_origins_are_judged_by_their_origins(
    knowledge: Knowledge, default: CompiledPack
) -> None:
    ids = sorted(knowledge.teachers)
    origins = [
        Origin(
            f"o-{at}",
            (teacher(ids[at % len(ids)], generated_at=f"2026-0{at % 9 + 1}-01"),),
            (CC0,),
            Basis.ROW,
            Grade.C,
        )
        for at in range(200)
    ]
    numbers = np.random.default_rng(0).integers(0, len(origins), 1_000_000, dtype=np.int32)
    judged, columns = Judge(default, knowledge, PLAN, TODAY), OriginColumns()
    for one in origins:
        columns.add(one, judged.judge(one))
    outcomes = [columns.take(part)[5] for part in np.array_split(numbers, 50)]
    assert sum(len(part) for part in outcomes) == 1_000_000
    assert len({str(value) for part in outcomes for value in part.unique()}) > 1


def test_the_same_origin_gives_the_same_verdict(knowledge: Knowledge, default: CompiledPack) -> None:
    one = origin(OLMO, teacher("openai-gpt-4", Access.API))
    first, second = (Judge(default, knowledge, PLAN, date(2026, 11, 24)).judge(one) for _ in range(2))
    assert first == second


def test_release_licenses_are_read_as_far_as_they_go(knowledge: Knowledge) -> None:
    lookup = KnowledgeView(knowledge)
    kinds = {
        "none": ReleaseKind.NONE,
        "Proprietary": ReleaseKind.PROPRIETARY,
        "unknown": ReleaseKind.UNKNOWN,
        "MIT": ReleaseKind.OPEN,
        "MIT AND Apache-2.0": ReleaseKind.OPEN,
        "CC-BY-NC-4.0": ReleaseKind.NON_COMMERCIAL,
        "LicenseRef-Llama-3.1-Community": ReleaseKind.SOURCE_AVAILABLE,
        "Apache-2.0 + Gemma use restrictions": ReleaseKind.SOURCE_AVAILABLE,
        "something our lawyers wrote": ReleaseKind.UNPARSED,
        "MIT AND LicenseRef-Nobody": ReleaseKind.UNPARSED,
    }
    assert {text: release_of(text, lookup).kind for text in kinds} == kinds
    gemma = lookup.knowledge.terms[next(t for t in lookup.knowledge.terms if t == "LicenseRef-Gemma-ToU")]
    carried = {text: release_of(text, lookup).carries_restrictions(gemma) for text in kinds}
    assert carried["Apache-2.0 + Gemma use restrictions"] is Fact.YES
    assert carried["MIT"] is Fact.NO
    assert carried["something our lawyers wrote"] is Fact.UNKNOWN
    assert release_of("MIT + DeepSeek use restrictions", lookup).carries_restrictions(gemma) is Fact.NO
    assert release_of("LicenseRef-Gemma-ToU", lookup).carries_restrictions(gemma) is Fact.YES


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("MIT AND", ()),
        ("", ()),
        ("MIT IT", ()),
        ("(" * 40 + "MIT" + ")" * 40, ()),
        ("mit", ("MIT",)),
        ("Apache-2.0 WITH LLVM-exception", ("Apache-2.0",)),
        ("MIT WITH Commons-Clause", ("MIT WITH Commons-Clause",)),
        ("MIT WITH Some-exception", ("MIT WITH Some-exception",)),
        ("A OR B AND C", ("A", "B", "C")),
    ],
)
def test_an_expression_names_its_licenses_and_one_that_does_not_parse_names_none(
    text: str, ids: tuple[str, ...]
) -> None:
    assert expression_leaves(text) == ids


@pytest.mark.parametrize(
    ("release", "kind"),
    [
        ("CC-BY-NC-4.0", "non-commercial"),
        ("CC-BY-NC-4.0 AND MIT", "non-commercial"),
        ("CC-BY-NC-4.0 OR MIT", "open"),
        ("MIT OR NONE", "open"),
        ("MIT AND CC-BY-ND-4.0", "source-available"),
        ("CC-BY-NC-4.0 OR CC-BY-NC-SA-4.0", "non-commercial"),
        ("MIT OR Apache-2.0", "open"),
        ("LicenseRef-MRL-0.1", "non-commercial"),
    ],
)
def test_a_release_is_non_commercial_only_if_every_choice_is(
    knowledge: Knowledge, release: str, kind: str
) -> None:
    assert release_of(release, KnowledgeView(knowledge)).kind == kind


def test_restrictions_that_the_recipient_may_choose_away_are_not_carried(knowledge: Knowledge) -> None:
    lookup = KnowledgeView(knowledge)
    gemma = lookup.knowledge.terms[TermsId("LicenseRef-Gemma-ToU")]
    carried = [
        release_of(text, lookup).carries_restrictions(gemma)
        for text in ("MIT AND LicenseRef-Gemma-ToU", "MIT OR LicenseRef-Gemma-ToU")
    ]
    assert carried == [Fact.YES, Fact.NO]


@pytest.mark.parametrize(
    "gap",
    ["NOASSERTION", "LicenseRef-Unknown", "NOASSERTION OR Apache-2.0", "LicenseRef-Custom", "Various",
     "MIT AND LicenseRef-Unknown"],
)  # fmt: skip
@pytest.mark.parametrize(
    "told",
    [
        {"intended_use": "open-weights-release"},
        {"intended_use": "research-only", "dataset_licenses": ["CC-BY-NC-4.0"]},
        {
            "intended_use": "research-only",
            "student_base": {"name": "google/gemma-2-9b", "terms": "LicenseRef-Gemma-ToU"},
        },
    ],
)
def test_a_release_license_that_is_a_gap_is_review_whatever_else_is_known(
    verdict_on: Evaluate, told: dict[str, object], gap: str
) -> None:
    assert verdict_on("qwen-3-apache", **told, student_release_license=gap)["outcome"] == "review"


@pytest.mark.parametrize(
    "text",
    [
        "Apache-2.0 with the Gemma use restrictions removed",
        "Apache-2.0 with the Gemma use restrictions; Gemma use restrictions waived",
        "Apache-2.0 with Gemma use restrictions that cannot apply",
        "Gemma use restrictions don't apply",
        "Gemma use restrictions, lifted",
        "Apache-2.0 with Gemma use restrictions (waived)",
        "Apache-2.0 with optional Gemma use restrictions",
        "Gemma use restrictions recommended",
        "Gemma use restrictions or Apache-2.0",
        "Apache-2.0 OR MIT with Gemma use restrictions",
        "MIT/Apache-2.0 + Gemma use restrictions",
        "no service terms with Gemma use restrictions",
    ],
)
def test_a_word_too_many_beside_use_restrictions_leaves_a_release_unread(
    knowledge: Knowledge, verdict_on: Evaluate, text: str
) -> None:
    assert release_of(text, KnowledgeView(knowledge)).kind is ReleaseKind.UNPARSED
    base = {"name": "google/gemma-2-9b", "terms": "LicenseRef-Gemma-ToU"}
    told = {"intended_use": "open-weights-release", "student_base": base}
    assert verdict_on("qwen-3-apache", **told, student_release_license=text)["outcome"] == "review"


@pytest.mark.parametrize(
    "text",
    [
        "Gemma use restrictions",
        "Apache-2.0 WITH the Gemma use restrictions (Section 3.2)",
        "Apache-2.0 AND MIT with Gemma use restrictions",
        "MIT and DeepSeek use restrictions, Gemma use-restrictions",
        "Apache License 2.0 + Gemma use restrictions",
    ],
)
def test_use_restrictions_that_only_join_a_license_are_carried(knowledge: Knowledge, text: str) -> None:
    lookup = KnowledgeView(knowledge)
    gemma = lookup.knowledge.terms[TermsId("LicenseRef-Gemma-ToU")]
    assert release_of(text, lookup).carries_restrictions(gemma) is Fact.YES


def test_a_place_goes_by_its_usual_names_or_is_unknown() -> None:
    assert [place_of(words) for words in ("Germany", "E.U.", "uk", "Korea", "us", "Narnia")] == [
        "EU", "EU", "GB", "KR", "US", None,
    ]  # fmt: skip


def test_sizes_that_are_no_numbers_are_unknown() -> None:
    users = Threshold(100, Metric.MONTHLY_ACTIVE_USERS, limit=ScaleLimit.SEPARATE_LICENSE)
    yearly = Threshold(100, Metric.YEARLY_REVENUE_USD)
    for given, expected in (
        (101, Fact.YES),
        ("1,000", Fact.YES),
        (100, Fact.NO),
        ("many", Fact.UNKNOWN),
        (True, Fact.UNKNOWN),
        (-5, Fact.UNKNOWN),
    ):
        stance = usage_of(plan_from({"facts": {"mau": given, "monthly_revenue_usd": given}}), None)
        assert passed(stance, users) is expected
    assert passed(usage_of(plan_from({"facts": {"monthly_revenue_usd": 9}}), None), yearly) is Fact.YES
    assert Territory(("EU",)).test is TerritoryTest.ANY
