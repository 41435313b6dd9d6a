"""A set that prose says the rows were taken from is a source; one that they are compared with is none."""

from __future__ import annotations

import pytest

from auditor.engine.model_names import ModelNames
from auditor.knowledge.load import load_knowledge
from auditor.samples.claims.document_parts import asides, sentences
from auditor.samples.claims.prose_sets import known_sets, sets_said

NAMES = ModelNames(load_knowledge())


def sets(text: str) -> list[str]:
    said = sets_said((*sentences(text, links=True), *asides(text, links=True)))
    return list(known_sets(said, NAMES))


@pytest.mark.parametrize(
    "text",
    [
        "Cleaned from Open-Orca/OpenOrca.",
        "The rows stem from OpenOrca.",
        "A portion of [UltraChat](https://huggingface.co/datasets/HuggingFaceH4/ultrachat_200k) was used.",
        "Extends SlimOrca with two rows.",
        "Sources: WizardLM_evol_instruct, ShareGPT",
        "This is a German version of the Stanford Alpaca data.",
        "Contains rows of `teknium/OpenHermes-2.5`.",
        "Fork of https://github.com/tatsu-lab/stanford_alpaca",
        "OpenHermes-2.5, shortened.",
        "Forked from: Open-Orca/OpenOrca",
        "These are the OpenOrca rows in ChatML.",
        "Every row comes from Open-Orca/OpenOrca@main.",
        "Dataset: Open-Orca/OpenOrca",
        "Übersetzung von Open-Orca/OpenOrca.",
        "This is a cleaned version of tatsu-lab/alpaca.",
        "A filtered, deduplicated version of the Alpaca dataset.",
        "| Source | Rows |\n|---|---|\n| Open-Orca/OpenOrca | 2 |",
        "## Sources\n\n- OpenOrca\n- letters",
        "<!-- source: Open-Orca/OpenOrca -->",
    ],
)
def test_a_set_that_rows_were_taken_from_is_named(text: str) -> None:
    assert sets(text)


@pytest.mark.parametrize(
    "text",
    [
        "Unlike OpenOrca, all rows are new.",
        "The prompts come from Open-Orca/OpenOrca.",
        "Uses the format of tatsu-lab/alpaca.",
        "Larger than OpenOrca.",
        "In the style of Alpaca.",
        "Rows that are in Open-Orca/OpenOrca were removed.",
        "No rows of Open-Orca/OpenOrca are used.",
        "Deduplicated against ShareGPT.",
        "Inspired by OpenOrca.",
        "It can be mixed with OpenOrca.",
        "Works with axolotl's alpaca format.",
        "Citations: OpenOrca, Alpaca",
        "See Open-Orca/OpenOrca for another set.",
        "Not derived from OpenOrca.",
        "Built from letters of the town archive.",
        "We use the OpenOrca prompt template.",
        "Compared with Open-Orca/OpenOrca it is small.",
        "Similar in spirit to tatsu-lab/alpaca, but written anew.",
        "A cleaned version of acme/letters.",
    ],
)
def test_a_set_in_passing_is_no_source(text: str) -> None:
    assert sets(text) == []


def test_a_set_under_another_owner_keeps_its_name() -> None:
    assert sets("Taken from someone/OpenOrca-german.") == ["someone/OpenOrca-german"]
