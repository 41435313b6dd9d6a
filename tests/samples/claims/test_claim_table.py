"""Rows share claim sets; sources and license texts are kept up to a bound and counted beyond it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.domain.claim import ClaimKind
from tests.samples.reading import claims, rows_read, run, values_of, write

ROW = {"prompt": "Q", "completion": "A"}


def test_the_object_around_the_rows_speaks_of_them_all(tmp_path: Path) -> None:
    around = {
        "metadata": {"model": "gpt-4"},
        "license": "cc-by-nc-4.0",
        "data": [{"text": "T", "model": "human"}],
    }
    (tmp_path / "a.json").write_text(json.dumps(around))
    source, _ = run(tmp_path / "a.json")
    assert [(value, where) for _, value, where, _ in claims(source)] == [
        ("human", "model"),
        ("cc-by-nc-4.0", "license"),
        ("gpt-4", "metadata.model"),
    ]


def test_license_texts_are_kept_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.samples.claims.claim_table._MAX_LONG", 1000)
    texts = [f"{number} " * 200 for number in (10, 11, 10)]
    source, _ = run(write(tmp_path / "a.jsonl", *({"text": "A", "license": text} for text in texts)))
    found = [claim.value for claim_set in source.claim_sets for claim in claim_set.claims]
    assert [len(value) for value in found] == [599, 200]


def test_urls_in_a_source_column_do_not_multiply_claim_sets(tmp_path: Path) -> None:
    rows = [{"text": "T", "source": f"https://example.org/{n}", "model": "m"} for n in range(2000)]
    source, _ = run(write(tmp_path / "a.jsonl", *rows))
    assert len(source.claim_sets) <= 257
    assert all(held.of(ClaimKind.TEACHER) for held in source.claim_sets)


def test_sources_beyond_the_bound_are_counted_by_their_column(tmp_path: Path) -> None:
    rows = [{**ROW, "source": f"s{at}", "meta": {"dataset": f"d{at}"}} for at in range(200)]
    source = rows_read(tmp_path / "a.jsonl", *rows)
    assert source.sources_left_out == {"source": 72, "meta.dataset": 72}


def test_256_sources_are_kept_apart(tmp_path: Path) -> None:
    source = rows_read(tmp_path / "a.jsonl", *({**ROW, "source": f"s{at % 256}"} for at in range(600)))
    assert not source.sources_left_out
    assert len(values_of(source, ClaimKind.SOURCE)) == 256
