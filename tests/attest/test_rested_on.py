"""Waivers under a permit: they end, they are others', and the report holds them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from evidence import ROWS, write_audit, write_jsonl

from auditor.attest.keys import KeyType, new_key
from auditor.attest.record import AuditRecord, read_record
from auditor.attest.rested_on import check_signers, check_waivers, waivers_of
from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer
from auditor.domain.waiver import AppliedWaiver
from auditor.errors import EvidenceError, RefusedError, UsageError
from auditor.report.codec import encode

KEY, OTHER = new_key(KeyType.ED25519), new_key(KeyType.ED25519)
OWN = KEY.public().key_id
WAIVER = AppliedWaiver("W-1", "r", "risk-accepted: so", "bea", "2027-01-31", 3, "F-1", signed_by=(OWN,))
DAY = date(2027, 1, 31)
FOUND = encode(
    Finding("F-1", "r", Outcome.DENY, "t", "m", Layer.PROVENANCE, 3, waived_by="bea until 2027-01-31")
)
STATED = encode(WAIVER)


def record(folder: Path, **changes: Any) -> AuditRecord:
    return read_record(write_audit(folder / "out", write_jsonl(folder / "data.jsonl", ROWS), **changes))


def test_a_permit_ends_with_its_waivers() -> None:
    check_waivers([WAIVER], ["ci"], DAY)
    for day, one in ((date(2027, 2, 1), WAIVER), (DAY, AppliedWaiver("W-2", "r", "", "bea", "soon"))):
        with pytest.raises(RefusedError, match="ended"):
            check_waivers([one], ["ci"], day)
    check_waivers([AppliedWaiver("W-3", "r", "", "bea", "2020-01-01", stale=True)], ["ci"], DAY)


def test_those_who_approved_a_waiver_are_not_the_only_signers() -> None:
    check_waivers([WAIVER], [OWN, "ci"], DAY)
    for signers in ([OWN], []):
        with pytest.raises(RefusedError, match="approved a waiver"):
            check_waivers([WAIVER], signers, DAY)


def test_a_report_is_signed_by_somebody_else_than_its_approver(tmp_path: Path) -> None:
    held = record(tmp_path, findings=[FOUND], waivers=[STATED])
    check_signers(held, [OTHER])
    check_signers(held, [KEY, OTHER])
    with pytest.raises(UsageError, match="approved a waiver"):
        check_signers(held, [KEY])
    assert waivers_of(held)[0].signed_by == (OWN,)


@pytest.mark.parametrize(
    ("taken", "waivers"),
    [
        ("named", [{**STATED, "finding": "F-2"}]),
        ("named", [{**STATED, "stale": True}]),
        ("signed", [{**STATED, "signed_by": []}]),
        ("none", [STATED]),
    ],
)
def test_a_finding_called_waived_without_its_waiver_is_not_signed(
    tmp_path: Path, taken: str, waivers: list[Any]
) -> None:
    held = record(tmp_path, findings=[FOUND], waivers=waivers)
    report = replace(held.report, policy=replace(held.report.policy, waivers=taken))
    with pytest.raises(EvidenceError):
        check_signers(replace(held, report=report), [OTHER])


@pytest.mark.parametrize("waivers", [[7], [{"finding": "F-1"}]])
def test_waivers_that_cannot_be_read_are_no_report(tmp_path: Path, waivers: list[Any]) -> None:
    with pytest.raises(EvidenceError):
        record(tmp_path, findings=[FOUND], waivers=waivers)
