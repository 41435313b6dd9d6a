"""`auditor catalog stale | watch | coverage | new-teacher` end to end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from bundles import catalog

from auditor.cli.main import execute
from auditor.knowledge.load import load_knowledge

Run = Callable[..., tuple[int, str, str]]
TEXT = "7.2 You may not.\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795773600")  # 27 November 2026
    catalog(Path("acme"), follows="allowed")
    Path("acme/dataset_licenses.yaml").unlink()
    facts = yaml.safe_load(Path("acme/terms.yaml").read_text())
    facts["terms"] = [one for one in facts["terms"] if one["id"].startswith("Terms-")]
    for one in facts["terms"]:
        one["kind"] = "service-terms"
        one["read"] = [{"repository": "archive", "path": "Acme/Terms.md", "seen": "2026-11-01"}]
    Path("acme/terms.yaml").write_text(json.dumps(facts))
    Path("snapshots/Acme").mkdir(parents=True)
    Path("snapshots/Acme/Terms.md").write_text(TEXT)

    def called(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = execute(["catalog", *words])
        return code, *capfd.readouterr()

    return called


def test_stale_names_old_readings_and_calls_for_a_person(run: Run) -> None:
    code, out, err = run("stale", "--days", "20", "--knowledge", "acme")
    assert code == 3
    row = next(line for line in out.splitlines() if "Terms-Acme-2" in line)
    assert row.split()[:4] == ["26", "2026-11-01", "Terms-Acme-2", "1"]
    assert "archive Acme/Terms.md" in row
    assert "more than 20 days before 2026-11-27" in err
    code, out, _ = run("stale", "--days", "20", "--knowledge", "acme", "--format", "json")
    assert {"terms": "Terms-Acme-2", "days": 26}.items() <= next(
        one for one in json.loads(out) if one["terms"] == "Terms-Acme-2"
    ).items()
    code, out, _ = run("stale", "--days", "99999", "--knowledge", "acme")
    assert "Terms-Acme" not in out


def test_watch_tells_what_changed_since_it_was_looked_at(run: Run) -> None:
    code, out, err = run("watch", "snapshots", "--knowledge", "acme", "--record", "seen.json")
    assert (code, "not compared  Acme/Terms.md" in out, "--record FILE" in err) == (0, True, True)
    assert run("watch", "snapshots", "--knowledge", "acme", "--against", "seen.json")[:2] == (0, "")
    Path("snapshots/Acme/Terms.md").write_text(TEXT.replace(" not", ""))
    code, out, _ = run("watch", "snapshots", "--knowledge", "acme", "--against", "seen.json")
    assert (code, out) == (3, "changed  Acme/Terms.md  (Terms-Acme-1, Terms-Acme-2)\n")
    code, out, _ = run(
        "watch", "snapshots", "--knowledge", "acme", "--against", "seen.json", "--format", "json"
    )
    assert (code, json.loads(out)[0]["state"]) == (3, "changed")


def test_watch_names_a_folder_or_a_record_that_is_none(run: Run) -> None:
    assert run("watch", "nowhere")[0] == 2
    Path("empty").mkdir()
    code, _, err = run("watch", "empty")
    assert (code, "holds no text that the catalog was read from" in err) == (2, True)
    for content in ("[]", "{", '{"a": 1}', "[" * 100_000):
        Path("seen.json").write_text(content)
        code, _, err = run("watch", "snapshots", "--knowledge", "acme", "--against", "seen.json")
        assert (code, "record" in err) == (2, True), content[:9]
    assert run("watch", "snapshots", "--knowledge", "acme", "--against", "none.json")[0] == 2


def test_coverage_is_a_table_or_values(run: Run) -> None:
    code, out, _ = run("coverage", "--knowledge", "acme")
    assert code == 0
    assert "| acme-chat | api | 2026-01-01 | 2026-04-30 | read | Terms-Acme-1 |" in out.splitlines()
    found = json.loads(run("coverage", "--format", "json")[1])
    assert len(found["teachers"]) == sum(found["counts"].values()) > 100
    assert found["version"] == load_knowledge().version


def test_a_new_teacher_is_written_once(run: Run) -> None:
    code, out, err = run("new-teacher", "Brandnew 7", "--developer", "Brand", "--out", "brand")
    assert (code, out.split()) == (0, ["brand/teachers.yaml", "brand/services.yaml", "brand/terms.yaml"])
    assert "auditor catalog lint brand" in err
    code, out, _ = run("lint", "brand")
    assert (code, "still to be read" in out) == (2, True)
    assert run("new-teacher", "Brandnew 7", "--out", "brand")[0] == 2
    assert run("new-teacher", "gpt-4o")[0] == 2
    assert run("new-teacher", "Brandnew 7", "--access", "none")[0] == 2
    code, out, _ = run("new-teacher", "Brandnew 7", "--access", "open-weights")
    assert (code, out.split()) == (0, ["brandnew-7/teachers.yaml", "brandnew-7/terms.yaml"])
