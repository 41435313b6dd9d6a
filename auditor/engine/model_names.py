"""Which values and names the catalog knows as models, so surely that they need no column to say so.

A name counts as a whole or not at all. Words that mean other things too (`claude`, `nova`, `command`) need a
digit, a maker or a version beside them; a value is looked up once.
"""

from __future__ import annotations

import re

from auditor.domain.claim import Access
from auditor.knowledge.catalog import OTHER, Knowledge

_WORDS = re.compile(r"[a-z]+")
_TOKENS = re.compile(r"[^A-Za-z0-9.]+")
_PLAIN = re.compile(r"(chat|instruct)?gpt|deepseek|qwen|mixtral|vicuna|text-davinci")
"""Names that mean nothing but a model, also without a version."""
_LINES = re.compile(r"claude|gemini|llama|mistral|gemma|grok|bard|chatglm|nemotron")
"""Names that are a model's where something beside them speaks of models or of answers."""
_MAKERS = frozenset(
    [
        "openai",
        "anthropic",
        "google",
        "meta",
        "mistralai",
        "cohere",
        "microsoft",
        "nvidia",
        "amazon",
        "alibaba",
        "ai21",
    ]
)
_SUFFIX = re.compile(r"(\.[a-z]+)+$", re.IGNORECASE)
_SHORT = 3
_KEPT = 65_536
_WINDOW, _MOST_TOKENS = 5, 24


class ModelNames:
    """The catalog, asked whether something is a model's name."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._stems = frozenset(_stems(knowledge))
        self._answers: dict[tuple[str, bool], bool] = {}
        self._names: dict[tuple[str, bool], str | None] = {}

    def is_model(self, name: str, hinted: bool) -> bool:
        """Tell whether a value names a model; `hinted` where its column speaks of models."""
        key = (name, hinted)
        answer = self._answers.get(key)
        if answer is None:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            answer = self._answers[key] = self._is_model(name.strip(), hinted)
        return answer

    def is_ruled_out(self, name: str) -> bool:
        """Tell whether no model's name holds any word of this one, whatever digits it has."""
        return self._stems.isdisjoint(_WORDS.findall(name.lower()))

    def named_in(self, name: str, beside_text: bool) -> str | None:
        """Return the longest run of words of a name that is a model's; None for none."""
        key = (name, beside_text)
        if key not in self._names:
            if len(self._names) >= _KEPT:
                self._names.clear()
            self._names[key] = self._named_in(name, beside_text)
        return self._names[key]

    def _is_model(self, name: str, hinted: bool) -> bool:
        plain = name.lower()
        if self.is_ruled_out(name):
            return False
        versioned = any(map(str.isdigit, plain)) and (len(plain) > _SHORT or hinted)
        made = "/" in plain or (" " in plain and not _MAKERS.isdisjoint(plain.split()))
        sure = _PLAIN.fullmatch(plain) or (hinted and _LINES.fullmatch(plain))
        return bool(versioned or made or sure) and "://" not in plain and self._known(name)

    def _known(self, name: str) -> bool:
        """Tell whether the catalog's resolver leads a name to a model, or to several."""
        found = self._knowledge.index.find(name).teachers
        entries = [self._knowledge.teachers[one] for one in found]
        return bool(entries) and all(one.id != OTHER and one.access is not Access.NONE for one in entries)

    def _named_in(self, name: str, beside_text: bool) -> str | None:
        tokens = [token for token in _TOKENS.split(_SUFFIX.sub("", name)) if token][:_MOST_TOKENS]
        for width in range(min(_WINDOW, len(tokens)), 0, -1):
            for start in range(len(tokens) - width + 1):
                pieces = ["-".join(tokens[start : start + size]) for size in range(1, width + 1)]
                if self._names_model(pieces[-1], beside_text):
                    # Words after it may be of the text: of names for the same entries the shortest.
                    entries = self._knowledge.index.find(pieces[-1]).teachers
                    same = (one for one in pieces if self._knowledge.index.find(one).teachers == entries)
                    return next(one for one in same if self._names_model(one, beside_text))
        return None

    def _names_model(self, piece: str, beside_text: bool) -> bool:
        return self.is_model(piece, hinted=False) or (beside_text and self._is_line(piece))

    def _is_line(self, piece: str) -> bool:
        return _LINES.fullmatch(piece.lower()) is not None and self._known(piece)


def _stems(knowledge: Knowledge) -> set[str]:
    """Return the words that some name of a model holds: a value without one of them is none."""
    found: set[str] = set()
    for one in knowledge.teachers.values():
        for text in (one.id, one.name, *one.aliases, *one.dpi_names, *one.patterns):
            found.update(_WORDS.findall(text.lower()))
    for entry in knowledge.ambiguous:
        found.update(_WORDS.findall(entry.match.lower()))
    return found
