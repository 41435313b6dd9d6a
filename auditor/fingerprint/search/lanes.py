"""The lanes of an index: which there are, and how one index gets the other's."""

from __future__ import annotations

from enum import StrEnum

from auditor.errors import UsageError


class Lane(StrEnum):
    """A way to find a text; every match says which one found it."""

    NGRAMS = "ngrams"
    MINHASH = "minhash"


def read_lanes(text: str) -> tuple[Lane, ...]:
    """Read `ngrams,minhash` or one of them.

    Raises:
        UsageError: a lane is unknown, or none is named.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := sorted({*names} - {*Lane}):
        raise UsageError(f"there is no lane `{unknown[0]}`", fix="give ngrams, minhash or ngrams,minhash")
    if not names:
        raise UsageError("no lane is named", fix="give ngrams, minhash or ngrams,minhash")
    return tuple(lane for lane in Lane if lane in names)
