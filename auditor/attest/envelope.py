"""DSSE v1 envelopes, bare and inside a Sigstore bundle v0.3.

DSSE: github.com/secure-systems-lab/dsse, protocol v1. Bundle: github.com/sigstore/protobuf-specs.
A signature counts once for each *distinct* trusted key that made it; the envelope's `keyid` is a hint and
decides nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.attest.files import read_bounded
from auditor.attest.keys import PrivateKey, PublicKey
from auditor.canonical import RowError, parse_row
from auditor.errors import EvidenceError, UsageError

PAYLOAD_TYPE = "application/vnd.in-toto+json"
BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
MAX_BYTES = 64 * 1024 * 1024
MAX_SIGNATURES = 64
_BUNDLE_MEMBERS = frozenset({"mediaType", "verificationMaterial", "dsseEnvelope"})
_ENVELOPE_MEMBERS = frozenset({"payload", "payloadType", "signatures"})
_SIGNERS = frozenset({"publicKey", "x509CertificateChain", "certificate"})
"""By which of these a bundle is verified; it takes one."""
_PROOFS = frozenset({"tlogEntries", "timestampVerificationData"})
_URL_SAFE = str.maketrans("-_", "+/")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A signed payload."""

    payload: bytes
    """What is signed, together with its type."""
    payload_type: str
    signatures: tuple[Signature, ...]
    """As the file lists them."""

    def signed_bytes(self) -> bytes:
        """Return DSSE's pre-authentication encoding, the bytes that are signed."""
        kind = self.payload_type.encode()
        return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(self.payload), self.payload)

    def sign(self, key: PrivateKey) -> Envelope:
        """Return the envelope with a signature by `key`, in place of an older one by the same key."""
        own = Signature(key.public().key_id, key.sign(self.signed_bytes()))
        others = tuple(old for old in self.signatures if old.key_id != own.key_id)
        return Envelope(self.payload, self.payload_type, (*others, own))

    def as_json(self) -> dict[str, Any]:
        """Return the bare envelope."""
        return {
            "payload": base64.b64encode(self.payload).decode(),
            "payloadType": self.payload_type,
            "signatures": [
                {"keyid": entry.key_id, "sig": base64.b64encode(entry.value).decode()}
                for entry in self.signatures
            ],
        }

    def as_bundle(self) -> dict[str, Any]:
        """Return a Sigstore bundle; the format takes one signature, the first."""
        first = Envelope(self.payload, self.payload_type, self.signatures[:1])
        return {
            "mediaType": BUNDLE_TYPE,
            "verificationMaterial": {"publicKey": {"hint": first.signatures[0].key_id}, "tlogEntries": []},
            "dsseEnvelope": first.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature with its key's hint."""

    key_id: str
    """Says which key may have signed; nothing is decided by it."""
    value: bytes


def seal(payload: bytes, keys: Sequence[PrivateKey]) -> Envelope:
    """Sign an in-toto payload by each of `keys`.

    Raises:
        UsageError: no key.
    """
    if not keys:
        raise UsageError("no key signs", fix="give --key KEY, made by `auditor keys new --out KEY`")
    envelope = Envelope(payload, PAYLOAD_TYPE, ())
    for key in keys:
        envelope = envelope.sign(key)
    return envelope


def dump(document: dict[str, Any]) -> bytes:
    """Write an envelope or bundle as one line of JSON."""
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def read_envelope(path: Path) -> Envelope:
    """Read a bare envelope or a bundle.

    Raises:
        EvidenceError: missing, unreadable or of another form.
    """
    return parse_envelope(read_bounded(path, MAX_BYTES), path)


def parse_envelope(raw: bytes, path: Path) -> Envelope:
    """Return the envelope in a file's bytes.

    Raises:
        EvidenceError: it is of another form, or a key comes twice.
    """
    try:
        return _parse(parse_row(raw))
    except (RowError, KeyError, TypeError, AttributeError, ValueError, binascii.Error):
        raise EvidenceError(
            "this is not a DSSE envelope", where=str(path), fix="give the file that `auditor attest` wrote"
        ) from None


def verify_envelope(
    envelope: Envelope, trusted: Sequence[PublicKey], threshold: int = 1, what: str = "permit"
) -> tuple[str, ...]:
    """Return the ids of the distinct trusted keys that signed; `what` is how messages call the signed thing.

    Raises:
        UsageError: the threshold is below 1 or above the number of distinct keys.
        EvidenceError: the payload is of another type, or too few trusted keys signed.
    """
    keys = {key.key_id: key for key in trusted}
    if not keys:
        raise UsageError("no key is trusted", fix="give --key KEY.pub")
    if threshold < 1:
        raise UsageError(f"a threshold of {threshold} trusts anybody", fix="give --threshold 1 or more")
    if envelope.payload_type != PAYLOAD_TYPE:
        raise EvidenceError(f"the payload is of type {envelope.payload_type!r}, not {PAYLOAD_TYPE}")
    message = envelope.signed_bytes()
    found = [
        key_id
        for key_id, key in keys.items()
        if any(key.verifies(signature.value, message) for signature in envelope.signatures)
    ]
    if len(found) < threshold:
        said = _shortfall(envelope, keys, len(found), threshold, what)
        raise EvidenceError(said, fix="have it signed anew")
    return tuple(sorted(found))


def _shortfall(envelope: Envelope, keys: dict[str, PublicKey], found: int, threshold: int, what: str) -> str:
    if found:
        return f"signed by {found} distinct trusted key{'s' * (found > 1)} where {threshold} are needed"
    if any(signature.key_id in keys for signature in envelope.signatures):
        return f"the signature does not fit: the {what} was changed after it was signed"
    return f"no trusted key signed this {what}"


def _parse(document: Any) -> Envelope:
    bundle = bool(_BUNDLE_MEMBERS & document.keys())
    if bundle and not (document["mediaType"] == BUNDLE_TYPE and document["verificationMaterial"]):
        raise ValueError("media type")
    if bundle:
        _check_members(document)
    inner = document["dsseEnvelope"] if bundle else document
    entries = inner["signatures"]
    if not isinstance(entries, list) or not 0 < len(entries) <= (1 if bundle else MAX_SIGNATURES):
        raise ValueError("signatures")
    signatures = tuple(Signature(str(entry.get("keyid") or ""), _decoded(entry["sig"])) for entry in entries)
    kind = inner["payloadType"]
    if not isinstance(kind, str):
        raise TypeError("payloadType")
    return Envelope(_decoded(inner["payload"]), kind, signatures)


def _check_members(bundle: Any) -> None:
    """Refuse what the format does not have, and two where it takes one: others may verify the other one."""
    material, envelope = bundle["verificationMaterial"], bundle["dsseEnvelope"]
    surplus = (bundle.keys() - _BUNDLE_MEMBERS, envelope.keys() - _ENVELOPE_MEMBERS)
    if any(surplus) or material.keys() - _SIGNERS - _PROOFS or len(material.keys() & _SIGNERS) > 1:
        raise ValueError("members")


def _decoded(text: str) -> bytes:
    # DSSE allows both alphabets. Python passes over surplus padding.
    plain = text.translate(_URL_SAFE)
    content = base64.b64decode(plain, validate=True)
    if base64.b64encode(content).decode() != plain:
        raise ValueError("not plain base64")
    return content
