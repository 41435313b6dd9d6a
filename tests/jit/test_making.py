"""What is compiled beside the work ends with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.jit import making


def test_none_is_left_where_the_process_ends_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("import time; time.sleep(60)")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(making, "cache_folder", lambda: tmp_path)
    begun = making.Making(["endless"])
    assert not begun.ended()
    making.stop_all()
    assert begun.ended()
