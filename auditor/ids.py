"""The identifiers that cross module borders, as distinct types; how a digest is written and read."""

from __future__ import annotations

import hashlib
import re
from typing import NewType, Protocol

Digest = NewType("Digest", str)
"""`sha256:` and 64 lower-case hex digits."""

TeacherId = NewType("TeacherId", str)
TermsId = NewType("TermsId", str)
FindingId = NewType("FindingId", str)

PREFIX = "sha256:"
"""What a written digest begins with."""
_DIGEST = re.compile(f"{PREFIX}[0-9a-f]{{64}}")


class Hash(Protocol):
    """A SHA-256 in the making, as `hashlib` gives it."""

    def digest(self) -> bytes:
        """Return the 32 bytes."""


def digest_of(content: bytes) -> Digest:
    """Return the SHA-256 of `content`."""
    return Digest(PREFIX + hashlib.sha256(content).hexdigest())


def digest_of_hash(gathered: Hash) -> Digest:
    """Return the digest of all that a SHA-256 was given."""
    return written(gathered.digest())


def written(raw: bytes) -> Digest:
    """Write 32 bytes down as a digest."""
    return Digest(PREFIX + raw.hex())


def hex_of(digest: str) -> str:
    """Return a digest without its prefix; a bare one as it is."""
    return digest.removeprefix(PREFIX)


def raw_of(digest: str) -> bytes:
    """Return the 32 bytes of a written digest.

    Raises:
        ValueError: it is not written in hex.
    """
    return bytes.fromhex(hex_of(digest))


def is_digest(text: str) -> bool:
    """Tell whether `text` is a digest as it is written."""
    return _DIGEST.fullmatch(text) is not None
