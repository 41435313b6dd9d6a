"""Two packs are compared over audited rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.cli.main import execute


def test_policy_diff_names_what_flips_and_why(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["policy", "diff", "default", "research-only", "--audit", str(out)]
    assert execute([*command, "--format", "json"]) == 0
    flips = json.loads(capsys.readouterr().out)
    assert {(one["before"], one["after"]) for one in flips} == {("allow", "deny"), ("review", "deny")}
    assert all("use-is-another" in one["because"] for one in flips)
    assert execute(command) == 0
    assert execute(["policy", "diff", "default", "default", "--audit", str(out)]) == 0
    assert "0 of 3 origins flip" in capsys.readouterr().out
