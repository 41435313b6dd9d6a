"""What a card says in sentences: that the data bars commerce, or which model made it; inferred claims.

A sentence that denies it, or speaks of a model in passing (it was evaluated with), claims nothing.
Prose that names a license never grants it: it can only bar, or ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from pathlib import Path

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.errors import InputError
from auditor.samples.claims.document_parts import asides, sentences
from auditor.samples.claims.license_words import barring_license, bars, is_bar
from auditor.samples.claims.prose_models import NAMES, models_in
from auditor.samples.claims.prose_sets import sets_said
from auditor.samples.claims.values import MAX_VALUE
from auditor.samples.inputs.boxed import read_side
from auditor.samples.inputs.cards import body, decoded
from auditor.samples.inputs.documents import lists_people, speaks_in_sentences

SPDX_LINE = re.compile(r"(?m)^[^\w\n]*SPDX-License-Identifier:[ \t]*(\S.*)")
SENTENCES = frozenset(
    ("description", "abstract", "summary", "notes", "note", "usage", "terms", "about", "message", "comment")
)
"""Members of an object about the data that hold sentences."""
TITLES = frozenset(("title", "subtitle", "headline", "pretty_name", "short_title"))
"""Members that hold its title, in which a model may be named."""
PEOPLE = "human"
"""The name that stands for people."""
_LARGEST = 1 << 20
_MOST = 8
"""Sentences that are kept of one document."""
_FIELD = re.compile(
    r"(?im)^\s*(?:@\w+\{[^,]*,\s*)?(?:title|note|abstract|howpublished|annote)\s*=\s*(.+?),?\s*$"
)
"""What an entry of BibTeX says in words."""
_PARTS = re.compile(r"(?i)</?(?:p|br|div|li|ul|ol|h\d|t[drh]|table|section|body|head|title)\b[^<>]{0,200}>")
"""Where a page begins a sentence anew."""
_OF_DATA = re.compile(
    r"(?i)\b(data(sets?)?|corpus|corpora|licen[cs]\w+|annotations?|samples|rows|texts?|it|they)\b"
)
_STATES = re.compile(
    r"(?i)\b(is|are|be|was|were|may|must|can|cannot|should|shall|licen[cs]ed|released|distributed|provided"
    r"|restricted|limited|intended|permitted|allowed|prohibited|forbidden|free|only)\b"
)
"""A sentence with none of these is a heading or an entry of a list, perhaps about something else."""
_PEOPLE = re.compile(
    r"(?i)\b(?:written|wrote|authored|created|composed|answered)\b[^,;]{0,40}?\b(?:by|from|with)\b"
    r"[^,;]{0,40}?\b(?:humans?|people|persons?|volunteers?|experts?|annotators?|crowd\w*|contractors?|employees|"
    r"writers|authors|students|teachers|speakers|hand|staff|contributors|professionals|participants)\b"
    r"|\b(?:people|humans|volunteers|experts|annotators|crowd ?workers|contributors|authors|students) "
    r"(?:wrote|authored|composed|answered)\b|\bhuman[- ](?:written|authored|generated|made)\b"
    r"|\bhand-?written\b"
)
_DENIES = re.compile(r"(?i)\b(not|never|no|nor|without|rather|instead|unlike)\b|n't\b")
_ASKED = re.compile(r"(?i)\b(prompts?|questions?|instructions?|quer(y|ies)|topics?|seeds?)\b")
_PIECE = re.compile(r"[,;]|\b(?:and|or|while|whereas|but)\b")


def document_files(folder: Path) -> list[Path]:
    """Return the documents of a folder that describe the data in sentences."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in paths if speaks_in_sentences(path.name) and path.is_file()]


def prose_claims(folder: Path, at: str, whole_folder: bool) -> Iterator[Claim]:
    """Yield what the documents of a folder say in sentences.

    Args:
        at: the folder as `where` names it.
        whole_folder: the user named the folder, so that its documents are about the data.
    """
    for path in document_files(folder):
        # What lies above the named folder may be a project that the data is a part of.
        yield from document_claims(path, at, whole_folder and at != "../")


