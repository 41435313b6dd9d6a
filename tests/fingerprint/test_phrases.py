"""Phrases that name a maker are found and shown; ordinary sentences are not."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.fingerprint import phrases
from auditor.fingerprint.phrases import PhraseKind, find_phrases


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Hello! I'm ChatGPT, how can I help?", "openai"),
        ("I am a large language model trained by OpenAI.", "openai"),
        ("I’m Claude, an assistant.", "claude"),
        ("As an AI assistant created by Anthropic, I try to be careful.", "claude"),
        ("I was developed by Google DeepMind last year.", "google"),
        ("My name is Qwen.", "qwen"),
        ("As an AI language model, I have no opinions.", None),
        ("That is beyond my knowledge cutoff.", None),
    ],
)
def test_self_identification_is_found(text: str, family: str | None) -> None:
    (phrase,) = find_phrases(pa.array(["nothing", text]))
    assert (phrase.row, phrase.kind, phrase.family) == (1, PhraseKind.SELF_IDENTIFICATION, family)
    assert 0 <= phrase.start < phrase.end <= len(text)


@pytest.mark.parametrize(
    "text", ["I'm sorry, but I can't help with that.", "I cannot assist with this request."]
)
def test_refusals_are_found(text: str) -> None:
    assert [phrase.kind for phrase in find_phrases(pa.array([text]))] == [PhraseKind.REFUSAL]


@pytest.mark.parametrize(
    "text",
    [
        "Claude Monet painted this; I am an admirer.",
        "He inspired such artists as Claude Monet.",
        "I worked as an assistant researcher, then as a model for painters.",
        "The model was trained by our team in Geneva.",
        "I am a modeler of ships.",
        "She said I can't provide for two, but I won't leave.",
        "Google published the paper, as Meta did.",
        "",
        None,
    ],
)
def test_ordinary_sentences_are_left_alone(text: str | None) -> None:
    named = [
        p for p in find_phrases(pa.array([text], pa.string())) if p.kind is PhraseKind.SELF_IDENTIFICATION
    ]
    assert named == []


def test_row_numbers_count_through_chunks() -> None:
    column = pa.chunked_array([["a", "b"], ["I am ChatGPT."]])
    assert [phrase.row for phrase in find_phrases(column)] == [2]


ODD = "İ|ı|ſ|\u212a|\u00a0|\n| |  |é|.|,|I|i|m|AM|'|’|by|an|a|my|as|is|this|name|large|not able"
DOES = "sorry|assist|help|to|trained by|made  by|was|cannot|can’t|won't|provide|unable|training data"
NAMES = "ChatGPT|gpt-4|OpenAI|claude|Anthropic|gemini|bard|Meta AI|LLAMA 2|mıstral|Miſtral AI|Le Chat"
MORE = "qwen|Alibaba|deepſeek|DeepSeek|Grok|xAI|command r+|Yi-34B|yı|01.AI|model|assistant|AI|aı|ai,"
LAST = "artıficial intelligence|language model|knowledge cut-off"
WORDS = "|".join((ODD, DOES, NAMES, MORE, LAST)).split("|")


@given(st.lists(st.sampled_from([*WORDS, " ", " ", "\x0b", "\x1c"]), max_size=40).map("".join))
def test_what_is_asked_first_passes_no_phrase_over(text: str) -> None:
    (asks,) = phrases._asked_for(pa.array([text], pa.large_string()))
    assert phrases._phrases_of(0, text, asks) == phrases._phrases_of(0, text)


@pytest.mark.parametrize("space", [" ", "\u00a0", "\x0b", "\n"])
def test_every_rule_is_asked_wherever_it_finds_something(space: str) -> None:
    texts = [
        f"So{space}{one}"
        for one in ("I am Claude.", "i'm{}an AI, and", "I cannot{}assist", "AI{}made by xAI")
    ]
    column = pa.array([text.replace("{}", space) for text in texts], pa.large_string())
    for text, asks in zip(column.to_pylist(), phrases._asked_for(column), strict=True):
        assert phrases._phrases_of(0, text, asks) == phrases._phrases_of(0, text)
