"""Claims and matches become one origin, and a grade never rises silently."""

from __future__ import annotations

import numpy as np
import pytest

from auditor.domain.claim import Access, Basis, Claim, ClaimKind, ClaimSet, Grade
from auditor.domain.origin import OriginFlag, OriginLicense, View
from auditor.domain.role import TeacherRole
from auditor.provenance.conclude import conclude
from auditor.provenance.interface import Detected, Named
from auditor.provenance.origins import Detections, OriginTable

IDS = {"gpt-4-0613": "openai-gpt-4", "gpt4_1106_preview": "openai-gpt-4", "Qwen3": "qwen-3", "human": "human"}


class Names:
    """A catalog of four names, and of a model that only its service runs."""

    def name_teacher(self, name: str, access: Access, host: str | None, date: str | None) -> Named:
        if name == "human":
            reached = access not in (Access.NONE, Access.UNKNOWN)
            return Named(None, access, host) if reached else Named("human", Access.NONE, None)
        if name == "served":
            return Named("served" if access is not Access.OPEN_WEIGHTS else None, access, host)
        host = {"https://served/v1": "served-api"}.get(host or "", host)
        return Named(IDS.get(name), access, host, ("a", "b") if name == "llama" else ())

    def read_license(self, claim: Claim) -> OriginLicense:
        return OriginLicense(claim.value, claim.value.upper(), claim.basis, claim.where)

    def known_set(self, name: str) -> None:
        return None

    def mirrored_set(self, name: str) -> None:
        return None

    def is_bound(self, name: str) -> bool:
        return name == "served"


def teacher(name: str, basis: Basis = Basis.ROW, slot: str = "") -> Claim:
    return Claim(ClaimKind.TEACHER, name, basis, "generator", slot)


def found(label: str, slot: str = "output") -> Detected:
    return Detected(slot, label, (label,), "refs")


def test_a_row_claim_that_a_match_confirms_rises_to_grade_b() -> None:
    origin = conclude(ClaimSet((teacher("gpt-4-0613"),)), [found("gpt4_1106_preview")], Names())
    assert origin.grade is Grade.B
    assert origin.flags == frozenset()
    assert origin.teachers[0].views == (View.DECLARED, View.DETECTED)


@pytest.mark.parametrize("basis", [Basis.CLI_OPTION, Basis.CARD])
def test_a_claim_about_the_whole_set_stays_grade_d_even_when_a_row_matches(basis: Basis) -> None:
    origin = conclude(ClaimSet((teacher("gpt-4-0613", basis),)), [found("gpt4_1106_preview")], Names())
    assert origin.grade is Grade.D


def test_a_match_against_the_claim_keeps_both_teachers_and_falls_to_grade_e() -> None:
    origin = conclude(ClaimSet((teacher("Qwen3"),)), [found("gpt-4-0613")], Names())
    assert origin.flags == {OriginFlag.CONTRADICTION}
    assert {t.id for t in origin.teachers} == {"qwen-3", "openai-gpt-4"}
    assert origin.grade is Grade.E


def test_what_a_row_says_of_its_own_teacher_is_not_said_of_the_flags() -> None:
    access = Claim(ClaimKind.ACCESS, "open-weights", Basis.ROW, "access")
    flagged = teacher("gpt-4-0613", Basis.CLI_OPTION)
    origin = conclude(ClaimSet((teacher("Qwen3"), access, flagged)), [], Names())
    assert {t.id: t.access for t in origin.teachers} == {
        "qwen-3": Access.OPEN_WEIGHTS,
        "openai-gpt-4": Access.UNKNOWN,
    }
    alone = conclude(ClaimSet((access, flagged)), [], Names())
    assert alone.teachers[0].access is Access.OPEN_WEIGHTS


@pytest.mark.parametrize(
    ("slots", "named", "undeclared"),
    [
        (("chosen", "rejected"), ("chosen", "rejected"), False),
        (("chosen", "rejected"), ("chosen",), True),
        (("chosen", "rejected"), ("",), False),
        (("chosen",), ("chosen",), False),
        (("generations[0]", "generations[1]"), ("generations[0]", "judge"), True),
        (("chosen", "rejected"), ("generations[0]", "generations[1]"), False),
        ((), ("chosen",), False),
    ],
)
def test_a_side_that_nobody_names_is_undeclared(
    slots: tuple[str, ...], named: tuple[str, ...], undeclared: bool
) -> None:
    held = tuple(teacher("Qwen3", slot=slot) for slot in named)
    origin = conclude(ClaimSet(held, slots), [], Names())
    assert (OriginFlag.UNDECLARED in origin.flags) is undeclared
    assert (origin.grade is Grade.E) is undeclared


