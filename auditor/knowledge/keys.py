"""The key (model, access path, host, date): which terms hold together in every version it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from auditor.domain.claim import Access
from auditor.domain.teacher import Host, Teacher, TermsSet
from auditor.domain.terms import UNKNOWN_TERMS, Terms, TermsKind
from auditor.ids import TeacherId, TermsId
from auditor.knowledge.asof import DayRange, Version, added, overlap, read_range, since_release, versions

API_UNREAD = "API, unread"
"""The version of a model whose access path is not told and whose maker's service terms nobody has read."""
KNOWN_PATHS = frozenset({Access.API, Access.OPEN_WEIGHTS, Access.CONSUMER_APP, Access.NONE})


@dataclass(frozen=True, slots=True)
class Key:
    """The parts of a key besides the model; None where nobody says."""

    access: Access | None = None
    date: str | None = None
    host: Host | None = None
    host_name: str | None = None
    """The host as given, also where the catalog does not know it."""

    def path(self) -> Access | None:
        """Return the access path that is told, or follows from the host; None where it stays open."""
        if self.host is not None and self.host.self_hosted:
            return Access.OPEN_WEIGHTS if self.access in (None, Access.UNKNOWN, Access.API) else self.access
        if self.access in KNOWN_PATHS:
            return self.access
        return Access.API if self.host_name else None


def entries_for(teacher: Teacher, key: Key) -> tuple[TeacherId, ...]:
    """Return the entries that the key may mean, the named one first; empty where the catalog has none.

    An unknown access path leaves every path open. Another host than the vendor's serves the model under the
    model's own license, so that the entry for its weights stays.
    """
    path = key.path()
    if path is None:
        others = (one for _, ids in teacher.by_access for one in ids)
        return tuple(dict.fromkeys((teacher.id, *others)))
    if path is teacher.access or teacher.access is Access.UNKNOWN:
        return (teacher.id,)
    if path is Access.API and teacher.access is Access.OPEN_WEIGHTS and _third_party(teacher, key):
        return (teacher.id,)
    return teacher.siblings(path)


def _third_party(teacher: Teacher, key: Key) -> bool:
    if key.host is None:
        return key.host_name is not None
    return not key.host.self_hosted and teacher.developer not in key.host.developers


def sets_for(
    teacher: Teacher, key: Key, teachers: Mapping[TeacherId, Teacher], terms: dict[TermsId, Terms]
) -> list[TermsSet]:
    """Return every set of terms that the key leaves possible; never empty.

    A path without an entry, a date that cannot be read or lies outside every span, and a host nobody has
    read give a set that is not `known`.
    """
    days = read_range(key.date)
    if days is None:
        return [unknown_set(teacher.id, f"the date {key.date!r} cannot be read")]
    entries = [teachers[one] for one in entries_for(teacher, key)]
    if not entries:
        return [unknown_set(teacher.id, f"no entry for {teacher.name} by {key.path()}")]
    found: dict[tuple[TermsId, ...], TermsSet] = {}
    out = since_release(teacher, days)
    for entry in entries:
        asked = days if entry.id == teacher.id else out
        if entry.id != teacher.id and _before(entry, asked, terms):
            continue
        served, note = _host_versions(entry, key, asked, terms)
        for version in versions(entry, asked, terms):
            for hosted in (one for one in served if overlap(version, one)):
                one = _with_host(entry, version, hosted, note, key, terms)
                found.setdefault(one.terms, one)
    if key.path() is None and _api_unread(entries):
        for one in [held for held in found.values() if held.known and held.access is Access.OPEN_WEIGHTS]:
            # Whoever serves the weights is bound by their license; what the service asks besides is unread.
            terms_then = (*one.terms, UNKNOWN_TERMS)
            by_others = replace(one, terms=terms_then, known=False, access=Access.API, note=API_UNREAD)
            found.setdefault(terms_then, by_others)
    return list(found.values()) or [unknown_set(teacher.id, "dated before any version that was read")]


def _api_unread(entries: list[Teacher]) -> bool:
    """Tell whether an API may have served the model that has no entry of its own: weights can be served."""
    paths = {entry.access for entry in entries}
    return Access.OPEN_WEIGHTS in paths and Access.API not in paths


def _before(entry: Teacher, days: DayRange, terms: dict[TermsId, Terms]) -> bool:
    """Tell whether a path other than the named one did not exist yet."""
    held = versions(entry, days, terms)
    return bool(entry.released) and len(held) == 1 and held[0].note.startswith("dated before")


def _with_host(
    entry: Teacher, version: Version, hosted: Version, note: str, key: Key, terms_of: Mapping[TermsId, Terms]
) -> TermsSet:
    own = version.terms
    if hosted.terms and key.host is not None and key.host.replaces_vendor_terms:
        own = tuple(one for one in own if terms_of[one].kind is not TermsKind.SERVICE)
        if own == (UNKNOWN_TERMS,) and len(version.terms) > 1:
            # What went on unread was the text that the host replaces.
            own, version = (), Version(())
    terms = tuple(dict.fromkeys((*own, *hosted.terms)))
    return TermsSet(
        terms=terms,
        teacher=entry.id,
        known=UNKNOWN_TERMS not in terms,
        start=max((day for day in (version.start, hosted.start) if day), default=None),
        end=min((day for day in (version.end, hosted.end) if day), default=None),
        access=entry.access,
        note="; ".join(part for part in (version.note, note, hosted.note) if part),
    )


def _host_versions(
    entry: Teacher, key: Key, days: DayRange, terms: dict[TermsId, Terms]
) -> tuple[list[Version], str]:
    """Return what the host added over time, and a word on it; one empty version where it adds nothing."""
    unread = [Version((UNKNOWN_TERMS,))]
    if key.host is None:
        return (unread, f"unknown host {key.host_name}") if key.host_name else ([Version(())], "")
    if key.host.self_hosted:
        runs = entry.access in (Access.OPEN_WEIGHTS, Access.NONE)
        return ([Version(())], "") if runs else (unread, f"{entry.name} has no weights to run")
    if entry.developer in key.host.developers or entry.access is Access.NONE:
        return [Version(())], ""
    return added(key.host, days, terms), f"served by {key.host.id}"


def unknown_set(teacher: TeacherId | None, note: str) -> TermsSet:
    """Return the set that stands for what nobody has read."""
    return TermsSet((UNKNOWN_TERMS,), teacher, known=False, note=note)


def joined(sets: list[TermsSet]) -> tuple[TermsSet, ...]:
    """Return the sets, each combination of terms once."""
    found: dict[tuple[TermsId, ...], TermsSet] = {}
    for one in sets:
        known = found.get(one.terms)
        found[one.terms] = one if known is None else replace(known, teacher=_same(known, one))
    return tuple(found.values())


def _same(one: TermsSet, other: TermsSet) -> TeacherId | None:
    return one.teacher if one.teacher == other.teacher else None
