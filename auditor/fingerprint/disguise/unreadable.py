"""Tell text that is mostly code which nothing here undoes; keys and pictures aside, it may hold anything."""

from __future__ import annotations

import re

_RUN = re.compile(r"(?<!\S)(?P<medium>data:(?:image|audio|video|font)/[^\s,]{0,100},)?(?P<run>[!-~]{24,})")
_SHARE = 0.5
"""Share of the characters, blanks aside, that must stand in such runs."""
_LEAST = 120
"""Characters of such runs: fewer are a key, a digest or an address."""
_TURNS, _TURNS_OF_HEX = 0.3, 0.25
"""How often the kind of character changes, by character: 0.45 and more in base64, base85 and hex; under 0.2
in addresses and names."""
_UPPER, _LOWER, _DIGIT, _SIGN = "uldx"
_KINDS = {
    k: _DIGIT if chr(k).isdigit() else _UPPER if chr(k).isupper() else _LOWER if chr(k).islower() else _SIGN
    for k in range(128)
}
_SAME = re.compile(r"u+|l+|d+|x+")
_WORD = re.compile(r"[a-z]{5,}|[A-Z][a-z]{4,}")
_WORDS = 0.25
"""Share of a run that may look like words, which 5 % of base64 does."""
_MOST_LOOKED_AT = 2**16


def is_unreadable(text: str) -> bool:
    """Tell whether at least half of a text stands in runs that are neither words nor addresses nor media."""
    looked_at = text[:_MOST_LOOKED_AT]
    solid = sum(not one.isspace() for one in looked_at)
    coded = sum(len(match["run"]) for match in _RUN.finditer(looked_at) if _is_coded(match))
    return coded >= _LEAST and coded >= _SHARE * solid


def _is_coded(match: re.Match[str]) -> bool:
    run = match["run"][:2000]
    if match["medium"] or "://" in run:
        return False
    if sum(len(word[0]) for word in _WORD.finditer(run)) > _WORDS * len(run):
        return False
    kinds = run.translate(_KINDS)
    turns = len(_SAME.findall(kinds)) / len(kinds)
    present = {kind for kind in _UPPER + _LOWER + _DIGIT + _SIGN if kinds.count(kind) * 20 >= len(kinds)}
    if present in ({_LOWER, _DIGIT}, {_UPPER, _DIGIT}):
        return turns >= _TURNS_OF_HEX
    return len(present) >= 3 and turns >= _TURNS
