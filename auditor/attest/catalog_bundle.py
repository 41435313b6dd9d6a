"""Sign a catalog as a bundle, and verify who signed one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from auditor.attest.envelope import dump, parse_envelope, seal, verify_envelope
from auditor.attest.keys import PrivateKey, PublicKey
from auditor.errors import EvidenceError
from auditor.ids import digest_of
from auditor.knowledge.bundle import Bundle, Edition, parse_bundle, statement_of


def signed_bundle(files: Mapping[str, bytes], edition: Edition, keys: Sequence[PrivateKey]) -> Bundle:
    """Return a bundle of knowledge files, signed by each of `keys`.

    Raises:
        UsageError: no key.
    """
    payload = statement_of(files, edition)
    return Bundle(digest_of(payload), edition, dict(files), seal(payload, keys).as_json())


def open_bundle(raw: bytes, where: str, trusted: Sequence[PublicKey], threshold: int = 1) -> Bundle:
    """Verify the signatures of a bundle and hold its files against what was signed.

    Raises:
        UsageError: no key, or a threshold below 1.
        EvidenceError: it is not a bundle, no trusted key signed it, or a file was changed.
    """
    bundle = parse_bundle(raw, where)
    envelope = parse_envelope(dump(dict(bundle.envelope)), Path(where))
    try:
        verify_envelope(envelope, trusted, threshold, what="bundle")
    except EvidenceError as error:
        raise EvidenceError(error.message, where=where, fix="do not use it") from None
    if digest_of(envelope.payload) != bundle.digest:
        raise EvidenceError(
            "the bundle's statement can be read in two ways", where=where, fix="do not use it"
        )
    return bundle
