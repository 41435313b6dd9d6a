"""GitHub annotations: one command a line, pointing at lines of the data."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from auditor.report.github import GithubWriter
from auditor.report.interface import Style
from tests.report import examples
from tests.report.golden import assert_golden

ALL = ["rich", "bare", "passing", "waived", "hostile"]


@pytest.mark.parametrize("name", ALL)
def test_file_is_as_agreed(name: str) -> None:
    writer = GithubWriter()
    assert_golden(f"{name}-{writer.file_name}", writer.render(getattr(examples, name)(), Style()))


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


def test_files_are_named_as_seen_from_the_working_directory() -> None:
    rich = examples.rich()
    files = tuple(replace(file, location=f"data/{file.path}") for file in rich.dataset.files)
    report = replace(rich, dataset=replace(rich.dataset, files=files))
    shown = GithubWriter().render(report, Style()).decode()
    named = [row.sample_id for finding in report.findings for row in finding.evidence]
    assert f"data/{named[0].rpartition('#')[0]}" in shown
    assert f"row: {named[0]}" not in shown
    assert f"e.g. {named[0]}" not in shown
