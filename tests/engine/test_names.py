"""The catalog as provenance asks it."""

from __future__ import annotations

import pytest

from auditor.engine.names import CachedCatalog
from auditor.knowledge.load import load_knowledge

CATALOG = CachedCatalog(load_knowledge())


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("gpt-4o", True),
        ("meta-llama/Llama-2-70b-chat-hf", True),
        ("google/gemma-2-27b-it", True),
        ("Qwen/Qwen2.5-3B-Instruct", True),
        ("Qwen/Qwen2.5-7B-Instruct", False),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", False),
        ("llama", True),
        ("mixtral", False),
        ("human", False),
        ("a wordsmith", False),
    ],
)
def test_a_model_is_bound_where_its_terms_are_not_open(name: str, bound: bool) -> None:
    assert CATALOG.is_bound(name) is bound
