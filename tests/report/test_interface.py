from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import EnvironmentFault, UsageError
from auditor.report.interface import Writer, names, write_atomically, write_report, writer, writers
from tests.report import examples


@pytest.mark.parametrize("name", names())
def test_every_format_is_a_writer_of_its_name(name: str) -> None:
    found = writer(name)
    assert isinstance(found, Writer)
    assert found.name == name


def test_formats_come_once_in_the_order_asked_for() -> None:
    assert [found.name for found in writers(["json", "html", "json"])] == ["json", "html"]


def test_an_unknown_format_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        write_report(examples.rich(), tmp_path, ["json", "pdf"])
    assert "markdown" in (caught.value.fix or "")
    assert list(tmp_path.iterdir()) == []


def test_two_reports_of_one_audit_are_the_same_bytes(tmp_path: Path) -> None:
    first = write_report(examples.rich(), tmp_path / "a", names())
    second = write_report(examples.rich(), tmp_path / "b", names())
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(EnvironmentFault, match="cannot write"):
        write_atomically(tmp_path / "report.json", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
