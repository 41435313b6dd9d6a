"""The knowledge in one object: load it, look names up, ask what held when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from auditor.domain.claim import Access
from auditor.domain.license import DatasetLicense, LicenseResolution
from auditor.domain.report.judged_by import BundleFacts
from auditor.domain.service import Service
from auditor.domain.teacher import Host, Resolution, ResolutionStatus, Teacher, TermsSet
from auditor.domain.terms import Terms
from auditor.ids import Digest, TeacherId, TermsId
from auditor.knowledge.keys import Key, entries_for, joined, sets_for, unknown_set
from auditor.knowledge.known_sets import KnownSets
from auditor.knowledge.license_names import LicenseReader
from auditor.knowledge.names import NameIndex, answers_calls, matches
from auditor.knowledge.read_licenses import LicenseString, Vocabulary
from auditor.knowledge.read_teachers import AmbiguousName

OTHER = TeacherId("other-unknown")
"""The entry for systems that are named but not in the catalog; it identifies nothing."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Teachers, terms, licenses and hosts by id, checked against each other.

    Attributes:
        digest: SHA-256 over the digests of all files read, built-in first.
        version: the day the built-in facts were read.
        overlays: `name@digest` of each overlay folder; to be named in every result.
        replaced: kind and id of each shipped entry that an overlay replaces, or whose name it takes over.
        added: kind and id of each entry that only an overlay has.
        bundle: the bundle that takes the shipped catalog's place; None for none.
    """

    teachers: dict[TeacherId, Teacher]
    services: dict[str, Service]
    terms: dict[TermsId, Terms]
    licenses: dict[str, DatasetLicense]
    hosts: dict[str, Host]
    ambiguous: tuple[AmbiguousName, ...]
    strings: Mapping[Vocabulary, Mapping[str, LicenseString]]
    known_sets: KnownSets
    digest: Digest
    version: str
    overlays: tuple[str, ...]
    index: NameIndex
    reader: LicenseReader
    replaced: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    bundle: BundleFacts | None = None

    def resolve(
        self,
        name: str,
        access: Access | None = None,
        date: str | None = None,
        host: str | None = None,
    ) -> Resolution:
        """Resolve a teacher's name by the rest of its key.

        Args:
            name: model name as somebody wrote it, a DPI name, an index label, or a catalog id.
            access: how it was reached; None or `unknown` leaves every path open.
            date: ISO date of generation, a prefix of one, or `FROM/TO`; None leaves every version open.
            host: who served it; None is the vendor's own or the user's machine.
        """
        hit = self.index.find(name)
        key = self._key(access, date, host, hit.host)
        named = [self.teachers[one] for one in hit.teachers]
        if self.known_sets.is_id(name) and not any(one.overlay for one in named):
            return replace(
                self._unknown(name, key, "the name of a data set, not of a model"), near=hit.teachers
            )
        if hit.together:
            return self._listed(name, key, named, hit.note)
        if len(named) > 1:
            return self._ambiguous(name, key, named, hit.note)
        if not named or named[0].id == OTHER:
            return replace(self._unknown(name, key, "not in the catalog"), near=hit.near)
        if hit.wide and key.path() is Access.OPEN_WEIGHTS and named[0].access is not Access.OPEN_WEIGHTS:
            # The terms of a service cover each name it has; no weights are known to go by this one.
            note = f"no weights go by this name, which is one of {named[0].name}"
            return replace(self._unknown(name, key, note), near=(named[0].id,))
        return self._known(name, key, named[0])

    def terms_for(
        self,
        teacher: Teacher | str,
        access: Access | None = None,
        date: str | None = None,
        host: str | None = None,
    ) -> list[TermsSet]:
        """Return every set of terms that the key leaves possible, for a catalog entry; never empty.

        Sets that are not `known` stand for versions nobody has read and can only lead to review. To ask
        what holds today, give today's date.
        """
        entry = self.teachers.get(TeacherId(teacher)) if isinstance(teacher, str) else teacher
        if entry is None:
            return [unknown_set(None, f"{teacher} is not in the catalog")]
        return sets_for(entry, self._key(access, date, host, None), self.teachers, self.terms)

    def normalize_license(
        self, text: str | None, vocabulary: Vocabulary = Vocabulary.ANY
    ) -> LicenseResolution:
        """Read a license string: an SPDX expression, a card's tag, a collection's string, or words.

        Unknown, none, ambiguous and unreadable stay apart; only `known` may lead to an allow.
        """
        return self.reader.read(text, vocabulary)

    def _key(self, access: Access | None, date: str | None, host: str | None, prefix: Host | None) -> Key:
        told = self.index.find_host(host) if host else None
        served = told or (prefix if not host else None)
        return Key(access, date, served, served.id if served else host)

    def _known(self, name: str, key: Key, entry: Teacher) -> Resolution:
        if entry.access is Access.NONE:
            return self._no_model(name, key, entry)
        ids = entries_for(entry, key)
        if not ids:
            return self._unknown(name, key, f"no entry for {entry.name} by {key.path()}")
        meant = [self.teachers[one] for one in ids]
        chosen = entry if entry.id in ids else _narrow(meant, name)
        if chosen is None:
            return self._ambiguous(name, key, meant, f"{entry.name} by {key.path()}: which one is not told")
        sets = sets_for(chosen, key, self.teachers, self.terms)
        return self._result(name, key, chosen.id, ResolutionStatus.KNOWN, sets, chosen)

    def _no_model(self, name: str, key: Key, entry: Teacher) -> Resolution:
        by = key.host_name if key.host or answers_calls(key.host_name) else None
        reached = by or key.access
        if reached not in (None, Access.UNKNOWN, Access.NONE):
            return self._unknown(
                name, key, f"{name} is not a model, yet it is said to be reached by {reached}"
            )
        free = replace(key, access=Access.NONE, host=None, host_name=None)
        sets = sets_for(entry, free, self.teachers, self.terms)
        return self._result(name, free, entry.id, ResolutionStatus.NO_MODEL, sets, entry)

    def _ambiguous(self, name: str, key: Key, named: list[Teacher], note: str) -> Resolution:
        """Keep all candidates that the key allows, also weights that others serve; one left is the answer."""
        path = key.path()
        left = [t for t in named if path is None or t.id in entries_for(t, key)]
        if not left:
            return self._unknown(name, key, note or f"no entry by {path}")
        if len(left) == 1 and len(named) > 1:
            return self._known(name, key, left[0])
        return self._listed(name, key, left, note)

    def _listed(self, name: str, key: Key, left: list[Teacher], note: str) -> Resolution:
        """Keep candidates side by side."""
        sets = [one for t in left for one in sets_for(t, key, self.teachers, self.terms)]
        result = self._result(name, key, None, ResolutionStatus.AMBIGUOUS, sets, None)
        notes = (note, *result.notes) if note else result.notes
        return replace(result, candidates=tuple(t.id for t in left), notes=notes)

    def _unknown(self, name: str, key: Key, note: str) -> Resolution:
        sets = [unknown_set(None, note)]
        return self._result(name, key, None, ResolutionStatus.UNKNOWN, sets, None)

    def _result(
        self,
        name: str,
        key: Key,
        teacher: TeacherId | None,
        status: ResolutionStatus,
        sets: list[TermsSet],
        entry: Teacher | None,
    ) -> Resolution:
        notes = dict.fromkeys(one.note for one in sets if one.note)
        if entry is not None and entry.note:
            notes[entry.note] = None
        return Resolution(
            name=name,
            teacher=teacher,
            host=key.host.id if key.host else key.host_name,
            access=key.path() or Access.UNKNOWN,
            status=status,
            sets=joined(sets),
            confidence=entry.confidence if entry else None,
            notes=tuple(notes),
            overlays=self.overlays,
        )


def _narrow(meant: list[Teacher], name: str) -> Teacher | None:
    """Return the one sibling meant; of several the only one that itself goes by `name`."""
    if len(meant) > 1:
        meant = [t for t in meant if matches(t, name)]
    return meant[0] if len(meant) == 1 else None
