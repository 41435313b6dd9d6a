"""From signed bytes to a permit, and from a permit to yes or no; fails closed at every step."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.attest.envelope import PAYLOAD_TYPE, Envelope, read_envelope, verify_envelope
from auditor.attest.keyless import Identity, verify_keyless
from auditor.attest.keys import PublicKey
from auditor.attest.rested_on import check_waivers
from auditor.attest.revocation import Revoked, revoked_by
from auditor.attest.statement import EXTENSION, EXTENSION_V1, ROW_DIGEST, STATEMENT_TYPE, VSA_TYPE
from auditor.canonical import RowError, parse_row
from auditor.domain.outcome import Outcome
from auditor.domain.permit import BoundFile, EvidenceMode, Permit, PermitPurpose, PermitResult
from auditor.domain.waiver import applied_waiver
from auditor.errors import EvidenceError, RefusedError, UsageError
from auditor.ids import PREFIX, Digest, digest_of, is_digest

CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the verifier wants beside a valid signature; None compares nothing."""

    now: datetime
    plan_digest: Digest | None = None
    policy_digest: Digest | None = None
    revoked: Collection[Revoked] = ()
    allow_report_only: bool = False
    """Take a verdict that was held against nothing but the report's own words."""
    bound: Mapping[str, Digest] = field(default_factory=lambda: MappingProxyType({}))
    """Digests of the tokenizer and the like that are about to be used."""
    purpose: PermitPurpose = PermitPurpose.TRAINING
    """What the rows are about to be used for."""
    catalog_digest: Digest | None = None
    catalog_bundle: Digest | None = None
    """Digest of the catalog bundle that is pinned; with `catalog_digest` None, without any overlay."""


def open_permit(
    path: Path, trusted: Sequence[PublicKey], threshold: int = 1, identity: Identity | None = None
) -> Permit:
    """Verify the signatures of a permit and read it.

    Args:
        identity: who must have signed it without a key file, in place of `trusted`.

    Raises:
        UsageError: no key, or a threshold below 1.
        EvidenceError: missing, unreadable, no trusted signature, or no VSA over a row digest.
    """
    if identity is not None:
        if trusted or threshold != 1:
            raise UsageError("an identity stands alone", fix="give either --key or --identity")
        return _read(verify_keyless(path, identity), (str(identity),))
    envelope = read_envelope(path)
    try:
        return _read(envelope.payload, verify_envelope(envelope, trusted, threshold))
    except EvidenceError as error:
        raise EvidenceError(error.message, where=str(path), fix=error.fix) from None


def unsigned_permit(envelope: Envelope, path: Path) -> Permit:
    """Return what an envelope states, whoever signed it: for a person about to sign it, never for a gate.

    Raises:
        EvidenceError: it is not a permit.
    """
    if envelope.payload_type != PAYLOAD_TYPE:
        raise EvidenceError(f"the payload is of type {envelope.payload_type!r}", where=str(path))
    return _read(envelope.payload, ())


def check_permit(permit: Permit, wanted: Expectation) -> None:
    """Refuse a permit that is FAILED, out of time, revoked, incomplete, or for something else.

    Raises:
        RefusedError: the first reason found.
    """
    moment = wanted.now.astimezone(UTC)
    if permit.result is not PermitResult.PASSED or permit.outcome not in (
        Outcome.ALLOW,
        Outcome.ALLOW_WITH_OBLIGATIONS,
    ):
        raise RefusedError(
            f"the permit says {permit.result}: {_why_failed(permit)}",
            fix="mend the findings of the audit, then audit and attest again",
        )
    if permit.issued_at > moment + CLOCK_SKEW:
        raise RefusedError(f"the permit begins at {permit.issued_at.isoformat()}", fix="check the clock")
    if permit.expires_at is not None and moment >= permit.expires_at:
        raise RefusedError(
            f"the permit expired at {permit.expires_at.isoformat()}", fix="audit and attest again"
        )
    hit = revoked_by(permit, wanted.revoked)
    if hit is not None:
        raise RefusedError(f"revoked: {hit}", fix="audit and attest again")
    check_waivers(permit.waivers, permit.signers, moment.date())
    if permit.purpose is not wanted.purpose:
        raise RefusedError(
            f"the permit is for {permit.purpose}, not for {wanted.purpose}",
            fix="audit the rows for this purpose and attest again",
        )
    if permit.version > 1 and permit.evidence is EvidenceMode.REPORT_ONLY and not wanted.allow_report_only:
        raise RefusedError(
            "the permit's evidence is report-only: neither rows nor ledger were compared when it was signed",
            fix="attest again with --dataset or --ledger, or take it as it is with --allow-report-only",
        )
    if permit.sheet_digest is None:
        raise RefusedError("the permit carries no fair-use sheet", fix="audit with a pack that writes one")
    _compare("plan", permit.plan_digest, wanted.plan_digest)
    _compare("policy", permit.policy_digest, wanted.policy_digest)
    stated = permit.catalog.get("digest")
    _compare("catalog", Digest(str(stated)) if stated else None, wanted.catalog_digest)
    _check_bundle(permit, wanted)
    for name, digest in permit.bound.items():
        if name in wanted.bound:
            _compare(name, digest, wanted.bound[name])


