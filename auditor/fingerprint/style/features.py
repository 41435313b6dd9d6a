"""Count the features of a text's style: words and marks, masked grammar, openings and endings, layout.

Four blocks of string features, hashed. Content words depend on the question, so two blocks leave them out:
the masked block keeps only common words and shapes, the layout block only what lines look like.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

FEATURES = "style2"
"""The specification that counts must share to be compared: the features below and their hashes."""
BLOCKS = ("words", "masked", "edges", "layout")
HASH_BITS = 18
"""Columns of each block: 2**18."""
Matrix: TypeAlias = Any
"""A scipy.sparse.csr_matrix of float32."""

_TOKEN = re.compile(r"\w+|[^\w\s]|\n+")
_SHAPE = re.compile(r"\n+|[A-Za-z]+(?:['’][A-Za-z]+)?|\d+|[^\w\s]|[^\x00-\x7f]")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")
_LINE_HEAD = re.compile(r"(#+|\d+[.)]|[-*+•]|[a-z][.)]|\|)\s*")
_LEADS = (
    ("B:", re.compile(r"\*\*[^*]+:\*\*")),
    ("B;", re.compile(r"\*\*[^*]+\*\*:")),
    ("B", re.compile(r"\*\*")),
    ("c", re.compile(r"[^.:]{1,40}:")),
    ("d", re.compile(r"[^.:]{1,40} [-–—] ")),
)
_SUFFIX = re.compile("(?:ing|ion|ess|ent|ies|ive|ous|ful|ity|ble|ate|ers|ted|ely|lly|ize|ise)$")
_MARKS = "—–;:()!?\"'“”’*`#…"
_COMMON_WORDS = 400


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the most frequent words of a corpus: the ones that carry grammar, not matter."""
    counts = Counter(word for text in texts for word in re.findall(r"[a-zA-Z']+", text.lower()))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return frozenset(ranked[:_COMMON_WORDS])


def _grams(items: Sequence[str], sizes: range, mark: str = "") -> list[str]:
    return [
        mark + "\x01".join(items[at : at + size]) for size in sizes for at in range(len(items) - size + 1)
    ]


def word_features(text: str, common: frozenset[str]) -> list[str]:
    """Return single words and pairs as they are written, punctuation and line breaks among them."""
    return _grams(_TOKEN.findall(text), range(1, 3))


def _shape(token: str, common: frozenset[str]) -> str:
    lower = token.lower()
    if token[0] == "\n":
        return "\n" if len(token) == 1 else "\n\n"
    if lower in common:
        return token if token[0].islower() or len(token) == 1 else f"^{lower}"
    if token[0].isdigit():
        return "9"
    if not token[0].isalpha():
        return token
    tail = lower[-3:] if len(lower) > 5 and _SUFFIX.search(lower) else ""
    tail = tail or ("ed" if lower.endswith("ed") else "s" if lower.endswith("s") else "")
    return ("W" if token[0].isupper() else "w") + tail


def masked_features(text: str, common: frozenset[str]) -> list[str]:
    """Return runs of one to five common words and word shapes."""
    return _grams(["<", *(_shape(token, common) for token in _SHAPE.findall(text)), ">"], range(1, 6))


def edge_features(text: str, common: frozenset[str]) -> list[str]:
    """Return how the text, its sentences and its lines begin, and how the text ends."""
    tokens = _TOKEN.findall(text)
    found = [f"{mark}{size}{'|'.join(part)}" for size in (1, 2, 3, 4, 6) for mark, part in (
        ("first", tokens[:size]), ("last", tokens[-size:]))]  # fmt: skip
    sentences = [sentence.split() for sentence in _SENTENCE.split(text) if sentence.strip()]
    if sentences:
        found += [f"end{size}{' '.join(sentences[-1][:size])}" for size in (1, 2, 3)]
    found += [f"s{size}{' '.join(words[:size])}" for words in sentences for size in (1, 2)]
    return found + [f"l{line.split()[0]}" for line in text.split("\n") if line.strip()]


def _line_shape(line: str) -> tuple[str, str]:
    """Return the coarse and the fine look of a line."""
    bare = line.strip()
    if not bare:
        return "0", "0"
    head = _LINE_HEAD.match(bare)
    lead = re.sub(r"\d+", "9", head[1]) if head else "T" if bare[0].isupper() else "t"
    if not head and not bare[0].isalpha():
        lead = bare[0]
    rest = bare[head.end() :] if head else bare
    bold = next((name for name, rule in _LEADS if rule.match(rest)), "")
    length = len(bare.split())
    size = next((name for limit, name in ((4, "s"), (8, "a"), (20, "m"), (50, "l")) if length < limit), "x")
    ending = "w" if bare[-1].isalnum() else bare[-1]
    indent = min(4, len(line) - len(line.lstrip()))
    return lead + bold, f"{lead}{bold}/{ending}{size}i{indent}{'~' if line.endswith(' ') else ''}"


def _scale(value: float, steps: int) -> int:
    return int(math.log2(value + 1) * steps)


def layout_features(text: str, common: frozenset[str]) -> list[str]:
    """Return the shapes of lines and their sequence, and how often marks are used."""
    lines = [_line_shape(line) for line in text.split("\n")]
    fine, coarse = ["^", *(line[1] for line in lines), "$"], ["^", *(line[0] for line in lines), "$"]
    words = len(text.split())
    sentences = sum(1 for sentence in re.split(r"(?<=[.!?])\s+", text) if sentence)
    totals = [
        f"words{_scale(words, 2)}",
        f"paragraphs{min(30, text.count(chr(10) * 2))}",
        f"lines{_scale(len(lines), 2)}",
        f"sentence{_scale(words / max(1, sentences), 3)}",
    ]
    marks = [f"mark{mark}{_scale(text.count(mark), 1)}" for mark in _MARKS]
    return _grams(fine, range(1, 4)) + _grams(coarse, range(1, 5), "~") + totals + marks


_FEATURES: tuple[Callable[[str, frozenset[str]], list[str]], ...] = (
    word_features,
    masked_features,
    edge_features,
    layout_features,
)


def blocks(texts: Sequence[str], common: frozenset[str]) -> list[Matrix]:
    """Return one sparse count matrix per block: n rows, 2**18 columns."""
    from sklearn.feature_extraction import FeatureHasher

    hasher = FeatureHasher(1 << HASH_BITS, input_type="string", dtype="float32", alternate_sign=False)
    return [hasher.transform(features(text, common) for text in texts) for features in _FEATURES]
