"""The lanes of an index: which there are, and how one index gets the other's."""

from __future__ import annotations

from enum import StrEnum

from auditor.errors import UsageError


class Lane(StrEnum):
    """A way to find a text; every match says which one found it."""

    NGRAMS = "ngrams"
    MINHASH = "minhash"
    CODE = "code"


_FIX = "give ngrams, minhash, code or several, such as ngrams,minhash,code"


def read_lanes(text: str) -> tuple[Lane, ...]:
    """Read `ngrams,minhash,code` or some of them.

    Raises:
        UsageError: a lane is unknown, or none is named.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := sorted({*names} - {*Lane}):
        raise UsageError(f"there is no lane `{unknown[0]}`", fix=_FIX)
    if not names:
        raise UsageError("no lane is named", fix=_FIX)
    if Lane.CODE in names and Lane.NGRAMS not in names:
        raise UsageError("the code lane stands beside n-grams", fix="give ngrams,code or ngrams,minhash,code")
    return tuple(lane for lane in Lane if lane in names)
