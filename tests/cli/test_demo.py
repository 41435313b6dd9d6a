"""The demo finds its seeded faults, and ends at the gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.cli.main import execute


def test_the_demo_names_each_fault_and_the_gate_passes_only_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert execute(["demo", "--quiet"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert sum(" found " in line for line in lines) == 7
        assert [line.split()[:2] for line in lines if line.startswith(("refused", "passed"))] == [
            ["refused", "FAILED"],
            ["passed", "PASSED"],
        ]
    assert (tmp_path / "demo-out" / "report.html").is_file()
