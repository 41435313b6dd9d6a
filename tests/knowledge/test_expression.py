"""SPDX expressions in three values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import InputError
from auditor.knowledge.expression import (
    Expression,
    Join,
    Joined,
    License,
    all_of,
    any_of,
    evaluate,
    is_listed,
    join,
    leaves,
    normalize,
    parse,
)

IDS = ("MIT", "Apache-2.0", "CC-BY-NC-4.0", "NOASSERTION", "LicenseRef-x")
three = st.sampled_from((True, False, None))


def trees() -> st.SearchStrategy[Expression]:
    leaf = st.sampled_from(IDS).map(License)
    return st.recursive(
        leaf,
        lambda inner: st.builds(join, st.sampled_from(Join), st.lists(inner, min_size=2, max_size=3)),
        max_leaves=8,
    )


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("mit", "MIT"),
        ("cc-by-4.0 and (mit or apache-2.0)", "CC-BY-4.0 AND (MIT OR Apache-2.0)"),
        ("MIT AND mit", "MIT"),
        ("MIT OR (Apache-2.0 OR MIT)", "MIT OR Apache-2.0"),
        ("MIT AND Apache-2.0 OR ISC", "(MIT AND Apache-2.0) OR ISC"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("gpl-3.0 WITH classpath-exception-2.0", "GPL-3.0-only WITH Classpath-exception-2.0"),
        ("openmdw-1.0", "OpenMDW-1.0"),
        ("noassertion", "NOASSERTION"),
        ("DocumentRef-a:LicenseRef-b AND MIT", "DocumentRef-a:LicenseRef-b AND MIT"),
    ],
)
def test_ids_get_their_listed_spelling(text: str, normal: str) -> None:
    assert normalize(text) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MIT AND",
        "AND MIT",
        "(MIT",
        "MIT Apache-2.0",
        "MIT/ISC",
        "A WITH B WITH C",
        "(" * 40 + "MIT" + ")" * 40,
        "MIT AND " * 2000 + "MIT",
    ],
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)
    assert evaluate(text, lambda _: True) is None


def test_a_shorter_id_never_matches_within_a_longer_one() -> None:
    assert [leaf.id for leaf in leaves(parse("MIT AND IT"))] == ["MIT", "IT"]
    assert is_listed("mit")
    assert not is_listed("IT")


def test_and_needs_both_or_either() -> None:
    permitted = {"MIT": True, "CC-BY-NC-4.0": False}.get
    assert evaluate("MIT AND CC-BY-NC-4.0", permitted) is False
    assert evaluate("MIT OR CC-BY-NC-4.0", permitted) is True
    assert evaluate("MIT AND LicenseRef-x", permitted) is None
    assert evaluate("CC-BY-NC-4.0 AND LicenseRef-x", permitted) is False
    assert evaluate("MIT OR LicenseRef-x", permitted) is True
    assert evaluate("CC-BY-NC-4.0 OR LicenseRef-x", permitted) is None


def test_noassertion_is_unknown_whatever_the_predicate_says() -> None:
    assert evaluate("NOASSERTION", lambda _: True) is None
    assert evaluate("NONE", lambda id: id != "NONE") is False


def test_an_exception_is_asked_for_with_its_license() -> None:
    asked: list[str] = []
    evaluate("GPL-2.0-only WITH Classpath-exception-2.0", lambda id: asked.append(id))
    assert asked == ["GPL-2.0-only WITH Classpath-exception-2.0"]


@given(trees())
@settings(deadline=None)
def test_normalizing_twice_changes_nothing(tree: Expression) -> None:
    once = normalize(str(tree))
    assert normalize(once) == once
    assert parse(once) == tree


@given(trees(), st.fixed_dictionaries(dict.fromkeys(IDS, three)))
@settings(deadline=None)
def test_knowing_more_never_turns_an_answer_round(tree: Expression, answers: dict[str, bool | None]) -> None:
    before = evaluate(tree, answers.get)
    for filled in (True, False):
        after = evaluate(tree, {id: filled if a is None else a for id, a in answers.items()}.get)
        assert before is None or after is before


@given(st.lists(three, min_size=1), three)
def test_and_or_and_not_follow_kleene(values: list[bool | None], extra: bool | None) -> None:
    def negate(value: bool | None) -> bool | None:
        return None if value is None else not value

    assert all_of(values) == all_of(reversed(values))
    assert all_of(values) == negate(any_of(negate(v) for v in values))
    assert all_of([*values, False]) is False
    assert any_of([*values, True]) is True
    assert all_of([all_of(values), extra]) == all_of([*values, extra])
    assert any_of([any_of(values), extra]) == any_of([*values, extra])


def test_nested_joins_are_flat_and_without_repeats() -> None:
    a, b = License("A"), License("B")
    assert join(Join.AND, [a, Joined(Join.AND, (b, a))]) == Joined(Join.AND, (a, b))
    assert join(Join.OR, [a, a]) == a
