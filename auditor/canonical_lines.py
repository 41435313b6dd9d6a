"""Many rows of JSON text at once: each as `canonical.parse_canonical` gives it, at half the cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditor.canonical import LONG, RowError, parse_canonical, parse_unchecked

Parsed = tuple[dict[str, Any], bytes]


def parse_many(raws: Sequence[bytes]) -> list[Parsed | RowError]:
    """Return each row with its canonical form, or why it cannot be read.

    Whether a member was lost is asked of all rows together. A lost member shows as quotes that the forms
    lack, and no row has quotes too many that could make up for another's.
    """
    found: list[Parsed | RowError] = []
    texts, forms, dropped = list[bytes](), list[bytes](), 0
    for raw in raws:
        try:
            row, form, more = parse_unchecked(raw)
            if form is None or more >= LONG:
                found.append(parse_canonical(raw))
                continue
        except RowError as error:
            found.append(error)
            continue
        texts.append(raw)
        forms.append(form)
        dropped += more
        found.append((row, form))
    if _all_there(b"".join(texts), b"".join(forms), dropped):
        return found
    return [_alone(raw) for raw in raws]


def _alone(raw: bytes) -> Parsed | RowError:
    try:
        return parse_canonical(raw)
    except RowError as error:
        return error


def _all_there(texts: bytes, forms: bytes, dropped: int) -> bool:
    """Tell by the quotes whether the forms hold all of the texts but so many null members."""
    import numpy as np  # ten times as fast as bytes.count where quotes are many

    signs = np.frombuffer(texts, np.uint8)
    lacking = np.count_nonzero(signs == ord('"')) - np.count_nonzero(
        np.frombuffer(forms, np.uint8) == ord('"')
    )
    if lacking != 2 * dropped:
        return False
    # An escaped quote would be gained.
    escapes = np.flatnonzero(signs == ord("\\"))
    for offset, sign in enumerate(b"u0022", start=1):
        if not escapes.size:
            break
        escapes = escapes[escapes + offset < signs.size]
        escapes = escapes[signs[escapes + offset] == sign]
    return not escapes.size
