"""Every command shows an example, and every example is a command line that parses."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from auditor.cli.examples import EXAMPLES
from auditor.cli.main import COMMANDS, load


def _leaves(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, one in below.items():
        yield from _leaves(one, f"{path} {name}")


LEAVES = dict(leaf for name, entry in COMMANDS.items() for leaf in _leaves(load(name, entry), name))


def test_every_command_has_examples_and_no_example_lacks_its_command() -> None:
    assert sorted(EXAMPLES) == sorted(LEAVES)


@pytest.mark.parametrize("path", sorted(EXAMPLES))
def test_examples_parse(path: str) -> None:
    command = LEAVES[path]
    for line in EXAMPLES[path]:
        words = shlex.split(line)
        assert words[: 1 + len(path.split())] == ["auditor", *path.split()]
        command.make_context(path, words[1 + len(path.split()) :])


def test_examples_stand_at_the_foot_of_the_help() -> None:
    command = LEAVES["audit"]
    text = command.get_help(command.make_context("audit", [], resilient_parsing=True))
    assert text.rstrip().endswith("findings.sarif")
    assert "\n    auditor audit train.jsonl\n" in text
