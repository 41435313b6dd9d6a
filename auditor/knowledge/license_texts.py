"""Identify license texts found beside data by fingerprint: an exact match of all words, or unknown.

Model licenses of neighboring versions share most of their words and may say the opposite about outputs
(Llama 3 against 3.1), so that the nearest text is not an answer.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from auditor.domain.license import LicenseResolution, LicenseStatus
from auditor.errors import InputError
from auditor.files import read_regular
from auditor.knowledge.documents import read_document
from auditor.knowledge.expression import NOASSERTION
from auditor.knowledge.fields import Fields

MAX_TEXT = 400_000
TEXTS = Path(__file__).parent / "data" / "license_texts.yaml"
_WORD = re.compile(r"\w+")
_VERSION = re.compile(r"version\b[^a-z]*\d", re.IGNORECASE)
_BESIDE_A_NAME = re.compile(
    r"(https?://\S+|version\b[^a-z]*\d.{0,40}|\W*(copyright\b|\(c\)|©).{0,120})$", re.IGNORECASE
)
_FRAME = re.compile(
    r"(copyright|\(c\)|©|all rights reserved|license|the|mit|expat|isc|bsd|apache|version|\d"
    r"|[,.:;<>\-–—()=*#/'\"\s])*",
    re.IGNORECASE,
)


def fingerprint(text: str) -> str:
    """Return the SHA-256 over the lower-case words of `text`; punctuation, case and layout do not count."""
    return hashlib.sha256(" ".join(_WORD.findall(text.lower())).encode()).hexdigest()


@cache
def known_texts() -> dict[str, str]:
    """Return the license ids of the shipped fingerprints.

    Raises:
        KnowledgeError: the shipped file breaks its schema.
    """
    document = read_document(TEXTS)
    top = Fields(document.value, document.name)
    top.count("schema_version")
    found = {}
    for fields in top.entries("texts"):
        found[fields.text("sha256")] = fields.text("id")
        fields.text("source")
        fields.done()
    top.done()
    return found


def identify_license_text(text: str) -> LicenseResolution:
    """Identify a license text; several licenses in one file are joined by AND.

    Anything but an exact match is `unknown`. Texts of the SPDX list may carry copyright lines and a title
    around the license, and nothing else: an added clause makes another license.
    """
    if len(text) > MAX_TEXT:
        return _unknown("the text is too long to be a license")
    if not text.strip():
        return _unknown("the text is empty")
    id = known_texts().get(fingerprint(text))
    if id is not None:
        return LicenseResolution("", id, LicenseStatus.KNOWN, note="exact match of all words")
    return _listed(text)


def title_of(text: str) -> str:
    """Return the first line of a license text, with the line of its version; 200 characters at most."""
    lines = [line.strip(" #*=\t") for line in text.splitlines() if line.strip(" #*=-\t")][:2]
    follows = len(lines) == 2 and _VERSION.match(lines[1]) is not None
    return " ".join(lines[: 2 if follows else 1])[:200]


def names_only(text: str) -> bool:
    """Tell whether a text of several lines says no more than a license's name: title, address, copyright."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return len(lines) <= 6 and all(_BESIDE_A_NAME.match(line) for line in lines[1:])


def _listed(text: str) -> LicenseResolution:
    from licenseclassifier import identify_license

    found = identify_license(text, coverage_threshold=0.0)
    ids = tuple(dict.fromkeys(match.id for match in found))
    if not ids:
        return _unknown("no license text that is known here")
    rest, end = [], 0
    for match in found:
        rest.append(text[end : match.start])
        end = match.end
    rest.append(text[end:])
    if not all(_is_frame(line) for part in rest for line in part.splitlines()):
        return _unknown(f"words besides {', '.join(ids)}: an exact match is needed", ids)
    return LicenseResolution(
        "", " AND ".join(ids), LicenseStatus.KNOWN, note="exact match of the license text"
    )


def _is_frame(line: str) -> bool:
    """Tell whether a line is a title, a copyright line or a rule around a license text."""
    bare = line.strip()
    if re.match(r"^\W*(copyright\b|\(c\)|©)", bare, re.IGNORECASE):
        return len(bare) <= 200
    return len(bare) <= 80 and _FRAME.fullmatch(bare) is not None


def _unknown(note: str, candidates: tuple[str, ...] = ()) -> LicenseResolution:
    return LicenseResolution("", NOASSERTION, LicenseStatus.UNKNOWN, candidates, note)


def identify_license_file(path: Path) -> LicenseResolution:
    """Identify the license text in a file.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        raw = read_regular(path, 4 * MAX_TEXT)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from None
    try:
        return identify_license_text(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return LicenseResolution("", NOASSERTION, LicenseStatus.UNREADABLE, note="the file is not UTF-8 text")
