"""Scripts and logs are passed over where they say nothing of the rows."""

from __future__ import annotations

import pytest

from auditor.samples.inputs.programs import is_silent_program

SORTS = b"import json\n\nrows = [json.loads(line) for line in open('rows.jsonl')]\nprint(len(rows))\n"
LOG = b"2026-01-01 10:00:00 INFO start\n2026-01-01 10:00:01 INFO wrote 2 rows to rows.jsonl\n"


@pytest.mark.parametrize(
    ("data", "suffix"),
    [(SORTS, ".py"), (b"#!/bin/sh\nset -e\nsort rows.jsonl > out\n", ".sh"), (LOG, ".log")],
)
def test_what_names_nobody_is_silent(data: bytes, suffix: str) -> None:
    assert is_silent_program(data, suffix)


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (SORTS + b"ask('gpt-4o')\n", ".py"),
        (SORTS + b"from openai import OpenAI\n", ".py"),
        (SORTS + b"NAME = 'g\\x70t-4o'\n", ".py"),
        (SORTS + b"load('Acme/Letters')\n", ".py"),
        (b"# SPDX-License-Identifier: CC-BY-NC-4.0\n" + SORTS, ".py"),
        (b'TEXTS = """\n' + b"The soap was dry, and it went well once more.\n" * 30 + b'"""\n', ".py"),
        (LOG + b"2026-01-01 10:00:02 INFO POST https://api.acme.example 200\n", ".log"),
        (b"The soap was dry and it went well again today.\n" * 3, ".log"),
        (b'{"text": "The soap was dry."}\n' * 9, ".log"),
    ],
)
def test_what_names_somebody_or_holds_texts_is_not(data: bytes, suffix: str) -> None:
    assert not is_silent_program(data, suffix)
