from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.cli.main import execute
from auditor.domain.exit_code import ExitCode
from auditor.report.interface import FILES, names, write_report
from tests.report import examples


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_report(examples.rich(), tmp_path / "out")
    return tmp_path / "out"


def test_an_audit_leaves_all_its_files_and_no_draft(folder: Path) -> None:
    found = {path.name for path in folder.iterdir()}
    assert found == {"report.html", "report.json", "summary.md", "findings.sarif", "junit.xml"}
    assert len(found) == len(FILES)


@pytest.mark.parametrize("name", names())
def test_every_format_is_made_again_from_the_folder(name: str, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "again"
    assert execute(["report", str(folder), "--format", name, "--out", str(file)]) == ExitCode.ALLOWED
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert name in ("terminal", "github") or file.read_bytes() in written.values()


def test_stdout_gets_the_chosen_format(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert execute(["report", str(folder), "--format", "json"]) == ExitCode.ALLOWED
    assert json.loads(capfdbinary.readouterr().out)["outcome"] == "deny"


@pytest.mark.parametrize(
    "arguments",
    [["--format", "pdf"], ["--format", "json", "--format", "html", "--out", "x"]],
)
def test_a_wrong_format_is_usage(arguments: list[str], folder: Path) -> None:
    assert execute(["report", str(folder), *arguments]) == ExitCode.INVALID


def test_a_folder_without_a_report_is_input(tmp_path: Path) -> None:
    assert execute(["report", str(tmp_path)]) == ExitCode.INVALID


def test_a_folder_that_cannot_be_written_is_the_tools_side(folder: Path) -> None:
    target = folder / "report.json" / "x" / "again.html"
    assert execute(["report", str(folder), "--format", "html", "--out", str(target)]) == ExitCode.FAULT


def test_two_audits_are_set_side_by_side(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_report(examples.passing(), tmp_path / "before")
    assert execute(["report", "compare", str(tmp_path / "before"), str(folder)]) == ExitCode.ALLOWED
    assert "→ ■ DENY" in capfd.readouterr().out
    file = tmp_path / "changes.md"
    arguments = ["report", "compare", str(folder), str(folder), "--format", "markdown", "--out", str(file)]
    assert execute(arguments) == ExitCode.ALLOWED
    assert file.read_text().startswith("## ■ DENY, as before")


def test_with_a_baseline_only_what_is_new_is_shown(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert execute(["report", str(folder), "--baseline", str(folder)]) == ExitCode.ALLOWED
    said = capfd.readouterr().out
    assert "outputs-forbidden-if-competing" not in said.split("■ DENY.")[0]
    assert "New since the baseline: 0 causes" in " ".join(said.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare"],
        ["compare", "a"],
        ["compare", "a", "b", "c"],
        ["compare", "a", "b", "--format", "sarif"],
        ["a", "b"],
        ["--baseline", "a", "--format", "json"],
    ],
)
def test_what_cannot_be_compared_is_refused(arguments: list[str]) -> None:
    assert execute(["report", *arguments]) == ExitCode.INVALID
