"""Compressed files as tools write them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from auditor.errors import UnreadableInputError
from auditor.samples.readers import compression
from tests.samples.containers import ROWS, digests_of, json_lines
from tests.samples.reading import LINES, read

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": zstandard.ZstdCompressor().compress,
    "bz2": bz2.compress,
    "xz": lambda data: lzma.compress(data, preset=0),
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE, preset=0),
}
each_packer = pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)


def test_zstandard_may_begin_with_a_skippable_frame(tmp_path: Path) -> None:
    packed = b"\x50\x2a\x4d\x18\x04\x00\x00\x00note" + zstandard.ZstdCompressor().compress(LINES)
    (tmp_path / "a.jsonl.zst").write_bytes(packed)
    assert read(tmp_path / "a.jsonl.zst").samples == 3


@each_packer
def test_rows_before_the_end_of_cut_compressed_data_are_kept(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    noise = random.Random(0)
    rows = [{"n": n, "noise": noise.randbytes(500).hex()} for n in range(4_000)]
    packed = pack(json_lines(rows))
    path = tmp_path / "a.jsonl.x"
    path.write_bytes(packed[: len(packed) // 2])
    digests, faults = digests_of(path)
    assert 500 < len(digests) < len(rows)
    assert len(faults) == 1
    assert "lost" in faults[0].reason


@each_packer
def test_rows_are_the_same_packed(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    for name in ("a.jsonl", "a.csv.packed"):
        (tmp_path / name).write_bytes(pack(json_lines(ROWS)))
        assert len(digests_of(tmp_path / name)[0]) == 50


@pytest.mark.parametrize("kind", ["gz", "zst", "bz2", "xz"])
def test_streams_that_follow_one_another_are_all_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.jsonl.{kind}"
    pack, padding = PACKERS[kind], bytes(8) if kind == "xz" else b""
    path.write_bytes(pack(json_lines(ROWS[:25])) + padding + pack(json_lines(ROWS[25:])) + padding)
    assert len(digests_of(path)[0]) == 50


@each_packer
def test_what_follows_compressed_data_is_a_fault(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "a.jsonl").write_bytes(pack(LINES) + LINES)
    digests, faults = digests_of(tmp_path / "a.jsonl")
    assert len(digests) == 3
    assert len(faults) == 1


@each_packer
@pytest.mark.parametrize("at", [15, 0.5, 0.9])
def test_damage_never_goes_unsaid(tmp_path: Path, pack: Callable[[bytes], bytes], at: float) -> None:
    packed = bytearray(pack(json_lines([{"n": n, "x": f"{n * 7919:x}"} for n in range(2000)])))
    place = int(at if at > 1 else at * len(packed))
    packed[place] ^= 0x55
    (tmp_path / "a.jsonl").write_bytes(packed)
    try:
        digests, faults = digests_of(tmp_path / "a.jsonl")
    except UnreadableInputError:
        return
    assert faults or len(digests) == 2000


def test_a_bomb_is_not_unfolded_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_FREE", 1 << 24)
    (tmp_path / "a.jsonl.bz2").write_bytes(bz2.compress(b" " * (1 << 20)) * 60)
    assert "5,000 times" in digests_of(tmp_path / "a.jsonl.bz2")[1][0].reason


def test_a_dictionary_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    packed = bytearray(PACKERS["lzma"](LINES))
    packed[1:5] = (1 << 30).to_bytes(4, "little")
    (tmp_path / "a.jsonl.lzma").write_bytes(packed)
    with pytest.raises(UnreadableInputError, match="ask for more memory"):
        digests_of(tmp_path / "a.jsonl.lzma")
