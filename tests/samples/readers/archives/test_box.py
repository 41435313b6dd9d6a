"""Every member is read or named with its reason; nothing is passed over, and nothing is invented."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard

from auditor.samples.inputs.archives import inside
from auditor.samples.readers.archives.box import ArchiveMember, Shelf, contents, forget, kind_of, open_member
from tests.samples.archives import (
    PICTURE,
    TWO,
    encrypted,
    linked,
    looked_at,
    names,
    special,
    tarred,
    write_archive,
    zipped,
)
from tests.samples.containers import ROWS, digests_of, json_array, json_lines, parquet
from tests.samples.reading import LINES

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


def _boxes(members: tuple[tuple[str, bytes], ...]) -> dict[str, bytes]:
    zips = {
        f"{name}.zip": zipped(*members, method=method)
        for name, method in (("s", zipfile.ZIP_STORED), ("d", zipfile.ZIP_DEFLATED), ("b", zipfile.ZIP_BZIP2))
    }
    return {**zips, **{f"a.tar{ending}": pack(tarred(*members)) for ending, pack in PACKERS.items()}}


@pytest.mark.parametrize(
    "write", [json_lines, json_array, parquet, lambda rows: gzip.compress(json_lines(rows))]
)
def test_rows_have_the_same_digests_in_every_archive(
    tmp_path: Path, write: Callable[[list[dict[str, object]]], bytes]
) -> None:
    plain = write_archive(tmp_path / "plain.jsonl", json_lines(ROWS))
    members = tuple((f"{name}.json", write(part)) for name, part in (("a", ROWS[:20]), ("b", ROWS[20:])))
    for name, content in _boxes(members).items():
        digests, faults = digests_of(write_archive(tmp_path / name, content))
        assert (name, faults) == (name, [])
        assert digests == digests_of(plain)[0], name


@pytest.mark.parametrize("ending", PACKERS)
def test_members_of_a_tar_are_read_in_any_order_and_again(tmp_path: Path, ending: str) -> None:
    wrapped = json.dumps({"by": "us", "data": ROWS}).encode()
    members = tuple((f"{n}.json", wrapped) for n in range(3))
    path = write_archive(tmp_path / f"a.tar{ending}", PACKERS[ending](tarred(*members)))
    found = inside(path)
    assert found is not None
    boxed = [one for one in found.rows if isinstance(one, ArchiveMember)]
    for member in (*boxed, *reversed(boxed)):
        with open_member(member) as stream, open_member(boxed[0]) as beside:
            assert stream.read(7) == wrapped[:7]
            assert beside.read() == wrapped
            assert stream.read(1 << 20) == wrapped[7:]


@pytest.mark.parametrize(
    ("members", "read", "left"),
    [
        ([("a.jsonl", LINES), ("LICENSE", b"CC BY-NC"), ("README.md", b"x"), ("plan.yaml", b"a: b")],
         ["a.jsonl"], {}),
        ([("a.jsonl", LINES), ("README.md", LINES)], ["a.jsonl"], {"README.md": "what it says"}),
        ([("a.jsonl", LINES), ("dataset_info.json", b"{}")], ["a.jsonl"], {}),
        ([("a.jsonl", LINES), ("b.pkl", b"\x80\x04x"), ("c.txt", b"words")], ["a.jsonl"],
         {"b.pkl": "format", "c.txt": "format"}),
        ([("a.jsonl", LINES), (".b.jsonl", LINES), ("__MACOSX/c.jsonl", LINES)], ["a.jsonl"],
         {".b.jsonl": "hidden", "__MACOSX/c.jsonl": "hidden"}),
        ([("a.jsonl", LINES), ("b.zip", zipped(*TWO)), ("c.tar.gz", b"x")], ["a.jsonl"],
         {"b.zip": "inside an archive", "c.tar.gz": "inside an archive"}),
        ([("a.jsonl", LINES), ("a.jsonl", LINES), ("b.jsonl", LINES)], ["b.jsonl"], {"a.jsonl": "2 members"}),
        ([("a.jsonl", LINES), ("./a.jsonl", LINES), ("b.jsonl", LINES)], ["b.jsonl"],
         {"a.jsonl": "2 members"}),
        ([("../../a.jsonl", LINES), ("/b.jsonl", LINES), ("c.jsonl", LINES)], ["c.jsonl"],
         {"../../a.jsonl": "leads out", "/b.jsonl": "leads out"}),
        ([("a\x1b[2J.jsonl", LINES), ("b\n::error::.jsonl", LINES), ("c.jsonl", LINES)], ["c.jsonl"],
         {"a\x1b[2J.jsonl": "cannot be shown", "b\n::error::.jsonl": "cannot be shown"}),
        # Harmless twins: nothing is left unread.
        ([("a.jsonl", LINES), ("p.png", PICTURE), ("empty.txt", b""), ("._a.jsonl", b"\0\5\x16\7xyz")],
         ["a.jsonl"], {}),
        ([("train/a.jsonl", LINES), ("é ü.jsonl", LINES)], ["train/a.jsonl", "é ü.jsonl"], {}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_what_gives_no_rows_is_named(
    tmp_path: Path, kind: str, members: list[tuple[str, bytes]], read: list[str], left: dict[str, str]
) -> None:
    packed = zipped(*members) if kind == "zip" else tarred(*members)
    path = write_archive(tmp_path / f"x.{kind}", gzip.compress(packed) if kind == "tar.gz" else packed)
    rows, bad, unread = looked_at(path)
    assert names(rows) == read
    assert set(rows.values()) == {3}
    assert bad == {}
    found = {name.removeprefix(f"x.{kind}!/"): why for name, why in unread.items()}
    assert found.keys() == left.keys()
    assert all(why in found[name] for name, why in left.items())


def test_links_devices_and_sparse_files_are_named(tmp_path: Path) -> None:
    odd = {
        "link.jsonl": tarfile.SYMTYPE, "hard.jsonl": tarfile.LNKTYPE, "pipe.jsonl": tarfile.FIFOTYPE,
        "dev": tarfile.CHRTYPE,
    }  # fmt: skip
    sparse = special("s.jsonl", tarfile.GNUTYPE_SPARSE)
    noted = special("p.jsonl", tarfile.REGTYPE, **{"GNU.sparse.major": "1"})
    members = [("a.jsonl", LINES), *((special(name, kind), None) for name, kind in odd.items())]
    path = write_archive(tmp_path / "x.tar", tarred(*members, (sparse, LINES), (noted, LINES)))  # type: ignore[arg-type]
    rows, _, unread = looked_at(path)
    assert names(rows) == ["a.jsonl"]
    assert names(unread) == ["dev", "hard.jsonl", "link.jsonl", "p.jsonl", "pipe.jsonl", "s.jsonl"]
    path = write_archive(tmp_path / "x.zip", zipped(("a.jsonl", LINES), (linked("l.jsonl"), b"a.jsonl")))
    assert looked_at(path)[2] == {"x.zip!/l.jsonl": "it is a link"}


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.zip", encrypted(zipped(("a.jsonl", LINES))), "`a.jsonl`, it is encrypted"),
        ("a.zip", zipped(("a.jsonl", LINES), method=zipfile.ZIP_LZMA), "a method that is not read (lzma)"),
        ("a.zip", zipped(("a.py", b"x")), "holds no file of rows"),
        ("a.zip", zipped(), "holds no file of rows"),
        ("a.zip", zipped(*TWO)[:-30], "its directory is not there"),
        ("a.zip", zipped(*TWO)[:100], "its directory is not there"),
        ("a.tar", tarred(*TWO)[:700], "ends early"),
        ("a.tar.gz", gzip.compress(tarred(*TWO))[:-20], "end early"),
        ("a.tar.xz", lzma.compress(tarred(*TWO))[:-20], "end"),
        ("a.zip", b"<!DOCTYPE html><html>", "a web page"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    ],
)  # fmt: skip
def test_an_archive_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    rows, bad, _ = looked_at(write_archive(tmp_path / name, content))
    assert rows == {}
    assert why in bad[name]


def test_an_archive_without_rows_beside_rows_is_unread(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.jsonl", LINES)
    write_archive(tmp_path / "b.zip", encrypted(zipped(("a.jsonl", LINES))))
    write_archive(tmp_path / "c.tar", tarred(("x.pkl", b"\x80\x04")))
    rows, bad, unread = looked_at(tmp_path)
    assert (rows, bad) == ({"a.jsonl": 3}, {})
    assert unread == {
        "b.zip": "it is an archive of which nothing is read: it is encrypted",
        "c.tar": "it is an archive of which nothing is read: it is of a format that is not read",
    }


def test_many_members_alike_are_counted(tmp_path: Path) -> None:
    members = [("a.jsonl", LINES), *((f"{n}.bin", b"abc") for n in range(100))]
    assert looked_at(write_archive(tmp_path / "x.tar", tarred(*members)))[2] == {
        "x.tar!/*.bin": "100 members: it is of a format that is not read"
    }


def test_content_tells_an_archive_whatever_its_name(tmp_path: Path) -> None:
    for name, content in (("a.jsonl", tarred(*TWO)), ("b.jsonl.gz", gzip.compress(tarred(*TWO)))):
        path = write_archive(tmp_path / name, content)
        assert kind_of(path) == "tar"
        assert names(looked_at(path)[0]) == ["a.jsonl", "sub/b.jsonl"]
    assert kind_of(write_archive(tmp_path / "c.zip", LINES)) is None
    assert looked_at(tmp_path / "c.zip")[0] == {"c.zip": 3}


def test_what_is_written_meanwhile_is_listed_anew(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "x.zip", zipped(("a.jsonl", LINES)))
    before = path.stat()
    assert len(contents(path, "zip").entries) == 1
    write_archive(path, zipped(*TWO))
    assert len(contents(path, "zip").entries) == 2
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    forget()
    assert len(contents(path, "zip").entries) == 2


def test_members_are_not_written_to_disk_under_their_names(tmp_path: Path) -> None:
    inner = tmp_path / "in"
    inner.mkdir()
    table = io.BytesIO()
    pa.parquet.write_table(pa.table({"text": ["It is four, as all of us know."]}), table)
    members = (("../evil.parquet", table.getvalue()), ("ok.parquet", table.getvalue()))
    for name, content in (("x.zip", zipped(*members)), ("x.tar.gz", gzip.compress(tarred(*members)))):
        looked_at(write_archive(inner / name, content))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in", "x.tar.gz", "x.zip"]


def test_a_shelf_keeps_one_member(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "x.tar.gz", gzip.compress(tarred(*TWO)))
    first, second = contents(path, "tar").entries
    shelf = Shelf()
    one = shelf.take(ArchiveMember(path, "tar", first, shelf))
    assert shelf.take(ArchiveMember(path, "tar", first, shelf)) is one
    assert shelf.take(ArchiveMember(path, "tar", second, shelf)) is not one
