"""Key files: ed25519 and ECDSA P-256 in PEM, nothing else.

The private half is PKCS#8 (RFC 5208), encrypted when there is a password; the public half is
SubjectPublicKeyInfo (RFC 5280). A key's id is SHA-256 over its DER SubjectPublicKeyInfo.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from auditor.attest.files import read_bounded, write_new
from auditor.errors import EvidenceError, UsageError

MAX_KEY_BYTES = 64 * 1024
_SHA256 = ec.ECDSA(hashes.SHA256())


class KeyType(StrEnum):
    """Signature schemes that are made and accepted."""

    ED25519 = "ed25519"
    ECDSA_P256 = "ecdsa-p256"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that may be trusted; its type decides the algorithm, never the envelope."""

    key: ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey
    key_id: str

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Tell whether `signature` over `message` was made by this key."""
        try:
            if isinstance(self.key, ed25519.Ed25519PublicKey):
                self.key.verify(signature, message)
            else:
                self.key.verify(signature, message, _SHA256)
        except InvalidSignature:
            return False
        return True

    def pem(self) -> bytes:
        """Return the key as PEM SubjectPublicKeyInfo."""
        return self.key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key that signs; its repr shows nothing of it."""

    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey

    def __repr__(self) -> str:
        return f"PrivateKey(key_id={self.public().key_id!r})"

    def public(self) -> PublicKey:
        """Return the public half."""
        return _public(self.key.public_key())

    def sign(self, message: bytes) -> bytes:
        """Sign; ed25519 gives the same bytes each time (RFC 8032), ECDSA does not."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(message)
        return self.key.sign(message, _SHA256)


def new_key(kind: KeyType) -> PrivateKey:
    """Make a key from the operating system's randomness."""
    match kind:
        case KeyType.ED25519:
            return PrivateKey(ed25519.Ed25519PrivateKey.generate())
        case KeyType.ECDSA_P256:
            return PrivateKey(ec.generate_private_key(ec.SECP256R1()))
        case _:
            assert_never(kind)


def write_pair(key: PrivateKey, path: Path, password: str | None) -> tuple[Path, Path]:
    """Write `path` (mode 0600) and `path`.pub; never over a file that is there.

    Raises:
        UsageError: one of the two exists, or the password is empty.
        EnvironmentFault: the folder cannot be written.
    """
    if password == "":
        raise UsageError("the key's password is empty", fix="unset AUDITOR_KEY_PASSWORD or give it a value")
    secret: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        secret = serialization.BestAvailableEncryption(password.encode())
    private = key.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret)
    public_path = path.with_name(path.name + ".pub")
    for target in (path, public_path):
        if os.path.lexists(target):
            raise UsageError("a file is there already", where=str(target), fix="choose another --out")
    write_new(path, private, mode=0o600)
    write_new(public_path, key.public().pem())
    return path, public_path


def load_private(path: Path, password: str | None = None) -> PrivateKey:
    """Read a private key; `password` is used only where the file is encrypted.

    Raises:
        EvidenceError: missing, unreadable, locked, or no ed25519 or P-256 key.
    """
    raw = read_bounded(path, MAX_KEY_BYTES)
    locked = b"ENCRYPTED" in raw
    if locked and not password:
        raise EvidenceError("the key is encrypted", where=str(path), fix="set AUDITOR_KEY_PASSWORD")
    try:
        key = serialization.load_pem_private_key(raw, (password or "").encode() if locked else None)
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError):
        problem = "the key does not open with this password" if locked else "this is not a private key in PEM"
        raise EvidenceError(problem, where=str(path), fix="see `auditor keys new`") from None
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return PrivateKey(key)
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return PrivateKey(key)
    raise EvidenceError(
        "only ed25519 and ECDSA P-256 keys sign", where=str(path), fix="see `auditor keys new`"
    )


def is_open(path: Path) -> bool:
    """Tell whether a private key lies unencrypted where other users can read it."""
    shared = os.name == "posix" and path.stat().st_mode & 0o077
    return bool(shared) and b"ENCRYPTED" not in read_bounded(path, MAX_KEY_BYTES)


def load_public(path: Path) -> PublicKey:
    """Read a public key.

    Raises:
        EvidenceError: missing, unreadable, or no ed25519 or P-256 key.
    """
    return read_public(read_bounded(path, MAX_KEY_BYTES), str(path))


def read_public(raw: bytes, where: str) -> PublicKey:
    """Return the public key in PEM text.

    Raises:
        EvidenceError: no ed25519 or P-256 key.
    """
    if b"PRIVATE KEY" in raw:
        raise EvidenceError("this is a private key", where=where, fix="give the .pub file beside it")
    try:
        return _public(serialization.load_pem_public_key(raw))
    except (ValueError, UnsupportedAlgorithm, InternalError):
        raise EvidenceError("this is not a public key in PEM", where=where, fix="give a .pub file") from None
    except EvidenceError as error:
        raise EvidenceError(error.message, where=where, fix=error.fix) from None


def _public(key: object) -> PublicKey:
    p256 = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    if not p256 and not isinstance(key, ed25519.Ed25519PublicKey):
        raise EvidenceError("only ed25519 and ECDSA P-256 keys are trusted", fix="see `auditor keys new`")
    assert isinstance(key, ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey)
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(key, hashlib.sha256(der).hexdigest())
