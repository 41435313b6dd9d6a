"""The waivers of an audit: the file that was named, the signatures under it, and what both come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from auditor.attest.approval import approvals_of, trusted_approvers
from auditor.domain.finding import Finding
from auditor.domain.plan import Plan
from auditor.domain.rule import Pack
from auditor.domain.waiver import AppliedWaiver, Waiver, WaiverMode
from auditor.engine.request import AuditRequest
from auditor.policy.waivers.waiver_file import WaiverFile, read_waivers
from auditor.policy.waivers.waivers import Applied, WaiverTerms, accepted_by, apply_waivers
from auditor.redact import redact

_UNASKED, _NO_FILE = WaiverTerms("", date.min), WaiverFile((), "")


@dataclass(frozen=True, slots=True)
class WaiverSet:
    """The waivers that an audit was given, and what they must meet; none where no file was named."""

    mode: WaiverMode = WaiverMode.NAMED
    terms: WaiverTerms = _UNASKED
    file: WaiverFile = _NO_FILE
    name: str = ""
    """The file as it was named."""

    def apply(self, findings: Iterable[Finding]) -> Applied:
        """Apply the waivers to the findings of an audit, unless the pack takes none."""
        if self.mode is WaiverMode.NONE:
            return Applied(tuple(findings), (), ())
        return apply_waivers(findings, self.file.waivers, self.terms)

    def facts(self, applied: Applied) -> tuple[AppliedWaiver, ...]:
        """Return the waivers that held, as the report lists them."""
        rows = {finding.id: finding.samples for finding in applied.findings}
        return tuple(self._fact(one, rows.get(one.finding, 0)) for one in applied.used)

    def _fact(self, one: Waiver, samples: int) -> AppliedWaiver:
        signed = self.terms.approvals[one] if self.terms.approvals is not None else None
        return AppliedWaiver(
            id=f"W-{one.finding.removeprefix('F-')}",
            rule=one.rule,
            reason=f"{one.reason}: {one.text}",
            approved_by=accepted_by(one, self.terms),
            expires=one.expires,
            samples=samples,
            finding=one.finding,
            author=one.author,
            created=one.created,
            policy=one.policy,
            file=self.name,
            digest=self.file.digest,
            signed_by=signed.keys if signed else (),
            approvals=one.approvals if signed else (),
        )

    def notes(self, pack: str) -> Iterator[str]:
        """Say so where the policy takes no waiver and some were given."""
        if self.mode is WaiverMode.NONE and self.file.waivers:
            yield f"Policy {pack} takes no waivers: those of {self.name} were not applied."


NO_WAIVERS = WaiverSet()


def read_waiver_set(request: AuditRequest, pack: Pack, plan: Plan | None) -> WaiverSet:
    """Read the waivers that were named, and hold their signatures against the keys that are trusted.

    A key that the user gives asks for signatures, also where the pack would take names alone.

    Raises:
        PolicyError: the file or a key that the pack lists cannot be read.
        UsageError: a key that was given cannot be read, or the pack does not list it.
    """
    trusted = trusted_approvers(pack.approvers, request.approver_keys)
    mode = pack.waivers
    if mode is WaiverMode.NAMED and request.approver_keys:
        mode = WaiverMode.SIGNED
    file = read_waivers(request.waivers) if request.waivers else _NO_FILE
    signed = approvals_of(file.waivers, trusted, pack.threshold) if mode is WaiverMode.SIGNED else None
    use = str(plan.intended_use) if plan and plan.intended_use else ""
    terms = WaiverTerms(pack.name, request.now.date(), use, signed)
    return WaiverSet(mode, terms, file, redact(str(request.waivers or "")))
