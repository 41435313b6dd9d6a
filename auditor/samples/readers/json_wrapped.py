"""One JSON object around a list of rows (`{"data": [...], ...}`), read once, without holding its rows.

The rows are set aside, the rest is kept: an outline that parses as the object does, with an empty list. What
stands behind the last row counts for the first one too.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from auditor.canonical import RowError, parse_row
from auditor.samples.readers.chunk import CHUNK_BYTES, MAX_ROW_BYTES
from auditor.samples.readers.compression import TruncatedError
from auditor.samples.readers.row_spool import RowSpool

_BLOCK = 1 << 20
_BOM = b"\xef\xbb\xbf"
# Up to the next bracket outside of strings; fails inside a string that has not ended yet.
NEXT_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([\[\]{}])', re.DOTALL)
_KEY = re.compile(rb'"((?:[^"\\]|\\.)*+)"\s*+:\s*+\Z', re.DOTALL)
_WRAPPERS = frozenset(
    {"data", "rows", "examples", "records", "samples", "items", "train", "validation", "test"}
)
_BLANK = b" \t\r\n"
_DEEPEST = 1000


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The rows of an object, and what it says beside them."""

    rows: RowSpool
    """To be closed by whoever is given them."""
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unopened:
    """Why an object with a list of rows cannot be opened."""

    line: int
    reason: str


def outline(stream: BinaryIO) -> Wrapped | Unopened | None:
    """Look at a file whole; None where it is not one object that wraps exactly one list of objects.

    Raises:
        UnreadableInputError: there is no room for its rows.
    """
    look = _Outline(stream)
    found = None
    try:
        found = look.look()
    except (TruncatedError, OSError):
        return None
    finally:
        if not isinstance(found, Wrapped):
            look.drop_rows()
    return found


@dataclass(slots=True)
class _Outline:
    stream: BinaryIO
    buffer: bytes = b""
    done: int = 0
    """Bytes before the buffer."""
    depth: int = 0
    kept: bytearray = field(default_factory=bytearray)
    lists: list[int] = field(default_factory=list)
    """Line of each list under a wrapper's name."""
    inside: bool = False
    """Within such a list."""
    rows: RowSpool | None = None
    """Of the first such list, while it is the only one and holds objects alone."""
    row: tuple[int, int] = (0, 0)
    """Line and start of the row under way."""
    text: tuple[int, int] = (0, 0)
    """Where the first list begins and ends; all that is read, while it goes on."""
    mark: tuple[int, int] = (0, 1)
    """A place and its line; lines are counted on from there."""

    def look(self) -> Wrapped | Unopened | None:
        ended = False
        first = True
        while block := self.stream.read(next_block(len(self.buffer))):
            self.buffer += block.removeprefix(_BOM) if first else block
            self.done += len(_BOM) if first and block.startswith(_BOM) else 0
            first = False
            if ended or (ended := self._scan()):
                if self.buffer.strip(_BLANK):
                    return None  # another row follows
                self._drop(len(self.buffer))
            elif self.depth > _DEEPEST or len(self.kept) + len(self.buffer) > MAX_ROW_BYTES:
                return self._give_up()
            elif self.depth <= 0:
                return None
        return self._result() if ended else None

    def _give_up(self) -> Unopened | None:
        if not self.lists:
            return None
        what = "a row" if self.inside else "what stands around the rows"
        return Unopened(self.lists[0], f"{what} is too large or too deep")

    def _result(self) -> Wrapped | Unopened | None:
        if not self.lists:
            return None
        line = self.lists[0]
        if self.rows is not None:
            try:
                about = parse_row(bytes(self.kept))
            except RowError as error:
                return Unopened(line, f"what stands around the rows is {error.message}")
            beside = {name: value for name, value in about.items() if name not in _WRAPPERS or value != []}
            return Wrapped(self.rows, beside)
        if self.done > CHUNK_BYTES:
            return Unopened(line, "the object holds several lists, or a list of something else than rows")
        return None

    def _scan(self) -> bool:
        """Take in what the buffer holds; return whether the object ended."""
        at = 0
        while match := NEXT_BRACKET.match(self.buffer, at):
            place = match.end() - 1
            sign = self.buffer[place]
            if self.inside:
                self._within(at, place, sign)
            else:
                self._around(at, place, sign)
            at = place + 1
            if self.depth <= 0:
                self._drop(at)
                return self.depth == 0 and self.kept[-1:] == b"}"
        self._drop(at)
        return False

    def _within(self, at: int, place: int, sign: int) -> None:
        if self.depth == 2 and (sign == 0x5B or self.buffer[at:place].strip(b" \t\r\n,")):
            self.drop_rows()
        elif self.depth == 2 and self.rows is not None:
            self.row = (self._line_at(place), self.done + place)
        self.depth += 1 if sign in b"[{" else -1
        if self.depth == 2 and sign not in b"[{" and self.rows is not None:
            self.rows.add(*self.row, self.done + place + 1)
        elif self.depth == 1:
            self.inside = False
            self.text = (self.text[0], self.done + place)
            self.kept += b"]"

    def _around(self, at: int, place: int, sign: int) -> None:
        text = self.buffer[at : place + 1]
        self.kept += text
        if sign not in b"[{":
            self.depth -= 1
            return
        if self.depth == 0 and (sign == 0x5B or text[:-1].strip(_BLANK)):
            self.depth = -1  # not an object
            return
        self.depth += 1
        if self.depth == 2 and sign == 0x5B and _key(text[:-1]) in _WRAPPERS:
            self.inside = True
            self.lists.append(self._line_at(place))
            if len(self.lists) == 1:
                self.text = (self.done + place + 1, sys.maxsize)
                self.rows = RowSpool(self.text[0])
            else:
                self.drop_rows()

    def drop_rows(self) -> None:
        """Give up what was set aside."""
        if self.rows is not None:
            self.rows.close()
            self.rows = None

    def _line_at(self, place: int) -> int:
        mark, line = self.mark
        line += self.buffer.count(b"\n", max(mark - self.done, 0), place)
        self.mark = (self.done + place, line)
        return line

    def _drop(self, size: int) -> None:
        self._line_at(size)
        if self.rows is not None:
            start, end = (min(max(place - self.done, 0), size) for place in self.text)
            self.rows.write(self.buffer[start:end])
        self.buffer = self.buffer[size:]
        self.done += size


def next_block(held: int) -> int:
    """Return how many bytes to read beside those held: as many again, so that none is looked at often."""
    return max(_BLOCK, min(held, MAX_ROW_BYTES - held))


def _key(text: bytes) -> str:
    found = _KEY.search(text)
    try:
        return next(iter(parse_row(b'{"' + found[1] + b'":1}')), "") if found else ""
    except RowError:
        return ""
