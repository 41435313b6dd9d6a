"""Second signal: texts that name their maker or refuse in an assistant's words. Never decides alone.

A row may quote such a sentence, or be about it; so what is found is shown with its place, not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.fingerprint.tokens.chunks import chunks


class PhraseKind(StrEnum):
    """The kinds of telling phrases."""

    SELF_IDENTIFICATION = "self-identification"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A telling phrase in one text.

    Attributes:
        row: number of the text in the column.
        family: the model family it names, or None.
        start, end: characters of the original text.
    """

    row: int
    kind: PhraseKind
    family: str | None
    start: int
    end: int


_MODELS = {
    "openai": r"(?:chat ?gpt|gpt-?[345][\w.\-]*|openai)",
    "claude": r"(?:claude|anthropic)",
    "google": r"(?:gemini|bard|palm 2|gemma)",
    "llama": r"(?:llama[ \-]?[\d.]*|meta ai)",
    "mistral": r"(?:mistral(?: ai)?|mixtral|le chat)",
    "qwen": r"(?:qwen|tongyi qianwen)",
    "deepseek": r"deepseek(?:[ \-]\w+)?",
    "grok": r"grok",
    "cohere": r"(?:command r\+?|coral|cohere)",
    "yi": r"yi(?:-\w+)?",
}
_MAKERS = {
    "openai": "openai",
    "claude": "anthropic",
    "google": "google(?: deepmind)?",
    "llama": "meta(?: ai)?",
    "mistral": "mistral ai",
    "qwen": "alibaba(?: cloud)?",
    "deepseek": "deepseek",
    "grok": "xai",
    "cohere": "cohere",
    "yi": r"01\.ai",
}
MAKERS = {
    "openai": ("OpenAI",),
    "claude": ("Anthropic",),
    "google": ("Google", "Google DeepMind"),
    "llama": ("Meta",),
    "mistral": ("Mistral AI",),
    "qwen": ("Alibaba",),
    "deepseek": ("DeepSeek",),
    "grok": ("xAI",),
    "cohere": ("Cohere",),
    "yi": ("01.AI",),
}
"""The maker of each family: the name to show first, then others it goes by."""
_LITERALS = {
    "openai": ("gpt", "openai"),
    "claude": ("claude", "anthropic"),
    "google": ("gemini", "bard", "palm", "gemma", "google"),
    "llama": ("llama", "meta"),
    "mistral": ("mistral", "mixtral", "le chat"),
    "qwen": ("qwen", "alibaba"),
    "deepseek": ("deepseek",),
    "grok": ("grok", "xai"),
    "cohere": ("command r", "coral", "cohere"),
    "yi": ("yi", "01.ai"),
}
"""Parts of a text without which the rule of a family need not be asked."""
_AM = r"\b(?:i['’]?m|i am|my name is|this is)\s+"
_MADE = r"(?:trained|developed|created|made|built|designed)\s+by\s+"
_THING = r"(?:model|assistant|ai|chatbot)"
_AFTER = r"(?=\s*(?:[,.!?;:)\n—–-]|$)|\s+(?:an?|the|your|and|by|from|here|made|trained|developed|created)\b)"
_NAMED = {
    family: re.compile(
        rf"{_AM}{model}\b{_AFTER}|\b{_THING}\W{{1,3}}{_MADE}{_MAKERS[family]}\b"
        rf"|\bi (?:was|am|have been)\s+{_MADE}{_MAKERS[family]}\b",
        re.IGNORECASE,
    )
    for family, model in _MODELS.items()
}
_ANY_NAME = rf"{_AM}(?:{'|'.join(_MODELS.values())})\b|{_MADE}(?:{'|'.join(_MAKERS.values())})\b"
"""What RE2 finds wherever a rule of a name does."""
_KIND_OF_AI = (
    r"(?:an? )?(?:(?:large |text-based |virtual )?(?:ai|artificial intelligence)|(?:large )?language model)"
)
_UNNAMED = re.compile(
    rf"\b(?:as|i['’]?m|i am)\s+{_KIND_OF_AI}\b"
    r"(?:,|\.|\s+(?:language|model|assistant|chatbot|trained|developed|and|i)\b)"
    r"|\bmy (?:training data|knowledge cut-?off|training cut-?off)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\bi(?:['’]m| am) sorry\b[^.!?\n]{0,40}\bi(?:['’]m| am)? ?(?:cannot|can['’]t|unable|not able)\b"
    r"|\bi(?:['’]m| am) (?:unable|not able) to (?:assist|help|provide|fulfill?|generate|create)\b"
    r"|\bi (?:cannot|can['’]t|won['’]t) (?:assist|comply|fulfill?|generate|help (?:you|with)|provide)\b",
    re.IGNORECASE,
)
SIEVE = (
    rf"(?i)\b(?:i['’]?m|i am|my name is|this is|as)\s+(?:{'|'.join(_MODELS.values())}|{_KIND_OF_AI})"
    rf"|{_MADE}(?:{'|'.join(_MAKERS.values())})|\bmy (?:training|knowledge)"
    r"|\bi(?:['’]m| am) (?:sorry|unable|not able)|\bi (?:cannot|can['’]t|won['’]t) "
)
"""The pattern that RE2 looks for in whole columns; only texts that have it are read by the rules above."""
_ODD = "[^\x00-\x0a\x0c-\x1b -\x7f‘’“”–—…]"
"""Letters and spaces that RE2 and `re` take for different things: such texts are read by every rule."""
MODEL_STARTS = (
    *("chat", "gpt", "openai", "claude", "anthropic", "gemini", "bard", "palm", "gemma", "llama", "meta"),
    *("mistral", "mixtral", "le chat", "qwen", "tongyi", "deepseek", "grok", "command r", "coral", "cohere"),
    *(
        "yi",
        "a ai",
        "a large",
        "a text",
        "a virtual",
        "an ai",
        "ai",
        "artificial",
        "large",
        "language",
        "text",
        "virtual",
    ),
)
"""How what follows "I am" in the pattern begins: the models, and the kinds of AI."""
MAKER_STARTS = (
    *("openai", "anthropic", "google", "meta", "mistral", "alibaba", "deepseek", "xai", "cohere", "01.ai"),
)
"""How the names of the makers begin."""


