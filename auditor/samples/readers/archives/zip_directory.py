"""The members of a zip as its directory lists them, held against what stands in front of their data."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from typing import BinaryIO

from auditor.samples.readers.archives.entry import HEAD, Entry, named
from auditor.samples.readers.compression import TruncatedError

_LARGEST_DIRECTORY = 16 << 20
_LARGEST_COMMENT = 1 << 16
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_SIZE = 20
_LOCAL = struct.Struct("<4s5H3L2H")
_DESCRIPTOR = 24
"""Bytes at most behind the data of a member whose sizes were not known before."""
_ENCRYPTED, _SIZES_BEHIND, _PATCH, _UTF8 = 0x1, 0x8, 0x20, 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_FAULTS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, struct.error, EOFError,
    OverflowError, IndexError,
)  # fmt: skip


def is_zip(head: bytes) -> bool:
    """Tell a zip by its first bytes; one that is empty, or was once split, begins otherwise."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK", b"PK00PK"))


def zip_entries(file: BinaryIO) -> tuple[list[Entry], int]:
    """Return the members in the directory's order, and how many bytes of the file belong to none.

    Raises:
        TruncatedError: the zip is damaged, too large to list, or its members overlap.
    """
    try:
        behind_all = _check_size(file)
        with zipfile.ZipFile(file) as archive:
            infos, end = archive.infolist(), archive.start_dir
        found = [_local(file, info) for info in infos]
    except _FAULTS as error:
        raise TruncatedError("the zip is damaged or ends early") from error
    at = free = 0
    stray = behind_all
    for begin, over, behind in (*sorted(place for place, _ in found), (end, end, False)):
        if begin < at:
            raise TruncatedError("members of the zip overlap, as in a decompression bomb")
        stray += begin - at if begin - at > free else 0
        at, free = over, _DESCRIPTOR if behind else 0
    return [entry for info, (_, entry) in zip(infos, found, strict=True) if not _is_folder(info)], stray


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith("/") and not info.file_size


def _check_size(file: BinaryIO) -> int:
    """Refuse a directory that would fill the memory; return how many bytes follow the end of the zip.

    Raises:
        TruncatedError: it is too large, or none is there.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LARGEST_COMMENT - _END.size))
    tail = file.read()
    place = len(tail) - _END.size
    if place < 0 or not (tail[place:].startswith(b"PK\x05\x06") and tail.endswith(b"\0\0")):
        place = tail.rfind(b"PK\x05\x06")
    if place < 0 or place + _END.size > len(tail):
        raise TruncatedError("the zip ends early: its directory is not there")
    *_, stated, _, comment = _END.unpack_from(tail, place)
    before = tail[max(0, place - _LOCATOR_SIZE - _END_64.size) : place]
    if before[-_LOCATOR_SIZE:].startswith(b"PK\x06\x07") and before.startswith(b"PK\x06\x06"):
        stated = max(_END_64.unpack_from(before)[8], stated if stated != 0xFFFFFFFF else 0)
    if stated > min(size, _LARGEST_DIRECTORY):
        raise TruncatedError("the zip has too many members, or is damaged")
    return max(0, len(tail) - place - _END.size - int(comment))


def _local(file: BinaryIO, info: zipfile.ZipInfo) -> tuple[tuple[int, int, bool], Entry]:
    """Return from where to where a member reaches, whether more of it may follow, and the member.

    Raises:
        zipfile.BadZipFile: no member is there.
    """
    if info.header_offset < 0:
        raise zipfile.BadZipFile("no member is there")
    file.seek(info.header_offset)
    sign, _, flags, method, _, _, _, _, _, name_size, extra_size = _LOCAL.unpack(file.read(_LOCAL.size))
    raw = file.read(name_size)
    if sign != b"PK\x03\x04":
        raise zipfile.BadZipFile("no member is there")
    begin = info.header_offset + _LOCAL.size + name_size + extra_size
    encoding = "utf-8" if info.flag_bits & _UTF8 else "cp437"
    same = raw.decode(encoding, "replace") == info.orig_filename and method == info.compress_type
    name, odd = named(info.filename)
    file.seek(begin)
    head = file.read(min(HEAD, info.compress_size)) if method == zipfile.ZIP_STORED else b""
    entry = Entry(
        name, info.file_size, begin, info.compress_size, info.compress_type, info.CRC, head,
        _why_not(info, flags) or ("" if same else "two names or kinds are given for it") or odd,
    )  # fmt: skip
    behind = bool((info.flag_bits | flags) & _SIZES_BEHIND)
    return (info.header_offset, begin + info.compress_size, behind), entry


def _why_not(info: zipfile.ZipInfo, flags: int) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if (info.flag_bits | flags) & _ENCRYPTED:
        return "it is encrypted"
    if kind == stat.S_IFLNK:
        return "it is a link"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "it is of a kind that is not read"
    if info.filename.endswith("/") and info.file_size:
        return "it is a folder that holds data"
    if info.compress_type not in _METHODS or info.flag_bits & _PATCH:
        packer = zipfile.compressor_names.get(info.compress_type, str(info.compress_type))  # type: ignore[attr-defined]
        return f"it is packed by a method that is not read ({packer})"
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        return "two sizes are given for it"
    return ""
