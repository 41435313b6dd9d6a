"""Files that hold no rows that are read, told by their first bytes: what each is, and what to do about it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from auditor.errors import UnreadableInputError


class Kind(NamedTuple):
    """What a file is instead of rows."""

    what: str
    fix: str


_UNPACK = "unpack it, then name the files in it"
_CONVERT = "write the rows to JSONL or Parquet"
_FETCH_AGAIN = "fetch the file again, logged in where that is asked for"
_LFS = Kind("a pointer of Git LFS, not the data", "run `git lfs pull`")
_XET = Kind("a pointer of Xet, not the data", "fetch it with git-xet or `hf download`")
_GIT_ANNEX = Kind("a pointer of git-annex, not the data", "run `git annex get`")
_POINTERS = (_LFS, _XET, _GIT_ANNEX)
_PICKLE = Kind("a pickle, which runs code when it is opened", _CONVERT)
_MARKS: tuple[tuple[bytes, Kind], ...] = (
    (b"version https://git-lfs.github.com/spec/", _LFS),
    (b"version https://hawser.github.com/spec/", _LFS),
    (b"# xet version ", _XET),
    (b"7z\xbc\xaf", Kind("a 7z archive", _UNPACK)),
    (b"Rar!\x1a", Kind("a rar archive", _UNPACK)),
    (b"!<arch>\n", Kind("an ar archive", _UNPACK)),
    (b"MSCF\0\0\0\0", Kind("a cab archive", _UNPACK)),
    (b"\x04\x22\x4d\x18", Kind("compressed by lz4", "unpack it by `lz4 -d`, or compress it by gzip or zstd")),
    (b"\xff\x06\x00\x00sNaPpY", Kind("compressed by snappy", "unpack it, or compress it by gzip or zstd")),
    (b"\x1f\x9d", Kind("compressed by `compress`", "unpack it by `uncompress`")),
    (b"LZIP\x01", Kind("compressed by lzip", "unpack it by `lzip -d`")),
    (b"\x89LZO", Kind("compressed by lzop", "unpack it by `lzop -d`")),
    (b"\x80\x02", _PICKLE),
    (b"\x80\x03", _PICKLE),
    (b"\x80\x04", _PICKLE),
    (b"\x80\x05", _PICKLE),
    (b"SQLite format 3\0", Kind("an SQLite database", _CONVERT)),
    (b"\x89HDF", Kind("an HDF5 file", _CONVERT)),
    (b"\x93NUMPY", Kind("a NumPy array", _CONVERT)),
    (b"Obj\x01", Kind("an Avro file", _CONVERT)),
    (b"\xd0\xcf\x11\xe0", Kind("an old Office document", _CONVERT)),
    (b"%PDF-", Kind("a PDF", _CONVERT)),
    (b"\xff\xfe\0\0", Kind("UTF-32", "convert it to UTF-8 by `iconv -f UTF-32 -t UTF-8`")),
    (b"\0\0\xfe\xff", Kind("UTF-32", "convert it to UTF-8 by `iconv -f UTF-32 -t UTF-8`")),
    (b"\xff\xfe", Kind("UTF-16", "convert it to UTF-8 by `iconv -f UTF-16 -t UTF-8`")),
    (b"\xfe\xff", Kind("UTF-16", "convert it to UTF-8 by `iconv -f UTF-16 -t UTF-8`")),
)  # fmt: skip
_HTML = re.compile(rb"(?i)(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|script|meta|title)\b", re.DOTALL)
_XML = re.compile(rb"<(\?xml\b|Error\b|[A-Za-z][\w:.-]*\s+xmlns)")
_ANNEX = re.compile(rb"(/annex/objects/|(\.\./)*(\.git/)?annex/objects/)[^\n]{1,400}\n?")
_LINKED = re.compile(r"(^|/)(\.git/)?annex/objects/")
_PYTHON = re.compile(rb"\{\s*(u?'[^'\n]{1,80}'\s*:|\"[^\"\n]{1,80}\"\s*:\s*(None|True|False)\b)")
_WIDE = 64
"""Bytes at the start that tell text of two bytes a sign."""


def refuse_other(head: bytes, *, pointers_only: bool = False) -> None:
    """Refuse what is told by its first bytes, unfolded, to hold no rows.

    Args:
        pointers_only: of what only stands for the data: another reader knows what the data look like.

    Raises:
        UnreadableInputError: it names what the file is.
    """
    kind = next((kind for mark, kind in _MARKS if head.startswith(mark)), None) or _by_text(head)
    if kind is not None and (kind in _POINTERS or not pointers_only):
        verb = "the file is" if kind.what.startswith("UTF-") else "it is"
        raise UnreadableInputError(f"{verb} {kind.what}", fix=kind.fix)


def refuse_broken_link(path: Path) -> None:
    """Refuse a link that leads nowhere, by what it is.

    Raises:
        UnreadableInputError: it is a link of git-annex, or another that leads nowhere.
    """
    if not path.is_symlink() or path.exists():
        return
    if _LINKED.search(os.readlink(path)):
        raise UnreadableInputError("it is a link of git-annex, not the data", fix="run `git annex get`")
    raise UnreadableInputError(
        "the file cannot be opened: it is a link that leads nowhere", fix="remove the link"
    )


def _by_text(head: bytes) -> Kind | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _ANNEX.fullmatch(text):
        return _GIT_ANNEX
    if _HTML.match(text):
        return Kind("a web page, such as an error or a login", _FETCH_AGAIN)
    if _XML.match(text):
        return Kind("XML, such as a store's error", _FETCH_AGAIN)
    if head.startswith(b"ORC") and b"\0" in head:
        return Kind("an ORC file", _CONVERT)
    if head and not any(head):
        return Kind("nothing but NUL bytes, as of a copy that was cut off", "fetch the file again")
    return _wide(head[:_WIDE])


def _wide(head: bytes) -> Kind | None:
    """Tell text of two bytes a sign without a mark: every other byte of plain letters is zero."""
    even, odd = head[::2], head[1::2]
    if len(head) < 8 or head.startswith((b"PAR1", b"ARROW1")):
        return None
    for zeros, letters, name in ((odd, even, "UTF-16LE"), (even, odd, "UTF-16BE")):
        if not any(zeros) and all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in letters):
            return Kind(f"{name} without a mark", f"convert it to UTF-8 by `iconv -f {name} -t UTF-8`")
    return None


def refuse_other_table(head: bytes) -> None:
    """Refuse a table whose lines or cells are parted by other signs than are read.

    Raises:
        UnreadableInputError: it names the sign.
    """
    first, end, _ = head.partition(b"\n")
    if b"\r" in head and not end:
        raise UnreadableInputError(
            "its lines end in a carriage return alone", fix="convert it by `tr '\\r' '\\n'`"
        )
    if b"|" in first and not any(sign in first for sign in (b",", b";", b"\t")):
        raise UnreadableInputError(
            "its cells are parted by `|`, not by commas, semicolons or tabs", fix="write it with commas"
        )


def refuse_other_text(head: bytes) -> None:
    """Refuse text that is taken for JSON and is another notation throughout.

    Raises:
        UnreadableInputError: it names the notation.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _PYTHON.match(text):
        raise UnreadableInputError(
            "it is Python's notation, not JSON", fix="write the rows by `json.dumps`, not by `str`"
        )
    if text.startswith(b"\x1e"):
        raise UnreadableInputError(
            "it is a JSON text sequence: a sign 0x1E stands before every row",
            fix="remove it by `tr -d '\\036'`",
        )
    if text.startswith((b"//", b"/*")):
        raise UnreadableInputError(
            "it is JSON with comments, which JSON does not have", fix="take the comments out"
        )
    if text.startswith(b"- "):
        raise UnreadableInputError("it is YAML, not JSON", fix="write the rows to JSONL")
