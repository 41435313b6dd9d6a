"""Rows that name a known set are judged by who made it; their own word on who answered stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.axes import Confidence
from auditor.domain.claim import Access, Basis, Claim, ClaimKind, ClaimSet, Grade
from auditor.domain.known_set import KnownSet, SetTeacher
from auditor.domain.origin import OriginFlag, OriginLicense
from auditor.domain.role import TeacherRole
from auditor.provenance.conclude import conclude
from auditor.provenance.interface import Named

SET = KnownSet(
    id="org/answers",
    teachers=(SetTeacher("gpt-4", TeacherRole.WRITER), SetTeacher("gpt-3.5", TeacherRole.WRITER)),
    complete=True,
    access=Access.API,
    generated="2023-06",
    source="its card",
    confidence=Confidence.TEXT,
    license="mit",
)
SOURCE = Claim(ClaimKind.SOURCE, "org/answers", Basis.ROW, "source")
OWN = Claim(ClaimKind.TEACHER, "qwen", Basis.ROW, "model")


class Catalog:
    """A catalog of one set."""

    def __init__(self, known: KnownSet = SET) -> None:
        self.known = known

    def name_teacher(self, name: str, access: Access, host: str | None, date: str | None) -> Named:
        return Named(name, Access.NONE if name == "human" else access, host)

    def read_license(self, claim: Claim) -> OriginLicense:
        return OriginLicense(claim.value, claim.value.upper(), claim.basis, claim.where)

    def known_set(self, name: str) -> KnownSet | None:
        return self.known if name == self.known.id else None

    def mirrored_set(self, name: str) -> KnownSet | None:
        return self.known if name.endswith("/answers") and name != self.known.id else None

    def is_bound(self, name: str) -> bool:
        return name.startswith("gpt")


def test_a_source_names_its_teachers_their_key_and_what_that_rests_on() -> None:
    origin = conclude(ClaimSet((SOURCE,)), [], Catalog())
    assert [(one.id, one.access, one.generated_at) for one in origin.teachers] == [
        ("gpt-4", Access.API, "2023-06"),
        ("gpt-3.5", Access.API, "2023-06"),
    ]
    assert {one.where for one in origin.teachers} == {"source: known set org/answers"}
    assert origin.grade is Grade.C
    assert origin.flags == frozenset()
    assert [(one.expression, one.basis) for one in origin.licenses] == [("MIT", Basis.ROW)]


def test_a_set_named_by_a_card_holds_as_little_as_a_card() -> None:
    origin = conclude(ClaimSet((replace(SOURCE, basis=Basis.CARD),)), [], Catalog())
    assert origin.grade is Grade.D


def test_a_source_that_nobody_knows_says_nothing() -> None:
    origin = conclude(ClaimSet((replace(SOURCE, value="my/own"),)), [], Catalog())
    assert (origin.teachers, origin.licenses) == ((), ())
    assert origin.flags == {OriginFlag.UNDECLARED}


@pytest.mark.parametrize("known", [replace(SET, complete=False), replace(SET, confidence=Confidence.MEMORY)])
def test_a_set_of_others_too_or_from_memory_names_teachers_and_declares_none(known: KnownSet) -> None:
    origin = conclude(ClaimSet((SOURCE,)), [], Catalog(known))
    assert [one.id for one in origin.teachers] == ["gpt-4", "gpt-3.5"]
    assert OriginFlag.UNDECLARED in origin.flags


def test_the_license_of_a_set_that_is_given_from_memory_grants_nothing() -> None:
    origin = conclude(ClaimSet((SOURCE,)), [], Catalog(replace(SET, confidence=Confidence.MEMORY)))
    assert [one.basis for one in origin.licenses] == [Basis.INFERRED]


def test_a_row_that_names_its_writer_keeps_it_and_the_license_of_its_source() -> None:
    origin = conclude(ClaimSet((OWN, SOURCE)), [], Catalog())
    assert [one.id for one in origin.teachers] == ["qwen"]
    assert [one.expression for one in origin.licenses] == ["MIT"]
    assert origin.flags == frozenset()


def test_a_set_that_stands_where_the_maker_does_wrote_beside_the_writer() -> None:
    made = Claim(ClaimKind.SOURCE, "org/answers", Basis.INFERRED, "made_with!maker")
    origin = conclude(ClaimSet((OWN, made)), [], Catalog())
    assert {one.id for one in origin.teachers} == {"qwen", "gpt-4", "gpt-3.5"}
    beside = conclude(ClaimSet((OWN, replace(made, where="parent"))), [], Catalog())
    assert {one.id for one in beside.teachers} == {"qwen"}


def test_a_flag_that_names_others_than_the_source_is_a_contradiction() -> None:
    origin = conclude(ClaimSet((SOURCE, replace(OWN, basis=Basis.CLI_OPTION))), [], Catalog())
    assert {one.id for one in origin.teachers} == {"gpt-4", "gpt-3.5", "qwen"}
    assert origin.flags == {OriginFlag.CONTRADICTION}


def test_the_judge_of_a_set_wrote_none_of_it() -> None:
    known = replace(SET, teachers=(SetTeacher("gpt-4", TeacherRole.JUDGE),))
    origin = conclude(ClaimSet((OWN, SOURCE)), [], Catalog(known))
    assert [(one.id, one.slot, one.role) for one in origin.teachers] == [
        ("qwen", "", TeacherRole.WRITER),
        ("gpt-4", "judge", TeacherRole.JUDGE),
    ]
    alone = conclude(ClaimSet((SOURCE,)), [], Catalog(known))
    assert OriginFlag.UNDECLARED in alone.flags


def test_prose_names_a_model_without_declaring_it() -> None:
    said = Claim(ClaimKind.TEACHER, "gpt-4", Basis.INFERRED, "README.md")
    origin = conclude(ClaimSet((said,)), [], Catalog())
    assert [one.id for one in origin.teachers] == ["gpt-4"]
    assert origin.flags == {OriginFlag.UNDECLARED, OriginFlag.CONTRADICTION}
    beside = conclude(ClaimSet((OWN, said)), [], Catalog())
    assert [one.id for one in beside.teachers] == ["qwen", "gpt-4"]
    assert beside.flags == {OriginFlag.CONTRADICTION}
    free = replace(said, value="mixtral")
    assert [one.id for one in conclude(ClaimSet((OWN, free)), [], Catalog()).teachers] == ["qwen"]


def test_who_translated_stands_beside_the_writer_that_the_row_names() -> None:
    said = Claim(ClaimKind.TEACHER, "nllb", Basis.INFERRED, "README.md", "translator")
    origin = conclude(ClaimSet((OWN, said)), [], Catalog())
    assert [(one.id, one.role) for one in origin.teachers] == [
        ("qwen", TeacherRole.WRITER),
        ("nllb", TeacherRole.TRANSLATOR),
    ]


PEOPLE = replace(OWN, value="human")


def test_people_are_not_believed_against_a_set_that_models_wrote() -> None:
    origin = conclude(ClaimSet((PEOPLE, SOURCE)), [], Catalog())
    assert {one.id for one in origin.teachers} == {"human", "gpt-4", "gpt-3.5"}
    assert origin.flags == {OriginFlag.CONTRADICTION}


@pytest.mark.parametrize(
    ("known", "teachers"),
    [
        (replace(SET, teachers=(*SET.teachers, SetTeacher("human", TeacherRole.WRITER))), ["human"]),
        (replace(SET, per_row="model"), ["human"]),
        (
            replace(
                SET,
                teachers=(
                    SetTeacher("human", TeacherRole.WRITER),
                    SetTeacher("gpt-4", TeacherRole.REWRITER),
                ),
            ),
            ["human", "gpt-4"],
        ),
    ],
)
def test_people_are_believed_where_the_set_has_some_or_names_each_rows_writer(
    known: KnownSet, teachers: list[str]
) -> None:
    origin = conclude(ClaimSet((PEOPLE, SOURCE)), [], Catalog(known))
    assert [one.id for one in origin.teachers] == teachers
    assert (OriginFlag.CONTRADICTION in origin.flags) is (len(teachers) > 1)


def test_a_set_that_only_a_value_named_declares_nobody_and_doubts_people() -> None:
    seen = replace(SOURCE, basis=Basis.INFERRED, where="hf_repo")
    alone = conclude(ClaimSet((seen,)), [], Catalog())
    assert alone.flags == {OriginFlag.UNDECLARED, OriginFlag.CONTRADICTION}
    assert conclude(ClaimSet((PEOPLE, seen)), [], Catalog()).flags == {OriginFlag.CONTRADICTION}
    assert not conclude(ClaimSet((OWN, seen)), [], Catalog()).flags
    written = replace(SET, teachers=(SetTeacher("human", TeacherRole.WRITER),))
    assert conclude(ClaimSet((seen,)), [], Catalog(written)).teachers == ()
    assert not conclude(ClaimSet((PEOPLE, seen)), [], Catalog(written)).flags


def test_people_are_not_believed_in_a_set_of_which_only_the_judge_is_known() -> None:
    known = replace(SET, teachers=(SetTeacher("gpt-4", TeacherRole.JUDGE),), complete=False)
    assert conclude(ClaimSet((PEOPLE, SOURCE)), [], Catalog(known)).flags == {OriginFlag.CONTRADICTION}
    assert not conclude(ClaimSet((OWN, SOURCE)), [], Catalog(known)).flags


@pytest.mark.parametrize(
    "of_all",
    [
        replace(SOURCE, basis=Basis.CARD, where="README.md:source_datasets"),
        replace(SOURCE, basis=Basis.SIDE_FILE, where="datapackage.json:sources"),
        replace(SOURCE, basis=Basis.INFERRED, where="README.md"),
        replace(SOURCE, basis=Basis.INFERRED, where="answers.jsonl!file-name"),
    ],
)
def test_a_set_that_all_rows_are_taken_from_doubts_the_model_that_they_name(of_all: Claim) -> None:
    def flags(known: KnownSet, own: str = "qwen") -> frozenset[OriginFlag]:
        return conclude(ClaimSet((replace(OWN, value=own), of_all)), [], Catalog(known)).flags

    assert flags(SET) == {OriginFlag.CONTRADICTION}
    assert not flags(SET, "gpt-4")
    assert not flags(replace(SET, teachers=(SetTeacher("mixtral", TeacherRole.WRITER),)))
    assert not flags(replace(SET, teachers=(SetTeacher("gpt-4", TeacherRole.JUDGE),)))
    assert not flags(replace(SET, per_row="model"))


def test_another_owners_set_of_a_known_name_is_inferred() -> None:
    mirror = replace(SOURCE, value="someone/answers")
    origin = conclude(ClaimSet((mirror,)), [], Catalog())
    assert next((one.id, one.basis) for one in origin.teachers) == ("gpt-4", Basis.INFERRED)
    assert origin.flags == {OriginFlag.UNDECLARED, OriginFlag.CONTRADICTION}
    assert not conclude(ClaimSet((OWN, mirror)), [], Catalog()).flags


def test_the_name_of_a_file_says_nothing_of_its_license() -> None:
    named = replace(SOURCE, basis=Basis.INFERRED, where="answers.jsonl!file-name")
    assert conclude(ClaimSet((named,)), [], Catalog()).licenses == ()
