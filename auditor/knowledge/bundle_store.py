"""The bundles that were applied on this machine: each in a file named by the digest that pins it.

Nothing here is used unless somebody names it. What is read is held against its name, so that a changed file
is found; who signed it was looked at when it was applied.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from auditor.errors import EvidenceError, KnowledgeError, RefusedError
from auditor.files import clear_drafts_beside, read_regular, write_faults, write_whole
from auditor.ids import PREFIX, Digest, hex_of, is_digest
from auditor.knowledge.bundle import MEDIA_TYPE, MOST_BYTES, Bundle, parse_bundle

FOLDER = "AUDITOR_CATALOGS"
"""The variable that names another folder of bundles."""
_APPLY = "auditor catalog update --from FILE --key KEY.pub --yes"


def folder() -> Path:
    """Return where applied bundles lie: `$XDG_DATA_HOME/auditor/catalogs`, or what AUDITOR_CATALOGS names."""
    if named := os.environ.get(FOLDER):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "auditor" / "catalogs"
    base = "~/Library/Application Support" if sys.platform == "darwin" else "~/.local/share"
    chosen = os.environ.get("XDG_DATA_HOME")
    home = Path(chosen) if chosen and os.path.isabs(chosen) else Path(base).expanduser()
    return home / "auditor" / "catalogs"


def written(bundle: Bundle) -> bytes:
    """Return a bundle as a file."""
    return (
        json.dumps(
            {
                "mediaType": MEDIA_TYPE,
                "dsseEnvelope": dict(bundle.envelope),
                "files": {name: content.decode() for name, content in sorted(bundle.files.items())},
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        + b"\n"
    )


def keep_bundle(bundle: Bundle) -> Path:
    """Put a bundle among the applied ones, and return where.

    Raises:
        EnvironmentFault: the folder cannot be written.
    """
    path = _place(bundle.digest)
    with write_faults(path, f"name another folder by {FOLDER}"):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        clear_drafts_beside(path.parent, (path.name,))
        write_whole(path, written(bundle), mode=0o600, durable=True)
    return path


def stored_bundle(digest: str) -> Bundle:
    """Return the applied bundle that a digest pins.

    Raises:
        KnowledgeError: the digest is none, or no such bundle was applied here.
        EvidenceError: the file is not the bundle that its name says.
    """
    if not is_digest(digest):
        raise KnowledgeError(
            f"`{digest[:80]}` is not a bundle's digest", fix="give sha256: and 64 hex digits"
        )
    path = _place(Digest(digest))
    try:
        raw = read_regular(path, MOST_BYTES + 1)
    except FileNotFoundError:
        raise KnowledgeError(
            f"the catalog bundle {digest} was not applied here", where=str(path.parent), fix=_APPLY
        ) from None
    except OSError as error:
        raise EvidenceError(f"cannot read: {error.strerror or error}", where=str(path)) from None
    bundle = parse_bundle(raw, str(path))
    if bundle.digest != digest:
        raise EvidenceError(
            f"the file is another bundle than its name says: {bundle.digest}",
            where=str(path),
            fix="remove it",
        )
    return bundle


def applied() -> Iterator[Bundle]:
    """Yield the applied bundles.

    Raises:
        EvidenceError: one of them is not what its name says; how new the newest was cannot be told then.
    """
    for path in sorted(folder().glob("*.json")):
        yield stored_bundle(PREFIX + path.stem)


def check_newer(bundle: Bundle, shipped: str) -> None:
    """Refuse a bundle that is older than one that was applied here, or than the shipped catalog.

    Args:
        shipped: the day on which the shipped facts were read.

    Raises:
        RefusedError: it would lead back to readings that have been replaced.
    """
    edition, how = bundle.edition, "take a newer one, or name exactly this one by --expect DIGEST"
    if edition.version < shipped:
        said = f"the bundle's facts are of {edition.version}, older than the shipped catalog's of {shipped}"
        raise RefusedError(said, where=bundle.digest, fix=how)
    for one in applied():
        other = one.edition
        if other.series != edition.series or one.digest == bundle.digest:
            continue
        if other.serial >= edition.serial or other.version > edition.version:
            said = (
                f"a bundle of {other.version} (serial {other.serial}) was applied; "
                f"this one is of {edition.version} (serial {edition.serial})"
            )
            raise RefusedError(said, where=bundle.digest, fix=how)


def _place(digest: Digest) -> Path:
    return folder() / f"{hex_of(digest)}.json"
