"""SARIF, JUnit and GitHub annotations, judged by their owners' schemas and rules where those are at hand."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from auditor.domain.report.report import Report
from auditor.report.github import GithubWriter
from auditor.report.interface import Style
from auditor.report.junit import JunitWriter
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
@pytest.mark.parametrize("writer", [SarifWriter(), JunitWriter(), GithubWriter()])
def test_file_is_as_agreed(name: str, writer: SarifWriter) -> None:
    content = writer.render(getattr(examples, name)(), Style())
    assert_golden(f"{name}-{writer.file_name}", content)


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
        ("teacher-unknown", "warning"),
        ("origin-undeclared", "warning"),
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


@pytest.mark.parametrize("name", ALL)
def test_junit_fits_the_schema_of_jenkins(name: str, shared: Path) -> None:
    schema = etree.XMLSchema(etree.parse(shared / "standards/schemas/junit-jenkins-10.xsd"))
    schema.assertValid(etree.fromstring(JunitWriter().render(getattr(examples, name)(), Style())))


def test_junit_counts_what_it_holds() -> None:
    root = etree.fromstring(JunitWriter().render(examples.rich(), Style()))
    assert root.get("tests") == str(len(root.findall(".//testcase"))) == "6"
    assert root.get("failures") == str(len(root.findall(".//failure"))) == "4"
    assert root.find("testsuite").get("skipped") == "1"


def test_junit_names_every_case_once() -> None:
    root = etree.fromstring(JunitWriter().render(examples.rich(), Style()))
    names = [case.get("name") for case in root.findall(".//testcase")]
    assert len(names) == len(set(names))


def test_an_audit_without_a_search_is_skipped_not_passed() -> None:
    root = etree.fromstring(JunitWriter().render(examples.bare(), Style()))
    assert root.find(".//testcase/skipped").get("message") == "not searched"


def test_characters_that_xml_forbids_do_not_break_it() -> None:
    finding = replace(examples.rich().findings[0], title="\x00\x0b\ufffe\uffff\ud800", message="]]>")
    etree.fromstring(JunitWriter().render(replace(examples.rich(), findings=(finding,)), Style()))


@pytest.mark.parametrize("name", ALL)
def test_each_annotation_is_one_command(name: str) -> None:
    text = GithubWriter().render(getattr(examples, name)(), Style()).decode()
    form = r"::(error|warning|notice)( [a-z]+=[^:,\r\n]*(,[a-z]+=[^:,\r\n]*)*)?::[^\r\n]*"
    assert all(re.fullmatch(form, line) for line in text.splitlines())


def test_annotations_are_ten_of_a_kind_and_point_at_lines() -> None:
    rich = examples.rich()
    many = tuple(replace(rich.findings[0], id=f"F-{n}") for n in range(50))
    lines = GithubWriter().render(replace(rich, findings=many), Style()).decode().splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert lines[0].startswith("::notice title=auditor%3A waivers applied::Waivers applied: 37 rows of ")
    assert lines[1].startswith("::error file=train/part-0.jsonl,line=18222,title=")


@pytest.mark.parametrize("writer", [GithubWriter(), SarifWriter(), JunitWriter()], ids=lambda w: w.name)
def test_files_are_named_as_seen_from_the_working_directory(writer: JunitWriter) -> None:
    rich = examples.rich()
    files = tuple(replace(file, location=f"data/{file.path}") for file in rich.dataset.files)
    report = replace(rich, dataset=replace(rich.dataset, files=files))
    shown = writer.render(report, Style()).decode()
    named = [row.sample_id for finding in report.findings for row in finding.evidence]
    assert f"data/{named[0].rpartition('#')[0]}" in shown
    assert f"row: {named[0]}" not in shown
    assert f"e.g. {named[0]}" not in shown
