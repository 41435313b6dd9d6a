"""How the table of look-alikes is made: from Unicode's confusables, by a kept library, and from names."""

from __future__ import annotations

import re
import unicodedata


def build_table() -> dict[int, str]:
    """Make the table of look-alikes from Unicode's confusables, as a kept library lists them, and from names.

    Letters that compatibility decomposition already brings to Latin ones are left out.
    """
    from confusable_homoglyphs.confusables import confusables_data  # type: ignore[import-untyped]

    found = {}
    for point in range(0x250, 0x1FBFF):
        char = chr(point)
        if len(plain := unicodedata.normalize("NFKD", char)) == 1 and plain.isascii():
            continue
        named = re.search(
            r"(?:CAPITAL|SMALL|SYMBOL|SQUARED|CIRCLED|LATIN) (?:LETTER )?(?:SMALL CAPITAL |CAPITAL |SMALL )?"
            r"(?:LETTER )?([A-Z])$",
            unicodedata.name(char, ""),
        )
        if named and re.search("LATIN|REGIONAL|SQUARED|CIRCLED", unicodedata.name(char, "")):
            found[point] = named[1].lower()
            continue
        same = [one["c"] for one in confusables_data.get(char, ()) if len(one["c"]) == 1]
        latin = sorted(one for one in same if one.isascii() and one.isalpha())
        if latin and char.isalpha():
            letter = latin[0].lower()
            capital = "CAPITAL" in unicodedata.name(char, "")
            found[point] = "i" if letter == "l" and capital else letter
    return found | {ord(char): letter for char, letter in _SEEN.items()}


_SEEN = {
    "χ": "x",
    "κ": "k",
    "к": "k",
    "м": "m",
    "т": "t",
    "в": "b",
    "н": "h",
    "τ": "t",
    "ω": "w",
    "Ι": "i",
    "І": "i",
    "Ӏ": "i",
}
"""Letters that pass for Latin ones in running text and are not in Unicode's table, or are for another."""
