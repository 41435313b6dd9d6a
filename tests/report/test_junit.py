"""JUnit, judged by the schema that Jenkins takes where it is at hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from auditor.report.interface import Style
from auditor.report.junit import JunitWriter
from tests.report import examples
from tests.report.golden import assert_golden

ALL = ["rich", "bare", "passing", "waived", "hostile"]


@pytest.mark.parametrize("name", ALL)
def test_file_is_as_agreed(name: str) -> None:
    writer = JunitWriter()
    assert_golden(f"{name}-{writer.file_name}", writer.render(getattr(examples, name)(), Style()))


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


def test_files_are_named_as_seen_from_the_working_directory() -> None:
    rich = examples.rich()
    files = tuple(replace(file, location=f"data/{file.path}") for file in rich.dataset.files)
    report = replace(rich, dataset=replace(rich.dataset, files=files))
    shown = JunitWriter().render(report, Style()).decode()
    named = [row.sample_id for finding in report.findings for row in finding.evidence]
    assert f"data/{named[0].rpartition('#')[0]}" in shown
    assert f"row: {named[0]}" not in shown
    assert f"e.g. {named[0]}" not in shown
