"""A tar is read forward, by its headers alone; what they cannot mean is damage."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from tests.samples.archives import TWO, looked_at, names, special, tarred, write_archive
from tests.samples.reading import LINES


def _header(size: int | bytes, kind: bytes = tarfile.REGTYPE) -> bytes:
    info = tarfile.TarInfo("a.jsonl")
    info.type = kind
    info.size = size if isinstance(size, int) else 0
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    if isinstance(size, bytes):
        block[124:136] = size
        block[148:156] = b" " * 8
        block[148:156] = b"%06o\0 " % sum(block[:512])
    return bytes(block) + bytes(1024)


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_kind_of_tar_is_read(tmp_path: Path, format: int) -> None:
    long = f"{'d' * 90}/{'n' * 90}.jsonl"
    path = write_archive(tmp_path / "x.tar", tarred((long, LINES), ("é.jsonl", LINES), format=format))
    assert names(looked_at(path)[0]) == [long, "é.jsonl"]


def test_a_tar_without_its_end_mark_is_whole(tmp_path: Path) -> None:
    whole = tarred(("a.jsonl", LINES))
    assert names(looked_at(write_archive(tmp_path / "x.tar", whole[:1024]))[0]) == ["a.jsonl"]


@pytest.mark.parametrize("more", [b"garbage" * 100, tarred(("c.jsonl", LINES))])
def test_what_follows_the_end_is_told(tmp_path: Path, more: bytes) -> None:
    rows, _, unread = looked_at(write_archive(tmp_path / "x.tar", tarred(*TWO) + more))
    assert len(rows) == 2
    assert "belong to no member" in unread["x.tar!/"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (_header(10 << 40), "ends early"),
        (_header(b"\xff" * 12), "damaged"),
        (_header(10 << 30, tarfile.XHDTYPE), "a name is too long"),
        (_header(10 << 30, tarfile.GNUTYPE_LONGNAME), "a name is too long"),
        (tarred((special("a.jsonl", tarfile.REGTYPE, size="999999999999"), LINES)), "ends early"),
        (tarred((special("a.jsonl", tarfile.REGTYPE, size="-5"), LINES)), "damaged"),
        (tarred(*TWO).replace(b"sub/b", b"zub/b"), "damaged at byte 1,024"),
    ],
)
def test_headers_that_cannot_be_meant_are_damage(tmp_path: Path, content: bytes, why: str) -> None:
    rows, bad, _ = looked_at(write_archive(tmp_path / "x.tar", content))
    assert rows == {}
    assert why in bad["x.tar"]


def test_a_note_of_the_whole_tar_counts_for_each_member(tmp_path: Path) -> None:
    noted = special("p", tarfile.XGLTYPE)
    note = b"19 comment=abcdefg\n"
    path = write_archive(tmp_path / "x.tar", tarred((noted, note), *TWO))
    assert len(looked_at(path)[0]) == 2
