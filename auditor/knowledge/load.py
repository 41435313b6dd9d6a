"""Load the shipped knowledge and an overlay over it; every entry and every reference is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from auditor.domain.known_set import KnownSet
from auditor.domain.license import DatasetLicense
from auditor.domain.report.judged_by import BundleFacts
from auditor.domain.service import Service
from auditor.domain.teacher import Host, Teacher
from auditor.domain.terms import UNKNOWN_TERMS, Terms
from auditor.errors import KnowledgeError
from auditor.ids import Digest, digest_of
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.choice import read_choice
from auditor.knowledge.data_terms import tags_of, titles_of
from auditor.knowledge.documents import SCHEMA_VERSION, Document, read_files, read_folder
from auditor.knowledge.fields import Fields
from auditor.knowledge.known_sets import KnownSets, check_known_sets, read_known_set
from auditor.knowledge.license_names import LicenseReader
from auditor.knowledge.names import NameIndex, matches
from auditor.knowledge.patterns import compiled
from auditor.knowledge.read_licenses import LicenseString, Vocabulary, read_license, read_string
from auditor.knowledge.read_services import host_with_spans, read_service, teacher_with_spans
from auditor.knowledge.read_teachers import (
    AmbiguousName,
    Developer,
    read_ambiguous,
    read_developer,
    read_host,
    read_teacher,
)
from auditor.knowledge.read_terms import read_terms
from auditor.knowledge.references import check_references
from auditor.redact import redact

if TYPE_CHECKING:
    from auditor.knowledge.bundle import Bundle

BUILT_IN = Path(__file__).parent / "data"
COMPLETE = ("teachers.yaml", "terms.yaml", "dataset_licenses.yaml")
"""The files without which a bundle is not a whole catalog."""


class _Entry(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Entry)


def load_knowledge(named: Path | None = None) -> Knowledge:
    """Load the built-in knowledge, or an applied bundle's, and over it the entries of an overlay folder.

    An overlay holds any of teachers.yaml, services.yaml, terms.yaml, dataset_licenses.yaml and
    known_sets.yaml; an entry with the id of a built-in one replaces it, and its teachers' patterns are tried
    first.

    Args:
        named: an overlay's folder, `sha256:DIGEST` of a bundle, or `sha256:DIGEST+FOLDER`.

    Raises:
        KnowledgeError: a file breaks the schema, repeats an id or a key, or points at nothing; or the bundle
            was not applied here.
        EvidenceError: the bundle was changed.
    """
    choice = read_choice(named)
    if choice.bundle is None:
        return load_folders((BUILT_IN,) if choice.overlay is None else (BUILT_IN, choice.overlay))
    from auditor.knowledge.bundle_store import stored_bundle

    over = [] if choice.overlay is None else [_overlay(choice.overlay)]
    return _joined([bundled_layer(stored_bundle(choice.bundle)), *over])


def load_bundle(bundle: Bundle) -> Knowledge:
    """Load the knowledge of a bundle that need not be applied; raises as `load_knowledge` does."""
    return _joined([bundled_layer(bundle)])


def load_folders(folders: tuple[Path, ...]) -> Knowledge:
    """Load knowledge from `folders`, later ones over earlier ones; the first must be complete by itself."""
    first, *rest = folders
    layers = [_built_in() if first == BUILT_IN else _read_layer(first, "")]
    return _joined([*layers, *map(_overlay, rest)])


def _overlay(folder: Path) -> _Layer:
    return _read_layer(folder, redact(folder.resolve().name))


def _joined(layers: list[_Layer]) -> Knowledge:
    merged = _merge(layers)
    check_references(merged)
    return merged


@dataclass(frozen=True, slots=True)
class _Layer:
    documents: dict[str, Document]
    overlay: str
    version: str
    teachers: list[Teacher]
    services: list[Service]
    terms: list[Terms]
    licenses: list[DatasetLicense]
    hosts: list[Host]
    ambiguous: list[AmbiguousName]
    developers: list[Developer]
    strings: dict[Vocabulary, list[LicenseString]]
    known_sets: list[KnownSet]
    bundle: BundleFacts | None = None


_MAPS = {
    Vocabulary.DPI: "dpi",
    Vocabulary.HF: "hf",
    Vocabulary.HF_NAME: "hf_license_name",
    Vocabulary.NAME: "names",
    Vocabulary.PLACE: "places",
}


@cache
def _built_in() -> _Layer:
    """Read the shipped files once a process; nothing changes them while it runs."""
    return _read_layer(BUILT_IN, "")


def _read_layer(folder: Path, name: str) -> _Layer:
    if not folder.is_dir():
        raise KnowledgeError(
            "there is no such folder", where=str(folder), fix="give a folder of knowledge files"
        )
    documents = read_folder(folder, keeping=not name)
    if not documents:
        raise KnowledgeError(
            "the folder holds no knowledge file", where=str(folder), fix="add teachers.yaml or terms.yaml"
        )
    return _layer(documents, name)


def bundled_layer(bundle: Bundle) -> _Layer:
    """Read the entries of a bundle.

    Raises:
        KnowledgeError: a file breaks the schema, as one of a newer program does, or one is missing.
    """
    missing = [name for name in COMPLETE if name not in bundle.files]
    if missing:
        raise KnowledgeError(f"the bundle has no {missing[0]}", where=bundle.digest, fix="take another one")
    try:
        layer = _layer(read_files(bundle.files, keeping=True), "")
    except KnowledgeError as error:
        fix = error.fix or "it may be for a newer version of auditor"
        raise KnowledgeError(
            error.message, where=f"{bundle.digest} {error.where or ''}".strip(), fix=fix
        ) from None
    if UNKNOWN_TERMS not in {one.id for one in layer.terms}:
        raise KnowledgeError(
            f"the bundle has no terms `{UNKNOWN_TERMS}`", where=bundle.digest, fix="add them"
        )
    return replace(layer, bundle=bundle.facts)


def _layer(documents: dict[str, Document], name: str) -> _Layer:
    overlay = f"{name}@{_digest(documents.values())[7:19]}" if name else ""
    tops = {key: Fields(document.value, key) for key, document in documents.items()}
    version = max(_version(top) for top in tops.values())

    def read(file: str, section: str, build: Callable[[Fields, str], T], id_field: str = "id") -> list[T]:
        if file not in tops:
            return []
        found = _entries(documents[file], tops[file], section, build, overlay, id_field)
        if overlay and section in ("teachers", "ambiguous", "hosts"):
            _compile(found)
        return found

    layer = _Layer(
        documents,
        overlay,
        version,
        teachers=read("teachers.yaml", "teachers", read_teacher),
        services=read("services.yaml", "services", read_service),
        terms=read("terms.yaml", "terms", read_terms),
        licenses=read("dataset_licenses.yaml", "licenses", read_license),
        hosts=read("teachers.yaml", "hosts", read_host),
        ambiguous=read("teachers.yaml", "ambiguous", read_ambiguous, "match"),
        developers=read("teachers.yaml", "developers", read_developer),
        strings=_strings(documents, tops, overlay),
        known_sets=read("known_sets.yaml", "sets", read_known_set),
    )
    for top in tops.values():
        top.done()
    return layer


def _compile(entries: list[T]) -> None:
    for entry in entries:
        for pattern in (*getattr(entry, "patterns", ()), getattr(entry, "match", "")):
            compiled(pattern, entry.id)


def _version(top: Fields) -> str:
    if top.count("schema_version") != SCHEMA_VERSION:
        raise top.fault(f"`schema_version` must be {SCHEMA_VERSION}")
    return top.date("read_on") or ""


def _entries(
    document: Document,
    top: Fields,
    section: str,
    build: Callable[[Fields, str], T],
    overlay: str,
    id_field: str,
) -> list[T]:
    found: dict[str, T] = {}
    raw = document.value.get(section) or []
    for index, fields in enumerate(top.entries(section)):
        value = raw[index]
        fields.where = document.place(section, index, value.get(id_field))
        entry = build(fields, overlay)
        if entry.id.lower() in found:
            raise KnowledgeError(
                f"duplicate {id_field} `{entry.id}`", where=fields.where, fix="keep one of them"
            )
        found[entry.id.lower()] = entry
    return list(found.values())


def _strings(
    documents: dict[str, Document], tops: dict[str, Fields], overlay: str
) -> dict[Vocabulary, list[LicenseString]]:
    if "dataset_licenses.yaml" not in tops:
        return {}
    maps = tops["dataset_licenses.yaml"].part("maps")
    raw = documents["dataset_licenses.yaml"].value.get("maps") or {}
    inner = Document("dataset_licenses.yaml maps", "", raw if isinstance(raw, dict) else {})
    found = {
        vocabulary: _entries(inner, maps, section, read_string, overlay, "string")
        for vocabulary, section in _MAPS.items()
    }
    maps.done()
    return found


def _merge(layers: list[_Layer]) -> Knowledge:
    services = _over([layer.services for layer in reversed(layers)])
    named = _over([layer.teachers for layer in reversed(layers)])
    teachers = {id: teacher_with_spans(one, services) for id, one in named.items()}
    served = _over([layer.hosts for layer in reversed(layers)])
    hosts = {id: host_with_spans(one, services) for id, one in served.items()}
    ambiguous = tuple(_over([layer.ambiguous for layer in reversed(layers)]).values())
    strings = {
        vocabulary: {
            string.string.lower(): string
            for string in _over([layer.strings.get(vocabulary, []) for layer in reversed(layers)]).values()
        }
        for vocabulary in _MAPS
    }
    terms = {t.id: t for t in _over([layer.terms for layer in reversed(layers)]).values()}
    licenses = _over([layer.licenses for layer in reversed(layers)])
    accounts: dict[str, tuple[str, ...]] = {}
    for one in (one for layer in layers for one in layer.developers):
        accounts[one.id] = (*accounts.get(one.id, ()), *one.accounts)
    known = tuple(_over([layer.known_sets for layer in reversed(layers)]).values())
    check_known_sets(known)
    replaced, added = _overlaid(layers)
    return Knowledge(
        teachers={t.id: t for t in teachers.values()},
        services=services,
        terms=terms,
        licenses=licenses,
        hosts=hosts,
        ambiguous=ambiguous,
        strings=strings,
        known_sets=KnownSets(known),
        digest=_digest(document for layer in layers for document in layer.documents.values()),
        version=layers[0].version,
        overlays=tuple(layer.overlay for layer in layers[1:]),
        index=NameIndex(tuple(teachers.values()), tuple(hosts.values()), ambiguous, accounts),
        reader=LicenseReader(licenses, tags_of(terms), strings, titles_of(terms)),
        bundle=layers[0].bundle,
        replaced=replaced,
        added=added,
    )


def _overlaid(layers: list[_Layer]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which entries of the first layer the others replace or are found before, and which they add."""
    shipped = set(_named(layers[0]))
    above = {name for layer in layers[1:] for name in _named(layer)}
    taken = {
        f"teacher {one.id}"
        for one in layers[0].teachers
        for layer in layers[1:]
        for other in layer.teachers
        if any(matches(other, name) for name in (one.id, one.name, *one.aliases, *one.dpi_names))
    }
    return tuple(sorted(shipped & above | taken)), tuple(sorted(above - shipped))


def _named(layer: _Layer) -> Iterator[str]:
    kinds: dict[str, Iterable[_Entry]] = {
        "teacher": layer.teachers,
        "service": layer.services,
        "terms": layer.terms,
        "license": layer.licenses,
        "host": layer.hosts,
        "ambiguous": layer.ambiguous,
        "known set": layer.known_sets,
        **{f"{vocabulary} string": strings for vocabulary, strings in layer.strings.items()},
    }
    return (f"{kind} {entry.id}" for kind, entries in kinds.items() for entry in entries)


def _over(layers: list[list[T]]) -> dict[str, T]:
    """Join layers, given from the top down; the first entry of an id wins and comes first."""
    found: dict[str, T] = {}
    for layer in layers:
        for entry in layer:
            found.setdefault(entry.id, entry)
    return found


def _digest(documents: Iterable[Document]) -> Digest:
    listed = "".join(f"{d.name} {d.sha256}\n" for d in documents)
    return digest_of(listed.encode())
