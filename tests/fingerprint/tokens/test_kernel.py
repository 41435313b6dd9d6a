"""The compiled kernel against its written specification."""

from __future__ import annotations

import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.fingerprint.tokens import folding, reference
from auditor.fingerprint.tokens import words as text
from auditor.fingerprint.tokens.chunks import chunks
from tests.effort import tries

HAND_MADE = [
    "",
    " ",
    "a",
    "A b\tC",
    "<|im_start|>user hi<|im_end|>",
    "[INST] foo [/INST] bar<s>",
    "<|<|a|>|>",
    "Ünï CÔDE\u00a0Text — “quoted”…",
    "日本語テキスト a b",
    "株",
    "x株 y",
    "ภาษาไทยง่าย",
    "w" * 100 + " B" * 7,
    "é" * 200,
    "ﷺ" * 50,
    "½ ①" * 30,
    "日\u200b本",
    "<",
    "[",
    "<|",
    "a<|",
    "<s",
    "[INST",
    "x" * 63 + "<s>" + "y",
    "z" * 61 + " <|im_start|>" + "q",
    "y" * 62 + "—“mark” • and … 🎉 " + "é",
    "v" * 62 + "—“mark” • and … 🎉 plain words after " * 3,
    "<|im—start|>user — <|im_end|>",
    "u" * 60 + " <|im" + "x" * 20 + " — |> word",
]


def assert_same_words(texts: list[str]) -> None:
    compiled, spelled = text.scan(pa.array(texts)), text._scan_in_python(pa.array(texts))
    for name in ("bounds", "hashes", "starts", "ends", "uninformative"):
        np.testing.assert_array_equal(getattr(compiled, name), getattr(spelled, name), err_msg=name)


def test_hand_made_texts_agree_with_the_specification() -> None:
    assert_same_words(HAND_MADE)


@settings(max_examples=tries(300), deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=150),
            st.text("aB1 <|>[]/s_.-INST\u200b’é日本กhttps", max_size=200),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_text_agrees_with_the_specification(texts: list[str]) -> None:
    assert_same_words(texts)


def test_sliced_and_null_rows_keep_their_places() -> None:
    column = pa.array(["skip me", "one two", None, "日本 three", "x"])[1:4]
    words = text.scan(column)
    assert words.bounds.tolist() == [0, 2, 2, 4]


def test_places_are_characters_of_the_original() -> None:
    original = "“Ünï” — ma\u200bkes 𝔘x 日本"
    words = text.scan(pa.array([original]))
    found = [original[s:e] for s, e in zip(words.starts.tolist(), words.ends.tolist(), strict=True)]
    assert found == ["Ünï", "ma\u200bkes", "𝔘x", "日本"]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize(
    "sample", ["Crème Brûlée à l’Été", "ångström ﬁne ２０２４", "프로그램 설치", "ガギグ カフェ"]
)
def test_unicode_forms_hash_alike(form: str, sample: str) -> None:
    plain = text.scan(pa.array([sample])).hashes
    other = text.scan(pa.array([unicodedata.normalize(form, sample)])).hashes
    np.testing.assert_array_equal(plain, other)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("It’s “fine” – really", 'it\'s "fine" - really'),
        ("zero\u200bwidth so\u00adft", "zerowidth soft"),
        ("<|im_start|>hello there<|im_end|>", "hello there"),
        ("[INST] hello [/INST] there</s>", "hello there"),
        ("**bold** _words_", "bold words"),
    ],
)
def test_format_noise_does_not_change_words(left: str, right: str) -> None:
    one, two = text.scan(pa.array([left])), text.scan(pa.array([right]))
    np.testing.assert_array_equal(one.hashes, two.hashes)


def test_scripts_without_spaces_give_character_pairs() -> None:
    assert [word.text for word in reference.words("日本語 a ไทย")] == ["日本", "本語", "a", "ไท", "ทย"]


def test_chunks_cover_every_row_once() -> None:
    column = pa.chunked_array([["a" * 50] * 7, [], ["b" * 200, None, "c"]])
    parts = list(chunks(column, limit=120))
    assert [row for row, _ in parts] == sorted({row for row, _ in parts})
    assert [item for _, part in parts for item in part.to_pylist()] == column.to_pylist()


@pytest.mark.skipif(unicodedata.unidata_version != folding.UNICODE_VERSION, reason="another Unicode version")
def test_frozen_table_is_what_unicode_says() -> None:
    frozen = folding.load()
    ranges = [(0x80, 0x3100), (0xAC00, 0xAC40), (0xF900, 0xFB10), (0xFF00, 0x10000)]
    for point in (point for low, high in ranges for point in range(low, high)):
        kind, folded = folding.classify(point)
        found_kind, found = frozen.fold(chr(point)) if not 0xD800 <= point < 0xE000 else (kind, folded)
        assert found_kind == kind, hex(point)
        assert kind in (folding.SEPARATOR, folding.DELETED) or found == folded, hex(point)


def test_overlong_text_is_cut_at_a_code_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "MAX_TEXT_BYTES", 8)
    assert_same_words(["aa bb é cc dd", "ab", "éééééé x"])
