"""The options by which a command takes a permit: whose signature counts, and what the permit must be for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.domain.permit import PermitPurpose

if TYPE_CHECKING:
    from auditor.attest.keyless import Identity
    from auditor.gate.request import Request

DatasetOption = Annotated[
    list[str], typer.Option("--dataset", help="Data that the permit must cover; repeat for several.")
]
ThresholdOption = Annotated[int, typer.Option("--threshold", help="How many distinct keys must have signed.")]


@dataclass(frozen=True, slots=True)
class TrustOptions:
    """Whose signatures count, and which plan and pack the permit must be for."""

    key: Annotated[
        list[Path] | None, typer.Option("--key", help="Trusted public key; repeat for several.")
    ] = None
    identity: Annotated[
        str | None,
        typer.Option("--identity", help="Who signed without a key: an e-mail, or a workflow's URL."),
    ] = None
    issuer: Annotated[str | None, typer.Option("--issuer", help="Who vouches for --identity: a URL.")] = None
    threshold: ThresholdOption = 1
    plan: Annotated[Path | None, typer.Option("--plan", help="Plan that the permit must be for.")] = None
    policy: Annotated[str | None, typer.Option("--policy", help="Pack that the permit must be for.")] = None
    revoked: Annotated[
        Path | None, typer.Option("--revoked", help="Revocation list: payload:, dataset: or key:SHA256.")
    ] = None
    approver_key: Annotated[
        list[Path] | None,
        typer.Option(
            "--approver-key", help="Public key whose signature under the permit's waivers counts; repeatable."
        ),
    ] = None

    def request(self, permit: Path) -> Request:
        """Return what is asked of a permit.

        Raises:
            UsageError: `--identity` without `--issuer`, or the other way round.
        """
        from auditor.gate.request import Request

        return Request(
            permit,
            tuple(self.key or ()),
            self.threshold,
            self.plan,
            self.policy,
            self.revoked,
            self._signer(),
            approver_keys=tuple(self.approver_key or ()),
        )

    def _signer(self) -> Identity | None:
        """Return who must have signed without a key."""
        from auditor.attest.keyless import Identity
        from auditor.errors import UsageError

        if (self.identity is None) != (self.issuer is None):
            raise UsageError("--identity and --issuer go together", fix="give both, or --key")
        if self.identity is None or self.issuer is None:
            return None
        return Identity(self.identity, self.issuer)


@dataclass(frozen=True, slots=True)
class PermitOptions(TrustOptions):
    """All that a permit can be held against, and what is accepted beside it."""

    knowledge: Annotated[
        str | None,
        typer.Option(
            "--knowledge",
            help="Catalog that the permit must be by: shipped, an overlay's folder, or sha256: of a bundle.",
        ),
    ] = None
    config: Annotated[
        Path | None,
        typer.Option("--config", help="File of settings whose catalog (`knowledge`) the permit must be by."),
    ] = None
    bind: Annotated[
        list[str] | None,
        typer.Option("--bind", help="NAME=PATH: the tokenizer, chat-template or collator about to be used."),
    ] = None
    purpose: Annotated[
        PermitPurpose, typer.Option("--purpose", help="What the rows are about to be used for.")
    ] = PermitPurpose.TRAINING
    report_only: Annotated[
        bool,
        typer.Option("--allow-report-only", help="Take a verdict held against nothing but its own report."),
    ] = False
    allow_unread: Annotated[
        bool,
        typer.Option(
            "--allow-unread", help="Start beside data-like files that were not read; all are named."
        ),
    ] = False

    def request(self, permit: Path) -> Request:
        """Return what is asked of a permit, and what is accepted beside it.

        Raises:
            UsageError: the file of settings names no catalog, or another than the option.
        """
        from dataclasses import replace

        return replace(
            TrustOptions.request(self, permit),
            purpose=self.purpose,
            allow_report_only=self.report_only,
            allow_unread=self.allow_unread,
            knowledge=self._catalog(),
        )

    def _catalog(self) -> str | None:
        """Return the catalog that is pinned, by option or in the settings."""
        from auditor.cli.config import find_config
        from auditor.errors import UsageError

        if self.config is None:
            return self.knowledge
        pinned = find_config(self.config).settings.get("knowledge")
        if pinned is None:
            raise UsageError(
                "the settings pin no catalog", where=str(self.config), fix="add `knowledge:` to them"
            )
        if self.knowledge not in (None, pinned):
            raise UsageError("--knowledge and --config name different catalogs", fix="leave one out")
        return str(pinned)
