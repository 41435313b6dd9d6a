"""`auditor catalog` end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from auditor.cli.catalog import app
from auditor.cli.main import execute
from auditor.errors import UsageError

OVERLAY = """\
schema_version: 1
teachers:
- id: acme-1
  name: Acme 1
  developer: Acme
  access: api
  terms: [MIT]
  patterns: ['^acme-1.*$']
  confidence: verified-from-text
  source: contract on file
"""


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(args))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def run_json(*args: str) -> Any:
    code, text = run(*args, "--format", "json")
    assert code == 0
    return json.loads(text)


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """An overlay with one teacher."""
    (tmp_path / "teachers.yaml").write_text(OVERLAY, encoding="utf-8")
    return tmp_path


def test_resolve_gives_the_contract_keys(overlay: Path) -> None:
    found = run_json("resolve", "Mistral-Large-Instruct-2411", "--access", "api", "--date", "2026-06-10")
    assert list(found)[:5] == ["name", "teacher", "host", "terms", "confidence"]
    assert (found["teacher"], found["terms"]) == ("mistral-api", ["Terms-Mistral-Commercial-2026"])
    assert run_json("resolve", "nobody")["teacher"] is None
    ours = run_json("resolve", "acme-1", "--knowledge", str(overlay))
    assert ours["teacher"] == "acme-1"
    assert ours["overlays"][0].startswith(overlay.name)


def test_resolve_speaks_plainly(overlay: Path) -> None:
    _, text = run("resolve", "together/Llama-3.1-8B", "--knowledge", str(overlay))
    assert "meta-llama-3.1" in text
    assert "host: together" in text
    assert f"overlay: {overlay.name}@" in text
    _, text = run("resolve", "text-davinci-003", "--access", "api")
    assert "[2023-03-14 to 2023-08-27]" in text
    assert "not read" in text
    assert "several versions" in text
    assert "one of" in run("resolve", "llama")[1]
    assert "not known" in run("resolve", "nobody")[1]


def test_lists_are_filtered() -> None:
    assert [t["id"] for t in run_json("teachers", "dbrx")["teachers"]] == ["dbrx"]
    terms = run_json("terms", "Llama-3-Community")["terms"]
    assert {t["outputs"] for t in terms} == {"forbidden"}
    assert run_json("licenses", "no such words")["licenses"] == []
    code, text = run("licenses", "CC-BY-NC-4.0")
    assert (code, text.split()[0]) == (0, "CC-BY-NC-4.0")
    assert run("teachers", "dbrx")[1].startswith("dbrx")
    assert run("terms", "dbrx")[0] == 0


def test_show_prints_every_clause_with_its_section() -> None:
    _, text = run("show", "licenseref-llama-3-community")
    assert "section: 1.b.v" in text
    assert "same-family-student" in text
    both = run_json("show", "MIT")
    assert {"terms", "license"} <= set(both)
    with pytest.raises(UsageError, match="not in the catalog"):
        run("show", "nobody")


def test_license_strings_and_texts() -> None:
    assert run_json("license", "CC BY-NC")["status"] == "ambiguous"
    assert "candidates: CC-BY-NC-2.0" in run("license", "CC BY-NC")[1]
    text = Path(__file__).parents[2] / "LICENSE"
    assert run_json("license", "--file", str(text))["expression"] == "Apache-2.0"
    with pytest.raises(UsageError, match="give a license string"):
        run("license")


def test_diff_and_lint(overlay: Path) -> None:
    assert run_json("diff", str(overlay))["changes"] == [{"change": "added", "entry": "teacher acme-1"}]
    shipped = str(Path(__file__).parents[2] / "auditor" / "knowledge" / "data")
    assert run("diff", shipped, shipped) == (0, "")
    assert run("diff", str(overlay))[1] == "added    teacher acme-1\n"
    assert run_json("lint") == []
    (overlay / "teachers.yaml").write_text(OVERLAY.replace("['^acme-1.*$']", "[]"), encoding="utf-8")
    assert run("lint", str(overlay)) == (2, "teacher acme-1: no name leads to it\n")


def test_import_dpi_lists_what_does_not_map(tmp_path: Path) -> None:
    record = {"Model Generated": ["OpenAI GPT-4", "Nobody 1"], "Licenses": [{"License": "Various"}]}
    (tmp_path / "a.json").write_text(json.dumps({"set-1": record}), encoding="utf-8")
    found = run_json("import-dpi", str(tmp_path))
    assert found["summary"]["unknown_teachers"] == ["Nobody 1 (1)"]
    assert found["records"][0]["teachers"][0]["teacher"] == "openai-gpt-4"
    assert "unknown teachers: Nobody 1 (1)" in run("import-dpi", str(tmp_path))[1]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("resolve", "gpt-4o", "--date", "2026-99"), "is not a date"),
        (("resolve", " "), "a name is needed"),
        (("show", "gpt-4o"), "not in the catalog"),
    ],
)
def test_what_cannot_be_looked_up_is_said_with_a_way_on(args: tuple[str, ...], words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        run(*args)
    assert caught.value.fix


def test_known_sets_are_listed_with_their_other_names_and_who_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert execute(["catalog", "sets", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["sets"]
    assert len(found) >= 90
    assert all(one["source"] and one["confidence"] and isinstance(one["aliases"], list) for one in found)
    assert execute(["catalog", "sets", "OpenHermes"]) == 0
    (line,) = (
        one for one in capsys.readouterr().out.splitlines() if one.startswith("teknium/OpenHermes-2.5")
    )
    assert "from-memory" in line
    assert "OpenHermes  training tools' registries of data sets, recall" in line
    assert execute(["catalog", "show", "open-orca/openorca"]) == 0
    said = capsys.readouterr().out
    assert "name: gpt-3.5-turbo" in said
    assert "confidence: verified-from-secondary" in said


@pytest.mark.parametrize(
    "source", ["Open-Orca/OpenOrca", "OpenOrca", "https://huggingface.co/datasets/Open-Orca/OpenOrca"]
)
def test_an_audit_of_a_known_set_names_its_teachers_and_on_what(tmp_path: Path, source: str) -> None:
    row = {"question": "Why is the sky blue?", "response": "Air scatters blue light more.", "source": source}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    out = ["-q", "--no-config", "--no-ledger", "--out", str(tmp_path / "out")]
    assert execute(["audit", str(tmp_path / "a.jsonl"), *out]) == 3
    (origin,) = json.loads((tmp_path / "out/report.json").read_text())["origins"]
    said = {(one["id"], one["grade"], one["where"]) for one in origin["teacher_details"]}
    where = "source: known set Open-Orca/OpenOrca"
    assert said == {("openai-gpt-4", "C", where), ("openai-gpt-3.5", "C", where)}
