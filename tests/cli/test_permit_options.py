"""The options of a permit make one request, which holds all of them."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from auditor.attest.keyless import Identity
from auditor.cli.permit_options import PermitOptions, TrustOptions
from auditor.domain.permit import PermitPurpose
from auditor.errors import UsageError
from auditor.gate.request import Request

PERMIT = Path("p.intoto.json")


def test_every_option_reaches_the_request() -> None:
    options = PermitOptions(
        key=[Path("a.pub")],
        identity="ann@example.org",
        issuer="https://issuer.example",
        threshold=2,
        plan=Path("plan.yaml"),
        policy="default",
        revoked=Path("list.txt"),
        approver_key=[Path("bea.pub")],
        knowledge="shipped",
        purpose=PermitPurpose.EVALUATION,
        report_only=True,
        allow_unread=True,
    )
    asked = options.request(PERMIT)
    assert asked == Request(
        PERMIT,
        (Path("a.pub"),),
        2,
        Path("plan.yaml"),
        "default",
        Path("list.txt"),
        Identity("ann@example.org", "https://issuer.example"),
        purpose=PermitPurpose.EVALUATION,
        allow_report_only=True,
        allow_unread=True,
        approver_keys=(Path("bea.pub"),),
        knowledge="shipped",
    )
    plain = Request(PERMIT, ())
    unset = [one.name for one in fields(Request) if getattr(asked, one.name) == getattr(plain, one.name)]
    assert unset == ["permit", "digest"]


@pytest.mark.parametrize("options", [TrustOptions, PermitOptions])
def test_nothing_is_accepted_that_was_not_asked_for(options: type[TrustOptions]) -> None:
    assert options().request(PERMIT) == Request(PERMIT, ())


@pytest.mark.parametrize("given", [{"identity": "ann"}, {"issuer": "https://issuer.example"}])
def test_an_identity_needs_its_issuer(given: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="go together"):
        PermitOptions(**given).request(PERMIT)
