"""What a token of code is to the search: an operator, a keyword, a literal, or one of the names of its text.

Names are numbered in the order in which a text first has them, so that the numbers stay when all of them are
changed. Words that most of the common languages reserve keep their identity; fewer of them would do, more
would tie the search to some languages.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BREAK, NUMBER, STRING, COMMENT, CONTROL = 0, 1, 2, 3, 4
"""What is no operator and no word: the end of a block, a literal, a comment, a control character."""
PLAIN, IN_COMMENT, OPENS_STRING, IN_STRING = 0, 1, 2, 3
"""Where a token stands; what is in comments and strings is tokens, too."""
FIRST_KEYWORD, FIRST_NAME = 256, 1024
"""Below the keywords an operator is its own byte."""
MOST_NAMES = 60_000
"""Names of one text that are told apart."""
_RESERVED = """
and as async await bool break case char class const continue def double elif else except false float for
from function if import in int is lambda let new not null or private public return static string switch
this true try var void where while with yield select SELECT FROM WHERE
"""
RESERVED = tuple(_RESERVED.split())
SLOTS = 1024
_PRIME, _START, _MASK = 16777619, 2166136261, 0xFFFFFFFF


def _hash(word: str) -> int:
    value = _START
    for byte in word.encode():
        value = ((value ^ byte) * _PRIME) & _MASK
    return value


def keyword_table() -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """Return an open hash table of the reserved words: 32-bit FNV-1a hashes, -1 where free; symbols."""
    hashes, symbols = np.full(SLOTS, -1, np.int64), np.zeros(SLOTS, np.uint16)
    for number, word in enumerate(RESERVED):
        value = _hash(word)
        slot = value % SLOTS
        while hashes[slot] >= 0:
            slot = (slot + 1) % SLOTS
        hashes[slot], symbols[slot] = value, FIRST_KEYWORD + number
    hashes.setflags(write=False)
    symbols.setflags(write=False)
    return hashes, symbols
