"""What stands beside the rows and is read for claims, by digest: cards, licenses, side files, labels.

The audit binds it, the gate lists it again with the same functions. What is compared is content: a file that
was moved, or a set in other shards, has the same digests.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.canonical import content_digest
from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.permit import BoundFile
from auditor.ids import Digest, digest_of
from auditor.samples.claims.card_prose import document_claims, document_files, names_listed, sets_named
from auditor.samples.claims.labels import file_labels, labels_digest, saved_labels
from auditor.samples.claims.license_files import bars_of_code, license_file_claims, license_files, own_license
from auditor.samples.claims.metadata_files import file_statements, metadata_files, metadata_of, table_claims
from auditor.samples.claims.named_beside import names_in_metadata
from auditor.samples.claims.registries import of_registry
from auditor.samples.claims.settings_files import (
    sets_in_settings,
    settings_files,
    settings_licenses,
    settings_texts,
    table_texts,
)
from auditor.samples.claims.side_files import (
    PIPELINES,
    card_files,
    folders_of,
    of_data,
    side_files,
)
from auditor.samples.inputs.boxed import BoxedPath, digest_of_side, read_side, watched
from auditor.samples.inputs.folders import is_side_file
from auditor.samples.inputs.side_rows import learnable
from auditor.samples.inputs.sources import DataFile
from auditor.samples.inputs.trainer_files import columns_for

CARD, LICENSE, SIDE_FILE, AROUND, LABELS = "card", "license", "side-file", "around", "labels"
_CLAIMS, _SETTINGS, _BARS = "claims", "settings", "bars"
_CONTAINER = ("dataset_info.json", "dataset_infos.json", "state.json", "dataset_dict.json")
_SAVED = ("dataset_info.json", "dataset_infos.json")


def beside_files(files: Iterable[DataFile]) -> tuple[BoundFile, ...]:
    """List what is read for claims beside these files now, sorted, each content once."""
    found: dict[tuple[str, str], BoundFile] = {}
    met: set[tuple[str, Path]] = set()
    for file in files:
        for name, kind, path in _places(file):
            if (kind, path) not in met:
                met.add((kind, path))
                found.setdefault((kind, digest := _file_digest(path)), BoundFile(name, kind, digest))
        for name, path in _named(file):
            if (SIDE_FILE, path) not in met:
                met.add((SIDE_FILE, path))
                if texts := _side_digest(path):
                    found.setdefault((SIDE_FILE, texts), BoundFile(name, SIDE_FILE, texts))
        for name, digest in _stated(file, met):
            found.setdefault((SIDE_FILE, digest), BoundFile(name, SIDE_FILE, digest))
        for name, labels in _labels(file, met):
            digest = labels_digest(labels)
            found.setdefault((LABELS, digest), BoundFile(f"{name}!labels", LABELS, digest))
    return tuple(sorted(found.values(), key=lambda one: (one.path, one.kind, one.digest)))


def around_digest(about: Mapping[str, Any]) -> Digest:
    """Return the digest of the members around a file's rows: of their canonical JSON."""
    return content_digest(dict(about))


def bound_around(name: str, about: Mapping[str, Any]) -> BoundFile:
    """Bind the members around the rows of the file `name`."""
    return BoundFile(f"{name}!around", AROUND, around_digest(about))


def beside_paths(files: Iterable[DataFile]) -> list[Path]:
    """Return the files that `beside_files` digests, to see whether they change meanwhile."""
    every = {path for file in files for _, _, path in _places(file)}
    every |= {path for file in files for _, path in _named(file)}
    return sorted({watched(path) for path in every if path.is_file()})


def _places(file: DataFile) -> Iterator[tuple[str, str, Path]]:
    for folder, at in folders_of(file):
        yield from ((at + path.name, CARD, path) for path in card_files(folder))
        for path in license_files(folder, at, of_data(folder, file)):
            yield at + path.name, LICENSE, path
    for name in PIPELINES:
        if os.path.lexists(file.root / name):
            yield name, SIDE_FILE, file.root / name
    if (own := own_license(file)).is_file():
        yield _beneath(own, file.root), LICENSE, own
    for path in side_files(file.path.parent):
        yield _beneath(path, file.root), SIDE_FILE, path


def _named(file: DataFile) -> Iterator[tuple[str, Path]]:
    """Yield the files of a named folder that a side file's name keeps from being read as rows."""
    for folder, at in folders_of(file):
        if of_data(folder, file):
            readable = folder.is_dir() and (
                isinstance(folder, BoxedPath) or os.access(folder, os.R_OK | os.X_OK)
            )
            paths = sorted(folder.iterdir()) if readable else []
            yield from ((at + path.name, path) for path in paths if is_side_file(path) and at != "../")


