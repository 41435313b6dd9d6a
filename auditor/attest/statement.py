"""In-toto statements: the permit (SLSA VSA v1) and the test result beside it.

Statement v1: github.com/in-toto/attestation, spec/v1/statement.md. VSA v1:
slsa.dev/spec/v1.1/verification_summary. Test result v0.1: spec/predicates/test-result.md. Fields that the
VSA does not know have URIs for names, as it asks.
A payload is canonical JSON: the same audit, clock and bindings give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import auditor
from auditor.attest.files import file_digest
from auditor.attest.record import AuditRecord
from auditor.bundled import program_digest
from auditor.canonical import canonical, content_digest
from auditor.domain.outcome import Outcome
from auditor.domain.permit import EvidenceMode, PermitPurpose, PermitResult
from auditor.domain.report.codec import to_json
from auditor.domain.report.judged_by import PolicyFacts
from auditor.domain.report.report import Report
from auditor.errors import EvidenceError, UsageError
from auditor.ids import Digest
from auditor.printable import line
from auditor.serialize import encode

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
VSA_TYPE = "https://slsa.dev/verification_summary/v1"
TEST_RESULT_TYPE = "https://in-toto.io/attestation/test-result/v0.1"
EXTENSION_V1 = "https://example.org/auditor/permit/v1/"
EXTENSION = "https://example.org/auditor/permit/v2/"
"""Names in the predicate that start so are ours; the first version's are still read."""
_CHANGES = ("shadows", "overrides", "disabled")
_COPIED = ("knowledge", "indexes", "coverage", "obligations", "origins")
ROW_DIGEST = "sha256 over canonical JSON, RFC 6962 tree over sorted row digests"


@dataclass(frozen=True, slots=True)
class Signing:
    """What the signer adds to an audit: clock, expiry, bindings."""

    issued_at: datetime
    expires_at: datetime | None = None
    bound: Mapping[str, Digest] = field(default_factory=lambda: MappingProxyType({}))
    """Digests of tokenizer, chat template, collator, by those names."""
    evidence: EvidenceMode = EvidenceMode.REPORT_ONLY
    """What the verdict was held against before it was signed."""
    purpose: PermitPurpose = PermitPurpose.TRAINING


def result_of(record: AuditRecord) -> PermitResult:
    """Map an audit: PASSED where every row was judged and passes, whatever `--review-ok` said."""
    return PermitResult.PASSED if record.outcome.passes and record.whole else PermitResult.FAILED


def permit_payload(record: AuditRecord, signing: Signing) -> bytes:
    """Return the canonical bytes of the VSA over the audited rows.

    Raises:
        UsageError: a time has no zone, or the permit would expire before it begins.
    """
    policy = record.report.policy
    result = result_of(record)
    predicate: dict[str, Any] = {
        "verifier": {
            "id": "https://example.org/auditor/verifier/v1",
            "version": {"auditor": auditor.__version__},
        },
        "timeVerified": stamp(signing.issued_at),
        "resourceUri": f"urn:auditor:dataset:{record.dataset_digest}",
        "policy": {"uri": _policy_uri(policy), "digest": _pair(Digest(policy.digest))},
        "inputAttestations": [{"uri": "report.json", "digest": _pair(record.report_digest)}],
        "verificationResult": str(result),
        "verifiedLevels": [_level(record)],
        "slsaVersion": "1.1",
    }
    for name, value in _extensions(record, signing).items():
        predicate[EXTENSION + name] = value
    return _statement(record, VSA_TYPE, predicate)


def result_payload(record: AuditRecord) -> bytes:
    """Return the canonical bytes of the list of rules that passed, warned and failed."""
    policy, findings = record.report.policy, record.report.findings
    waived = {found.rule for found in findings if found.waived_by}
    standing = [found for found in findings if not found.waived_by]
    failed = {found.rule for found in standing if found.outcome is Outcome.DENY}
    warned = (waived | {found.rule for found in standing if found.outcome is Outcome.REVIEW}) - failed
    passed = {found.rule for found in findings} - failed - warned
    predicate = {
        "result": str(result_of(record)),
        "configuration": [{"uri": _policy_uri(policy), "digest": _pair(Digest(policy.digest))}],
        "passedTests": sorted(passed),
        "warnedTests": sorted(warned),
        "failedTests": sorted(failed),
    }
    return _statement(record, TEST_RESULT_TYPE, predicate)


