"""Read the words of which names of Creative Commons licenses are made."""

from __future__ import annotations

import re

_VERSION = re.compile(r"(?<![\d.])(\d(?:\.\d)?)(?![\d.])")
_MARKS = {
    "attribution": "by",
    "noncommercial": "nc",
    "sharealike": "sa",
    "noderivatives": "nd",
    "noderivs": "nd",
}
WORDS = re.compile(r"[a-z]+")
SPARE = frozenset(
    WORDS.findall(
        "creative commons common license licence licensed international unported public the cc generic v "
        "version under code legal deed en html"
    )
)

_CC0 = re.compile(r"\bcc[ -]?(0|zero)\b")
_DEDICATION = frozenset(("public", "domain", "dedication", "waiver", "universal", "no", "rights", "reserved"))


def elements(words: str) -> str:
    """Return e.g. `CC-BY-NC` for words that are made of Creative Commons elements and nothing else."""
    lower = (
        words.lower().replace("non-commercial", "noncommercial").replace("non commercial", "noncommercial")
    )
    lower = re.sub(r"share[ -]alike", "sharealike", lower)
    lower = re.sub(r"no[ -]?deriv\w*", "noderivatives", lower)
    dedicated = _CC0.sub(" ", lower)
    if dedicated != lower:
        return "" if set(WORDS.findall(dedicated)) - SPARE - _DEDICATION else "CC0"
    if not re.search(r"\bcc\b|creative commons?|^attribution|^by[ -](nc|sa|nd)\b", lower):
        return ""
    marks = [_MARKS.get(word, word) for word in WORDS.findall(lower) if word not in SPARE]
    if not marks or marks[0] != "by" or not set(marks) <= {"by", "nc", "sa", "nd"}:
        return ""
    return "-".join(["CC", *(mark.upper() for mark in ("by", "nc", "sa", "nd") if mark in marks)])


def version_in(words: str) -> str:
    """Return the version that the words name, e.g. `4.0`; empty where they name none or several."""
    found = {one if "." in one else f"{one}.0" for one in _VERSION.findall(_CC0.sub(" ", words.lower()))}
    return found.pop() if len(found) == 1 else ""