def _labels(file: DataFile, met: set[tuple[str, Path]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if labels := file_labels(file.stored):
        yield file.name, labels
    for folder, at in folders_of(file):
        for name in _SAVED:
            path = folder / name
            if (LABELS, path) not in met:
                met.add((LABELS, path))
                yield from ((at + name, labels) for labels in saved_labels(_object(path)))


def _stated(file: DataFile, met: set[tuple[str, Path]]) -> Iterator[tuple[str, Digest]]:
    """Yield the digest of each thing that is stated beside rows, under a path that says which it is.

    `!claims` is what a table's or data set's own metadata, or a document, says; `!names` the texts there that
    may name models; `!settings` what settings say; `!map` what a trainer's file says of a file's columns.
    """
    if claims := table_claims(file.stored):
        yield f"{file.name}!claims", _claims_digest(claims)
    if named := table_texts(file.stored):
        yield f"{file.name}!names", _words_digest(map(str, named))
    for folder, at in folders_of(file):
        yield from _of_metadata(folder, at, file, met)
        for path in bars_of_code(folder, license_files(folder, at, of_data(folder, file))):
            if (_BARS, path) not in met and (barred := _barred(folder, at, of_data(folder, file), path)):
                met.add((_BARS, path))
                yield f"{at}{path.name}!claims", _claims_digest(barred)
        yield from _of_settings(folder, at, met) if at != "../" else ()
        for path in document_files(folder):
            # A card is bound as a whole; of what else lies there, where it says something.
            if path not in card_files(folder) and (_CLAIMS, path) not in met:
                met.add((_CLAIMS, path))
                if claims := (*document_claims(path), *_names(path)):
                    yield f"{at}{path.name}!claims", _claims_digest(claims)


def _barred(folder: Path, at: str, of_the_data: bool, path: Path) -> list[Claim]:
    said = license_file_claims(folder, at, of_the_data)
    return [one for one in said if one.where == at + path.name and one.basis is Basis.INFERRED]


def _of_metadata(
    folder: Path, at: str, file: DataFile, met: set[tuple[str, Path]]
) -> Iterator[tuple[str, Digest]]:
    if at != "../" and not isinstance(folder, BoxedPath) and (said := columns_for(folder, file.path)):
        yield f"{at}{said[0][0]}!map", digest_of(json.dumps([one.lines for _, one in said]).encode())
    for path in metadata_files(folder):
        entries = of_registry(metadata_of(path), path, file.path)
        if entries:
            yield f"{at}{path.name}!names", _words_digest(map(str, entries))
        if (_CLAIMS, path) not in met:
            met.add((_CLAIMS, path))
            if claims := tuple(file_statements(path)):
                yield f"{at}{path.name}!claims", _claims_digest(claims)
            if entries is None and (named := names_in_metadata(path)):
                yield f"{at}{path.name}!names", _words_digest(named)


def _of_settings(folder: Path, at: str, met: set[tuple[str, Path]]) -> Iterator[tuple[str, Digest]]:
    for path in settings_files(folder):
        if (_SETTINGS, path) not in met:
            met.add((_SETTINGS, path))
            words = {*map(str, settings_licenses(path)), *map(str, settings_texts(path))}
            if words := {*words, *sets_in_settings(path)}:
                yield f"{at}{path.name}!settings", _words_digest(words)


def _names(path: Path) -> Iterator[Claim]:
    """Yield what may be names of sets and models in a document, known or not."""
    yield from (Claim(ClaimKind.SOURCE, name, Basis.INFERRED, path.name) for name in sets_named(path))
    yield from (Claim(ClaimKind.TEACHER, name, Basis.INFERRED, path.name) for name in names_listed(path))


def _words_digest(words: Iterable[str]) -> Digest:
    return digest_of(json.dumps(sorted(set(words))).encode())


def _claims_digest(claims: Iterable[Claim]) -> Digest:
    # Not in canonical form: a text may hold a lone surrogate.
    return digest_of(json.dumps(sorted({f"{one.kind}: {one.value}" for one in claims})).encode())


def _beneath(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _object(path: Path) -> Any:
    try:
        return json.loads(read_side(path)) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None


def _side_digest(path: Path) -> Digest | None:
    """Return the digest of a side file; of a container's, whose counts vary, of its texts alone.

    None for a container's without texts. The texts are not in canonical form, because permits name their
    digest without a version, and because a text may hold a lone surrogate, which that form refuses.
    """
    if path.name.lower() not in _CONTAINER:
        return _file_digest(path)
    try:
        texts = learnable(path)
    except OSError:
        return _file_digest(path)
    return digest_of(json.dumps(texts).encode()) if texts else None


def _file_digest(path: Path) -> Digest:
    """Return the digest of a file; what cannot be read has one of its own, so that it is not an open door."""
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return digest_of_side(path)
        reason = "not a regular file"
    except OSError as error:
        reason = f"closed: {error.errno}"
    return digest_of(f"auditor: {reason}".encode())
