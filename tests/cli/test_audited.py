"""What an audit left is read again: damaged rows, other catalogs, its own pack."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from audited import OVERLAY

from auditor.cli.main import execute


@pytest.mark.parametrize("command", [["explain", "mix.jsonl#0", "--audit"], ["split"]])
@pytest.mark.parametrize("content", [b"PAR1 cut", b""])
def test_damaged_rows_of_an_audit_are_named(
    command: list[str], content: bytes, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(out, damaged)
    (damaged / "samples.parquet").write_bytes(content)
    assert execute([*command, str(damaged)]) == 2
    shown = capsys.readouterr().err
    assert "the audit's rows cannot be read" in shown
    assert "run `auditor audit` again" in shown


@pytest.mark.parametrize(
    "command",
    [
        ["explain", "mix.jsonl#2", "--audit"],
        ["plan", "matrix", "--audit"],
        ["split"],
        ["policy", "diff", "default", "research-only", "--audit"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_an_overlay_is_named_in_every_result(
    command: list[str], out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overlay = tmp_path / "ours"
    overlay.mkdir()
    (overlay / "teachers.yaml").write_text(OVERLAY, encoding="utf-8")
    words = [*command, str(out), "--knowledge", str(overlay)]
    words += ["--out", str(tmp_path / "parts")] if command == ["split"] else []
    assert execute(words) == 0
    assert "overlay ours@" in capsys.readouterr().err
    assert execute([*words, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (named,) = (told[0] if isinstance(told, list) else told)["overlays"]
    assert named.startswith("ours@")


def test_an_audit_that_is_judged_again_under_another_catalog_says_so(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["explain", "mix.jsonl#2", "--audit", str(out)]) == 0
    assert "another catalog" not in capsys.readouterr().err
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "teachers.yaml").write_text(OVERLAY, encoding="utf-8")
    assert (
        execute(["explain", "mix.jsonl#2", "--audit", str(out), "--knowledge", str(tmp_path / "ours")]) == 0
    )
    assert "another catalog" in capsys.readouterr().err


def test_what_follows_an_audit_is_judged_by_its_own_pack_file(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    pack = Path("house.yaml")
    pack.write_text("pack: house\nversion: '1'\ntitle: Ours\ninclude: [default]\n")
    execute(["audit", str(data), "--policy", "house.yaml", "--no-ledger", "--quiet"])
    for command in (["explain", "mix.jsonl#2"], ["split"], ["plan", "matrix"]):
        assert execute(command) == 0
    assert "have changed" not in capsys.readouterr().err
    pack.write_text(pack.read_text() + "disable: {license-missing: it is known}\n")
    assert execute(["explain", "mix.jsonl#2"]) == 0
    assert "the rules of house have changed since the audit" in capsys.readouterr().err
