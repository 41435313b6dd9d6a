from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import auditor.report
from auditor.domain.report.codec import to_json
from auditor.errors import InputError
from auditor.report.interface import Style
from auditor.report.json_schema import schema
from auditor.report.jsonfile import JsonWriter, read_report
from tests.report import examples
from tests.report.golden import assert_golden

GOLDEN = Path(__file__).parents[1] / "golden" / "report"
PUBLISHED = Path(auditor.report.__file__).parent / "schema" / "report.v2.schema.json"
ALL = ["rich", "bare", "passing", "waived", "hostile"]


@pytest.mark.parametrize("name", ALL)
def test_report_fits_the_published_schema(name: str) -> None:
    checker = jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text()))
    content = JsonWriter().render(getattr(examples, name)(), Style())
    assert not list(checker.iter_errors(json.loads(content)))


@pytest.mark.parametrize("change", [{"outcome": "fine"}, {"schema": "x"}, {"dataset": {}}, {"findings": {}}])
def test_schema_refuses_what_is_no_report(change: dict[str, object]) -> None:
    checker = jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text()))
    assert list(checker.iter_errors(to_json(examples.rich()) | change))


def test_published_schema_is_the_one_the_code_makes() -> None:
    assert json.loads(PUBLISHED.read_text()) == schema()


def test_published_schema_is_a_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--check-metaschema", str(PUBLISHED)]
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_json_is_as_agreed_and_the_same_each_time() -> None:
    content = JsonWriter().render(examples.rich(), Style())
    assert content == JsonWriter().render(examples.rich(), Style())
    assert_golden("rich.json", content)


@pytest.mark.parametrize("name", ALL)
def test_report_is_read_back_from_its_folder(name: str, tmp_path: Path) -> None:
    report = getattr(examples, name)()
    (tmp_path / "report.json").write_bytes(JsonWriter().render(report, Style()))
    assert read_report(tmp_path) == report


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": "other"}', b"\xff\xfe"])
def test_what_is_no_report_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_bytes(content)
    with pytest.raises(InputError):
        read_report(tmp_path)


def test_a_missing_report_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"report\.json"):
        read_report(tmp_path)


def test_a_report_of_the_first_schema_is_still_read(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_bytes((GOLDEN / "rich.v1.json").read_bytes())
    first = read_report(tmp_path)
    assert first.schema == "auditor.report/v1"
    assert replace(first, schema="auditor.report/v2") == replace(examples.rich(), timelines=())
