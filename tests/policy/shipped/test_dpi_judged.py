"""The Data Provenance Initiative's records, judged: its license classes know no axis for outputs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.domain.license import LicenseStatus
from auditor.domain.origin import Origin
from auditor.domain.outcome import Outcome
from auditor.domain.teacher import ResolutionStatus
from auditor.domain.verdict import Verdict
from auditor.engine.names import CachedCatalog
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.dpi import DpiRecord, read_dpi
from auditor.policy.plan.plans import plan_from
from auditor.provenance.conclude import conclude
from tests.policy.conftest import JudgeUnder

Judged = list[tuple[DpiRecord, Origin, Verdict]]
PLAN = {
    "student_base": {"name": "Qwen/Qwen3-8B", "terms": "Apache-2.0"},
    "student_release_license": "proprietary",
    "student_name": "Acme",
}


@pytest.fixture(scope="module")
def records(shared: Path, knowledge: Knowledge) -> tuple[DpiRecord, ...]:
    return read_dpi(shared / "data/dpi", knowledge).records


def _judge(
    judge_under: JudgeUnder,
    records: tuple[DpiRecord, ...],
    knowledge: Knowledge,
    use: str,
    competes: str,
) -> Judged:
    plan = plan_from({**PLAN, "intended_use": use, "competes_with_teacher_provider": competes})
    judge, names = judge_under(plan), CachedCatalog(knowledge)
    origins = [conclude(record.claims, (), names) for record in records]
    return [(r, o, judge.judge(o)) for r, o in zip(records, origins, strict=True)]


@pytest.fixture(scope="module")
def competing(records: tuple[DpiRecord, ...], knowledge: Knowledge, judge_under: JudgeUnder) -> Judged:
    return _judge(judge_under, records, knowledge, "commercial-api", "yes")


def test_every_record_comes_to_an_answer_with_a_reason(competing: Judged) -> None:
    assert len(competing) >= 1_300
    assert not [r.id for r, _, verdict in competing if not verdict.reasons]
    assert {verdict.outcome for _, _, verdict in competing} > {Outcome.DENY, Outcome.REVIEW}


def test_every_name_and_license_maps_or_is_listed_as_unsure(
    records: tuple[DpiRecord, ...], knowledge: Knowledge
) -> None:
    for record in records:
        for teacher in record.teachers:
            sure = teacher.status in (ResolutionStatus.KNOWN, ResolutionStatus.NO_MODEL)
            assert bool(teacher.teacher) is sure, teacher.name
            assert teacher.candidates or teacher.status is not ResolutionStatus.AMBIGUOUS, teacher.name
        for license in record.licenses:
            mapped = license.expression in knowledge.licenses or license.expression == "NOASSERTION"
            assert mapped or " " in license.expression, license.declared
            assert license.candidates or license.status is not LicenseStatus.AMBIGUOUS, license.declared


def test_no_record_with_an_openai_teacher_is_allowed_for_a_competing_service(competing: Judged) -> None:
    found = [
        (r.id, verdict.outcome)
        for r, _, verdict in competing
        if any("openai" in t.name.casefold() for t in r.teachers)
    ]
    assert len(found) > 130
    assert [id for id, outcome in found if outcome.passes] == []


def test_unsure_names_and_licenses_are_never_allowed(competing: Judged) -> None:
    unsure = (ResolutionStatus.UNKNOWN, ResolutionStatus.AMBIGUOUS)
    for record, _, verdict in competing:
        open_teacher = any(t.status in unsure for t in record.teachers)
        open_license = any(
            one.status not in (LicenseStatus.KNOWN, LicenseStatus.NONE) for one in record.licenses
        )
        assert not (verdict.outcome.passes and (open_teacher or open_license)), record.id


@pytest.mark.parametrize("use", ["research-only", "internal-commercial", "commercial-api"])
def test_llama_2_data_is_denied_though_its_class_says_all(
    shared: Path, records: tuple[DpiRecord, ...], knowledge: Knowledge, use: str, judge_under: JudgeUnder
) -> None:
    classes = json.loads((shared / "data/dpi/_license_classes.json").read_text(encoding="utf-8"))
    assert classes["Llama 2"][0] == "All"
    licensed = tuple(r for r in records if any(one.declared == "Llama 2" for one in r.licenses))
    assert licensed
    for record, _, verdict in _judge(judge_under, licensed, knowledge, use, "no"):
        bans = [r for r in verdict.reasons if r.clause.ref == "LicenseRef-Llama-2-Community"]
        assert verdict.outcome is Outcome.DENY, record.id
        assert "outputs-forbidden" in {r.rule for r in bans if r.outcome is Outcome.DENY}, record.id


def test_llama_2_teachers_are_denied_for_another_model(competing: Judged) -> None:
    found = [v for r, _, v in competing if any("llama-2-" in t.name.casefold() for t in r.teachers)]
    assert len(found) >= 3
    assert {verdict.outcome for verdict in found} == {Outcome.DENY}


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_the_whole_collection_is_judged(
    records: tuple[DpiRecord, ...], knowledge: Knowledge, judge_under: JudgeUnder
) -> None:
    judged = _judge(judge_under, records, knowledge, "open-weights-release", "unknown")
    assert {record.id for record, _, _ in judged} == {record.id for record in records}
