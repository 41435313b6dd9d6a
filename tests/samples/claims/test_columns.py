"""No claim is dropped or shortened to one that says less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.claim import ClaimKind
from auditor.knowledge.load import load_knowledge
from auditor.samples.source import ReadOptions, Source, open_source

ROW = {"prompt": "Q", "completion": "A"}


def read(path: Path, *rows: dict[str, Any], batch_rows: int = 8192) -> Source:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    source = open_source([str(path)], ReadOptions(batch_rows=batch_rows))
    for _ in source:
        pass
    return source


def values(source: Source, kind: ClaimKind) -> list[str]:
    return [claim.value for found in source.claim_sets for claim in found.claims if claim.kind is kind]


def test_sources_beyond_the_bound_are_counted_by_their_column(tmp_path: Path) -> None:
    rows = [{**ROW, "source": f"s{at}", "meta": {"dataset": f"d{at}"}} for at in range(200)]
    source = read(tmp_path / "a.jsonl", *rows)
    assert source.sources_left_out == {"source": 72, "meta.dataset": 72}


def test_256_sources_are_kept_apart(tmp_path: Path) -> None:
    source = read(tmp_path / "a.jsonl", *({**ROW, "source": f"s{at % 256}"} for at in range(600)))
    assert not source.sources_left_out
    assert len(values(source, ClaimKind.SOURCE)) == 256


@pytest.mark.parametrize("name", ["Qwen/Qwen3-8B", "meta-llama/Llama-3.1-8B-Instruct", "gpt-4o", "human"])
def test_a_long_text_is_never_taken_for_the_name_it_begins_with(tmp_path: Path, name: str) -> None:
    long = name + " " * 220 + "and others"
    found = values(read(tmp_path / "a.jsonl", {**ROW, "model": long}), ClaimKind.TEACHER)
    assert len(found) == 1
    assert load_knowledge().resolve(found[0]).teacher is None


def test_what_a_column_holds_as_long_json_text_is_read(tmp_path: Path) -> None:
    held = "\n " + json.dumps({"note": "x" * 70_000, "license": "CC-BY-NC-4.0"})
    assert values(read(tmp_path / "a.jsonl", {**ROW, "metadata": held}), ClaimKind.LICENSE) == [
        "CC-BY-NC-4.0"
    ]


def test_records_that_come_late_have_the_model_that_stands_beside_them(tmp_path: Path) -> None:
    (tmp_path / "info.json").write_text('{"model_id": "meta-llama/Llama-2-7b"}', encoding="utf-8")
    answer = {"id": "1", "model": "gpt-4o", "choices": [{"message": {"content": "A"}}]}
    late = {"inputs": "Q", "generated_text": "A"}
    source = read(tmp_path / "a.jsonl", *[answer] * 9, late, batch_rows=4)
    assert values(source, ClaimKind.TEACHER) == ["gpt-4o", "meta-llama/Llama-2-7b"]
