"""Row digests without shapes or claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.canonical import RowError
from auditor.samples.rows import iter_row_digests


def test_without_a_place_to_count_it_a_bad_row_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 0}\n{"a": \n')
    with pytest.raises(RowError) as caught:
        list(iter_row_digests([str(path)]))
    assert caught.value.where == "a.jsonl#1"
