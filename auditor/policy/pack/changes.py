"""What a pack from elsewhere changes of the shipped ones: their names, their rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from auditor.bundled import bundled
from auditor.domain.pack_changes import PackChanges
from auditor.domain.rule import Rule
from auditor.policy.pack.older_words import current_rule
from auditor.policy.pack.schema import PackFile

_NAMES = frozenset(("pack", "title", "about", "include", "rules", "disable"))


def changes_of(files: Sequence[PackFile], shipped: Callable[[str], PackFile]) -> PackChanges:
    """Compare a pack with what is shipped under the names that it uses.

    Args:
        files: the pack's files, included ones first, the pack itself last.
        shipped: reads a shipped pack with its includes.
    """
    foreign = [file for file in files if not is_shipped(file.path)]
    replaced = {rule for file in foreign for rule in file.overrides}
    left_out = {rule for file in foreign for rule in file.disable}
    shadows = set()
    for name, file in _borne(foreign, files[-1]):
        theirs = shipped(name)
        own, rules = _rules(file), _rules(theirs)
        if (own, _settings(file)) == (rules, _settings(theirs)):
            continue
        shadows.add(name)
        replaced |= {id for id, rule in rules.items() if own.get(id, rule) != rule}
        left_out |= rules.keys() - own.keys()
    return PackChanges(
        not is_shipped(files[-1].path),
        tuple(sorted(shadows)),
        tuple(sorted(replaced - left_out)),
        tuple(sorted(left_out)),
    )


def _rules(file: PackFile) -> dict[str, Rule]:
    """Return the rules in force in the words of today: an old word for the same fact changes nothing."""
    return {id: current_rule(rule) for id, rule in file.gathered.items()}


def _settings(file: PackFile) -> dict[str, Any]:
    """Return what a file sets beside its rules: whether waivers count, and whose."""
    data = file.document.data
    return {key: value for key, value in data.items() if key not in _NAMES} if isinstance(data, dict) else {}


def is_shipped(path: Path) -> bool:
    """Tell whether a pack's file is one of the program's own."""
    return path.parent == bundled("policies").resolve()


def _borne(foreign: Iterable[PackFile], head: PackFile) -> Iterator[tuple[str, PackFile]]:
    """Yield each shipped name that a file bears, by what it calls itself or as what it is included."""
    names = {path.stem for path in bundled("policies").glob("*.yaml")}
    for file in foreign:
        called = {file.name} if file is head else {file.name, file.called}
        yield from ((name, file) for name in sorted(called & names))
