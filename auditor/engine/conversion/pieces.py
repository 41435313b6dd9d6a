"""A text as pieces that a conversion leaves alone: its lines without the marks of any chat template.

Two texts that differ in white space, in their template, or in what stands before and after have pieces in
common; each piece is kept as a digest alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from hashlib import blake2b

_BREAKS = re.compile(
    r"\r?\n|\r|<[|｜][^|｜<>\n]{1,40}[|｜]>|</?s>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS)\]|<</?SYS>>"
    r"|<(?:start_of_turn|end_of_turn|bos|eos|sep|pad)>"
)
"""Where a text is cut: at its lines, and at what templates write around turns."""
_SPEAKERS = (
    "user|human|assistant|system|gpt|model|bot|ai|instruction|input|response|question|answer|prompt"
    "|completion|output|q|a"
)
_SPEAKS = re.compile(rf"(?:#{{1,4}}\s*)?(?:{_SPEAKERS})\s*:\s*|#{{2,4}}\s*(?:{_SPEAKERS})\s*$", re.IGNORECASE)
"""How a template begins what somebody says: `### Response:`, `Human:`."""
_ROLE = re.compile(rf"(?:{_SPEAKERS})", re.IGNORECASE)
_MOST = 4096
"""Pieces of one text; what follows is one more."""


def pieces(text: str) -> list[str]:
    """Return the pieces of a text, in its order."""
    found = list(_pieces(text))
    if not found and (whole := _plain(text)):
        return [whole]
    return found if len(found) <= _MOST else [*found[:_MOST], "\n".join(found[_MOST:])]


def piece_digest(piece: str) -> int:
    """Return 64 bits of a piece's digest."""
    return int.from_bytes(blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _pieces(text: str) -> Iterator[str]:
    for line in _BREAKS.split(text):
        piece = _plain(line)
        if (head := _SPEAKS.match(piece)) is not None:
            piece = piece[head.end() :]
        if piece and not _ROLE.fullmatch(piece):
            yield piece


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