def test_a_copy_in_a_row_declared_human_is_a_contradiction() -> None:
    origin = conclude(ClaimSet((teacher("human"),)), [found("gpt-4-0613")], Names())
    assert OriginFlag.CONTRADICTION in origin.flags


@pytest.mark.parametrize("access", ["open-weights", "api", "none"])
def test_people_are_reached_by_no_path_that_a_column_names(access: str) -> None:
    said = Claim(ClaimKind.ACCESS, access, Basis.ROW, "access")
    origin = conclude(ClaimSet((teacher("human"), said)), [], Names())
    assert [(one.id, one.access) for one in origin.teachers] == [("human", Access.NONE)]
    assert origin.flags == frozenset()


def test_a_copy_without_any_claim_is_undeclared_but_named() -> None:
    origin = conclude(ClaimSet(()), [found("gpt-4-0613")], Names())
    assert origin.flags == {OriginFlag.UNDECLARED}
    assert origin.teachers[0].id == "openai-gpt-4"
    assert origin.basis is Basis.FINGERPRINT


def test_nothing_said_and_nothing_found_is_undeclared() -> None:
    origin = conclude(ClaimSet(()), [], Names())
    assert (origin.flags, origin.grade, origin.basis) == ({OriginFlag.UNDECLARED}, Grade.E, Basis.NONE)


def test_chosen_and_rejected_keep_their_own_teachers() -> None:
    claims = ClaimSet((teacher("Qwen3", slot="chosen"), teacher("gpt-4-0613", slot="rejected")))
    origin = conclude(claims, [found("gpt-4-0613", "chosen")], Names())
    assert OriginFlag.CONTRADICTION in origin.flags
    calm = conclude(claims, [found("gpt-4-0613", "rejected")], Names())
    assert calm.flags == frozenset()


def test_a_name_the_catalog_lacks_is_unknown_and_an_ambiguous_one_is_ambiguous() -> None:
    assert conclude(ClaimSet((teacher("acme-7b"),)), [], Names()).flags == {OriginFlag.UNKNOWN_TEACHER}
    assert conclude(ClaimSet((teacher("llama"),)), [], Names()).flags == {OriginFlag.AMBIGUOUS_TEACHER}


def test_a_flag_that_disagrees_with_the_rows_is_a_contradiction() -> None:
    origin = conclude(ClaimSet((teacher("Qwen3"), teacher("gpt-4-0613", Basis.CLI_OPTION))), [], Names())
    assert OriginFlag.CONTRADICTION in origin.flags
    assert len(origin.teachers) == 2


def test_who_wrote_the_prompts_is_a_teacher_in_that_role_and_none_of_the_answer() -> None:
    origin = conclude(ClaimSet((teacher("gpt-4-0613", slot="prompt"), teacher("Qwen3"))), [], Names())
    assert [(t.id, t.role) for t in origin.teachers] == [
        ("openai-gpt-4", TeacherRole.PROMPT_WRITER),
        ("qwen-3", TeacherRole.WRITER),
    ]
    assert not origin.flags
    alone = conclude(ClaimSet((teacher("gpt-4-0613", slot="prompt"),)), [], Names())
    assert OriginFlag.UNDECLARED in alone.flags
    assert alone.grade is Grade.E


def test_tied_siblings_confirm_a_claim_of_any_of_them() -> None:
    tie = Detected("output", "other", ("gpt-4-0613", "other"), "refs")
    assert conclude(ClaimSet((teacher("gpt-4-0613"),)), [tie], Names()).flags == frozenset()


def test_rows_share_origins_and_counts_add_up() -> None:
    table = OriginTable(Names())
    sets = [ClaimSet((teacher("Qwen3"),)), ClaimSet(())]
    copied = Detections(np.array([1], np.int32), np.zeros(1, np.int64), [found("gpt-4-0613")])
    numbers = table.number(sets, np.array([0, 0, 1, 0], np.int32), copied)
    again = table.number(sets, np.array([0, 1], np.int32))
    assert len(table.origins) == 3
    assert table.samples == [3, 2, 1]
    assert numbers[0] == numbers[3] == again[0]
    assert len({origin.id for origin in table.origins}) == 3


def inferred(name: str, slot: str = "", where: str = "stage_two") -> Claim:
    return Claim(ClaimKind.TEACHER, name, Basis.INFERRED, where, slot)


def test_what_was_inferred_stands_for_nobody() -> None:
    origin = conclude(ClaimSet((inferred("gpt-4-0613"),)), [], Names())
    assert origin.flags == {OriginFlag.UNDECLARED, OriginFlag.CONTRADICTION}
    assert origin.teachers[0].grade is Grade.D
    assert origin.grade is Grade.E


