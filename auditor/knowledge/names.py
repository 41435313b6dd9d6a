"""Find the entries that a name goes by: host prefix off, ambiguous and exact names, patterns in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache

from auditor.domain.claim import Access
from auditor.domain.teacher import Host, Teacher
from auditor.errors import KnowledgeError
from auditor.ids import TeacherId
from auditor.knowledge.read_teachers import AmbiguousName

MAX_NAME = 300
MAX_CACHED = 10_000
_BEFORE_DIGIT = re.compile(r"(?<=[A-Za-z])[ _](?=\d)")
_SPACES = re.compile(r"\s+")
_TUNED = re.compile(r"ft:([^:]+):.*", re.IGNORECASE)
"""A fine-tune kept by the service: its outputs are under the terms of the model that was tuned."""
_BREAK = re.compile(r"[^a-z0-9.]+", re.IGNORECASE)
_MAX_WORDS = 24
_LONGEST = 6
"""Words that a model named inside another name may have."""
_PLACE = re.compile(r"(?:[a-z][a-z\d+.-]*://)?(?:[^/@\s]*@)?([a-z\d.-]+)(?::\d+)?(?:[/?#]\S*)?$")
"""An address, with the name of the machine."""
_PAGE = re.compile(r"https?://|www\.")
_CALLED = re.compile(r"/v\d|\bapi\b|completions|inference|generate|llm|gpt|model|chat|:\d{2,5}\b")
_PEOPLE = re.compile(
    r"prolific|appen|scale( ai)?|surge( ai)?|(amazon )?(mturk|mechanical turk)|toloka|upwork|clickworker|"
    r"crowd(flower)?|figure eight|defined\.ai|sama|labelbox|humans?|people|volunteers|students|employees|"
    r"in-?house|annotators"
)
"""Agencies and groups of people, who write and serve no model."""
_SERVICE_TAG = re.compile(r":(latest|free|nitro|floor|extended|beta|online|exacto)$", re.IGNORECASE)
_REPACKAGED = re.compile(
    r"^(thebloke|bartowski|unsloth|lmstudio-community|mlx-community|quantfactory|maziyarpanahi|mradermacher|"
    r"second-state|ggml-org|casperhansen|hugging-quants|neuralmagic|redhatai)/",
    re.IGNORECASE,
)
"""Accounts that pass on the weights of others, quantized; the license stays."""


@dataclass(frozen=True, slots=True)
class Hit:
    """The entries a name leads to: none, one, or several."""

    teachers: tuple[TeacherId, ...] = ()
    host: Host | None = None
    note: str = ""
    together: bool = False
    """The name holds all of them; none may be left out for how it was reached."""


@lru_cache(maxsize=4096)
def compiled(pattern: str, where: str = "") -> re.Pattern[str]:
    """Compile a pattern of the catalog, case-insensitive.

    Raises:
        KnowledgeError: it is not a regular expression.
    """
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise KnowledgeError(f"not a regular expression: {pattern!r}: {error}", where=where or None) from None


@dataclass(slots=True)
class NameIndex:
    """Look-up over the names of all entries; patterns are compiled when first needed."""

    teachers: Sequence[Teacher]
    hosts: Sequence[Host]
    ambiguous: Sequence[AmbiguousName]
    _exact: dict[str, TeacherId] = field(init=False)
    _by_id: dict[str, Teacher] = field(init=False)
    _no_model: frozenset[TeacherId] = field(init=False)
    _at: dict[str, Host] = field(init=False)
    _found: dict[str, Hit] = field(init=False, default_factory=dict)
    _patterns: list[tuple[re.Pattern[str], Teacher]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._exact = {}
        self._at = {address: host for host in reversed(self.hosts) for address in host.addresses}
        self._by_id = {one.id: one for one in self.teachers}
        self._no_model = frozenset(one.id for one in self.teachers if one.access is Access.NONE)
        for teacher in self.teachers:
            for name in (*teacher.aliases, *teacher.dpi_names):
                self._exact.setdefault(name.lower(), teacher.id)
        for teacher in self.teachers:
            self._exact.setdefault(teacher.id.lower(), teacher.id)

    def find(self, name: str) -> Hit:
        """Return the entries `name` leads to; the same name is looked up once."""
        if name not in self._found:
            if len(self._found) >= MAX_CACHED:
                self._found.clear()
            self._found[name] = self._find(_clean(name))
        return self._found[name]

    def _find(self, name: str) -> Hit:
        if not name or len(name) > MAX_NAME:
            return Hit()
        host, rest = self._split(name)
        for form in dict.fromkeys(_forms(rest) if host is None else (*_forms(rest), *_forms(name))):
            hit = self._look(form, host)
            if hit is not None:
                return hit
        for form in dict.fromkeys(form for one in _readings(rest) for form in _forms(one)):
            hit = self._look(form, host)
            if hit is not None and not self._no_model.intersection(hit.teachers):
                return hit
        return Hit((), host)

    def _look(self, form: str, host: Host | None) -> Hit | None:
        for entry in self.ambiguous:
            if compiled(entry.match, entry.overlay).fullmatch(form):
                return Hit(entry.candidates, host, entry.note)
        if (exact := self._exact.get(form.lower())) is not None:
            return Hit((exact,), host)
        found = self._by_pattern(form)
        if found is None:
            return None
        others = self._also_named(form, found)
        if others is None:
            return Hit((), host, "too many words for a name")
        note = "the name holds several models" if others else ""
        return Hit((found.id, *others), host, note, together=bool(others))

    def _split(self, name: str) -> tuple[Host | None, str]:
        for host in self.hosts:
            prefix = compiled(host.match, host.id).match(name) if host.match else None
            if prefix is not None and prefix.end() < len(name):
                return host, name[prefix.end() :]
        return None, name

    def _by_pattern(self, name: str) -> Teacher | None:
        if not self._patterns:
            self._patterns = [(compiled(one, t.id), t) for t in self.teachers for one in t.patterns]
        return next((teacher for one, teacher in self._patterns if one.fullmatch(name)), None)

    def _also_named(self, name: str, found: Teacher) -> tuple[TeacherId, ...] | None:
        """Return the models under other terms that stand in what a pattern left open; None for a sentence."""
        ends = [match.start() for match in _BREAK.finditer(name)]
        end = next((end for end in ends if matches(found, name[:end])), len(name))
        words = [match.span() for match in re.finditer(r"[a-z0-9.]+", name[end:], re.IGNORECASE)]
        if len(words) > _MAX_WORDS:
            return None
        others: dict[TeacherId, None] = {}
        for at, (start, _) in enumerate(words):
            for _, stop in words[at : at + _LONGEST]:
                piece = name[end + start : end + stop]
                other = self._by_id.get(self._exact.get(piece.lower(), "")) or self._by_pattern(piece)
                if other and other.id not in self._no_model and not set(other.terms) <= set(found.terms):
                    others[other.id] = None
        return tuple(others)

    def find_host(self, name: str) -> Host | None:
        """Return the host that goes by `name`, or answers at that address."""
        wanted = _clean(name).lower()
        named = next((h for h in self.hosts if wanted == h.id.lower() or wanted in h.aliases), None)
        return named or self.host_at(wanted)

    def host_at(self, address: str) -> Host | None:
        """Return the host whose machines answer at an address: `https://api.openai.com/v1`."""
        place = _PLACE.match(address.lower()) if len(address) <= MAX_NAME else None
        if place is None:
            return None
        found = self._at.get(place[1])
        if found is None:
            wide = ((one, host) for one, host in self._at.items() if "*" in one)
            found = next((host for one, host in wide if fnmatchcase(place[1], one)), None)
        return found


def answers_calls(host: str | None) -> bool:
    """Tell whether a host that the catalog does not know may serve a model.

    Agencies of people do not, and neither does a page on the web whose address shows no interface.
    """
    name = _clean(host or "").lower()
    if not name or _PEOPLE.fullmatch(name):
        return False
    return _PAGE.match(name) is None or _CALLED.search(name) is not None


def matches(teacher: Teacher, name: str) -> bool:
    """Tell whether a pattern of `teacher` matches all of `name`."""
    return any(compiled(pattern, teacher.id).fullmatch(name) for pattern in teacher.patterns)


def _clean(name: str) -> str:
    return _SPACES.sub(" ", name).strip().strip("'\"`").strip().rstrip("/")


def _readings(name: str) -> Iterable[str]:
    """Yield which model a name may stand for: the one tuned or repackaged, its tag off or read as a size."""
    tuned = _TUNED.fullmatch(name)
    plain = _REPACKAGED.sub("", tuned.group(1) if tuned else name)
    yield plain
    yield _SERVICE_TAG.sub("", plain)
    yield plain.replace(":", "-")


def _forms(name: str) -> Iterable[str]:
    """Yield the spellings to try: as given, hyphens for blanks, for underscores too, digits joined on."""
    yield name
    hyphens = name.replace(" ", "-")
    yield hyphens
    yield hyphens.replace("_", "-")
    yield _BEFORE_DIGIT.sub("", name).replace(" ", "-")
