"""The revocation list: what no longer holds, each line with its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from auditor.attest.files import read_bounded
from auditor.domain.permit import Permit
from auditor.errors import EvidenceError, UsageError
from auditor.ids import PREFIX, hex_of

MAX_BYTES = 64 << 20
"""A list is no longer than this."""
_LINE = re.compile(f"(payload|dataset|key):(?:{PREFIX})?([0-9a-f]{{64}})")
_BARE = re.compile(rf"\\?(?:{PREFIX})?[0-9a-f]{{64}}(?:\s.*)?")
_FORM = "write payload:SHA256, dataset:SHA256 or key:SHA256, a line each"
_HOW = (
    f"{_FORM}; `auditor verify PERMIT --format json` shows a permit's payload digest as `permit`. The digest "
    "of a file, as sha256sum writes it, revokes nothing: the same permit can be written as another file"
)


class RevokedKind(StrEnum):
    """What a line of the list speaks of."""

    PAYLOAD = "payload"
    """One permit: the SHA-256 of what was signed, whoever signed it and however it is written."""
    DATASET = "dataset"
    KEY = "key"
    """Whoever signed by it: the permit, or a waiver that the permit rests on."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """One line: a kind and a SHA-256 in hexadecimal."""

    kind: RevokedKind
    digest: str

    def __str__(self) -> str:
        """Return the line."""
        return f"{self.kind}:{self.digest}"


def read_revoked(path: Path) -> frozenset[Revoked]:
    """Read a revocation list: `KIND:SHA256` a line, `#` starts a comment.

    Raises:
        UsageError: unreadable, or a line is of another form: a list that cannot be read revokes nothing.
    """
    try:
        lines = read_bounded(path, MAX_BYTES).decode("utf-8-sig").splitlines()
    except (EvidenceError, UnicodeDecodeError):
        raise UsageError(
            "the revocation list cannot be read", where=str(path), fix="check the path"
        ) from None
    found: set[Revoked] = set()
    for number, line in enumerate(lines, start=1):
        text = line.partition("#")[0].strip().lower()
        if text:
            found.add(_parse(text, f"{path}:{number}"))
    return frozenset(found)


def revoked_by(permit: Permit, listed: Iterable[Revoked]) -> Revoked | None:
    """Return the line that revokes a permit; None for none."""
    return next((one for one in sorted(listed, key=str) if one.digest in _names(permit, one.kind)), None)


def _names(permit: Permit, kind: RevokedKind) -> set[str]:
    match kind:
        case RevokedKind.PAYLOAD:
            names = [str(permit.digest)]
        case RevokedKind.DATASET:
            names = [str(permit.dataset_digest)]
        case RevokedKind.KEY:
            approvers = (key for one in permit.waivers if not one.stale for key in one.signed_by)
            names = [*permit.signers, *approvers]
        case _:
            assert_never(kind)
    return {hex_of(name) for name in names}


def _parse(text: str, where: str) -> Revoked:
    match = _LINE.fullmatch(text)
    if match is not None:
        return Revoked(RevokedKind(match.group(1)), match.group(2))
    if _BARE.fullmatch(text):
        raise UsageError("this digest does not say what it revokes", where=where, fix=_HOW)
    raise UsageError("this is not a line of a revocation list", where=where, fix=_FORM)
