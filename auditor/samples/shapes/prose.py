"""Tell prose, which a trainer may learn, from ids, addresses, numbers and lists of tags."""

from __future__ import annotations

import re
from collections.abc import Sequence

WORDS = 20
"""Words of a cell from which on it is prose."""
_LOOKED = 4096
_SHORTEST = 2 * WORDS - 1
"""Characters; twenty words and the blanks between them."""
_EDGES = ".,;:!?()[]{}<>\"'`*_#|/\\-“”‘’«»…，。！？、"
# Scripts written without blanks: two characters count as a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_prose(texts: Sequence[str]) -> bool:
    """Tell whether the texts of one cell are prose.

    Of one text the words count; of many short ones the different words, so that a list of tags is none.
    """
    if len(texts) == 1:
        return _is_long(texts[0]) and _count(texts[0]) >= WORDS
    if any(_is_long(text) and _count(text) >= WORDS for text in texts):
        return True
    joined = " ".join(texts[:_LOOKED])[:_LOOKED]
    if not _is_long(joined):
        return False
    return len(set(_words(joined))) + len(_UNSPACED.findall(joined)) // 2 >= WORDS


def _is_long(text: str) -> bool:
    if len(text) < _SHORTEST:
        return False
    if not text.isascii():
        return True
    return sum(text.count(blank, 0, _LOOKED) for blank in (" ", "\n", "\t")) >= WORDS - 1


def _count(text: str) -> int:
    piece = text[:_LOOKED]
    return len(_words(piece)) + (0 if piece.isascii() else len(_UNSPACED.findall(piece)) // 2)


def _words(text: str) -> list[str]:
    return [word for part in text.split() if (word := part.strip(_EDGES)) and word[0].isalpha()]