def test_what_was_inferred_against_a_claim_is_doubted_and_with_it_is_not_said_twice() -> None:
    against = conclude(ClaimSet((teacher("Qwen3"), inferred("served"))), [], Names())
    assert against.flags == {OriginFlag.CONTRADICTION}
    agreeing = conclude(ClaimSet((teacher("gpt-4-0613"), inferred("gpt4_1106_preview"))), [], Names())
    assert agreeing == conclude(ClaimSet((teacher("gpt-4-0613"),)), [], Names())


def test_open_weights_that_were_inferred_stand_beside_a_model_and_against_people() -> None:
    opened = conclude(ClaimSet((teacher("gpt-4-0613"), inferred("Qwen3"))), [], Names())
    assert ({one.id for one in opened.teachers}, opened.flags) == ({"openai-gpt-4", "qwen-3"}, frozenset())
    assert opened.grade is Grade.D
    of_people = conclude(ClaimSet((teacher("human"), inferred("Qwen3"))), [], Names())
    assert of_people.flags == {OriginFlag.CONTRADICTION}
    alone = conclude(ClaimSet((inferred("Qwen3"),)), [], Names())
    assert alone.flags == {OriginFlag.UNDECLARED, OriginFlag.CONTRADICTION}


def test_how_a_row_says_it_was_reached_goes_for_models_inferred_from_it() -> None:
    access = Claim(ClaimKind.ACCESS, "open-weights", Basis.ROW, "access")
    for where, reached in (("step_two", "open-weights"), ("README.md", "unknown")):
        claims = ClaimSet((teacher("human"), access, inferred("Qwen3", where=where)))
        found = {one.id: str(one.access) for one in conclude(claims, [], Names()).teachers}
        assert found["qwen-3"] == reached


@pytest.mark.parametrize(
    ("kind", "said", "seen", "doubted"),
    [
        (ClaimKind.ACCESS, "open-weights", "api", True),
        (ClaimKind.ACCESS, "api", "api", False),
        (ClaimKind.HOST, "localhost", "served-api", True),
        (ClaimKind.HOST, "https://served/v1", "served-api", False),
        (ClaimKind.HOST, "served-api", "", False),
    ],
)
def test_a_call_that_left_traces_of_another_path_is_a_contradiction(
    kind: ClaimKind, said: str, seen: str, doubted: bool
) -> None:
    claims = [teacher("Qwen3"), Claim(kind, said, Basis.ROW, "how")]
    claims += [Claim(kind, seen, Basis.INFERRED, "trace.id")] if seen else []
    found = conclude(ClaimSet(tuple(claims)), [], Names())
    assert (OriginFlag.CONTRADICTION in found.flags) is doubted
    assert doubted or found.teachers[0].basis is Basis.ROW
    of_card = ClaimSet((*claims[:2], Claim(kind, "other", Basis.INFERRED, "README.md")))
    assert not conclude(of_card, [], Names()).flags


def test_a_judge_whose_words_stand_in_the_row_wrote_them() -> None:
    judge = Claim(ClaimKind.TEACHER, "gpt-4-0613", Basis.ROW, "judge", "judge")
    aside = conclude(ClaimSet((teacher("Qwen3"), judge)), [], Names())
    assert {one.id: one.taught for one in aside.teachers} == {"qwen-3": True, "openai-gpt-4": False}
    left = conclude(ClaimSet((teacher("Qwen3"), judge), ("judge",)), [], Names())
    assert {one.id: (one.taught, one.role) for one in left.teachers} == {
        "qwen-3": (True, TeacherRole.WRITER),
        "openai-gpt-4": (True, TeacherRole.WRITER),
    }
    assert left.flags == frozenset()
    nobody = conclude(ClaimSet((teacher("Qwen3"),), ("judge",)), [], Names())
    assert nobody.flags == {OriginFlag.UNDECLARED}


def test_a_judge_that_nobody_knows_taught_nothing() -> None:
    judge = Claim(ClaimKind.TEACHER, "acme", Basis.ROW, "judge_model", "judge")
    assert conclude(ClaimSet((teacher("Qwen3"), judge)), [], Names()).flags == frozenset()
    pair = ClaimSet((teacher("Qwen3"), judge), ("chosen", "rejected"))
    assert conclude(pair, [], Names()).flags == {OriginFlag.UNKNOWN_TEACHER}


def test_what_was_inferred_leaves_the_word_of_the_card() -> None:
    origin = conclude(ClaimSet((teacher("Qwen3", Basis.CARD), inferred("gpt-4-0613"))), [], Names())
    assert {one.id for one in origin.teachers} == {"qwen-3", "openai-gpt-4"}


