"""The OpenSSF model-signing manifest of a data folder, v1.0: every file with its SHA-256.

It binds bytes, where a permit binds rows, and `model_signing verify key` checks it (which takes P-256 keys
only). Links are refused: what they point at can change under a signature.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from auditor.attest.envelope import BUNDLE_TYPE, seal
from auditor.attest.files import file_digest
from auditor.attest.keys import PrivateKey
from auditor.attest.statement import STATEMENT_TYPE
from auditor.digest import canonical
from auditor.errors import InputError
from auditor.ids import hex_of, raw_of

MANIFEST_TYPE = "https://model_signing/signature/v1.0"


def manifest_payload(folder: Path) -> bytes:
    """Return the statement over all files of `folder`.

    Raises:
        InputError: no folder, no file, or a link in it.
        EvidenceError: a file is unreadable.
    """
    resources, root = [], hashlib.sha256()
    for path in sorted(_files(folder), key=lambda path: path.relative_to(folder).as_posix()):
        digest = file_digest(path)
        root.update(raw_of(digest))
        name = path.relative_to(folder).as_posix()
        resources.append({"name": name, "algorithm": "sha256", "digest": hex_of(digest)})
    if not resources:
        raise InputError("the folder holds no file", where=str(folder), fix="give the data's folder")
    predicate = {
        "resources": resources,
        "serialization": {
            "method": "files",
            "hash_type": "sha256",
            "allow_symlinks": False,
            "ignore_paths": [],
        },
    }
    subject = {"name": folder.resolve().name, "digest": {"sha256": root.hexdigest()}}
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [subject],
        "predicateType": MANIFEST_TYPE,
        "predicate": predicate,
    }
    return canonical(statement)


def signed_manifest(folder: Path, key: PrivateKey) -> dict[str, object]:
    """Return the Sigstore bundle that `model_signing` verifies; its hint is the SHA-256 of the key's PEM."""
    bundle = seal(manifest_payload(folder), [key]).as_bundle()
    hint = hashlib.sha256(key.public().pem()).hexdigest()
    return {
        "mediaType": BUNDLE_TYPE,
        "verificationMaterial": {"publicKey": {"hint": hint}, "tlogEntries": []},
        "dsseEnvelope": bundle["dsseEnvelope"],
    }


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise InputError("this is not a folder", where=str(folder), fix="give the data's folder")
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            if (Path(place) / name).is_symlink():
                raise InputError(
                    "a link is not signed", where=str(Path(place) / name), fix="put the file there"
                )
        yield from (Path(place) / name for name in names)