def document_claims(path: Path, at: str = "", about_data: bool = True) -> Iterator[Claim]:
    """Yield what one document says in sentences, and the licenses that its SPDX lines name."""
    text = _text(path)
    for line in SPDX_LINE.findall(text):
        if license := line.strip(" *`->"):
            yield Claim(ClaimKind.LICENSE, license[:MAX_VALUE], Basis.SIDE_FILE, f"{at}{path.name}")
    yield from sentence_claims(text, f"{at}{path.name}", about_data)


def sentence_claims(text: str, where: str, about_data: bool = True) -> Iterator[Claim]:
    """Yield what sentences say: each bar on commerce with its words, each model with what it did."""
    # A document is heard once for all files that it speaks of.
    yield from _said(text, where, about_data)


@lru_cache(128)
def _said(text: str, where: str, about_data: bool) -> tuple[Claim, ...]:
    return tuple(_heard(text, where, about_data))


def _heard(text: str, where: str, about_data: bool) -> Iterator[Claim]:
    kept = 0
    for sentence in sentences(text):
        if kept < _MOST and bars(sentence) and (about_data or _is_of_data(sentence)):
            kept += 1
            yield Claim(ClaimKind.LICENSE, sentence[:MAX_VALUE], Basis.INFERRED, where)
        yield from _makers(sentence, where)
        if _is_by_people(sentence):
            yield Claim(ClaimKind.TEACHER, PEOPLE, Basis.INFERRED, where)
    for aside in asides(text):
        yield from _makers(aside, where)


def maker_claims(text: str, where: str) -> Iterator[Claim]:
    """Yield the models that sentences say made the data, and nothing of licenses and people."""
    for sentence in (*sentences(text), *asides(text)):
        yield from _makers(sentence, where)


def names_listed(path: Path) -> list[str]:
    """Return what may be the names of models in a document that lists who made the data."""
    text = _text(path) if lists_people(path.name) else ""
    return list(dict.fromkeys(name for line in sentences(text) for name in NAMES.findall(line)))


def _makers(sentence: str, where: str) -> Iterator[Claim]:
    for name, slot in models_in(sentence):
        yield Claim(ClaimKind.TEACHER, name, Basis.INFERRED, where, slot)


def sets_named(path: Path) -> list[str]:
    """Return what may be the names of sets that a document says the data was taken from."""
    return sets_in(_text(path))


@lru_cache(64)
def sets_in(text: str) -> list[str]:
    """Return what may be the names of sets that a text says the data was taken from."""
    return list(dict.fromkeys(sets_said((*sentences(text, links=True), *asides(text, links=True)))))


def weighed(prose: list[Claim], stated: list[Claim]) -> Iterator[Claim]:
    """Yield what prose adds to the licenses that are stated elsewhere for the same rows.

    Where one of those bars commerce too, a bar in prose says nothing new. Where none is stated, a license
    that the prose names is the claim; else the sentence is, which no policy reads and a person must.
    """
    licenses = [claim.value for claim in stated if claim.kind is ClaimKind.LICENSE]
    barred = any(map(is_bar, licenses))
    for claim in prose:
        if claim.kind is not ClaimKind.LICENSE:
            yield claim
        elif not barred:
            named = None if licenses else barring_license(claim.value)
            yield Claim(claim.kind, named, claim.basis, claim.where) if named else claim


def _text(path: Path) -> str:
    try:
        facts = path.stat()
    except OSError:
        return ""
    return _read(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(32)
def _read(path: Path, _changed: int, _size: int) -> str:
    try:
        text = body(decoded(read_side(path, _LARGEST)) or "")
    except (OSError, InputError):
        return ""
    if path.suffix.lower() in (".html", ".htm"):
        return unescape(_PARTS.sub("\n\n", text))
    if path.suffix.lower() == ".bib":
        return "\n\n".join(one.strip(' {}",') for one in _FIELD.findall(text))
    return text


def _is_of_data(sentence: str) -> bool:
    return _OF_DATA.search(sentence) is not None and _STATES.search(sentence) is not None


def _is_by_people(sentence: str) -> bool:
    """Tell whether a sentence says that people wrote what is learned, or a part of it."""
    return any(
        _PEOPLE.search(piece) and not _DENIES.search(piece) and not _ASKED.search(piece)
        for piece in _PIECE.split(sentence)
    )
