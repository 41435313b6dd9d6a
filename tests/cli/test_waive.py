"""A waiver is written for a finding of an audit."""

from __future__ import annotations

from pathlib import Path

import pytest
from audited import findings

from auditor.cli.main import execute

WHO = ["--text", "counsel has read the terms", "--author", "ann"]


def test_a_waiver_is_written_with_its_rows_and_replaced(out: Path, tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    (deny, *_) = findings(out)
    command = [
        "waive",
        deny["id"],
        "--reason",
        "counsel-decided",
        "--audit",
        str(out),
        "--waivers",
        str(file),
        *WHO,
    ]
    for end in ("2027-01-31", "2027-02-28"):
        assert execute([*command, "--approver", "bob", "--expires", end]) == 0
    text = file.read_text()
    assert text.count("finding:") == 1
    assert "samples: 1" in text
    assert "2027-02-28" in text


@pytest.mark.parametrize(
    "change",
    [
        ["--approver", "Ann "],
        ["--approver", "bob", "--expires", "2020-01-01"],
        ["--approver", "bob", "--expires", "soon"],
        ["--approver", "bob", "--text", "ok"],
    ],
)
def test_a_waiver_that_should_not_be_is_refused(out: Path, tmp_path: Path, change: list[str]) -> None:
    (deny, *_) = findings(out)
    base = [
        "waive",
        deny["id"],
        "--reason",
        "risk-accepted",
        "--audit",
        str(out),
        *WHO,
        "--expires",
        "2027-01-31",
    ]
    file = tmp_path / "w.yaml"
    assert execute([*base, "--waivers", str(file), *change]) == 2
    assert not file.exists()
    assert execute(["waive", "F-none", *base[2:], "--approver", "bob", "--waivers", str(file)]) == 2
