"""`auditor init` writes two files that load, and overwrites nothing unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from auditor.cli.config import read_config
from auditor.cli.main import execute
from auditor.errors import UsageError


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_writes_settings_and_a_plan_that_load() -> None:
    assert execute(["init", "it's.jsonl", "--use", "commercial-api", "--competes", "yes"]) == 0
    assert read_config()["data"] == ["it's.jsonl"]
    plan = yaml.safe_load(Path("plan.yaml").read_text())
    assert plan["intended_use"] == "commercial-api"
    assert plan["competes_with_teacher_provider"] == "yes"
    assert plan["student_release_license"] == "proprietary"


def test_what_nobody_answered_is_unknown_and_never_allowed() -> None:
    row = '{"text": "A", "model": "Qwen/Qwen3-8B", "access": "open-weights", "license": "MIT"}\n'
    Path("a.jsonl").write_text(row)
    assert execute(["init"]) == 0
    plan = yaml.safe_load(Path("plan.yaml").read_text())
    assert plan.pop("student_name") == "my-student"
    assert plan == {
        "student_base": {"name": "unknown", "terms": "unknown"},
        "intended_use": "unknown",
        "student_release_license": "unknown",
        "competes_with_teacher_provider": "unknown",
        "facts": {"place_of_use": "unknown"},
    }
    assert execute(["audit"]) == 3
    said = ["--use", "commercial-api", "--base", "Qwen/Qwen3-8B", "--terms", "Apache-2.0", "--place", "US"]
    assert execute(["init", "--force", "--competes", "no", *said]) == 0
    assert execute(["audit"]) == 0


def test_it_refuses_to_overwrite_either_file() -> None:
    Path("plan.yaml").write_text("mine")
    assert execute(["init"]) == 2
    assert Path("plan.yaml").read_text() == "mine"
    assert not Path("auditor.yaml").exists()
    assert execute(["init", "--force"]) == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "no valid YAML"),
        ("polcy: x", "unknown setting `polcy`"),
        ("data: x", "must be a list"),
        ("- x", "mapping"),
        ("out: 2026-13-45", "cannot be read"),
        ("[" * 3000, "nested too deep"),
        ("index: [3]", "`index` holds 3"),
        ("data: [a, null]", "`data` holds None"),
        ('knowledge: "a\\0b"', "`knowledge` holds"),
    ],
)
def test_bad_settings_are_named(text: str, says: str) -> None:
    Path("auditor.yaml").write_text(text)
    with pytest.raises(UsageError, match=says):
        read_config()


def test_no_settings_file_is_no_settings() -> None:
    assert read_config() == {}


def test_without_a_data_folder_it_names_the_data_files_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.jsonl").write_text("{}\n")
    Path("notes.txt").write_text("no data\n")
    assert execute(["init", "--yes"]) == 0
    assert read_config()["data"] == ["my.jsonl"]
