"""Keyless signing: a short-lived certificate for an identity, instead of a key file.

Needs the extra `auditor[sigstore]`. Signing asks Sigstore's certificate authority and writes to its public
log, so it is online and the statement becomes public; verifying needs no network, the roots of trust come
with the library.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.attest.envelope import MAX_BYTES, PAYLOAD_TYPE, parse_envelope
from auditor.attest.files import read_bounded
from auditor.errors import EvidenceError, UsageError

_EXTRA = "pip install 'auditor[sigstore]'"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who must have signed, and who vouches for that identity."""

    name: str
    """An e-mail address, or the URL of a CI workflow."""
    issuer: str
    """URL of the OpenID Connect issuer."""

    def __str__(self) -> str:
        return f"sigstore:{self.issuer}#{self.name}"


def sign_keyless(payload: bytes, token: str | None = None) -> bytes:
    """Sign an in-toto payload under an ambient or given identity; return a Sigstore bundle.

    Args:
        token: an OpenID Connect identity token; None takes the one that a CI service offers.

    Raises:
        UsageError: the extra is not installed, or there is no identity.
        EvidenceError: the authority or the log cannot be reached, or refuses.
    """
    sigstore = _library()
    try:
        given = token or sigstore.oidc.detect_credential()
        if given is None:
            raise UsageError(
                "no identity to sign under",
                fix="run it in a CI job that may ask for an id-token, or set SIGSTORE_ID_TOKEN",
            )
        identity = sigstore.oidc.IdentityToken(given)
        context = sigstore.sign.SigningContext.from_trust_config(
            sigstore.models.ClientTrustConfig.production()
        )
        with context.signer(identity) as signer:
            bundle = signer.sign_dsse(sigstore.dsse.Statement(payload))
    except (sigstore.errors.Error, sigstore.oidc.ExpiredIdentity, OSError) as error:
        raise EvidenceError(
            f"keyless signing failed: {error}", fix="try again online, or sign with --key"
        ) from None
    return bytes(bundle.to_json().encode()) + b"\n"


def verify_keyless(path: Path, identity: Identity) -> bytes:
    """Return the payload of a bundle that `identity` signed, verified offline.

    Raises:
        UsageError: the extra is not installed.
        EvidenceError: no keyless bundle, another identity, a broken signature, or not in the public log.
    """
    sigstore = _library()
    raw = read_bounded(path, MAX_BYTES)
    parse_envelope(raw, path)  # The library takes older media types too.
    policy = sigstore.verify.policy.Identity(identity=identity.name, issuer=identity.issuer)
    try:
        bundle = sigstore.models.Bundle.from_json(raw)
        kind, payload = sigstore.verify.Verifier.production(offline=True).verify_dsse(bundle, policy)
    except (sigstore.errors.Error, ValueError, AttributeError, TypeError, KeyError) as error:
        raise EvidenceError(
            f"not signed by {identity.name} under {identity.issuer}: {error}",
            where=str(path),
            fix="give the bundle that `auditor attest --keyless` wrote, and whose identity signed it",
        ) from None
    if kind != PAYLOAD_TYPE:
        raise EvidenceError(f"the payload is of type {kind!r}, not {PAYLOAD_TYPE}", where=str(path))
    return bytes(payload)


def _library() -> Any:
    try:
        import sigstore.dsse
        import sigstore.errors
        import sigstore.models
        import sigstore.oidc
        import sigstore.sign
        import sigstore.verify.policy
    except ImportError:
        raise UsageError("keyless signing needs the library `sigstore`", fix=_EXTRA) from None
    # Its notices (offline, refreshed) would stand between ours; its errors come as exceptions.
    logging.getLogger("sigstore").setLevel(logging.ERROR)
    return sigstore
