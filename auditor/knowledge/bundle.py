"""A bundle: a whole catalog in one file, its knowledge files beside a signed statement of their digests.

The statement is an in-toto Statement v1 in a DSSE envelope. Here a bundle is read and its files are held
against the statement; who signed it is looked at by `auditor.attest.catalog_bundle`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from auditor.canonical import RowError, canonical, parse_row
from auditor.domain.report.judged_by import BundleFacts
from auditor.errors import EvidenceError
from auditor.ids import Digest, digest_of
from auditor.knowledge.documents import FILES, MAX_BYTES

MEDIA_TYPE = "application/vnd.auditor.catalog-bundle.v1+json"
PREDICATE = "https://example.org/auditor/catalog-bundle/v1"
STATEMENT = "https://in-toto.io/Statement/v1"
MOST_BYTES = 64 * 2**20
"""A bundle is no longer than this."""
SERIES = "catalog"
CLOCK_SKEW = timedelta(minutes=5)
_SERIES = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MEMBERS = frozenset({"mediaType", "dsseEnvelope", "files"})


@dataclass(frozen=True, slots=True)
class Edition:
    """What a bundle says of itself."""

    version: str
    """The day on which its facts were read."""
    serial: int
    """Grows from bundle to bundle of one series."""
    issued_at: datetime
    expires_at: datetime | None = None
    """After this moment it is not taken any more."""
    series: str = SERIES
    """Whose bundles follow on each other."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose files are those of its statement; nothing is said of its signatures."""

    digest: Digest
    """SHA-256 of the signed statement: by this the bundle is pinned."""
    edition: Edition
    files: Mapping[str, bytes]
    """The knowledge files by name."""
    envelope: Mapping[str, Any]
    """The DSSE envelope as it is written."""

    @property
    def facts(self) -> BundleFacts:
        """Return what a report and a permit say of it."""
        edition, expires = self.edition, self.edition.expires_at
        issued = _stamp(edition.issued_at)
        return BundleFacts(
            self.digest,
            edition.series,
            edition.serial,
            edition.version,
            issued,
            _stamp(expires) if expires else "",
        )


def out_of_time(bundle: BundleFacts, moment: datetime) -> str | None:
    """Say why a bundle does not hold at a moment: it begins later, or has expired; None where it holds."""
    if _moment(bundle.issued) > moment + CLOCK_SKEW:
        return f"the catalog bundle begins at {bundle.issued}: check the clock"
    if bundle.expires and moment >= _moment(bundle.expires):
        return f"the catalog bundle expired at {bundle.expires}: nobody vouches for its readings any more"
    return None


def statement_of(files: Mapping[str, bytes], edition: Edition) -> bytes:
    """Return the statement that is signed: the files' digests and what the bundle says of itself."""
    expires = edition.expires_at
    statement = {
        "_type": STATEMENT,
        "subject": [
            {"name": name, "digest": {"sha256": hashlib.sha256(content).hexdigest()}}
            for name, content in sorted(files.items())
        ],
        "predicateType": PREDICATE,
        "predicate": {
            "series": edition.series,
            "serial": edition.serial,
            "version": edition.version,
            "issued": _stamp(edition.issued_at),
            **({"expires": _stamp(expires)} if expires else {}),
        },
    }
    return canonical(statement)


def parse_bundle(raw: bytes, where: str) -> Bundle:
    """Read a bundle and hold its files against its statement.

    Raises:
        EvidenceError: it is too large or not a bundle, or a file is not the one that was signed.
    """
    if len(raw) > MOST_BYTES:
        raise EvidenceError(f"the bundle is larger than {MOST_BYTES:,} bytes", where=where)
    try:
        document = parse_row(raw)
        if document.keys() != _MEMBERS or document["mediaType"] != MEDIA_TYPE:
            raise ValueError("members")
        payload = base64.b64decode(document["dsseEnvelope"]["payload"], validate=True)
        statement = parse_row(payload)
        if statement["_type"] != STATEMENT or statement["predicateType"] != PREDICATE:
            raise ValueError("type")
        edition = _edition(statement["predicate"])
        subjects = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
        files = {name: text.encode() for name, text in document["files"].items()}
    except (RowError, KeyError, TypeError, AttributeError, ValueError, OverflowError):
        raise EvidenceError(
            "this is not a catalog bundle",
            where=where,
            fix="give the file that `auditor catalog bundle` wrote",
        ) from None
    _check_files(files, subjects, where)
    return Bundle(digest_of(payload), edition, files, document["dsseEnvelope"])


def _check_files(files: Mapping[str, bytes], subjects: Mapping[Any, Any], where: str) -> None:
    strange = sorted(str(name)[:80] for name in {*files, *subjects} - set(FILES))
    if strange:
        raise EvidenceError(
            f"the bundle holds {strange[0]!r}, which is not a knowledge file",
            where=where,
            fix="do not use it",
        )
    for name in sorted({*files, *subjects}):
        content = files.get(name, b"")
        if name not in files or name not in subjects or len(content) > MAX_BYTES:
            what = f"larger than {MAX_BYTES:,} bytes" if name in files and name in subjects else "not in both"
            raise EvidenceError(f"the bundle's {name} is {what}", where=where, fix="do not use it")
        if hashlib.sha256(content).hexdigest() != subjects[name]:
            raise EvidenceError(
                f"the bundle's {name} was changed after it was signed", where=where, fix="do not use it"
            )


def _edition(predicate: Mapping[str, Any]) -> Edition:
    serial, series, version = predicate["serial"], predicate["series"], predicate["version"]
    if not isinstance(serial, int) or isinstance(serial, bool) or not 0 <= serial < 2**53:
        raise ValueError("serial")
    if not is_series(series) or date.fromisoformat(version).isoformat() != version:
        raise ValueError("series or version")
    expires = predicate.get("expires")
    return Edition(
        version, serial, _moment(predicate["issued"]), None if expires is None else _moment(expires), series
    )


def is_series(name: object) -> bool:
    """Tell whether a series of bundles may be called that."""
    return isinstance(name, str) and _SERIES.fullmatch(name) is not None


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)