def find_phrases(texts: pa.Array | pa.ChunkedArray) -> list[Phrase]:
    """Find telling phrases, at most one of each kind and family per text, in order of rows."""
    found: list[Phrase] = []
    for first, part in chunks(texts):
        column = part.cast(pa.large_string()).fill_null("")
        likely = pc.match_substring_regex(column, SIEVE)
        rows = pc.indices_nonzero(likely).to_pylist()
        chosen = column.filter(likely)
        for row, text, asks in zip(rows, chosen.to_pylist(), _asked_for(chosen), strict=True):
            found.extend(_phrases_of(first + row, text, asks))
    return found


def _asked_for(texts: pa.LargeStringArray) -> NDArray[np.bool_]:
    """Tell which rules each text needs: names, the nameless, refusals; bool[texts, 3]."""
    if not len(texts):
        return np.zeros((0, 3), bool)
    patterns = (_ANY_NAME, _UNNAMED.pattern, _REFUSAL.pattern)
    found = [pc.match_substring_regex(texts, pattern, ignore_case=True) for pattern in patterns]
    odd = pc.match_substring_regex(texts, _ODD)
    columns = [pc.or_(one, odd).to_numpy(zero_copy_only=False) for one in found]
    return np.stack(columns, axis=1).astype(bool)


def _phrases_of(row: int, text: str, asks: Iterable[bool] = (True, True, True)) -> list[Phrase]:
    kind = PhraseKind.SELF_IDENTIFICATION
    names, nameless, refuses = asks
    hits = [
        (family, match)
        for family in (_likely(text) if names else ())
        if (match := _NAMED[family].search(text))
    ]
    phrases = [Phrase(row, kind, family, match.start(), match.end()) for family, match in hits]
    if not phrases and nameless and (unnamed := _UNNAMED.search(text)):
        phrases.append(Phrase(row, kind, None, unnamed.start(), unnamed.end()))
    if refuses and (refusal := _REFUSAL.search(text)):
        phrases.append(Phrase(row, PhraseKind.REFUSAL, None, refusal.start(), refusal.end()))
    return phrases


def _likely(text: str) -> Iterator[str]:
    lowered = text.lower()
    return (family for family, marks in _LITERALS.items() if any(mark in lowered for mark in marks))
