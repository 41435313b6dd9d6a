"""The command line starts quickly, lists what it can do, and never shows a traceback."""

from __future__ import annotations

import importlib
import io
import subprocess
import sys

import pytest

from auditor.cli import main
from auditor.cli.main import COMMANDS, execute, load

HEAVY = (
    "numba",
    "pyarrow",
    "sqlmodel",
    "datasketch",
    "duckdb",
    "torch",
    "transformers",
    "sklearn",
    "numpy",
    "yaml",
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "auditor", *arguments], capture_output=True, text=True, check=False
    )


def test_help_lists_every_command_and_the_exit_codes() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)
    assert "3 needs review" in done.stdout


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom auditor.cli.main import execute\nexecute(['--help'])\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_loads_and_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert load(name, COMMANDS[name]).name == name
    assert execute([name, "--help"]) == 0
    assert "Usage: auditor" in capsys.readouterr().out


def test_every_module_of_the_table_is_there() -> None:
    for entry in COMMANDS.values():
        assert hasattr(importlib.import_module(f"auditor.cli.{entry.module}"), entry.attribute)


def test_an_unknown_command_is_a_usage_error() -> None:
    done = run("frobnicate")
    assert done.returncode == 2
    assert "No such command" in done.stderr


def test_the_version_is_printed() -> None:
    assert run("--version").stdout.startswith("auditor ")


def test_an_internal_error_is_one_line_and_exit_4(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def explode(_name: str, _entry: object) -> None:
        raise ZeroDivisionError("secret row text")

    monkeypatch.setattr("auditor.cli.main.load", explode)
    assert execute(["audit", "x"]) == 4
    err = capsys.readouterr().err
    assert "ZeroDivisionError" in err
    assert "Traceback" not in err
    assert "secret row text" not in err


@pytest.mark.parametrize(
    ("wrong", "right"), [("adit", "audit"), ("polciy", "policy"), ("scan", "audit"), ("Verify", "verify")]
)
def test_a_wrong_command_is_told_with_the_one_that_it_may_stand_for(
    wrong: str, right: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute([wrong]) == 2
    assert f"did you mean `auditor {right}`" in capsys.readouterr().err


def test_a_wrong_command_like_none_points_to_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["xyzzy", "--help"]) == 2
    assert "`auditor --help` lists the commands" in capsys.readouterr().err


def test_a_wrong_option_and_a_wrong_subcommand_are_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["audit", "--polcy", "default"]) == 2
    assert "--policy" in capsys.readouterr().err
    assert execute(["index", "biuld"]) == 2
    assert "'build'" in capsys.readouterr().err


def test_the_program_ends_at_once_after_what_is_due_at_its_end() -> None:
    code = """
import atexit, sys
from auditor.cli import main
class Late:
    def __del__(self):
        print("taken apart")
kept = Late()
atexit.register(print, "due at the end")
sys.argv = ["auditor", "--version"]
main.run()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == ["due at the end"]


def test_what_cannot_be_said_at_the_end_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError("No space left on device")

    monkeypatch.setattr(main.atexit, "_run_exitfuncs", lambda: None)
    assert main._all_is_done()
    monkeypatch.setattr(sys, "stdout", Full())
    assert not main._all_is_done()
