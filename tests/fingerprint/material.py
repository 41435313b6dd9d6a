"""A folder with reference texts and rows, and an index of it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.cli.main import execute

WORDS = [f"{a}{b}{c}" for a in "bdfglmnprst" for b in "aeiou" for c in "bdglmnrst"]


TEACHERS = ["gpt-4o", "claude-3-opus", "Meta-Llama-3-8B"]


def sentence(rng: random.Random, length: int = 120) -> str:
    """Return so many words as one sentence."""
    return " ".join(rng.choice(WORDS) for _ in range(length)).capitalize() + "."


def essay(rng: random.Random) -> str:
    """Return ninety words."""
    return " ".join(rng.choice(WORDS) for _ in range(90))


def make_folder(tmp_path: Path) -> Path:
    """Write reference texts of three teachers, and three rows: a copy, nothing, and a text of nobody."""
    rng = random.Random(2)
    texts = [essay(rng) for _ in range(30)]
    table = pa.table({"text": texts, "teacher": ["gpt-4", "claude-3", "llama-3"] * 10})
    pq.write_table(table, tmp_path / "reference.parquet")
    rows = [{"id": "a", "answer": texts[4]}, {"id": None, "answer": None}, {"id": "c", "answer": essay(rng)}]
    (tmp_path / "data.json").write_text(json.dumps(rows))
    return tmp_path


def build(folder: Path) -> Path:
    """Build the index of a folder by the command."""
    index = folder / "idx"
    assert execute(["index", "build", str(folder / "reference.parquet"), "--out", str(index)]) == 0
    return index
