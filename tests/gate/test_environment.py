"""What the gate tells the command that it guards is all that the command needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from evidence import ROWS
from gated import NOW, bare_permit

from auditor.errors import UsageError
from auditor.gate import require_permit
from auditor.gate.environment import child_environment, request_of
from auditor.gate.request import Request


def test_the_gates_environment_is_enough(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_PERMIT", str(folder / "permit.intoto.json"))
    monkeypatch.setenv("AUDITOR_PERMIT_KEYS", str(folder / "KEY.pub"))
    with pytest.raises(UsageError, match="no data is named"):
        require_permit(clock=lambda: NOW)
    monkeypatch.setenv("AUDITOR_DATASET", str(folder / "data.jsonl"))
    assert len(require_permit(clock=lambda: NOW).digests) == len(ROWS)


def test_the_command_behind_the_gate_knows_the_same_approvers_and_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for policy, seen in (("house.yaml", str(tmp_path / "house.yaml")), ("default", "default"), (None, "")):
        Path("default").touch()
        asked = Request(Path("p.json"), (Path("k.pub"),), policy=policy, approver_keys=(Path("bea.pub"),))
        environment = child_environment(asked, bare_permit(), ["data"])
        assert environment["AUDITOR_PERMIT_APPROVER_KEYS"] == str(tmp_path / "bea.pub")
        assert environment["AUDITOR_PERMIT_POLICY"] == seen
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert request_of(None).policy == (seen or None)
        assert request_of("other.json").policy is None
