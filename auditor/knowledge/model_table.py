"""The names of models that were read, by their words; and what stands near a name that is not among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from auditor.domain.teacher import Teacher
from auditor.ids import TeacherId
from auditor.knowledge.spelling import words

Words = tuple[str, ...]
_ACCOUNT_WORDS = 3
_NEAR = 8
_TELLING = 3
"""Names with the same first word, and its letters, that alone make names neighbors."""


@lru_cache(maxsize=1024)
def spelled_models(models: tuple[str, ...]) -> frozenset[Words]:
    """Return the words of each of the names, with the account that stands before them or without it."""
    return frozenset(words(form) for name in models for form in (name, name.rpartition("/")[2]))


@dataclass(slots=True)
class ModelTable:
    """Look-up of names by their words, after an account of their maker or without one."""

    teachers: Sequence[Teacher]
    accounts: Mapping[str, Sequence[str]]
    """Developer to the accounts under which it publishes."""
    _by_words: dict[Words, tuple[Teacher, ...]] = field(init=False, default_factory=dict)
    _makers: dict[Words, frozenset[str]] = field(init=False, default_factory=dict)
    _begun: dict[Words, dict[TeacherId, int]] = field(init=False, default_factory=dict)
    _longest: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        for teacher in self.teachers:
            for key in spelled_models(teacher.models):
                held = self._by_words.get(key, ())
                if held and bool(held[0].overlay) is not bool(teacher.overlay):
                    held = () if teacher.overlay else held  # an overlay comes first, and alone
                    teachers = (teacher,) if teacher.overlay else ()
                else:
                    teachers = (teacher,)
                self._by_words[key] = (*held, *teachers)
                self._longest = max(self._longest, len(key))
        for developer, names in self.accounts.items():
            for name in names:
                key = words(name)
                self._makers[key] = self._makers.get(key, frozenset()) | {developer}

    def get(self, spelled: Words) -> tuple[Teacher, ...]:
        """Return the entries that a name's words lead to; none for a name nobody read."""
        found = self._by_words.get(spelled)
        if found is not None:
            return found
        for size in range(1, min(_ACCOUNT_WORDS, len(spelled) - 1) + 1):
            makers = self._makers.get(spelled[:size])
            if makers is not None:
                own = tuple(one for one in self.get(spelled[size:]) if one.developer in makers)
                if own:
                    return own
        return ()

    def begins(self, spelled: Words) -> tuple[int, tuple[Teacher, ...]]:
        """Return the longest beginning of a name that is a model's, in words, and its entries."""
        for size in range(min(len(spelled) - 1, self._longest + _ACCOUNT_WORDS), 1, -1):
            found = self.get(spelled[:size])
            if found:
                return size, found
        return 0, ()

    def near(self, spelled: Words) -> tuple[TeacherId, ...]:
        """Return the entries whose names begin most like this one; a hint, never an answer."""
        if not self._begun:
            for key, teachers in self._by_words.items():
                for size in range(1, len(key) + 1):
                    begun = self._begun.setdefault(key[:size], {})
                    begun.update((one.id, begun.get(one.id, 0) + 1) for one in teachers)
        first = [0, *(n for n in range(1, _ACCOUNT_WORDS + 1) if spelled[:n] in self._makers)]
        best: tuple[int, Iterable[TeacherId]] = (0, ())
        for start in dict.fromkeys((*first, *range(len(spelled)))):
            for size in range(len(spelled) - start, best[0], -1):
                begun = self._begun.get(spelled[start : start + size], {})
                family = start in first and len(spelled[start]) >= _TELLING <= sum(begun.values())
                if begun and (size > 1 or family):
                    best = size, begun
                    break
        return tuple(best[1])[:_NEAR]
