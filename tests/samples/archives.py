"""Archives as tools write them, and as nobody should."""

from __future__ import annotations

import io
import tarfile
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path

from auditor.errors import AuditorError
from auditor.samples.source import open_source
from auditor.samples.unread import find_unread
from tests.samples.reading import LINES

PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def zipped(
    *members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b""
) -> bytes:
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", method) as archive:
        warnings.simplefilter("ignore")  # two members of one name
        for name, content in members:
            info = name if isinstance(name, zipfile.ZipInfo) else dated(name)
            archive.writestr(info, content, None if info is name else method)
        archive.comment = comment
    return held.getvalue()


def dated(name: str) -> zipfile.ZipInfo:
    """Return a member of a fixed time: what tests are made of is the same whenever they are collected."""
    return zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))


def tarred(*members: tuple[str | tarfile.TarInfo, bytes | None], format: int = tarfile.PAX_FORMAT) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=format) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            if content is not None:
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content) if content is not None else None)
    return held.getvalue()


def special(name: str, kind: bytes, **said: str) -> tarfile.TarInfo:
    """Return a member of a tar that is no plain file, or with notes of its own."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.pax_headers = kind, "a.jsonl", said
    return info


def linked(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def patched(data: bytes, *changes: tuple[bytes, int, bytes]) -> bytes:
    """Write over bytes: each change stands so far behind the first place of a mark."""
    found = bytearray(data)
    for mark, offset, new in changes:
        at = found.find(mark) + offset
        found[at : at + len(new)] = new
    return bytes(found)


def encrypted(data: bytes) -> bytes:
    return patched(data, (b"PK\x03\x04", 6, b"\x01"), (b"PK\x01\x02", 8, b"\x01"))


def looked_at(path: Path) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    """Return the rows by file, the reasons of what cannot be read, and of what was left unread."""
    source = open_source([str(path)])
    try:
        for _ in source:
            pass
    except AuditorError as error:
        return {}, {str(error.where): error.message}, {}
    rows = {facts.name: facts.rows for facts in source.files if facts.rows}
    bad = {file.file: file.reason for file in source.unreadable_files}
    bad.update({row.sample_id: row.reason for row in source.unreadable})
    return rows, bad, {one.name: one.reason for one in find_unread([str(path)])}


def write_archive(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def names(rows: Iterable[str]) -> list[str]:
    """Return the members' names alone."""
    return [name.partition("!/")[2] for name in rows]


TWO = (("a.jsonl", LINES), ("sub/b.jsonl", LINES))