@pytest.mark.parametrize("where", ["README.md", "data/alpaca_gpt4.json!file-name"])
def test_what_is_said_of_the_set_yields_to_a_model_and_doubts_people(where: str) -> None:
    general = inferred("gpt-4-0613", where=where)
    of_a_model = conclude(ClaimSet((teacher("Qwen3"), general)), [], Names())
    assert [one.id for one in of_a_model.teachers] == ["qwen-3"]
    of_people = conclude(ClaimSet((teacher("human"), general)), [], Names())
    assert {one.id for one in of_people.teachers} == {"human", "openai-gpt-4"}
    assert of_people.flags == {OriginFlag.CONTRADICTION}


@pytest.mark.parametrize("where", ["README.md", "served_outputs/rows.jsonl!file-name"])
@pytest.mark.parametrize(
    ("said", "doubted"), [(("served",), True), (("served", "Qwen3"), False), (("gpt-4-0613",), False)]
)
def test_a_model_under_terms_that_are_not_open_doubts_another_unless_the_set_speaks_of_both(
    said: tuple[str, ...], doubted: bool, where: str
) -> None:
    general = [inferred(name, where=where) for name in said]
    origin = conclude(ClaimSet((teacher("Qwen3"), *general)), [], Names())
    assert {one.id for one in origin.teachers} == ({"qwen-3", "served"} if doubted else {"qwen-3"})
    assert (OriginFlag.CONTRADICTION in origin.flags) is doubted


def test_a_card_that_speaks_of_people_too_does_not_doubt_them() -> None:
    said = (inferred("gpt-4-0613", where="README.md"), inferred("human", where="README.md"))
    origin = conclude(ClaimSet((teacher("human"), *said)), [], Names())
    assert [one.id for one in origin.teachers] == ["human"]
    assert not origin.flags
    alone = conclude(ClaimSet(said[1:]), [], Names())
    assert (alone.teachers, alone.flags) == ((), {OriginFlag.UNDECLARED})


def test_people_of_a_row_against_the_model_that_its_card_states_are_a_contradiction() -> None:
    card = teacher("gpt-4-0613", Basis.CARD)
    assert conclude(ClaimSet((teacher("human"), card)), [], Names()).flags == {OriginFlag.CONTRADICTION}
    assert not conclude(ClaimSet((teacher("Qwen3"), card)), [], Names()).flags
    judged = conclude(ClaimSet((teacher("Qwen3", slot="judge"), card)), [], Names())
    assert {one.id for one in judged.teachers} == {"qwen-3", "openai-gpt-4"}


@pytest.mark.parametrize("slot", ["judge", "prompt", "filter", "translator", "rewriter"])
def test_who_did_something_else_did_not_write_the_text(slot: str) -> None:
    origin = conclude(ClaimSet((teacher("Qwen3", slot=slot),)), [], Names())
    assert origin.flags == {OriginFlag.UNDECLARED}
    both = conclude(ClaimSet((teacher("Qwen3"), teacher("gpt-4-0613", slot=slot))), [], Names())
    assert both.flags == frozenset()
    assert len(both.teachers) == 2


def test_who_judged_a_row_taught_nothing_and_who_chose_between_answers_did() -> None:
    judged = (teacher("Qwen3"), teacher("gpt-4-0613", slot="judge"))
    assert [one.taught for one in conclude(ClaimSet(judged), [], Names()).teachers] == [True, False]
    pair = conclude(ClaimSet(judged, ("chosen", "rejected")), [], Names())
    assert [(one.role, one.taught) for one in pair.teachers] == [
        (TeacherRole.WRITER, True),
        (TeacherRole.REWARD, True),
    ]


def test_the_host_of_a_judge_is_not_that_of_the_people_who_wrote() -> None:
    host = Claim(ClaimKind.HOST, "openai", Basis.ROW, "provider")
    judged = conclude(ClaimSet((teacher("human"), teacher("gpt-4-0613", slot="judge"), host)), [], Names())
    assert not judged.flags


def test_a_copy_in_one_answer_contradicts_the_claim_on_that_answer_alone() -> None:
    claims = (teacher("Qwen3", slot="response_a"), teacher("gpt-4-0613", slot="response_b"))
    slots = ("response_a", "response_b")
    assert (
        conclude(ClaimSet(claims, slots), [found("gpt-4-0613", "response_b")], Names()).flags == frozenset()
    )
    origin = conclude(ClaimSet(claims, slots), [found("gpt-4-0613", "response_a")], Names())
    assert origin.flags == {OriginFlag.CONTRADICTION}


def test_a_copy_of_the_translators_words_confirms_the_translator() -> None:
    claims = (teacher("Qwen3"), teacher("gpt-4-0613", slot="translator"))
    origin = conclude(ClaimSet(claims), [found("gpt-4-0613")], Names())
    assert origin.flags == frozenset()
