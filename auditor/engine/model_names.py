"""Which values and names the catalog knows as models, so surely that they need no column to say so.

A name counts as a whole or not at all. Words that mean other things too (`claude`, `nova`, `command`) need a
digit, a maker or a version beside them; a value is looked up once.
"""

from __future__ import annotations

import re

from auditor.domain.claim import Access
from auditor.domain.sample import Shape
from auditor.engine.needed_runs import RunSearch, needed_runs
from auditor.knowledge.catalog import OTHER, Knowledge

_WORDS = re.compile(r"[a-z]+")
_UNFOLDED = re.compile(r"[\x00-\x7f\u0400-\u047f\u4000-\u9fff]*")
"""Texts of signs none of which another letter is folded to, as the kernel takes them (`silent_texts`)."""
_TOKENS = re.compile(r"[^A-Za-z0-9.]+")
_PLAIN = re.compile(r"(chat|instruct)?gpt|deepseek|qwen|mixtral|vicuna|text-davinci")
"""Names that mean nothing but a model, also without a version."""
_LINES = re.compile(r"claude|gemini|llama|mistral|gemma|grok|bard|chatglm|nemotron")
"""Names that are a model's where something beside them speaks of models or of answers."""
_PROVIDERS = re.compile(
    r"(azure[-_ ]?)?open[-_ ]?ai([-_ ]api)?|anthropic([-_ ]api)?|cohere|mistral[-_ ]ai|xai|x\.ai|"
    r"((github|microsoft)[-_ ])?copilot([-_ ](chat|x|cli))?|bing[-_ ]chat"
)
"""Providers and products: one of their models, where the name of the column asks for a model or a service."""
_VARIANTS = re.compile(
    r"(claude|gemini|llama|mistral|grok|command|yi|nova|text|chat)[-_ ]"
    r"(pro|ultra|flash|nano|lite|micro|premier|advanced|large|medium|small|tiny|lightning|spark|instant|"
    r"sonnet|opus|haiku|beta|mini|light|nightly|turbo|bison|r|r[-_ ]?plus|r\+|a)([-_ ](latest|preview|exp))?"
)
"""A line of models with the name of one of its sizes, as services have them."""
_EVERYDAY = re.compile(
    r"((claude|nova|gemini|command|falcon|palm|titan|granite|hermes|bard|phi|yi|grok|orca|dolphin|zephyr|jamba|"
    r"olympus|turing|galactica|koala|mercury|spark|muse|trinity|step|hy) |(sonnet|opus|haiku)[-_ ])\d+(\.\d)?"
)
"""Names that are of a car, a song or a ship as well: a model's only where something says so."""
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
        self._sources = frozenset(_sources(knowledge))
        self.needed_runs = needed_runs(knowledge)
        """Of which each text holds one that names something known; None where nobody can tell."""
        self._runs = None if self.needed_runs is None else RunSearch(self.needed_runs)
        self._answers: dict[tuple[str, int], bool] = {}
        self._names: dict[tuple[str, bool], str | None] = {}
        self._taken_from: dict[tuple[str, bool], str | None] = {}

    def is_model(self, name: str, hint: int) -> bool:
        """Tell whether a value names a model.

        Args:
            hint: nothing says that a model stands there (0), what it did is told (1), its column says so (2).
        """
        key = (name, hint)
        answer = self._answers.get(key)
        if answer is None:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            answer = self._answers[key] = self._is_model(name.strip(), hint)
        return answer

    def is_person(self, name: str) -> bool:
        """Tell whether a value says that people wrote."""
        found = self._knowledge.index.find(name).teachers
        return bool(found) and all(self._knowledge.teachers[one].access is Access.NONE for one in found)

    def is_ruled_out(self, name: str) -> bool:
        """Tell whether no model, set or service goes by any word of this one, whatever digits it has."""
        plain = name.lower()
        if self._runs is not None and _UNFOLDED.fullmatch(name) and not self._runs.holds(f"{plain}1"):
            return True
        words = _WORDS.findall(plain)
        # An address is no model's name.
        return self._sources.isdisjoint(words) and ("://" in name or self._stems.isdisjoint(words))

    def set_named(self, name: str, bare: bool) -> str | None:
        """Return the id of the known set at an address or of an id; with `bare` of any of its names."""
        if not bare and "/" not in name:
            return None
        found = self._knowledge.known_sets.find(name)
        return None if found is None else found.id

    def source_named(self, name: str, bare: bool) -> str | None:
        """Return the id of the known set of a name, or the name where another owner's set bears one."""
        key = (name, bare)
        if key not in self._taken_from:
            if len(self._taken_from) >= _KEPT:
                self._taken_from.clear()
            mirrored = self._knowledge.known_sets.find_mirror(name) is not None
            self._taken_from[key] = self.set_named(name, bare) or (name if mirrored else None)
        return self._taken_from[key]

    def set_within(self, name: str) -> str | None:
        """Return the id of the known set whose own name the words of a file's or folder's name hold."""
        # `sharegpt.json` is named for how its rows are laid out.
        found = self._knowledge.known_sets.find_within(_SUFFIX.sub("", name), frozenset(Shape))
        return None if found is None else found.id

    def service_named(self, name: str, bare: bool) -> str | None:
        """Return the service that answers at an address; with `bare` also one that goes by a name."""
        index = self._knowledge.index
        found = index.host_at(name.strip()) if "." in name or "://" in name else None
        if found is None and bare:
            found = index.find_host(name)
            found = None if found is None or found.self_hosted else found
        return None if found is None else found.id

    def named_in(self, name: str, beside_text: bool) -> str | None:
        """Return the longest run of words of a name that is a model's; None for none."""
        key = (name, beside_text)
        if key not in self._names:
            if len(self._names) >= _KEPT:
                self._names.clear()
            self._names[key] = self._named_in(name, beside_text)
        return self._names[key]

    def _is_model(self, name: str, hint: int) -> bool:
        plain = name.lower()
        if self._stems.isdisjoint(_WORDS.findall(plain)) or (not hint and _EVERYDAY.fullmatch(plain)):
            return False
        hinted = hint > 1
        versioned = any(map(str.isdigit, plain)) and (len(plain) > _SHORT or hinted)
        made = "/" in plain or (" " in plain and not _MAKERS.isdisjoint(plain.split()))
        sure = _PLAIN.fullmatch(plain) or (
            hinted and (_LINES.fullmatch(plain) or _PROVIDERS.fullmatch(plain))
        )
        sure = sure or (_VARIANTS.fullmatch(plain) if hint else None)
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
                    same = [one for one in pieces if self._knowledge.index.find(one).teachers == entries]
                    if beside_text or len(same[0]) >= _SHORT:
                        return next(one for one in same if self._names_model(one, beside_text))
                    # `o3_ozone.jsonl`: so short a word names a model where its column asks for one.
        return None

    def _names_model(self, piece: str, beside_text: bool) -> bool:
        return self.is_model(piece, 1) or (beside_text and self._is_line(piece))

    def _is_line(self, piece: str) -> bool:
        return _LINES.fullmatch(piece.lower()) is not None and self._known(piece)


def _stems(knowledge: Knowledge) -> set[str]:
    """Return the words that some name of a model holds: a value without one of them is none."""
    found: set[str] = set()
    for one in knowledge.teachers.values():
        for text in (one.id, one.name, *one.aliases, *one.dpi_names, *one.patterns):
            found.update(_WORDS.findall(text.lower()))
        for text in one.models:  # of `Qwen2.5-7B-Instruct` the first word is the one that tells
            found.update(_WORDS.findall(text.lower())[:1])
    for entry in knowledge.ambiguous:
        found.update(_WORDS.findall(entry.match.lower()))
    return found


def _sources(knowledge: Knowledge) -> set[str]:
    """Return words of which each name of a known set or service holds one, the rarest of each."""
    names = [text for one in knowledge.known_sets.sets for text in (one.id.partition("/")[2], *one.aliases)]
    for host in knowledge.hosts.values():
        names += [host.id, *host.aliases, *host.addresses]
    words = [frozenset(_WORDS.findall(name.lower())) for name in names]
    return {max(one, key=len) for one in words if one}
