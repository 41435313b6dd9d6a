"""Guess which reference labels are siblings: the family a label's name shows."""

from __future__ import annotations

import re

_GENERIC = {"meta", "hf", "chat", "instruct", "the", "model", "text", "base", "preview", "turbo", "ai", "v"}
_ALIASES = {
    "davinci": "gpt",
    "chatgpt": "gpt",
    "codex": "gpt",
    "mixtral": "mistral",
    "codellama": "llama",
}


def family_of(label: str) -> str:
    """Return the first telling word of a model's name: `llama` for `Meta-Llama-3-8B`, `gpt` for `gpt4`."""
    name = label.rsplit("/", 1)[-1].lower()
    words: list[str] = re.findall(r"[a-z]+", name)
    for word in words:
        if word not in _GENERIC:
            return _ALIASES.get(word, word)
    return name or "unknown"
