"""Undo what is done to single letters: look-alikes, digits, shifts of the alphabet, order."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import numpy as np

from auditor.fingerprint.disguise.view import Disguise, View

_TABLE = "look_alikes.txt"
_WORD = re.compile(r"[^\W_]+(?:[@$!|][^\W_]+)*|[@$][^\W_]+")
_LEET = str.maketrans("01345789@$", "oieastbgas")
_MIXED_SHARE = 0.12
_ALPHABET = 26
_ENGLISH = np.array(
    (
        *(8.2, 1.5, 2.8, 4.3, 12.7, 2.2, 2.0, 6.1, 7.0, 0.2, 0.8, 4.0, 2.4),
        *(6.7, 7.5, 1.9, 0.1, 6.0, 6.3, 9.1, 2.8, 1.0, 2.4, 0.2, 2.0, 0.1),
    )
)
"""Frequencies of a to z in English, in percent (Lewand, Cryptological Mathematics, 2000)."""
_FITS_BETTER = 0.6
_FEW_LETTERS = 60


@cache
def look_alikes() -> dict[int, str]:
    """Return the Latin letter that each look-alike stands for, by code point."""
    text = resources.files("auditor.fingerprint.disguise").joinpath(_TABLE).read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {int(point, 16): letter for point, letter in pairs}


def without_look_alikes(view: View) -> View:
    """Put Latin letters for those that look like them, where Latin ones stand among them."""
    text = view.text.translate(look_alikes())
    return view if text == view.text else view.with_letters(text, Disguise.LOOK_ALIKES)


def without_leet(view: View) -> View:
    """Put letters for the digits and signs that stand for them, where many words mix the two."""
    words = _WORD.findall(view.text)
    mixed = [w for w in words if any(c.isalpha() for c in w) and w.translate(_LEET) != w]
    if len(mixed) < 3 or len(mixed) < _MIXED_SHARE * len(words):
        return view
    text = _WORD.sub(lambda match: match[0].translate(_LEET), view.text)
    return view.with_letters(text, Disguise.LEET)


def unshifted(view: View) -> View:
    """Turn the alphabet back (rot13, all other shifts, z for a) where the letters are likelier then."""
    lower = np.frombuffer(view.text.encode("ascii", "ignore").lower(), np.uint8)
    letters = lower[(lower >= 97) & (lower <= 122)] - 97
    if letters.size < _FEW_LETTERS:
        return view
    counts = np.bincount(letters, minlength=_ALPHABET) / letters.size * 100
    turns = [(np.arange(_ALPHABET) + shift) % _ALPHABET for shift in range(_ALPHABET)]
    turns.append(np.arange(_ALPHABET)[::-1])
    misfits = [float(((counts[turn] - _ENGLISH) ** 2 / _ENGLISH).sum()) for turn in turns]
    best = int(np.argmin(misfits))
    if best == 0 or misfits[best] > _FITS_BETTER * misfits[0]:
        return view
    # counts[turn[k]] is the share of what stands for letter k, so that turn[k] is written for k.
    table = {}
    for k, written in enumerate(turns[best]):
        table[97 + int(written)] = chr(97 + k)
        table[65 + int(written)] = chr(65 + k)
    return view.with_letters(view.text.translate(table), Disguise.SHIFTED)


def turned(view: View) -> View:
    """Read the text from its end."""
    return view.picked(np.arange(len(view.text))[::-1].astype(np.int64), Disguise.REVERSED)


def words_turned(view: View) -> View:
    """Read every word from its end."""
    places = np.arange(len(view.text), dtype=np.int64)
    for match in re.finditer(r"\S+", view.text):
        first, last = match.span()
        places[first:last] = places[first:last][::-1]
    return view.picked(places, Disguise.REVERSED_WORDS)
