"""The table of n-grams: a text repeated by the thousand stands once in it, and no template goes unseen."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa

from auditor.fingerprint.search import grams, ngrams
from auditor.fingerprint.search.detect import detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.thresholds import calibrated
from auditor.fingerprint.tokens.words import scan


def _made(rng: random.Random) -> str:
    return " ".join(f"w{rng.randrange(3_000)}" for _ in range(120))


def test_a_text_that_one_teacher_repeats_by_the_thousand_is_found_and_in_part_too() -> None:
    rng = random.Random(5)
    text, others = _made(rng), [_made(rng) for _ in range(40)]
    builder = IndexBuilder()
    builder.add(
        pa.array([*[text] * 4_200, *others]),
        ["gpt"] * 4_200 + ["claude", "gemini"] * 20,
        list(map(str, range(4_240))),
    )
    index = calibrated(builder.build())
    part = " ".join(text.split()[20:90])
    found = detect(index, pa.array([text, part, _made(rng)])).to_pylist()
    assert [match["verdict"] for match in found] == ["copied", "copied", "no-match"]
    assert found[0]["teachers"] == ["gpt"]
    assert found[0]["reference_id"] == "0"


def test_a_template_of_thousands_of_texts_is_never_cleared() -> None:
    rng = random.Random(6)
    words = _made(rng).split()
    texts = []
    for number in range(4_200):
        changed = list(words)
        changed[rng.randrange(len(words))] = f"z{number}"
        texts.append(" ".join(changed))
    others = [_made(rng) for _ in range(40)]
    builder = IndexBuilder()
    builder.add(
        pa.array([*texts, *others]), ["gpt"] * 4_200 + ["claude", "gemini"] * 20, list(map(str, range(4_240)))
    )
    found = detect(calibrated(builder.build()), pa.array([texts[7], " ".join(words)]))
    assert found["verdict"].to_pylist() == ["copied", "insufficient"]
    assert found["reason"].to_pylist() == [None, "shared-passage"]


def test_the_same_words_of_two_teachers_are_no_repeats() -> None:
    words = scan(pa.array(["one two three four", "one two three four", "one two three four"]))
    marks = ngrams.repeated(words.bounds, words.ids, np.array([0, 1, 0], np.uint32))
    assert marks.tolist() == [0, 0, 1]


def test_buckets_of_a_few_keys_repeated_are_sorted_as_others() -> None:
    numbers = np.random.default_rng(3)
    keys = numbers.choice(np.array([5, 7, 2**63, 2**63 + 1], np.uint64), 5_000)
    owners = np.arange(5_000, dtype=np.uint32)
    order = np.argsort(keys, kind="stable")
    wanted = keys[order], owners[order]
    bits = 2
    out = np.empty_like(keys), np.empty_like(owners)
    grams.sort_grams(keys, owners, bits, np.empty((1 << bits) + 1, np.uint32), *out)
    assert all(np.array_equal(a, b) for a, b in zip(out, wanted, strict=True))
