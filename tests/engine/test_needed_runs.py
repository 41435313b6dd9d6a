"""What names something known holds one of the runs of letters that are needed for it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from row_kernels.told_silent import told_silent

from auditor.engine import needed_runs as needed_runs_module
from auditor.engine.model_names import ModelNames
from auditor.engine.needed_runs import RunSearch, needed_runs
from auditor.jit.compile import COMPILED
from auditor.knowledge.load import load_knowledge
from auditor.row_kernels.silent_texts import SilentTexts
from auditor.samples.claims import silence
from auditor.samples.claims.claim_table import ClaimTable
from auditor.samples.claims.profile import ValueProfile
from auditor.samples.claims.silence import BEGINNINGS

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")
KNOWLEDGE = load_knowledge()
MODELS = ModelNames(KNOWLEDGE)
TEACHERS = list(KNOWLEDGE.teachers.values())
NAMES = [name for one in TEACHERS for name in (one.id, *one.aliases, *one.dpi_names)]
NAMES += [name for one in TEACHERS for name in getattr(one, "models", ())]
SETS = [name for one in KNOWLEDGE.known_sets.sets for name in (one.id, *one.aliases)]
HOSTS = [name for one in KNOWLEDGE.hosts.values() for name in (one.id, *one.aliases, *one.addresses)]
PATTERNS = [pattern for one in TEACHERS for pattern in one.patterns]
PATTERNS += [one.match for one in KNOWLEDGE.ambiguous]
BY_RUNS = SilentTexts([], needed_runs(KNOWLEDGE) or ())
RUNS = RunSearch(needed_runs(KNOWLEDGE) or frozenset())
SILENT = SilentTexts(BEGINNINGS, silence.needed_runs(MODELS) or ())
AROUND = ("{}", "TheBloke/{}-GGUF", "judge={}|a b", "{}-000123")
HUB = ("{}", "https://huggingface.co/datasets/{}/viewer", "out/{}/x.json")
COLUMNS = (
    "id",
    "made_by",
    "step",
    "model_of_run",
    "dataset",
    "data_source",
    "api_base",
    "created_at",
    "topic",
)


def test_runs_are_taken_from_a_name_once_a_process_and_another_name_changes_them() -> None:
    known = needed_runs(KNOWLEDGE)
    before = needed_runs_module._of_name.cache_info().misses
    assert needed_runs(load_knowledge()) == known
    assert needed_runs_module._of_name.cache_info().misses == before
    first = TEACHERS[0]
    named = replace(first, aliases=(*first.aliases, "zyxwvuts model"))
    more = needed_runs(replace(KNOWLEDGE, teachers={**KNOWLEDGE.teachers, first.id: named}))
    assert more is not None
    assert known is not None
    assert more - known == {("zyxwvuts", False)}


def names_something(text: str) -> bool:
    return (
        any(MODELS.is_model(text, hint) for hint in (0, 1, 2))
        or MODELS.named_in(text, True) is not None
        or MODELS.set_named(text, True) is not None
        or MODELS.service_named(text, True) is not None
    )


def spelled(name: str) -> list[str]:
    return [
        name,
        name.upper(),
        name.replace("-", " "),
        name.replace("-", "_"),
        name.title().replace(" ", "-"),
    ]


@pytest.mark.parametrize("around", AROUND)
def test_every_name_of_a_model_holds_a_run(around: str) -> None:
    texts = [around.format(one) for name in NAMES for one in spelled(name)]
    assert [text for text in texts if names_something(text) and told_silent(text, BY_RUNS)] == []


@pytest.mark.parametrize("around", HUB)
def test_every_name_of_a_set_or_service_holds_a_run(around: str) -> None:
    texts = [around.format(one) for name in (*SETS, *HOSTS) for one in spelled(name.replace("*", "east-1"))]
    assert [text for text in texts if names_something(text) and told_silent(text, BY_RUNS)] == []


@given(st.sampled_from(PATTERNS).flatmap(lambda pattern: st.from_regex(re.compile(pattern, re.I | re.A))))
def test_what_a_pattern_matches_holds_a_run(text: str) -> None:
    assert not names_something(text) or not told_silent(text, BY_RUNS)


@given(
    st.sampled_from(
        (*NAMES, *SETS, *HOSTS, "synthetic", "llm_generated", "cc-by-nc", "mit", "research use only")
    ),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from("a1- _./:Z")), max_size=4),
    st.sampled_from(COLUMNS),
)
def test_a_silent_text_says_nothing_in_any_column(
    name: str, changes: list[tuple[int, str]], column: str
) -> None:
    text = name
    for at, sign in changes:
        text = text[:at] + sign + text[at + 1 :]
    stem = text.rstrip("0123456789")
    # An address is no model's name, whatever it holds.
    if (
        text
        and "://" not in text
        and MODELS.is_ruled_out(stem)
        and not text.lower().startswith(("http", *BEGINNINGS))
    ):
        assert not names_something(text)
    if text and told_silent(text, SILENT):
        assert ClaimTable(ValueProfile(MODELS)).inferred({column: text, "text": "x"}, ()) == ()


@given(
    st.sampled_from((*NAMES, *SETS, *HOSTS)), st.sampled_from(("{}", "a {} b", "judge={}|b", "x_{}-7", "{}z"))
)
def test_a_name_is_not_ruled_out_by_what_stands_before_its_last_digits(name: str, around: str) -> None:
    for one in spelled(name.replace("*", "east-1")):
        text = around.format(one)
        if names_something(text):
            assert RUNS.holds(text.lower().rstrip("0123456789") + "1") or not text.isascii()


@given(
    st.lists(
        st.sampled_from(("qwen", "o", "1", "t5", "ai", "mt", "yi", "-", " ", "b", "0.0.0.", "gpt")),
        max_size=5,
    )
)
def test_the_kernel_and_the_search_find_the_same_runs(pieces: list[str]) -> None:
    text = f"x{''.join(pieces)}x"
    assert RUNS.holds(text) != told_silent(text, BY_RUNS)


def test_ids_need_not_be_looked_up() -> None:
    ids = [
        "r17",
        "train-17",
        "row_5",
        "data-9",
        "550e8400-e29b-41d4-a716-446655440000",
        "2024-05-01T12:00:00Z",
    ]
    assert [text for text in ids if not told_silent(text, SILENT)] == []
    assert [text for text in ids if not MODELS.is_ruled_out(text.rstrip("0123456789"))] == []
    assert not any(map(MODELS.is_ruled_out, ("o", "T", "gpt-", "llama")))


def test_a_name_of_no_letters_that_tell_leaves_every_text_to_be_asked() -> None:
    teacher = replace(TEACHERS[0], aliases=("v3",))
    unsure = replace(KNOWLEDGE, teachers={**KNOWLEDGE.teachers, teacher.id: teacher})
    assert needed_runs(unsure) is None
    teacher = replace(TEACHERS[0], patterns=(".*",))
    assert needed_runs(replace(KNOWLEDGE, teachers={**KNOWLEDGE.teachers, teacher.id: teacher})) is None
