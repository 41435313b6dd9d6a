"""SARIF, judged by the schema and the tool of its owners where those are at hand."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from auditor.domain.report.report import Report
from auditor.report.interface import Style
from auditor.report.sarif import SarifWriter
from tests.report import examples
from tests.report.golden import assert_golden

ALL = ["rich", "bare", "passing", "waived", "hostile"]
MULTITOOL = Path(__file__).parents[2] / "node_modules" / "@microsoft"


def _sarif(report: Report) -> dict[str, object]:
    return json.loads(SarifWriter().render(report, Style()))


def _results(report: Report) -> list[dict[str, object]]:
    return _sarif(report)["runs"][0]["results"]  # type: ignore[index]


@pytest.mark.parametrize("name", ALL)
def test_file_is_as_agreed(name: str) -> None:
    writer = SarifWriter()
    assert_golden(f"{name}-{writer.file_name}", writer.render(getattr(examples, name)(), Style()))


@pytest.mark.parametrize("name", ALL)
def test_sarif_fits_the_schema_of_its_owners(name: str, shared: Path) -> None:
    schema = json.loads((shared / "standards/schemas/sarif-schema-2.1.0.json").read_text())
    checker = jsonschema.Draft7Validator(schema)
    assert not [error.message for error in checker.iter_errors(_sarif(getattr(examples, name)()))]


@pytest.mark.parametrize("name", ALL)
def test_sarif_satisfies_the_multitool(name: str, tmp_path: Path) -> None:
    tool = next(iter(sorted(MULTITOOL.glob("sarif-multitool-*/Sarif.Multitool"))), None)
    if tool is None:
        pytest.skip("npm install --no-save @microsoft/sarif-multitool")
    log, found = tmp_path / "in.sarif", tmp_path / "out.sarif"
    log.write_bytes(SarifWriter().render(getattr(examples, name)(), Style()))
    command = [tool, "validate", str(log), "--rule-kind", "Sarif;Ghas", "--output", str(found)]
    subprocess.run(
        command, env=os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}, capture_output=True
    )
    results = json.loads(found.read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])
    assert [r["ruleId"] for r in results if r.get("level") in ("error", "warning", None)] == []


def test_sarif_groups_by_cause_and_file_and_leaves_waived_out() -> None:
    results = _results(examples.rich())
    assert [(r["ruleId"], r["level"]) for r in results] == [
        ("outputs-forbidden-if-competing", "error"),
        ("outputs-forbidden-if-competing", "error"),
        ("origin-contradiction", "warning"),
        ("origin-undeclared", "warning"),
        ("teacher-unknown", "warning"),
    ]


def test_fingerprints_survive_shuffled_rows() -> None:
    rich = examples.rich()
    moved = tuple(
        replace(f, evidence=tuple(replace(e, line=(e.line or 0) + 99) for e in f.evidence))
        for f in rich.findings
    )
    before, after = _results(rich), _results(replace(rich, findings=moved))
    assert [r["partialFingerprints"] for r in before] == [r["partialFingerprints"] for r in after]
    assert len({str(r["partialFingerprints"]) for r in before}) == len(before)


def test_sarif_keeps_to_the_limits_of_github() -> None:
    rich = examples.rich()
    many = tuple(replace(rich.findings[0], id=f"F-{n}", message="x" * 9_000) for n in range(9_000))
    content = SarifWriter().render(replace(rich, findings=many), Style())
    results = json.loads(content)["runs"][0]["results"]
    assert len(results) == 5_000
    assert max(len(r["message"]["text"]) for r in results) < 3_000


def test_files_are_named_as_seen_from_the_working_directory() -> None:
    rich = examples.rich()
    files = tuple(replace(file, location=f"data/{file.path}") for file in rich.dataset.files)
    report = replace(rich, dataset=replace(rich.dataset, files=files))
    shown = SarifWriter().render(report, Style()).decode()
    named = [row.sample_id for finding in report.findings for row in finding.evidence]
    assert f"data/{named[0].rpartition('#')[0]}" in shown
    assert f"row: {named[0]}" not in shown
    assert f"e.g. {named[0]}" not in shown
