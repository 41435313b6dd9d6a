"""An overlay that replaces what is shipped is said by the report, the permit and whoever reads it."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import execute
from auditor.errors import RefusedError
from auditor.knowledge.load import BUILT_IN, load_knowledge

PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: internal-commercial
student_release_license: none
student_name: Acme
competes_with_teacher_provider: 'yes'
"""
ROW = {"instruction": "Say hum", "output": "Hum.", "model": "gpt-4", "access": "api", "license": "CC0-1.0"}
TERMS = "Terms-OpenAI-Services-Agreement-2026"
TEACHER = """\
schema_version: 1
read_on: '2026-11-24'
teachers:
- id: ours
  name: Ours
  developer: Acme
  access: api
  terms: [MIT]
  patterns: ['^gpt-4.*$']
  confidence: verified-from-text
  source: none
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    Path("plan.yaml").write_text(PLAN)
    Path("rows.jsonl").write_text(json.dumps({**ROW, "generated_at": "2026-05-01"}) + "\n")
    text = (BUILT_IN / "terms.yaml").read_text()
    entry = re.search(rf"(?ms)^- id: {TERMS}\n.*?(?=^- id: )", text)
    assert entry is not None
    Path("ov").mkdir()
    changed = entry.group(0).replace("value: forbidden-if-competing", "value: allowed", 1)
    Path("ov/terms.yaml").write_text(f"schema_version: 1\nterms:\n{changed}")
    assert execute(["keys", "new", "--out", "ci.pem"]) == 0


def audit(*more: str) -> int:
    return execute(["audit", "rows.jsonl", "--plan", "plan.yaml", "--no-ledger", "--quiet", *more])


def report() -> dict[str, Any]:
    return dict(json.loads(Path("auditor-out/report.json").read_text()))


def signed() -> list[str]:
    assert audit("--knowledge", "ov") == 0
    assert execute(["attest", "auditor-out", "--key", "ci.pem"]) == 0
    return ["verify", "permit.intoto.json", "--dataset", "rows.jsonl", "--key", "ci.pem.pub"]


def test_a_replaced_entry_is_in_the_header_of_every_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit() == 1
    assert audit("--knowledge", "ov") == 0
    assert report()["knowledge"]["replaced"] == [f"terms {TERMS}"]
    for format in ("terminal", "markdown", "html", "sarif", "json", "github", "junit"):
        capsys.readouterr()
        assert execute(["report", "auditor-out", "--format", format]) == 0
        text = " ".join(capsys.readouterr().out.split())
        assert "NOT the shipped" in text, format
    assert f"NOT the shipped catalog: replaces terms {TERMS}" in Path("auditor-out/report.html").read_text()


def test_verify_and_the_gate_say_the_catalog_and_what_it_replaces(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    from auditor.gate import require_permit

    verify = signed()
    capsys.readouterr()
    assert execute(verify) == 0
    said = capsys.readouterr().err
    assert f"NOT the shipped catalog: replaces terms {TERMS}" in said
    assert " + ov@" in said
    assert execute([*verify, "--format", "json"]) == 0
    catalog = json.loads(capsys.readouterr().out)["catalog"]
    assert catalog["replaced"] == [f"terms {TERMS}"]
    assert catalog["digest"] == load_knowledge(Path("ov")).digest
    with caplog.at_level(logging.WARNING, "auditor.gate"):
        require_permit("permit.intoto.json", "rows.jsonl", keys=["ci.pem.pub"])
    assert f"replaces terms {TERMS}" in caplog.text


def test_the_catalog_is_compared_where_it_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    from auditor.gate import require_permit

    verify = signed()
    assert execute([*verify, "--knowledge", "ov"]) == 0
    assert execute([*verify, "--knowledge", "shipped"]) == 1
    assert "another catalog" in capsys.readouterr().err
    assert execute([*verify, "--knowledge", "nowhere"]) in (2, 4)
    gate = ["gate", "--permit", verify[1], *verify[2:], "--knowledge", "shipped", "--", "touch", "started"]
    assert execute(gate) == 1
    assert not Path("started").exists()
    with pytest.raises(RefusedError, match="another catalog"):
        require_permit("permit.intoto.json", "rows.jsonl", keys=["ci.pem.pub"], knowledge="shipped")


def test_a_teacher_that_is_found_before_a_shipped_one_replaces_it() -> None:
    Path("ov/terms.yaml").unlink()
    Path("ov/teachers.yaml").write_text(TEACHER)
    facts = load_knowledge(Path("ov"))
    assert "teacher openai-gpt-4" in facts.replaced
    assert facts.added == ("teacher ours",)
    assert load_knowledge().replaced == load_knowledge().added == ()


def test_a_catalog_of_settings_that_were_not_named_is_not_taken(capsys: pytest.CaptureFixture[str]) -> None:
    Path("auditor.yaml").write_text("knowledge: ov\npolicy: default\n")
    assert audit() == 1
    assert "not taken from auditor.yaml, which was not named: `knowledge`" in capsys.readouterr().err
    assert report()["knowledge"]["overlays"] == []
    assert audit("--config", "auditor.yaml") == 0


def test_a_report_that_hides_what_its_overlay_replaces_is_not_signed() -> None:
    assert audit("--knowledge", "ov") == 0
    held = report()
    held["knowledge"]["replaced"] = []
    Path("auditor-out/report.json").write_text(json.dumps(held))
    assert execute(["attest", "auditor-out", "--key", "ci.pem"]) == 4
