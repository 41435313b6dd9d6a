"""The signs of a text as patterns: the specification, and the way where no kernel pays.

Form is a weak sign, and a phrase is a hint: nothing is judged by them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.fingerprint.phrases import SIEVE

CODE: Final = 1
"""Program text, or lines that end as those of programs do."""
PROGRAM: Final = 2
"""Plain program text."""
FORMULA: Final = 4
SHORT: Final = 8
"""A bare answer: a label, a number or a name."""
VERSE: Final = 16
DIALOGUE: Final = 32
SPOKEN: Final = 64
"""A telling phrase may stand in it (`phrases.find_phrases`)."""
BARE_ANSWER = 40
"""Characters of the shortest text that is no bare answer."""
_PROGRAM = r"```|(?m:^\s*(?:def|class|import|#include|SELECT|public|function|const|let|var)\b.*$\n?){2}"
_PATTERNS = {
    CODE: _PROGRAM + r"|[;{}]\n",
    PROGRAM: _PROGRAM,
    FORMULA: r"\\(?:frac|sum|int|sqrt|begin|boxed)\b|[0-9)]\s?[-+*/×÷=]\s?[0-9(]+\s?=",
    VERSE: r"(?:(?:^|\n)[A-Z][^\n:|*0-9-]{8,60}){4}",
    DIALOGUE: r"(?s)(?:[“\"][A-Z][^”\"\n]{2,}[,.!?…][”\"].*){3}",
    SPOKEN: SIEVE,
}


def signs_by_patterns(texts: pa.Array | pa.ChunkedArray) -> NDArray[np.uint8]:
    """Return the signs of every text, uint8 of the bits above; null is an empty text."""
    found = np.zeros(len(texts), np.uint8)
    for sign, pattern in _PATTERNS.items():
        matches = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
        found[np.asarray(matches.to_numpy(zero_copy_only=False), bool)] |= sign
    lengths = pc.fill_null(pc.utf8_length(texts), 0).to_numpy(zero_copy_only=False)
    found[lengths < BARE_ANSWER] |= SHORT
    return found


def starts(names: Iterable[str]) -> NDArray[np.uint8]:
    """Return which three bytes may begin one of these names in any case: uint8[32768], by five bits each.

    Names are told by their first letters, three where they have so many.
    """
    found = np.zeros((32, 32, 32), np.uint8)
    for name in names:
        for form in _cases(name[:3]):
            place = tuple(byte & 31 for byte in form[:3])
            found[place] = 1  # of fewer letters, whatever follows them
    return found.reshape(-1)


def _cases(letters: str) -> Iterable[bytes]:
    """Yield the spellings of some letters that a pattern takes for the same, as UTF-8."""
    others = {"k": "\N{KELVIN SIGN}", "s": "\N{LATIN SMALL LETTER LONG S}"}
    for form in product(*((letter, others.get(letter, letter)) for letter in letters.lower())):
        yield "".join(form).encode()
