"""Public sets by the names that they go by in columns such as `source`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from auditor.domain.axes import Confidence
from auditor.domain.claim import Access
from auditor.domain.known_set import KnownSet, SetTeacher
from auditor.domain.role import TeacherRole
from auditor.errors import KnowledgeError
from auditor.knowledge.fields import Fields

_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/(?:api/)?datasets/|hf://(?:datasets/)?"
    r"|(?:https?://)?(?:www\.)?github\.com/|datasets/",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[\s_./]+")
_REVISION = re.compile(r"([?#].*|@[\w.-]+(/.*)?|/(tree|blob|resolve|raw|viewer)(/.*)?|\.git)$")
_OWN_NAME = 7
"""A name half of fewer letters (`alpaca`, `lima`) may be anything; such a set lists it as an alias."""
_MIRRORED = 6
"""Letters of a name after another owner that may be the same set."""
_COINED = re.compile(r"[a-z][A-Z]|[a-zA-Z][-_ ]?\d|[-_]")
"""Names of several words, or with capitals or digits within, are nobody's everyday word."""
_GENERAL = re.compile(r"(?i)(?:^|[-_ ])(?:data(?:set)?|set|train|rows)(?=[-_ ]|$)")
"""Words that tell no name from another."""
_MOST_WORDS = 24
_HUMPS = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_CODE = re.compile(r"(?i)github\.com")


@dataclass(slots=True)
class KnownSets:
    """Look-up over ids, the names after the owner, and aliases, however they are spelled."""

    sets: tuple[KnownSet, ...]
    _by_name: dict[str, KnownSet] = field(init=False)
    _halves: dict[str, KnownSet] = field(init=False)
    """Sets by what follows their owner."""
    _coined: dict[str, KnownSet] = field(init=False)
    """Sets by names that no other thing bears."""

    def __post_init__(self) -> None:
        self._by_name, self._halves, self._coined = {}, {}, {}
        for one in self.sets:
            names = [one.id.partition("/")[2], *one.aliases]
            if len(names[0]) >= _MIRRORED:
                self._halves.setdefault(_folded(names[0]), one)
            for name in names:
                told = _GENERAL.sub("", name)
                if len(told) >= _OWN_NAME and _COINED.search(told):
                    self._coined.setdefault(_folded(name), one)
        for form in (_whole, _half, _listed):
            for one in self.sets:
                for name in form(one):
                    self._by_name.setdefault(name, one)

    def find(self, name: str) -> KnownSet | None:
        """Return the set that goes by `name`: an id, an address on the hub, a bare name, an alias."""
        text = _id_in(name)
        owner, slash, rest = text.partition("/")
        found = self._by_name.get(_folded(text))
        if found is None and slash and "/" in rest:
            # A config or a split behind the name of the set.
            found = self._by_name.get(_folded(f"{owner}/{rest.partition('/')[0]}"))
        return found

    def is_id(self, name: str) -> bool:
        """Tell whether a name is all of a set's id, with its owner."""
        text = _id_in(name)
        found = self._by_name.get(_folded(text)) if "/" in text else None
        return found is not None and found.id.casefold() == text.casefold()

    def find_mirror(self, name: str) -> KnownSet | None:
        """Return the set whose name another owner's set bears, as a whole or among its words."""
        text = _id_in(name)
        _, slash, rest = text.partition("/")
        half = _folded(rest.partition("/")[0])
        if not slash or " " in text or "://" in text or self.find(name) is not None:
            return None
        if half in self._halves and not _CODE.search(name):
            return self._halves[half]
        return self.find_within(half)

    def find_within(self, name: str, passed_over: Collection[str] = ()) -> KnownSet | None:
        """Return the set whose coined name is among the words of a name, as of a file or a fork.

        Args:
            passed_over: names that mean something else there.
        """
        words = _folded(name).split("-")[:_MOST_WORDS]
        runs = ("-".join(words[at:end]) for at in range(len(words)) for end in range(len(words), at, -1))
        fit = (run for run in runs if run in self._coined and run not in passed_over)
        return next((self._coined[run] for run in fit), None)


def _id_in(name: str) -> str:
    """Return a name, or the id at an address, without its revision."""
    return _REVISION.sub("", _ADDRESS.sub("", name.strip().replace("%2F", "/"), count=1)).strip("/")


def _whole(one: KnownSet) -> Iterator[str]:
    yield _folded(one.id)


def _half(one: KnownSet) -> Iterator[str]:
    name = one.id.partition("/")[2]
    if len(name) >= _OWN_NAME:
        yield _folded(name)
        # As `datasets` writes it in `dataset_name`.
        yield _folded(_HUMPS.sub("_", name))


def _listed(one: KnownSet) -> Iterator[str]:
    yield from map(_folded, one.aliases)
    owner = one.id.partition("/")[0]
    yield from (_folded(f"{owner}/{alias}") for alias in one.aliases if "/" not in alias)


def _folded(name: str) -> str:
    return _SIGNS.sub("-", name.strip().casefold())


def read_known_set(fields: Fields, overlay: str = "") -> KnownSet:
    """Build one entry of `sets`.

    Raises:
        KnowledgeError: the entry breaks the schema.
    """
    generated = fields.date("generated")
    found = KnownSet(
        id=fields.text("id"),
        teachers=tuple(_teacher(one) for one in fields.entries("teachers")),
        complete=fields.truth("complete"),
        access=fields.choice("access", Access),
        generated=generated or "",
        source=fields.text("source"),
        confidence=fields.choice("confidence", Confidence),
        aliases=fields.texts("aliases"),
        per_row=fields.text("per_row", ""),
        license=fields.text("license", ""),
        note=fields.text("note", ""),
        overlay=overlay,
    )
    fields.done()
    return found


def _teacher(fields: Fields) -> SetTeacher:
    found = SetTeacher(fields.text("name"), fields.choice("role", TeacherRole))
    fields.done()
    return found


def check_known_sets(sets: Iterable[KnownSet]) -> None:
    """Refuse two sets that go by one name: which is meant could not be told.

    Raises:
        KnowledgeError: a whole id or an alias leads to two sets.
    """
    seen: dict[str, str] = {}
    for one in sets:
        for name in (*_whole(one), *_listed(one)):
            if seen.setdefault(name, one.id) != one.id:
                raise KnowledgeError(
                    f"`{name}` names both {seen[name]} and {one.id}",
                    where=f"known_sets.yaml ({one.id})",
                    fix="give each an alias of its own",
                )
