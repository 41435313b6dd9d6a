"""The sieve names every text that may be signed or state a license; the others hold no such words."""

from __future__ import annotations

import random

import numpy as np
import pytest

from auditor.row_kernels.text_ends import FOOTER, HEADER, NAMED, find_ends, four_letters

NAMES = ("gpt", "claude", "o1-")
HEAD, TAIL, FOOT = 40, 64, 160


def signs(*texts: str, asked: bool = True) -> list[int]:
    raw = [text.encode() for text in texts]
    offsets = np.cumsum([0, *map(len, raw)], dtype=np.int64)
    out = np.empty(len(raw), np.uint8)
    data = np.frombuffer(b"".join(raw), np.uint8)
    wanted = np.full(len(raw), asked, np.uint8)
    find_ends(data, offsets, wanted, *four_letters(NAMES), HEAD, TAIL, FOOT, out)
    return out.tolist()


def test_names_are_seen_in_a_last_line_a_tag_and_a_beginning_alone() -> None:
    long = "so it goes on and on " * 20
    assert (
        signs(
            f"{long}\nModel: GPT-4",
            f"{long}<|model|>gpt",
            f"{long}\n<m>Claude</m>  \n",
            f"Claude: {long}",
            f"### gpt answer\n{long}",
            f"{long}\nby O1-",
        )
        == [NAMED] * 6
    )
    assert signs(long, f"{long} gpt {long}", f"{long} and gpt-4", f"{long}\nby o1", "", "\n", "a") == [0] * 7
    assert signs(f"{long}\nModel: GPT-4", asked=False) == [0]


def test_footers_stand_near_the_end_and_headers_anywhere() -> None:
    long = "so it goes on and on " * 20
    assert signs(f"{long}\nLicensed under MIT", f"{long}\nAll rights reserved.") == [FOOTER, FOOTER]
    assert signs(f"Licensed under MIT\n{long}") == [0]
    for before in range(8):
        assert signs(f"{long}{'x' * before}\n# SPDX-License-Identifier: MIT\n{long}") == [HEADER]
    assert signs("SPDX", "# SPD", "A-B-C: D") == [0, 0, 0]


@pytest.mark.parametrize("seed", range(20))
def test_no_text_is_passed_over_that_holds_the_words_where_they_are_looked_for(seed: int) -> None:
    chance = random.Random(seed)
    pieces = (
        "gpt",
        "Claude",
        "o1-",
        "\n",
        ": ",
        ">",
        " ",
        "SPDX-License-Identifier:",
        "icensed under",
        "é",
        "x",
    )
    texts = ["".join(chance.choices(pieces, k=chance.randint(0, 40))) for _ in range(200)]
    for text, found in zip(texts, signs(*texts), strict=True):
        raw = text.encode()
        lines = [line for line in text.splitlines() if line.strip()]
        last = lines[-1].encode().lower() if len(lines) > 1 else b""
        near = raw.lower().rstrip()[-TAIL:]
        if any(name.encode() in near and name.encode() in last for name in NAMES) and len(last) <= TAIL:
            assert found & NAMED, text
        if b"icensed under" in raw[-FOOT:]:
            assert found & FOOTER, text
        if b"SPDX-License-Identifier:" in raw:
            assert found & HEADER, text
