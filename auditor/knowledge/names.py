"""Find the entries that a name goes by: ambiguous and exact names, models by their words, then patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TypeAlias

from auditor.domain.claim import Access
from auditor.domain.teacher import Host, Teacher
from auditor.domain.terms import UNKNOWN_TERMS
from auditor.ids import TeacherId
from auditor.knowledge.model_table import ModelTable, spelled_models
from auditor.knowledge.patterns import FirstOf, compiled
from auditor.knowledge.read_teachers import AmbiguousName
from auditor.knowledge.spelling import after_provider, bare, dotted, is_on_disk, located, unpacked, words

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
_LIST = re.compile(r"\s*[,;|&]\s*|\s+(?:\+|and|or|vs\.?)\s+", re.IGNORECASE)
_MOST_PARTS = 12
_NOTHING = frozenset({"none", "null", "unknown"})
_HOLDS = "the name holds several models"
_BY_SEVERAL = "several entries go by the name"
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
_REPACKAGED = re.compile(
    r"^(thebloke|bartowski|unsloth|lmstudio-community|mlx-community|quantfactory|maziyarpanahi|mradermacher|"
    r"second-state|ggml-org|casperhansen|hugging-quants|neuralmagic|redhatai|cyankiwi|nm-testing|"
    r"turboderp|quanttrio|xorbits|okwinds|ai-modelscope|llm-research|empirischtech|junhowie|tclf90|modelscope|"
    r"state_cloud|tianjin_ascend|openai-mirror|lonestriker|solidrust|techxgenus|modelcloud|intel|amd|"
    r"onnx-community|qwen-community)/",
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
    wide: bool = False
    """A pattern led there, which matches more than the names that were read."""
    near: tuple[TeacherId, ...] = ()
    """Entries whose names begin alike, where it leads to none; a hint, never an answer."""


_Found: TypeAlias = AmbiguousName | Teacher | tuple[Teacher, ...]
"""A loose name, an entry by its pattern, or entries by an exact name."""


@dataclass(slots=True)
class NameIndex:
    """Look-up over the names of all entries; what it looks up in is built when first needed."""

    teachers: Sequence[Teacher]
    hosts: Sequence[Host]
    ambiguous: Sequence[AmbiguousName]
    accounts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _exact: dict[str, TeacherId] = field(init=False)
    _by_id: dict[str, Teacher] = field(init=False)
    _no_model: frozenset[TeacherId] = field(init=False)
    _at: dict[str, Host] = field(init=False)
    _found: dict[str, Hit] = field(init=False, default_factory=dict)
    _models: ModelTable | None = field(init=False, default=None)
    _patterns: FirstOf[AmbiguousName | Teacher] | None = field(init=False, default=None)
    _above: FirstOf[AmbiguousName | Teacher] | None = field(init=False, default=None)
    _prefixes: FirstOf[Host] | None = field(init=False, default=None)
    _loose: FirstOf[AmbiguousName] | None = field(init=False, default=None)

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
        place = after_provider(located(name))
        host, rest = self._split(place)
        if host is None and is_on_disk(name):
            host = self._self_hosted()
        found = self._single(rest, place, host) or self._several(rest, host)
        if found is None and host is None:
            found = self._by_unread_host(place) or self._repacked(place)
        if found is not None:
            return self._with_folders(name, found) if is_on_disk(name) else found
        near = self._table().near(words(rest.rpartition("/")[2])) or self._table().near(words(rest))
        return Hit((), host, near=near)

    def _single(self, rest: str, place: str, host: Host | None) -> Hit | None:
        """Return what a name leads to, as it stands or with less around it; the latter is never a person."""
        given = dict.fromkeys((rest, *_forms(rest)) if host is None else (*_forms(place), *_forms(rest)))
        packed = bool(_REPACKAGED.match(rest))
        for form in given:
            hit = self._look(form, host)
            if hit is not None and not (packed and self._only_served(hit)):
                return hit
        for form in dict.fromkeys(form for one in _readings(rest) for form in _forms(one)):
            hit = None if form in given else self._look(form, host)
            if hit is None or self._no_model.intersection(hit.teachers):
                continue
            if not (packed and self._only_served(hit)):
                return hit
        return None

    def _only_served(self, hit: Hit) -> bool:
        """Tell whether a shipped entry is of a service alone: who passes on weights has none of these."""
        found = [self._by_id[one] for one in hit.teachers]
        return all(one.access is not Access.OPEN_WEIGHTS and not one.overlay for one in found)

    def _repacked(self, place: str) -> Hit | None:
        """Return the read weights that an account nobody knows passes on: `someone/Llama-3.1-8B-AWQ`.

        Its name says that it is packed, not by whom or from what: something stays unread.
        """
        account, _, rest = place.partition("/")
        plain = unpacked(rest.lower())
        named = self._table().get(words(plain)) if plain and account and "/" not in rest else ()
        host = Host(id=account.lower(), match="", adds_terms=(UNKNOWN_TERMS,))
        return Hit(tuple(one.id for one in named), host, _BY_SEVERAL if named[1:] else "") if named else None

    def _look(self, form: str, host: Host | None) -> Hit | None:
        found = self._overlaid(form) or self._shipped(form)
        if found is None:
            return None
        if isinstance(found, AmbiguousName):
            return Hit(found.candidates, host, found.note)
        if isinstance(found, tuple):
            return Hit(tuple(one.id for one in found), host, _BY_SEVERAL if len(found) > 1 else "")
        others = self._also_named(form, found)
        if others is None:
            return Hit((), host, "too many words for a name")
        return Hit((found.id, *others), host, _HOLDS if others else "", bool(others), wide=True)

    def _overlaid(self, form: str) -> _Found | None:
        """Return what an overlay makes of a name: it is asked before anything shipped."""
        if self._above is None:
            loose = [(one.match, one.overlay, one) for one in self.ambiguous if one.overlay]
            own = [(one, t.id, t) for t in self.teachers if t.overlay for one in t.patterns]
            self._above = FirstOf([*loose, *own])
        if not self._above:
            return None
        exact = self._by_id.get(self._exact.get(form.lower(), ""))
        found = self._above.first(form)
        return (exact,) if exact and exact.overlay and not isinstance(found, AmbiguousName) else found

    def _shipped(self, form: str) -> _Found | None:
        """Return the models of that name, or the first ambiguous name, exact name or pattern."""
        if named := self._table().get(words(form)):
            return named
        if (exact := self._exact.get(form.lower())) is not None:
            return self._ambiguous().first(form) or (self._by_id[exact],)
        if self._patterns is None:
            loose = [(one.match, one.overlay, one) for one in self.ambiguous]
            self._patterns = FirstOf([*loose, *((one, t.id, t) for t in self.teachers for one in t.patterns)])
        return self._patterns.first(form)

    def _several(self, name: str, host: Host | None) -> Hit | None:
        """Return the models that a list names, or a name that begins with one and holds another."""
        parts = [part for part in _LIST.split(name) if part]
        if 1 < len(parts) <= _MOST_PARTS:
            hits = [self._single(part, part, host) for part in parts]
            ids = (id for hit in hits if hit is not None for id in hit.teachers)
            listed = tuple(dict.fromkeys(ids))
            if listed and all(hit is not None and hit.teachers for hit in hits):
                return Hit(listed, host, _HOLDS if listed[1:] else "", together=bool(listed[1:]))
        spelled = words(name)
        size, begun = self._table().begins(spelled)
        if not begun or len(spelled) > _MAX_WORDS + size:
            return None
        rest = spelled[size:]
        others: dict[TeacherId, None] = {}
        for at in range(len(rest)):
            for stop in range(at + 1, min(at + _LONGEST, len(rest)) + 1):
                for other in self._matching("-".join(rest[at:stop])):
                    if other.id not in self._no_model and not set(other.terms) <= set(begun[0].terms):
                        others[other.id] = None
        held = tuple(dict.fromkeys((*(one.id for one in begun), *others)))
        return Hit(held, host, _HOLDS, together=True) if others else None

    def _split(self, name: str) -> tuple[Host | None, str]:
        if self._prefixes is None:
            self._prefixes = FirstOf([(host.match, host.id, host) for host in self.hosts if host.match])
        found = self._prefixes.prefix(name)
        return (found[0], name[found[1] :]) if found and found[1] < len(name) else (None, name)

    def _by_unread_host(self, place: str) -> Hit | None:
        """Return the model of `host/account/model`, where nobody read the terms of that host."""
        first, _, rest = place.partition("/")
        if "/" not in rest or "://" in place or not first:
            return None
        host = Host(id=first.lower(), match="", adds_terms=(UNKNOWN_TERMS,))
        return self._single(self._split(rest)[1], rest, host)

    def _with_folders(self, path: str, found: Hit) -> Hit:
        """Add the models that folders of a path name: `gpt-4o-distilled` holds more than the base."""
        terms = {one for id in found.teachers for one in self._by_id[id].terms}
        parts = [part for part in re.split(r"[/\\]", path)[:-1] if any(map(str.isdigit, part))]
        hits = [hit for part in parts[-_LONGEST:] if (hit := self._single(part, part, found.host))]
        others = [id for hit in hits for id in hit.teachers if not set(self._by_id[id].terms) <= terms]
        if not others:
            return found
        return Hit(tuple(dict.fromkeys((*found.teachers, *others))), found.host, _HOLDS, together=True)

    def _self_hosted(self) -> Host | None:
        return next((host for host in self.hosts if host.self_hosted), None)

    def _table(self) -> ModelTable:
        if self._models is None:
            self._models = ModelTable(self.teachers, self.accounts)
        return self._models

    def _ambiguous(self) -> FirstOf[AmbiguousName]:
        if self._loose is None:
            self._loose = FirstOf([(one.match, one.overlay, one) for one in self.ambiguous])
        return self._loose

    def _matching(self, name: str) -> tuple[Teacher, ...]:
        found = self._shipped(name)
        return (
            found
            if isinstance(found, tuple)
            else ()
            if found is None or isinstance(found, AmbiguousName)
            else (found,)
        )

    def _also_named(self, name: str, found: Teacher) -> tuple[TeacherId, ...] | None:
        """Return the models under other terms that stand in what a pattern left open; None for a sentence."""
        ends = [match.start() for match in _BREAK.finditer(name)]
        end = next((end for end in ends if matches(found, name[:end])), len(name))
        spans = [match.span() for match in re.finditer(r"[a-z0-9.]+", name[end:], re.IGNORECASE)]
        if len(spans) > _MAX_WORDS:
            return None
        others: dict[TeacherId, None] = {}
        spans = [one for one in spans if name[end + one[0] : end + one[1]].lower() not in _NOTHING]
        for at, (start, _) in enumerate(spans):
            for _, stop in spans[at : at + _LONGEST]:
                piece = name[end + start : end + stop]
                for other in self._matching(piece.lower()):
                    if other.id not in self._no_model and not set(other.terms) <= set(found.terms):
                        others[other.id] = None
        return tuple(others)

    def entries_of(self, model: str) -> tuple[Teacher, ...]:
        """Return the entries that list a model by this name."""
        return self._table().get(words(model))

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
    """Tell whether a pattern of `teacher` matches all of `name`, or `name` is one of its models."""
    if teacher.models and words(name) in spelled_models(teacher.models):
        return True
    return any(compiled(pattern, teacher.id).fullmatch(name) for pattern in teacher.patterns)


def _clean(name: str) -> str:
    return _SPACES.sub(" ", name).strip().strip("'\"`").strip().rstrip("/")


def _readings(name: str) -> Iterable[str]:
    """Yield which model a name may stand for: the one tuned or repackaged, with less and less around it."""
    tuned = _TUNED.fullmatch(name)
    plain = _REPACKAGED.sub("", tuned.group(1) if tuned else name)
    yield plain
    yield plain.replace(":", "-")
    low = plain.lower()
    shorter = list(bare(low))
    for one in shorter:
        yield one
        yield one.replace(":", "-")
    for one in (low, *shorter):
        yield from dotted(one)


def _forms(name: str) -> Iterable[str]:
    """Yield the spellings to try: as given, hyphens for blanks, for underscores too, digits joined on."""
    yield name
    hyphens = name.replace(" ", "-")
    yield hyphens
    yield hyphens.replace("_", "-")
    yield _BEFORE_DIGIT.sub("", name).replace(" ", "-")
