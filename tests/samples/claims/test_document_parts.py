"""Sentences of a document are plain words, and what stands beside them is read with its label."""

from __future__ import annotations

import itertools

import pytest

from auditor.samples.claims.document_parts import asides, sentences


def test_sentences_leave_blocks_and_comments_out_and_may_keep_links() -> None:
    text = "One [set](https://a.org/x). Two.\n\n```\ncode\n```\n<!-- no -->\n- three\n"
    assert list(sentences(text)) == ["One set.", "Two.", "three"]
    assert next(sentences(text, links=True)) == "One set https://a.org/x ."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!-- generator: gpt-4o -->", ["generator: gpt-4o"]),
        ("[//]: # (generated with gpt-4o)", ["generated with gpt-4o"]),
        ("```yaml\ngenerator: gpt-4o\n```", ["generator. gpt-4o"]),
        ("## Teacher\n\ngpt-4o\n\nMore.", ["Teacher. gpt-4o"]),
        ("## Teachers\n- gpt-4o\n- claude\n## Use\n", ["Teachers. gpt-4o", "Teachers. claude"]),
        ("Teacher\n=======\n\ngpt-4o\n", ["Teacher. gpt-4o"]),
        ("Teacher\n: gpt-4o\n", ["Teacher. gpt-4o"]),
        ("| Teacher | Rows |\n|---|---|\n| gpt-4o | 2 |\n", ["Teacher. gpt-4o"]),
        ("## Answers\n\ngpt-4o\n", []),
        ("| a | b |\n\nplain\n", []),
    ],
)
def test_what_stands_beside_sentences_is_read_with_its_label(text: str, said: list[str]) -> None:
    assert list(asides(text)) == said


def test_a_sentence_without_end_is_heard_in_parts_that_overlap() -> None:
    text = " ".join(f"w{n}" for n in range(5000))
    parts = list(sentences(text))
    assert max(map(len, parts)) <= 600
    assert all(one[-200:] == other[:200] for one, other in itertools.pairwise(parts))
    assert list(sentences("short")) == ["short"]
