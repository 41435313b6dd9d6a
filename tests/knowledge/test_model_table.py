"""Names of models by their words, with the accounts of their makers, and what stands near."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.ids import TeacherId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.model_table import ModelTable
from auditor.knowledge.spelling import words


@pytest.fixture
def table(knowledge: Knowledge) -> ModelTable:
    entries = [knowledge.teachers[TeacherId(one)] for one in ("olmo", "smollm", "zephyr")]
    alpha = replace(
        entries[0], models=("Acme-1{", "Acme-1-7B", "Acme-1-30B", "lab/Acme-2-7B"), developer="Acme"
    )
    beta = replace(entries[1], models=("Beta-1",), developer="Beta")
    return ModelTable((alpha, beta), {"Acme": ("acme-ai",), "Beta": ("beta",)})


def test_a_name_is_found_after_its_makers_account(table: ModelTable) -> None:
    for name in ("acme-1-7b", "Acme 1 7B", "acme-ai/Acme-1-7B", "lab/Acme-2-7B", "Acme-2-7B"):
        assert [one.id for one in table.get(words(name))] == ["olmo"], name


def test_another_account_or_size_is_no_answer(table: ModelTable) -> None:
    for name in ("beta/Acme-1-7B", "someone/Acme-1-7B", "Acme-1-8B", "Acme-1-7B-tuned", "acme-ai", ""):
        assert table.get(words(name)) == (), name


def test_the_longest_beginning_is_told(table: ModelTable) -> None:
    size, found = table.begins(words("Acme-1-7B and Beta-1"))
    assert (size, [one.id for one in found]) == (3, ["olmo"])
    assert table.begins(words("nothing of it")) == (0, ())


def test_near_is_what_begins_alike(table: ModelTable) -> None:
    assert table.near(words("Acme-1-13B")) == ("olmo",)
    assert table.near(words("acme-ai/Acme-9")) == ("olmo",)
    assert table.near(words("my-own-Acme-1-13B")) == ("olmo",)
    assert table.near(words("Beta-7")) == ()  # one name is no family
    assert table.near(words("Gamma-1")) == ()


def test_an_overlay_comes_first_and_alone(knowledge: Knowledge) -> None:
    shipped = replace(knowledge.teachers[TeacherId("olmo")], models=("Acme-1-7B",))
    own = replace(shipped, id=TeacherId("house"), overlay="house@1")
    for order in ((own, shipped), (shipped, own)):
        found = ModelTable(order, {}).get(words("acme-1-7b"))
        assert [one.id for one in found] == ["house"]