def stamp(moment: datetime) -> str:
    """Write a moment in UTC, RFC 3339, whole seconds.

    Raises:
        UsageError: it has no zone.
    """
    if moment.tzinfo is None:
        raise UsageError("a time without a zone cannot be signed", fix="give a time in UTC")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _statement(record: AuditRecord, kind: str, predicate: Mapping[str, Any]) -> bytes:
    subject = {
        "name": "dataset",
        "digest": _pair(record.dataset_digest),
        "annotations": {"digestOf": ROW_DIGEST},
    }
    return canonical(
        {"_type": STATEMENT_TYPE, "subject": [subject], "predicateType": kind, "predicate": predicate}
    )


def _extensions(record: AuditRecord, signing: Signing) -> dict[str, Any]:
    report = to_json(record.report)
    if signing.expires_at is not None and stamp(signing.expires_at) <= stamp(signing.issued_at):
        raise UsageError("the permit would expire before it begins", fix="give a longer --expires")
    plan = report.get("plan") or None
    return {
        "outcome": str(record.outcome),
        "samples": len(record.rows),
        "rows": {"digest": _pair(record.rows.digest()), "rowDigest": ROW_DIGEST},
        "expires": stamp(signing.expires_at) if signing.expires_at else None,
        "plan": {"digest": _pair(record.plan_digest), "content": plan} if record.plan_digest else None,
        "fairUseSheet": {"digest": _pair(record.sheet_digest)} if record.sheet_digest else None,
        "bound": {name: _pair(value) for name, value in sorted(signing.bound.items())},
        "columns": report.get("columns") or {},
        "beside": [
            {"path": one["path"], "kind": one["kind"], "digest": _pair(Digest(one["digest"]))}
            for one in report.get("beside") or ()
        ],
        "trainerTeachers": (plan or {}).get("trainer_teachers") or [],
        "unread": [one["path"] for one in report.get("unread") or ()],
        "requires": report["policy"].get("permit") or {},
        "config": _config(record),
        "policyChanges": {name: report["policy"].get(name) for name in _CHANGES},
        "catalogBundle": report["knowledge"].get("bundle"),
        "evidence": str(signing.evidence),
        "purpose": str(_purpose(plan, signing)),
        # The running program judged the origins again; what the report says of another is its word alone.
        "tools": {
            "auditor": {"version": auditor.__version__, "digest": _pair(Digest(program_digest()))},
        },
        "waivers": {
            "digest": _pair(content_digest(report.get("waivers") or [])),
            "taken": report["policy"].get("waivers") or "",
            "list": report.get("waivers"),
        },
        **{name: report.get(name) for name in _COPIED},
    }


def _purpose(plan: Mapping[str, Any] | None, signing: Signing) -> PermitPurpose:
    """Return what the rows are for: evaluation where the plan or the signer says so, and never both."""
    said = str(((plan or {}).get("facts") or {}).get("purpose", "")).strip().casefold()
    by_plan = said == PermitPurpose.EVALUATION
    return PermitPurpose.EVALUATION if by_plan else signing.purpose


def _config(record: AuditRecord) -> dict[str, str] | None:
    """Return the file of settings, where it is still the one that the report names."""
    config = record.report.config
    return None if config is None or config_lacks(record.report) else encode(config)


def config_lacks(report: Report) -> str | None:
    """Say why a report's file of settings does not go into the permit; None where it does."""
    config = report.config
    if config is None:
        return None
    try:
        same = file_digest(Path(config.path)) == config.digest
    except (EvidenceError, ValueError):
        return f"the file of settings is not here, so the permit does not name it: {line(config.path)}"
    changed = "the file of settings has changed since the audit, so the permit does not name it"
    return None if same else f"{changed}: {line(config.path)}"


def _policy_uri(policy: PolicyFacts) -> str:
    name = policy.name or "policy"
    # No pack from elsewhere looks like the shipped one, whatever it calls itself.
    name = f"local:{name}" if policy.local or policy.shadows else name
    return f"urn:auditor:policy:{name}:{policy.version}" if policy.version else f"urn:auditor:policy:{name}"


def _level(record: AuditRecord) -> str:
    passed = result_of(record) is PermitResult.PASSED
    return f"AUDITOR_{record.outcome.name}" if passed else "FAILED"


def _pair(digest: Digest | None) -> dict[str, str]:
    algorithm, _, value = str(digest).partition(":")
    return {algorithm: value}
