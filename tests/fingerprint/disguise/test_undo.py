"""Disguises are undone, over one another too, and what is no disguise stays as it is."""

from __future__ import annotations

import base64
import codecs
import html
import json
import random
import re
import urllib.parse
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.fingerprint.disguise import triage
from auditor.fingerprint.disguise.letters import look_alikes
from auditor.fingerprint.disguise.undo import views_of
from auditor.fingerprint.disguise.unspaced import Vocabulary
from auditor.fingerprint.disguise.view import Disguise, View
from auditor.fingerprint.tokens.words import scan

TEXT = (
    "The lighthouse keeper wrote down every ship that passed, and in the evening he counted them again. "
    "When a storm came over the water he lit two lamps instead of one, for the fishing boats that had not "
    "returned to the harbor. Nobody had asked him to do that, and nobody ever thanked him for it, but the "
    "boats came home by that light and the keeper slept a little better than on other nights of the year."
)
VOCABULARY = Vocabulary.of(scan(pa.array([TEXT])).ids)
SMALL = dict(zip("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
CYRILLIC = dict(zip("aceopxyis", "асеорхуіѕ", strict=True))
LEET = dict(zip("aeiost", "431057", strict=True))


def swapped(table: dict[str, str], share: float = 1.0) -> Callable[[str], str]:
    rng = random.Random(3)
    return lambda text: "".join(table[c] if c in table and rng.random() < share else c for c in text)


def shifted(by: int) -> Callable[[str], str]:
    table = {97 + k: 97 + (k + by) % 26 for k in range(26)} | {65 + k: 65 + (k + by) % 26 for k in range(26)}
    return lambda text: text.translate(table)


DISGUISES: dict[str, Callable[[str], str]] = {
    "small capitals": lambda text: swapped(SMALL)(text.lower()),
    "some small capitals": swapped(SMALL, 0.5),
    "Cyrillic": swapped(CYRILLIC),
    "some Cyrillic": swapped(CYRILLIC, 0.3),
    "circled": lambda text: "".join(
        chr(0x1F150 + ord(c) - 97) if "a" <= c <= "z" else c for c in text.lower()
    ),
    "digits": swapped(LEET),
    "Cyrillic and digits": lambda text: swapped(LEET)(swapped(CYRILLIC, 0.3)(text)),
    "spaced": " ".join,
    "spaced by no-break spaces": "\u00a0".join,
    "spaced without gaps": lambda text: " ".join(text.replace(" ", "")),
    "hyphens between letters": lambda text: " ".join("-".join(word) for word in text.split()),
    "no spaces": lambda text: re.sub(r"\s", "", text),
    "letters alone": lambda text: re.sub(r"\W", "", text).lower(),
    "entities": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "hex entities, twice": lambda text: html.escape("".join(f"&#x{ord(c):x};" for c in text)),
    "entities without end": lambda text: " ".join(f"&#{ord(c)}" for c in text),
    "a tag around every word": lambda text: re.sub(r"(\w+)", r'<span class="w">\1</span>', text),
    "a tag around every letter": lambda text: re.sub(r"(\w)", r"<b>\1</b>", text),
    "percent": urllib.parse.quote,
    "every byte by percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "form": lambda text: urllib.parse.urlencode({"role": "assistant", "content": text}),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 in lines": lambda text: base64.encodebytes(text.encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "base64 of base64": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "base64 of shifted letters": lambda text: base64.b64encode(shifted(13)(text).encode()).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex by colons": lambda text: text.encode().hex(":").upper(),
    "hex with prefixes": lambda text: " ".join(f"0x{byte:02x}" for byte in text.encode()),
    "bytes": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "octal": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
    "escapes": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "escapes in braces": lambda text: "".join(f"\\u{{{ord(c):x}}}" for c in text),
    "code points": lambda text: " ".join(f"U+{ord(c):04X}" for c in text),
    "decimal codes": lambda text: ", ".join(str(byte) for byte in text.encode()),
    "binary": lambda text: " ".join(f"{byte:08b}" for byte in text.encode()),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "a shift by three": shifted(3),
    "z for a": lambda text: text.translate({97 + k: 122 - k for k in range(26)}),
    "from the end": lambda text: text[::-1],
    "each word from its end": lambda text: " ".join(word[::-1] for word in text.split(" ")),
}


def threes(text: str) -> set[tuple[int, ...]]:
    ids = [int(one) for one in scan(pa.array([text])).ids]
    return {tuple(ids[k : k + 3]) for k in range(len(ids) - 2)}


def shared(text: str) -> float:
    """Return which share of the word triples of TEXT stands in a text."""
    wanted = threes(TEXT)
    return len(wanted & threes(text)) / len(wanted)


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_is_seen_and_undone(name: str) -> None:
    hidden = DISGUISES[name](TEXT)
    assert triage.suspicious(triage.measured(pa.array([hidden])))[0]
    views, _ = views_of(hidden, VOCABULARY)
    assert views
    assert max(shared(view.text) for view in views) >= 0.9
    assert shared(hidden) < 0.9


@pytest.mark.parametrize("name", DISGUISES)
def test_a_view_says_where_its_characters_stood(name: str) -> None:
    before, after = "Some words stand before it. ", " And some words stand after it."
    hidden = before + DISGUISES[name](TEXT) + after
    for view in views_of(hidden, VOCABULARY)[0]:
        assert len(view.starts) == len(view.ends) == len(view.text)
        assert view.starts.min() >= 0
        assert view.ends.max() <= len(hidden)
        assert (view.starts <= view.ends).all()


def test_a_span_in_a_view_is_brought_back() -> None:
    hidden = "before " + base64.b64encode(TEXT.encode()).decode() + " after"
    view = views_of(hidden, VOCABULARY)[0][-1]
    start = view.text.index("The lighthouse")
    first, last = view.origin(start, start + len(TEXT))
    assert (first, last) == (7, len(hidden) - 6)


def test_a_decoded_stretch_stands_where_its_code_stood() -> None:
    hidden = "plain " * 3 + "".join(f"&#{ord(c)};" for c in "harbor") + " plain"
    view = views_of(hidden, VOCABULARY)[0][-1]
    place = view.text.index("harbor")
    first, last = view.origin(place, place + 6)
    assert html.unescape(hidden[first:last]) == "harbor"


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.upper(),
        "Во дворе стоял старый дом, и каждый вечер в нём зажигали свет для тех, кто ещё не вернулся домой.",
        "Ο φαροφύλακας έγραφε κάθε πλοίο που περνούσε και το βράδυ τα μετρούσε ξανά με το φως της λάμπας.",
        "灯塔看守人记下每一艘经过的船，晚上他又数了一遍。暴风雨来临时，他点亮两盏灯而不是一盏。" * 3,
        "L'été dernier, nous étions à la plage où les élèves préféraient nager près de la jetée, même tôt.",
        "def add(left, right):\n    return left + right\n\n\nclass Sum:\n    total: int = 0\n" * 4,
        "| name | value |\n|------|-------|\n| alpha | 12 |\n| beta | 19 |\n" * 5,
        "See https://example.org/a/path-of-an-address?with=queries and https://example.org/b for more.",
        "",
        "short",
    ],
)
def test_plain_texts_are_passed_by(text: str) -> None:
    assert not triage.suspicious(triage.measured(pa.array([text])))[0]


@pytest.mark.parametrize(
    "text",
    [
        "token sk-" + "aB3dE5gH7jK9" * 6,
        "commit " + "0123456789abcdef" * 4,
        base64.b64encode(bytes(range(256))).decode(),
        "\\u12 \\x4 &# %4 &nothing; <3 " * 10,
        json.dumps({"a": "\\" * 50}),
        "<!--" * 2000,
        "A" * 3000 + "=",
        "0x" * 500,
        "\ud800".encode("utf-8", "replace").decode() * 50,
    ],
)
def test_what_decodes_to_no_text_is_left(text: str) -> None:
    for view in views_of(text, VOCABULARY)[0]:
        assert not {Disguise.BASE64, Disguise.HEX, Disguise.BASE32} & set(view.undone)


@pytest.mark.parametrize("between", ["", " ", "\n"])
def test_bits_are_read_eight_by_eight_however_they_are_parted(between: str) -> None:
    bits = between.join(f"{byte:08b}" for byte in TEXT.encode())
    assert views_of(f"It says {bits}", VOCABULARY)[0][-1].text == f"It says {TEXT}"
    assert views_of("10" * 3000, VOCABULARY)[0] == []


@pytest.mark.parametrize("code", ["\\u0041\\udc00", "\\ude00\\ude00", "\\ud83d", "\\u0041\\ude00\\ud83d"])
def test_half_of_a_pair_of_escapes_stays_as_it_is_written(code: str) -> None:
    for view in views_of(f"He said {code} " * 5, VOCABULARY)[0]:
        assert "\\u" in view.text
        assert view.text.encode()


@given(st.text(max_size=400))
def test_any_text_may_be_looked_at(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    for view in views_of(clean, VOCABULARY)[0]:
        assert len(view.starts) == len(view.text)
        assert view.ends.max(initial=0) <= len(clean)


@given(st.text(alphabet="abc é\u00a0\u4e2d\u0430\U0001f150.%&<\\ 09", max_size=300))
def test_counts_do_not_depend_on_the_texts_beside(text: str) -> None:
    alone = triage.measured(pa.array([text]))
    beside = triage.measured(pa.array(["x" * 7, text, "the and"]))[1:2]
    assert np.array_equal(alone, beside)


def test_a_run_longer_than_a_count_holds_is_counted() -> None:
    counts = triage.measured(pa.array(["e" * 200_000, ("ab " * 50_000)]))
    assert counts[0, triage.LETTERS] == counts[0, triage.FREQUENT] == 200_000
    assert counts[1, triage.LETTERS] == 100_000
    assert counts[1, triage.BLANKS] == 50_001  # the end of a text is one, too


def test_the_table_of_look_alikes_is_that_of_the_library() -> None:
    pytest.importorskip("confusable_homoglyphs")
    from tests.fingerprint.disguise.made_table import build_table

    made = build_table()
    kept = look_alikes()
    assert {point: letter for point, letter in made.items() if point in kept} == kept
    assert len(kept) > 500


def test_blanks_that_nothing_stands_for_take_no_place() -> None:
    view = View.of("ab").picked(np.array([0, -1, 1], np.int64), Disguise.UNSPACED)
    assert view.text == "a b"
    assert view.origin(0, 3) == (0, 2)
    assert view.origin(1, 2) == (1, 1)
