"""Compressed files as tools write them."""

from __future__ import annotations

from pathlib import Path

import zstandard

from tests.samples.reading import LINES, read


def test_zstandard_may_begin_with_a_skippable_frame(tmp_path: Path) -> None:
    packed = b"\x50\x2a\x4d\x18\x04\x00\x00\x00note" + zstandard.ZstdCompressor().compress(LINES)
    (tmp_path / "a.jsonl.zst").write_bytes(packed)
    assert read(tmp_path / "a.jsonl.zst").samples == 3
