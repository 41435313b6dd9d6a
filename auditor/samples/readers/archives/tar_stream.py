"""The members of a tar, one after the other, from a stream that is read once."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from auditor.samples.readers.archives.entry import HEAD, MOST_ENTRIES, Entry, named
from auditor.samples.readers.compression import TruncatedError

BLOCK = tarfile.BLOCKSIZE
_LONGEST_NOTE = 1 << 20
_STEP = 1 << 20
_MOST_TOLD = 4096
_TELLS = frozenset(
    (
        *("path", "linkpath", "size", "mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "charset"),
        *(
            "hdrcharset",
            "LIBARCHIVE.creationtime",
            "SCHILY.dev",
            "SCHILY.ino",
            "SCHILY.nlink",
            "SCHILY.fflags",
        ),
        *("SCHILY.acl.access", "SCHILY.acl.default", "SCHILY.realsize", "RHT.security.selinux"),
        *("SCHILY.xattr.security.selinux", "SCHILY.devmajor", "SCHILY.devminor"),
    )
)
"""Members of an extended header that say where and how a file lay."""
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_NOTES = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
_WHY = {
    tarfile.LNKTYPE: "it is a link",
    tarfile.SYMTYPE: "it is a link",
    tarfile.CHRTYPE: "it is a device",
    tarfile.BLKTYPE: "it is a device",
    tarfile.FIFOTYPE: "it is a pipe",
    tarfile.GNUTYPE_SPARSE: "it is a sparse file",
}
_EMPTY_TYPES = (
    tarfile.LNKTYPE,
    tarfile.SYMTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.FIFOTYPE,
    tarfile.DIRTYPE,
)
"""No data follows them, whatever size they state."""


def is_tar(head: bytes) -> bool:
    """Tell a tar by the sum in its first header; old ones have no other mark."""
    return len(head) >= BLOCK and any(head[:BLOCK]) and _header(head[:BLOCK]) is not None


class Header(NamedTuple):
    """What a header says of the member that follows it."""

    name: str
    kind: bytes
    size: int


def _header(block: bytes) -> Header | None:
    """Read a header; None for what is none."""
    kind, stated, size = block[156:157], block[148:156].strip(b" \0"), block[124:136].strip(b" \0")
    if block[257:262] == b"ustar" and kind in b"05" and stated.isdigit() and size.isdigit():
        # As most are: the library takes ten times as long.
        try:
            if sum(block[:148]) + 8 * 32 + sum(block[156:]) != int(stated, 8):
                return None
            name, folder = (
                block[at:end].partition(b"\0")[0].decode("utf-8", "surrogateescape")
                for at, end in ((0, 100), (345, 500))
            )
            return Header(f"{folder}/{name}" if folder else name, kind, int(size, 8))
        except ValueError:  # a digit that is not octal
            return None
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError, OverflowError):
        return None
    return Header(info.name, info.type, info.size)


@dataclass(slots=True)
class TarStream:
    """Reads forward; the data of a member can be read until the next one is asked for."""

    stream: BinaryIO
    size: int | None = None
    """Bytes of the stream, where it is a plain file that can be skipped in."""
    stray: int = 0
    """Bytes behind the end, once all was read."""
    at: int = 0
    told: dict[tuple[str, str], None] = field(default_factory=dict)
    """What its extended headers say in texts, each once, within bounds."""
    _next: int = 0
    """Where the next header stands."""
    _notes: dict[str, str] = field(default_factory=dict)
    _for_all: dict[str, str] = field(default_factory=dict)

    def entries(self, *, heads: bool = False) -> Iterator[Entry]:
        """Yield the members; folders are passed over.

        Args:
            heads: keep the first bytes of each.

        Raises:
            TruncatedError: the tar is damaged or ends early, or has too many members.
        """
        count = 0
        while (block := self._block()) is not None:
            info = _header(block)
            if info is None:
                raise TruncatedError(f"the tar is damaged at byte {self.at - BLOCK:,}")
            entry = self._entry(info, block, heads)
            if entry is None:
                continue
            count += 1
            if count > MOST_ENTRIES:
                raise TruncatedError(f"the tar holds more than {MOST_ENTRIES:,} members")
            yield entry

    def data(self, entry: Entry) -> Iterator[bytes]:
        """Yield the data of the member that was yielded last, in pieces.

        Raises:
            TruncatedError: they end early.
        """
        end = entry.at + entry.size
        while self.at < end:
            yield self.read(min(_STEP, end - self.at))

    def seek_to(self, place: int) -> None:
        """Go forward to a byte of the stream."""
        if self.size is not None and place > self.at:
            if place > self.size:
                raise TruncatedError("the tar ends early")
            self.stream.seek(place)
            self.at = place
        while self.at < place:
            self.read(min(_STEP, place - self.at))

    def read(self, count: int) -> bytes:
        """Return the next bytes, all of them."""
        found = self.stream.read(count)
        self.at += len(found)
        if len(found) < count:
            raise TruncatedError("the tar ends early")
        return found

    def _block(self) -> bytes | None:
        """Return the next header; None at the end."""
        self.seek_to(self._next)
        block = self.stream.read(BLOCK)
        self.at += len(block)
        self._next = self.at
        if not block:
            return None
        if len(block) < BLOCK:
            raise TruncatedError("the tar ends early")
        if any(block):
            return block
        self._look_behind()
        return None

    def _look_behind(self) -> None:
        while found := self.stream.read(_STEP):
            self.stray += len(found.strip(b"\0"))
            if self.stray:
                return

    def _noted(self, info: Header) -> bool:
        """Take in what a header says of the member after it; tell whether it does no more."""
        if info.kind in _NOTES:
            said = self._pax(info.size)
            (self._for_all if info.kind == tarfile.XGLTYPE else self._notes).update(said)
            if not _TELLS.issuperset(said):
                self._keep(said)
        elif info.kind in (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK):
            text = self._note(info.size).partition(b"\0")[0].decode("utf-8", "surrogateescape")
            if info.kind == tarfile.GNUTYPE_LONGNAME:
                self._notes["path"] = text
        else:
            return False
        return True

    def _keep(self, said: dict[str, str]) -> None:
        """Keep what is told in texts; one note more than fits says that there are more."""
        for name, text in said.items():
            if name not in _TELLS and not name.startswith("GNU.sparse.") and len(self.told) <= _MOST_TOLD:
                self.told[name, text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")] = None

    def _entry(self, info: Header, block: bytes, heads: bool) -> Entry | None:
        """Return the member that a header begins; None for what is none of its own."""
        if self._noted(info):
            return None
        said, self._notes = {**self._for_all, **self._notes}, {}
        size = 0 if info.kind in _EMPTY_TYPES else _number(said.get("size"), info.size)
        why = "" if info.kind in _FILES else _WHY.get(info.kind, "it is of a kind that is not read")
        if any(key.startswith("GNU.sparse.") for key in said):
            why = _WHY[tarfile.GNUTYPE_SPARSE]
        if info.kind == tarfile.GNUTYPE_SPARSE:
            goes_on = block[482]
            while goes_on:
                goes_on = self.read(BLOCK)[504]
        if size < 0:
            raise TruncatedError(f"the tar is damaged at byte {self.at - BLOCK:,}")
        begin = self.at
        self._next = begin + -(-size // BLOCK) * BLOCK
        if self.size is not None and begin + size > self.size:
            raise TruncatedError("the tar ends early")
        raw = said.get("path", info.name)
        if info.kind == tarfile.DIRTYPE or (info.kind in _FILES and raw.endswith("/") and not size):
            return None
        name, odd = named(raw)
        head = self.read(min(HEAD, size)) if heads and not (why or odd) else b""
        return Entry(name, size, begin, size, head=head, why_not=why or odd)

    def _note(self, size: int) -> bytes:
        if not 0 <= size <= _LONGEST_NOTE:
            raise TruncatedError(f"the tar is damaged at byte {self.at - BLOCK:,}: a name is too long")
        found = self.read(size)
        self._next = self.at + -size % BLOCK
        return found

    def _pax(self, size: int) -> dict[str, str]:
        raw, found, at = self._note(size), dict[str, str](), 0
        while at < len(raw) and raw[at]:
            length, blank, _ = raw[at : at + 20].partition(b" ")
            end = at + int(length) if length.isdigit() else 0
            key, sign, value = raw[at + len(length) + 1 : end - 1].partition(b"=")
            if not blank or not sign or not at < end <= len(raw):
                raise TruncatedError(f"the tar is damaged at byte {self.at - BLOCK:,}")
            found[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
            at = end
        return found


def _number(said: str | None, stated: int) -> int:
    if said is None:
        return stated
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 20 else -1
