from __future__ import annotations

import itertools

import pytest

from auditor.domain.tribool import Tribool, all_of, any_of

YES, NO, UNKNOWN = Tribool
COULD_BE = {YES: (True,), NO: (False,), UNKNOWN: (True, False)}


def known(answers: set[bool]) -> Tribool:
    return Tribool.of(answers.pop() if len(answers) == 1 else None)


@pytest.mark.parametrize(("left", "right"), [*itertools.product(Tribool, repeat=2)])
def test_a_join_is_known_exactly_where_every_answer_that_could_be_gives_the_same(
    left: Tribool, right: Tribool
) -> None:
    pairs = list(itertools.product(COULD_BE[left], COULD_BE[right]))
    assert left & right is known({one and other for one, other in pairs})
    assert left | right is known({one or other for one, other in pairs})
    assert any_of([left, right]) is left | right
    assert all_of([left, right]) is left & right
    assert ~left is known({not one for one in COULD_BE[left]})


def test_values_are_the_words_of_plans_and_packs() -> None:
    assert [*Tribool] == ["yes", "no", "unknown"]
    assert [Tribool.of(value) for value in (True, False, None)] == [YES, NO, UNKNOWN]
    assert [value.choose(1, 2, 3) for value in Tribool] == [1, 2, 3]
    assert (any_of([]), all_of([])) == (NO, YES)
