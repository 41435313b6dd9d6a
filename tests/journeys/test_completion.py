"""Shells complete commands, options, formats and packs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def complete(line: str) -> list[str]:
    environment = {
        **os.environ,
        "_AUDITOR_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
    }
    command = [sys.executable, "-m", "auditor"]
    return subprocess.run(command, env=environment, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("auditor au", ["audit"]),
        ("auditor policy mu", ["mutate"]),
        ("auditor audit --gen", ["--generated-at"]),
        ("auditor report --format j", ["json", "junit"]),
        ("auditor audit --policy re", ["research-only"]),
        ("auditor policy show eu", ["eu-placement"]),
    ],
)
def test_a_shell_is_offered_what_fits(line: str, words: list[str]) -> None:
    assert complete(line) == words
