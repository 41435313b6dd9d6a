"""JSON cut into rows, whatever its brackets."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import NoRowsError
from tests.samples.reading import read


def test_brackets_without_end_are_given_up_soon(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[" * 20_000_000)
    with pytest.raises(NoRowsError, match="nested far too deep"):
        read(tmp_path / "a.json")
