"""What a value names: whatever stands where a teacher or license belongs is never passed over.

What is too long is cut, what is not a text is written out: both stay unknown names, which no policy allows.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterator
from typing import Any

from auditor.domain.claim import ClaimKind
from auditor.samples.claims.moments import iso_day

MAX_VALUE = 200
_MAX_LICENSE = 1 << 16
_NAMED = (
    *("name", "id", "model", "model_name", "model_id", "spdx", "spdx_id", "spdx_expression", "license"),
    *("license_name", "license_id", "identifier"),
)
"""Members that an object's name stands in; where they differ, each is a claim."""
_DESCRIBED = ("title", "type", "url", "@id")
"""Members that stand for a name where there is none; the first is taken."""


def values(kind: ClaimKind, value: Any) -> Iterator[str]:
    """Yield what a value names; whatever stands where a teacher or license belongs names something."""
    if kind is ClaimKind.GENERATED_AT:
        value = iso_day(value)
    elif kind in (ClaimKind.TEACHER, ClaimKind.LICENSE) and not isinstance(value, str):
        yield from _written_out(kind, value)
        return
    elif kind is ClaimKind.LICENSE and (listed := _listed(value)):
        yield from _written_out(kind, listed)
        return
    if isinstance(value, str) and (text := value.strip()):
        whole = _MAX_LICENSE if kind is ClaimKind.LICENSE else MAX_VALUE
        yield text if len(text) <= whole else cut(text)


def _listed(text: str) -> list[str]:
    """Return the entries of a list that stands in a cell as text of Python or JSON."""
    if not text.lstrip().startswith("[") or len(text) > _MAX_LICENSE:
        return []
    try:
        found = literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    entries = found if isinstance(found, list) else []
    return entries if all(isinstance(one, str) and not one.startswith("[") for one in entries) else []


def _written_out(kind: ClaimKind, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        known = {str(name).lower(): inner for name, inner in value.items()}
        said = [known[name] for name in (*_NAMED, *_DESCRIBED) if _is_said(known.get(name))]
        count = sum(_is_said(known.get(name)) for name in _NAMED)
        if said:
            for text in dict.fromkeys(said[: count or 1]):
                yield from values(kind, text)
        elif any(item is not None for item in value.values()):
            yield cut(str(value))
    elif isinstance(value, list):
        for item in value:
            yield from values(kind, item)
    elif value is not None and not isinstance(value, bool):
        yield cut(str(value))


def _is_said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def cut(text: str) -> str:
    """Return a text, or what cannot be taken for one of the names that a longer text begins with."""
    if len(text) <= MAX_VALUE:
        return text
    head = f"{len(text):,} characters, no name, that begin with "
    return f"{head}«{text[: MAX_VALUE - len(head) - 3]}…»"
