"""A zip's directory is held against what stands in front of each member's data."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from auditor.domain.claim import ClaimKind
from tests.samples.archives import TWO, dated, looked_at, names, patched, tarred, write_archive, zipped
from tests.samples.reading import GOOD, LINES, read, values_of

ONE = zipped(("a.jsonl", LINES))
_ENTRY = b"PK\x01\x02"


def _hidden() -> bytes:
    """A zip whose directory leaves out its second member."""
    data = zipped(*TWO)
    first = data.find(_ENTRY)
    second = data.find(_ENTRY, first + 4)
    kept = data[first:second]
    return data[:first] + kept + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(kept), first, 0)


def _streamed() -> bytes:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    held = Pipe()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in TWO:
            archive.writestr(dated(name), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _large() -> bytes:
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w") as archive,
        archive.open(dated("a.jsonl"), "w", force_zip64=True) as member,
    ):
        member.write(LINES)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        # The sum in front of the data counts for nobody.
        (patched(zipped(*TWO), (b"sub/b.jsonl", -16, b"\0\0\0\0")), ""),
        (patched(ONE, (_ENTRY, 24, b"\x5c\0\0\0")), "not what the zip's directory says"),
        (patched(ONE, (_ENTRY, 16, b"\0\0\0\0")), "not what the zip's directory says"),
        (patched(ONE, (b"a.jsonl", 0, b"b")), "two names or kinds"),
        (patched(ONE, (_ENTRY, 42, b"\xff\xff\xff\x7f")), "damaged"),
        (patched(ONE, (b"PK\x05\x06", 12, b"\xff\xff\xff\x7f")), "too many members"),
        (patched(ONE, (b"PK\x05\x06", 16, b"\xff\xff\xff\x7f")), "damaged"),
    ],
)  # fmt: skip
def test_what_disagrees_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    rows, bad, _ = looked_at(write_archive(tmp_path / "x.zip", content))
    if why:
        assert why in " ".join(bad.values())
    else:
        assert (sum(rows.values()), bad) == (6, {})


def test_members_that_share_data_are_a_bomb(tmp_path: Path) -> None:
    data = zipped(*TWO)
    second = data.find(_ENTRY, data.find(_ENTRY) + 4)
    data = data[: second + 42] + b"\0\0\0\0" + data[second + 46 :]
    assert "overlap" in looked_at(write_archive(tmp_path / "x.zip", data))[1]["x.zip"]


@pytest.mark.parametrize("content", [_hidden(), zipped(*TWO) + b"x" * 100, ONE[:-22] + b"y" * 50 + ONE[-22:]])
def test_bytes_of_no_member_are_told(tmp_path: Path, content: bytes) -> None:
    rows, _, unread = looked_at(write_archive(tmp_path / "x.zip", content))
    assert "a.jsonl" in names(rows) or not rows
    assert not rows or "belong to no member" in unread["x.zip!/"]


@pytest.mark.parametrize("content", [_streamed(), _large(), zipped(*TWO, comment=b"made by a tool")])
def test_other_ways_to_write_a_zip_are_read(tmp_path: Path, content: bytes) -> None:
    rows, bad, unread = looked_at(write_archive(tmp_path / "x.zip", content))
    assert set(rows.values()) == {3}
    assert (bad, unread) == ({}, {})


def test_damage_in_a_member_is_a_fault_after_its_rows(tmp_path: Path) -> None:
    stored = zipped(*TWO, method=zipfile.ZIP_STORED)
    at = stored.find(b"What is 1")
    rows, bad, _ = looked_at(write_archive(tmp_path / "x.zip", stored[:at] + b"w" + stored[at + 1 :]))
    assert rows == {"x.zip!/a.jsonl": 3, "x.zip!/sub/b.jsonl": 3}
    assert list(bad) == ["x.zip!/a.jsonl#3"]


def test_odd_names_and_folders_with_data_are_named(tmp_path: Path) -> None:
    folder = zipfile.ZipInfo("d.jsonl/")
    nameless = patched(zipped(("b.jsonl", LINES)), (b"PK\x03\x04", 26, b"\0\0"), (_ENTRY, 28, b"\0\0"))
    path = write_archive(tmp_path / "x.zip", zipped(("a.jsonl", LINES), ("e/", b""), (folder, LINES)))
    rows, _, unread = looked_at(path)
    assert names(rows) == ["a.jsonl"]
    assert unread == {"x.zip!/d.jsonl": "it is a folder that holds data"}
    assert looked_at(write_archive(tmp_path / "y.zip", nameless))[0] == {}


def test_metadata_of_a_table_in_an_archive_is_a_claim(tmp_path: Path) -> None:
    table = pa.Table.from_pylist(GOOD).replace_schema_metadata({"license": "CC-BY-NC-4.0"})
    held = io.BytesIO()
    pa.parquet.write_table(table, held)
    packed = (("x.zip", zipped(("t.parquet", held.getvalue()))), ("x.tgz", tarred(("t.pq", held.getvalue()))))
    for name, content in packed:
        source = read(write_archive(tmp_path / name, content))
        assert values_of(source, ClaimKind.LICENSE) == ["CC-BY-NC-4.0"], name
