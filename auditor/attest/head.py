"""A signed head of the ledger's hash chain, against which a truncated chain is noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from auditor.attest.envelope import dump, read_envelope, seal, verify_envelope
from auditor.attest.keys import PrivateKey, PublicKey
from auditor.attest.statement import STATEMENT_TYPE, stamp
from auditor.digest import canonical
from auditor.errors import EvidenceError
from auditor.ids import hex_of

HEAD_TYPE = "https://example.org/auditor/ledger-head/v1"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The end of a chain: how many entries there are and the hash (64 hex digits) of the last."""

    length: int
    hash: str
    signed_at: str


def sign_head(length: int, entry_hash: str, moment: datetime, keys: Sequence[PrivateKey]) -> bytes:
    """Return a signed statement that the chain had `length` entries and ended in `entry_hash`."""
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": "ledger", "digest": {"sha256": hex_of(entry_hash)}}],
        "predicateType": HEAD_TYPE,
        "predicate": {"length": length, "signedAt": stamp(moment)},
    }
    return dump(seal(canonical(statement), keys).as_json())


def read_head(path: Path, trusted: Sequence[PublicKey], threshold: int = 1) -> SignedHead:
    """Verify and read a signed head.

    Raises:
        EvidenceError: missing, unreadable, no trusted signature, or no head.
    """
    envelope = read_envelope(path)
    verify_envelope(envelope, trusted, threshold)
    try:
        statement = orjson.loads(envelope.payload)
        if statement["predicateType"] != HEAD_TYPE:
            raise ValueError("predicate type")
        (subject,) = statement["subject"]
        predicate = statement["predicate"]
        return SignedHead(
            int(predicate["length"]), str(subject["digest"]["sha256"]), str(predicate["signedAt"])
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise EvidenceError(
            "this is not a signed ledger head", where=str(path), fix="sign one anew"
        ) from None
