"""Files that change while they are hashed are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from evidence import ROWS, write_jsonl

from auditor.errors import RefusedError
from auditor.gate.data_files import Snapshot


def test_a_file_that_changes_while_it_is_hashed_is_refused(tmp_path: Path) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", ROWS)
    link = tmp_path / "link.jsonl"
    link.symlink_to(data)
    before = Snapshot.take([link])
    before.check([link])
    other = write_jsonl(tmp_path / "other.jsonl", ROWS)
    link.unlink()
    link.symlink_to(other)
    with pytest.raises(RefusedError, match="changed while"):
        before.check([link])
    with pytest.raises(RefusedError, match="changed while"):
        Snapshot.take([data]).check([data, other])
