"""What a data set's own metadata says of all its rows: Croissant, `datasets`, Frictionless, Kaggle, Parquet.

Of the kinds that `datasets` writes anew with other counts, what they state is bound rather than their bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.origin import FILE_METADATA
from auditor.errors import UnreadableInputError
from auditor.samples.claims.card_prose import maker_claims, sentence_claims
from auditor.samples.claims.license_values import inferred_licenses
from auditor.samples.claims.values import values
from auditor.samples.inputs.boxed import read_side
from auditor.samples.inputs.folders import is_side_file
from auditor.samples.readers.formats import sniff
from auditor.samples.readers.notes import UNREAD, notes
from auditor.samples.readers.stored import Stored

_NAMES = re.compile(
    r"(?i)((.*[-_.])?croissant([-_.].*)?|dataset(_infos?|_dict)?|state|data[-_]?package|dataset[-_]metadata|metadata|\.?zenodo|"
    r"ro-crate-metadata|datacite|codemeta|(.*[-_.])?(card|meta|stats|statistics))\.json"
)
_BY_CONFIG = "dataset_infos.json"
_LARGEST = 16 << 20
_LICENSE = re.compile(r"(?i)(\w+:)?(data[-_ ]?|dataset[-_ ]?)?licen[cs]es?([-_ ]?(name|id|spdx))?")
_TEACHER = re.compile(
    r"(?i)(teacher|generation|generator)[-_]?(model|name|model[-_]name)|teacher|model([-_](name|id))?"
)
_BASED_ON = re.compile(
    r"(?i)(\w+:)?(isbasedon(url)?|source_?datasets?|(was|is)derivedfrom|derived_from|sources|isversionof|hadprimarysource)"
)
_SENTENCES = ("description", "usageInfo", "conditionsOfAccess", "rai:dataLimitations", "rai:dataUseCases")
_CITED = re.compile(r"(?i)cit(e|ation)|bibtex|references?|licen[cs]e|@context|features")
_DEEPEST, _WORDS = 8, 2
"""Levels that are looked into; blanks of a text that may be a sentence."""
_TOOLS = frozenset((b"ARROW:schema", b"pandas", b"huggingface", b"geo", b"org.apache.spark.version"))
"""Metadata of tools, which tells types; a license stands there in members of its own."""
UNREADABLE = "a metadata file that cannot be read"


def metadata_files(folder: Path) -> list[Path]:
    """Return the files of a folder that describe the data set it holds."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    named = [path for path in paths if _NAMES.fullmatch(path.name) and path.is_file()]
    return [path for path in named if is_side_file(path) or path.name.startswith(".")]


def metadata_claims(folder: Path, at: str) -> Iterator[Claim]:
    """Yield what the metadata files of a folder say.

    Args:
        at: the folder as `where` names it.
    """
    for path in metadata_files(folder):
        yield from file_statements(path, at)


def file_statements(path: Path, at: str = "") -> Iterator[Claim]:
    """Yield what one metadata file says; of one that is broken and speaks of a license, an unreadable one."""
    raw, held = _read(path)
    where = at + path.name
    if not isinstance(held, dict):
        if re.search(rb"(?i)licen[cs]e", raw):
            yield Claim(ClaimKind.LICENSE, UNREADABLE, Basis.SIDE_FILE, where)
        return
    if path.name.lower() == _BY_CONFIG:
        for config, one in held.items():
            yield from _object(one, where, f"{config}.")
    else:
        yield from _object(held, where)


def metadata_of(path: Path) -> dict[str, Any]:
    """Return the object that a metadata file holds; an empty one where it holds none."""
    held = _read(path)[1]
    return held if isinstance(held, dict) else {}


def _read(path: Path) -> tuple[bytes, Any]:
    try:
        raw = read_side(path, _LARGEST + 1)
    except OSError:
        return b"", None
    try:
        return raw, json.loads(raw) if len(raw) <= _LARGEST else None
    except (ValueError, RecursionError):
        return raw, None


def table_claims(stored: Stored) -> tuple[Claim, ...]:
    """Return what a Parquet or Arrow file's own metadata, and what it is packed in, say of its rows."""
    metadata, of_columns = _schema_of(stored)
    by_column = (
        claim
        for name, held in of_columns.items()
        for claim in _object(_plain(held), FILE_METADATA, f"columns.{name}.")
    )
    return tuple(dict.fromkeys((*_of_table(metadata), *by_column, *_of_container(stored))))


def _of_container(stored: Stored) -> Iterator[Claim]:
    """Yield what notes of an archive or of a compressed file say of its rows."""
    for name, text in notes(stored):
        where = f"{FILE_METADATA}:{name}"
        if text == UNREAD:
            yield Claim(ClaimKind.TEACHER, text, Basis.SIDE_FILE, where)
        yield from _object({name.rpartition(".")[2]: text}, f"{FILE_METADATA}:{name}")
        yield from sentence_claims(text, where)


