"""A label's provider is the catalog's."""

from __future__ import annotations

from auditor.engine.providers import provider_of
from auditor.knowledge.load import load_knowledge


def test_models_of_one_house_have_one_provider() -> None:
    provider = provider_of(load_knowledge(None))
    assert {provider(name) for name in ("gpt-4", "o3", "text-davinci-003")} == {"openai"}
    assert provider("gemma-7b") == provider("gemini-pro") == "google"


def test_a_model_made_from_anothers_outputs_speaks_for_that_one() -> None:
    assert provider_of(load_knowledge(None))("vicuna-13b-v1.5") == "openai"


def test_people_and_unknown_labels_have_none() -> None:
    provider = provider_of(load_knowledge(None))
    assert (provider("human"), provider("teacher-0")) == (None, None)
