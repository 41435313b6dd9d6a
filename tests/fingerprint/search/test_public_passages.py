"""What three providers share, or public texts hold, is evidence for no teacher; what remains decides."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint.search.detect import detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.minhash_builder import MinhashBuilder
from auditor.fingerprint.search.providers import providers
from auditor.fingerprint.search.public_marks import OWNED, SHARED_WORDS
from auditor.fingerprint.search.public_passages import Publics
from auditor.fingerprint.search.public_texts import PublicTexts, keys_of, packed, shipped, unpacked
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.search.thresholds import calibrated
from tests.fingerprint.material import essay

PROVIDERS = {"gpt-4": "openai", "gpt-4o": "openai", "o1": "openai"}
PROVIDERS |= {"claude-3": "anthropic", "gemini": "google", "qwen": "alibaba"}
NOTHING = PublicTexts.of_keys(np.zeros(0, np.uint64), "nothing")
RNG = random.Random(31)
PASSAGE, OWN, HUMAN = essay(RNG), essay(RNG), [essay(RNG) for _ in range(4)]


def index_of(*teachers: str, text: str = PASSAGE, work: str = "", scale: int = 1) -> ReferenceIndex:
    """Return an index in which these teachers quote a text in one of their own; `gpt-4` wrote `OWN`."""
    rng = random.Random(32)
    rows = [(f"{essay(rng)} {text} {essay(rng)}", name) for name in teachers]
    rows += [(OWN, "gpt-4"), (essay(rng), "claude-3"), (essay(rng), "gemini")]
    rows += [(text, f"work:{work}")] if work else []
    builder = IndexBuilder()
    builder.add(
        pa.array([text for text, _ in rows]), [name for _, name in rows], list(map(str, range(len(rows))))
    )
    return calibrated(builder.build(scale))


def found(index: ReferenceIndex, text: str, *known: PublicTexts) -> dict[str, Any]:
    publics = Publics((NOTHING, *known), PROVIDERS.get)
    [match] = detect(index, pa.array([text]), publics=publics).to_pylist()
    return match


def test_a_passage_of_three_providers_is_none_of_theirs() -> None:
    index = index_of("gpt-4", "claude-3", "gemini", "qwen")
    match = found(index, PASSAGE)
    assert (match["verdict"], match["teacher"], match["teachers"]) == ("public-text", None, [])
    assert match["public"] == ["alibaba", "anthropic", "google", "openai"]
    assert match["matched_chars"] == len(PASSAGE)
    nowhere = {"reference_start": None, "reference_end": None}
    assert match["spans"] == [{"query_start": 0, "query_end": len(PASSAGE)} | nowhere]


def test_shared_by_fewer_it_stays_copied_with_the_ties_listed() -> None:
    match = found(index_of("gpt-4", "claude-3"), PASSAGE)
    assert (match["verdict"], match["public"]) == ("copied", [])
    assert sorted(match["teachers"]) == ["claude-3", "gpt-4"]


def test_many_labels_of_one_provider_are_one() -> None:
    index = index_of("gpt-4", "gpt-4o", "o1", "claude-3")
    assert found(index, PASSAGE)["verdict"] == "copied"


def test_inside_an_own_essay_it_makes_no_copy_of_it() -> None:
    text = f"{HUMAN[0]} {PASSAGE} {HUMAN[1]}"
    index, known = index_of("gpt-4"), PublicTexts.of_keys(keys_of([PASSAGE]), "mine")
    assert found(index, text)["verdict"] == "copied"
    match = found(index, text, known)
    assert match["verdict"] == "public-text"
    [span] = match["spans"]
    assert text[span["query_start"] : span["query_end"]] == PASSAGE


def test_a_copy_beside_it_is_still_a_copy_by_itself() -> None:
    text = f"{HUMAN[0]} {PASSAGE} {OWN}"
    match = found(index_of("gpt-4", "claude-3", "gemini"), text)
    assert (match["verdict"], match["teacher"]) == ("copied", "gpt-4")
    assert match["public"] == ["anthropic", "google", "openai"]
    assert [text[one["query_start"] : one["query_end"]] for one in match["spans"]] == [OWN]


def test_few_words_in_common_are_no_passage() -> None:
    short = " ".join(PASSAGE.split()[: SHARED_WORDS - 1])
    assert found(index_of("gpt-4", "claude-3", "gemini", text=short), short)["verdict"] == "insufficient"
    enough = " ".join(PASSAGE.split()[:SHARED_WORDS])
    assert found(index_of("gpt-4", "claude-3", "gemini", text=enough), enough)["verdict"] == "public-text"


def test_stretches_of_other_providers_each_are_no_passage() -> None:
    words = PASSAGE.split()
    builder = IndexBuilder()
    parts = [" ".join(words[at : at + 30]) for at in (0, 20, 40, 60)]
    texts = [f"{parts[k]} {HUMAN[k]}" for k in range(4)] + [PASSAGE]
    builder.add(pa.array(texts), ["gpt-4", "claude-3", "gemini", "qwen", "gpt-4"], list("abcde"))
    assert found(calibrated(builder.build()), PASSAGE)["verdict"] == "copied"


def test_a_public_text_needs_one_teacher_only() -> None:
    index, known = index_of("gpt-4"), PublicTexts.of_keys(keys_of([PASSAGE]), "mine")
    assert found(index, PASSAGE)["verdict"] == "copied"
    match = found(index, PASSAGE, known)
    assert (match["verdict"], match["public"]) == ("public-text", ["public:mine"])
    assert found(index, OWN, known)["verdict"] == "copied"


def test_a_registered_work_is_never_public_by_the_count() -> None:
    index = index_of("gpt-4", "claude-3", "gemini", work="Mine")
    assert found(index, PASSAGE)["verdict"] == "copied"
    known = PublicTexts.of_keys(keys_of([PASSAGE]), "mine")
    assert "work:Mine" in found(index, PASSAGE, known)["teachers"]


def test_a_scaled_index_tells_passages_too() -> None:
    index = index_of("gpt-4", "claude-3", "gemini", scale=2)
    assert found(index, PASSAGE)["verdict"] == "public-text"


def test_signatures_of_three_providers_make_a_text_public() -> None:
    rng, names = random.Random(33), ["gpt-4", "claude-3", "gemini"]
    texts = [PASSAGE] * 3 + [essay(rng) for _ in range(9)] + [OWN]
    builder = MinhashBuilder()
    builder.add(pa.array(texts), [*names * 4, "gpt-4"], list(map(str, range(13))))
    index = calibrated(builder.build())
    assert found(index, PASSAGE)["public"] == ["anthropic", "google", "openai"]
    assert found(index, OWN)["verdict"] == "copied"


def test_the_answer_depends_on_no_batch_and_no_thread() -> None:
    index = index_of("gpt-4", "claude-3", "gemini")
    texts = pa.array([PASSAGE, OWN, None, "", f"{HUMAN[2]} {PASSAGE}", HUMAN[3]] * 40)
    publics = Publics((NOTHING,), PROVIDERS.get)
    whole = detect(index, texts, threads=1, publics=publics)
    assert whole.equals(detect(index, texts, threads=4, publics=publics))
    assert whole["verdict"].to_pylist()[:2] == ["public-text", "copied"]
    assert whole.slice(0, 6).to_pylist() == detect(index, texts.slice(6, 6), publics=publics).to_pylist()


def test_disguised_public_text_is_public() -> None:
    hidden = PASSAGE.encode().hex()
    match = found(index_of("gpt-4", "claude-3", "gemini"), hidden)
    assert match["verdict"] == "public-text"


def test_unknown_labels_count_by_family_and_works_apart() -> None:
    made = providers(("gpt-4", "gpt-x", "mine", "work:A"), ("gpt", "gpt", "own", "w"), PROVIDERS.get)
    assert made.names == ("openai", "own")
    assert made.bits[0] == made.bits[1] != made.bits[2]
    assert made.bits[3] == OWNED


def test_more_providers_than_bits_are_counted_low() -> None:
    names = tuple(f"m{number}" for number in range(70))
    made = providers(names, names, lambda label: None)
    assert len(made.names) == 63
    assert made.named(int(made.bits[0])) == ["m0 or m66"]


def test_shipped_texts_are_small_and_hold_what_they_say() -> None:
    known = shipped()
    assert known.version
    assert len(known) > 100_000
    sonnet = "That time of year thou mayst in me behold When yellow leaves, or none, or few, do hang"
    index = index_of("gpt-4", text=f"{sonnet} Upon those boughs which shake against the cold,")
    [match] = detect(index, pa.array([sonnet])).to_pylist()
    assert (match["verdict"], match["public"]) == ("public-text", ["public:shipped"])


def test_the_file_of_public_texts_comes_back_as_it_was_written() -> None:
    keys = keys_of([PASSAGE, OWN])
    known = unpacked(packed(keys, "7"), "x")
    assert (known.name, known.version, len(known)) == ("x", "7", len(keys))
    assert known.digest == PublicTexts.of_keys(keys, "y").digest
    with pytest.raises(FingerprintError, match="broken"):
        unpacked(b"PK no", "x")


def test_signatures_alone_make_no_public_index(tmp_path: Path) -> None:
    builder = MinhashBuilder()
    builder.add(pa.array([PASSAGE]), ["public"], ["a"])
    with pytest.raises(UsageError, match="needs the words"):
        PublicTexts.of_index(builder.build(), "x")