def table_members(stored: Stored) -> dict[str, Any]:
    """Return what a Parquet or Arrow file's own metadata holds, by column too, and its container."""
    metadata, of_columns = _schema_of(stored)
    packed: dict[str, list[str]] = {}
    for one in notes(stored):
        packed.setdefault(one.name, []).append(one.text)
    held = {name: one for name, one in ((name, _plain(one)) for name, one in of_columns.items()) if one}
    return {**_plain(metadata), **({"columns": held} if held else {}), **packed}


def _schema_of(stored: Stored) -> tuple[dict[bytes, bytes], dict[str, dict[bytes, bytes]]]:
    """Return the metadata of a table and of its columns; none of what is no table."""
    try:
        if not sniff(stored).columnar:
            return {}, {}
        from auditor.samples.readers.columnar import read_schema

        schema = read_schema(stored)
    except (UnreadableInputError, OSError):
        # Its rows cannot be read either, and that is said there.
        return {}, {}
    return schema.metadata or {}, dict(_by_field(schema))


def _by_field(schema: Any, above: str = "") -> Iterator[tuple[str, dict[bytes, bytes]]]:
    """Yield the metadata of each field and of those within it, by their places."""
    for field in schema:
        at = f"{above}{field.name}"
        if field.metadata:
            yield at, field.metadata
        inner = [field.type.field(one) for one in range(field.type.num_fields)]
        yield from _by_field(inner, f"{at}.")


def _plain(metadata: dict[bytes, bytes]) -> dict[str, Any]:
    return {_text(key): _value(held) for key, held in metadata.items() if key not in _TOOLS}


def _of_table(metadata: dict[bytes, bytes]) -> Iterator[Claim]:
    yield from _object(_plain(metadata), FILE_METADATA)
    kept = _value(metadata.get(b"huggingface", b""))
    yield from _object(kept.get("info") if isinstance(kept, dict) else None, FILE_METADATA)
    frame = _value(metadata.get(b"pandas", b""))
    yield from _object(frame.get("attributes") if isinstance(frame, dict) else None, FILE_METADATA)


def _object(held: Any, where: str, path: str = "") -> Iterator[Claim]:
    """Yield the licenses, models and sources that stand in an object under their names, and its sentences."""
    if not isinstance(held, dict):
        return
    for name, value in held.items():
        kind = _kind(str(name))
        if kind is ClaimKind.SOURCE:
            yield from _sources(value, f"{where}:{path}{name}")
        elif kind is not None:
            for text in values(kind, value):
                yield Claim(kind, text, Basis.SIDE_FILE, f"{where}:{path}{name}")
        elif name in _SENTENCES and isinstance(value, str):
            yield from sentence_claims(value, f"{where}:{path}{name}")
    for place, text in told(held):
        yield from maker_claims(text, f"{where}:{path}{place}")
    rest = {name: value for name, value in held.items() if isinstance(value, str) and not _kind(str(name))}
    for claim in inferred_licenses(rest):
        yield Claim(claim.kind, claim.value, claim.basis, f"{where}:{path}{claim.where}")


def told(held: Any, place: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the texts of several words in an object, each with its place; not what is cited, nor licenses."""
    for name, value in held.items() if isinstance(held, dict) else enumerate(held):
        at = f"{place}.{name}" if place else str(name)
        if isinstance(value, dict | list) and depth < _DEEPEST and not _CITED.search(str(name)):
            yield from told(value, at, depth + 1)
        elif isinstance(value, str) and value.count(" ") >= _WORDS and not _CITED.search(str(name)):
            yield at, value


def _kind(name: str) -> ClaimKind | None:
    if _LICENSE.fullmatch(name):
        return ClaimKind.LICENSE
    if _TEACHER.fullmatch(name):
        return ClaimKind.TEACHER
    return ClaimKind.SOURCE if _BASED_ON.fullmatch(name) else None


def _sources(value: Any, where: str) -> Iterator[Claim]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            named = [item.get(name) for name in ("url", "path", "name", "title", "@id", "identifier")]
        else:
            named = [item]
        for one in named:
            if isinstance(one, str) and one.strip() not in ("", "original"):
                yield from (
                    Claim(ClaimKind.SOURCE, said, Basis.SIDE_FILE, where)
                    for said in values(ClaimKind.SOURCE, one)
                )


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _value(raw: bytes) -> Any:
    """Return metadata as JSON where it is such, else as a text."""
    text = _text(raw)
    if not text.lstrip().startswith(("{", "[", '"')):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
