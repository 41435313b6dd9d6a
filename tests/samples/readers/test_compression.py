"""Compressed files as tools write them."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.samples.containers import ROWS, digests_of, json_lines
from tests.samples.reading import LINES, read


def test_zstandard_may_begin_with_a_skippable_frame(tmp_path: Path) -> None:
    packed = b"\x50\x2a\x4d\x18\x04\x00\x00\x00note" + zstandard.ZstdCompressor().compress(LINES)
    (tmp_path / "a.jsonl.zst").write_bytes(packed)
    assert read(tmp_path / "a.jsonl.zst").samples == 3


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress], ids=["gz", "zst"])
def test_rows_before_the_end_of_cut_compressed_data_are_kept(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    import random

    noise = random.Random(0)
    rows = [{"n": n, "noise": noise.randbytes(500).hex()} for n in range(20_000)]
    packed = pack(json_lines(rows))
    path = tmp_path / "a.jsonl.x"
    path.write_bytes(packed[: len(packed) // 2])
    digests, faults = digests_of(path)
    assert 1000 < len(digests) < len(rows)
    assert len(faults) == 1
    assert "lost" in faults[0].reason


def test_concatenated_frames_are_all_read(tmp_path: Path) -> None:
    compress = zstandard.ZstdCompressor().compress
    for name, pack in (("a.jsonl.gz", gzip.compress), ("a.jsonl.zst", compress)):
        path = tmp_path / name
        path.write_bytes(pack(json_lines(ROWS[:25])) + pack(json_lines(ROWS[25:])))
        assert len(digests_of(path)[0]) == 50