def _check_bundle(permit: Permit, wanted: Expectation) -> None:
    """Refuse a permit by another catalog than the pinned bundle, or by one that an overlay changes."""
    if wanted.catalog_bundle is None:
        return
    stated = permit.catalog_bundle
    _compare("catalog bundle", Digest(stated) if stated else None, wanted.catalog_bundle)
    if wanted.catalog_digest is None and permit.catalog.get("overlays") != []:
        raise RefusedError(
            f"the permit's catalog is not the pinned bundle alone: {permit.catalog_words}",
            fix="audit without the overlay, or name it beside the bundle: sha256:DIGEST+FOLDER",
        )


def _why_failed(permit: Permit) -> str:
    if Outcome(permit.outcome).passes:
        return "the audit did not read and judge every row"
    return f"the audit's outcome was {permit.outcome}"


def _compare(what: str, permitted: Digest | None, wanted: Digest | None) -> None:
    if wanted is None or permitted == wanted:
        return
    seen = "none" if permitted is None else permitted
    raise RefusedError(
        f"the permit is for another {what}: it names {seen}, this is {wanted}",
        fix=f"audit and attest again with this {what}",
    )


def _read(payload: bytes, signers: tuple[str, ...]) -> Permit:
    try:
        statement = parse_row(payload)
        if statement["_type"] != STATEMENT_TYPE or statement["predicateType"] != VSA_TYPE:
            raise EvidenceError(
                f"this is not a permit but a statement of type {statement['predicateType']!r}",
                fix="give the file that `auditor attest` wrote",
            )
        return _permit(payload, statement, signers)
    except (RowError, KeyError, TypeError, ValueError, AttributeError):
        raise EvidenceError("the signed statement is not a permit of this kind", fix="attest again") from None


def _permit(payload: bytes, statement: Mapping[str, Any], signers: tuple[str, ...]) -> Permit:
    (subject,) = statement["subject"]
    predicate = statement["predicate"]
    version = 2 if any(name.startswith(EXTENSION) for name in predicate) else 1
    prefix = EXTENSION if version == 2 else EXTENSION_V1
    ours = {name.removeprefix(prefix): value for name, value in predicate.items() if name.startswith(prefix)}
    if ours["rows"]["rowDigest"] != ROW_DIGEST:
        raise ValueError("row digest")
    result = PermitResult(predicate["verificationResult"])
    if (result is PermitResult.FAILED) != ("FAILED" in predicate["verifiedLevels"]):
        raise ValueError("result and levels contradict each other")
    plan, sheet, expires = ours.get("plan"), ours.get("fairUseSheet"), ours.get("expires")
    return Permit(
        digest=digest_of(payload),
        result=result,
        outcome=Outcome(ours["outcome"]),
        dataset_digest=_digest(subject),
        samples=int(ours["samples"]),
        policy=str(predicate["policy"]["uri"]),
        policy_digest=_digest(predicate["policy"]),
        issued_at=_moment(predicate["timeVerified"]),
        signers=signers,
        plan_digest=_digest(plan) if plan else None,
        expires_at=_moment(expires) if expires is not None else None,
        rows_digest=_digest(ours["rows"]),
        sheet_digest=_digest(sheet) if sheet else None,
        bound=MappingProxyType({name: _pair(value) for name, value in ours.get("bound", {}).items()}),
        version=version,
        waivers=tuple(applied_waiver(one) for one in (ours.get("waivers") or {}).get("list") or ()),
        facts=MappingProxyType(ours),
        **(_second(ours) if version == 2 else {}),
    )


def _second(ours: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that came with the second version of the predicate; all of them are due."""
    columns = {str(role): tuple(map(str, names)) for role, names in ours["columns"].items()}
    beside = (BoundFile(str(one["path"]), str(one["kind"]), _digest(one)) for one in ours["beside"])
    return {
        "columns": MappingProxyType(columns),
        "beside": tuple(beside),
        "trainer_teachers": tuple(MappingProxyType(dict(one)) for one in ours["trainerTeachers"]),
        "unread": tuple(map(str, ours["unread"])),
        "evidence": EvidenceMode(ours["evidence"]),
        "purpose": PermitPurpose(ours["purpose"]),
    }


def _digest(holder: Mapping[str, Any]) -> Digest:
    return _pair(holder["digest"])


def _pair(value: Mapping[str, str]) -> Digest:
    # A digest under a weaker algorithm beside or instead of SHA-256 counts for nothing.
    found = f"{PREFIX}{value['sha256']}"
    if not is_digest(found):
        raise ValueError("digest")
    return Digest(found)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)
