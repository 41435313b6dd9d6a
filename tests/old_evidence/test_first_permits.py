"""A permit of the first form, made by the program of its time, still verifies and still opens the gate."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FIRST = Path(__file__).parents[1] / "golden" / "permit_v1"


def _auditor(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "auditor", *arguments], capture_output=True, text=True)


def _against(*, permit: str = "permit.intoto.json") -> list[str]:
    return ["--dataset", str(FIRST / "rows.jsonl"), "--key", str(FIRST / "KEY.pub")]


def test_a_permit_of_the_first_form_verifies_as_envelope_and_as_bundle() -> None:
    for name in ("permit.intoto.json", "permit.sigstore.json"):
        done = _auditor("verify", str(FIRST / name), *_against())
        assert done.returncode == 0, done.stderr
        assert "PASSED" in done.stdout


def test_a_permit_of_the_first_form_opens_the_gate_for_its_plan() -> None:
    options = [*_against(), "--plan", str(FIRST / "plan.yaml")]
    done = _auditor("gate", "--permit", str(FIRST / "permit.intoto.json"), *options, "--", "echo", "TRAINED")
    assert done.returncode == 0, done.stderr
    assert "TRAINED" in done.stdout
