"""What is stored, and how much of it there is."""

from __future__ import annotations

from pathlib import Path

from auditor.samples.readers.stored import bytes_of


def test_a_link_that_leads_nowhere_has_no_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"12345")
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere.jsonl")
    assert bytes_of([tmp_path / "a.jsonl", tmp_path / "gone.jsonl", tmp_path / "a.jsonl"]) == 10
