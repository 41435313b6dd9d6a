"""Reading by events gives what reading by nodes gives, faults and places included."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import strict_yaml
from auditor.errors import PlanError
from auditor.strict_yaml import Limits, parse

ROOT = Path(__file__).parents[1]
FILES = sorted([*ROOT.glob("policies/**/*.yaml"), *ROOT.glob("auditor/knowledge/**/*.yaml")])
PIECES = [
    *("a: 1", "b: [x, 2, {c: d}]", "- x", "- - y", "  k: v", "'q': \"w\"", "<<: {a: b}", '"<<": 1', "=: ="),
    *("a: &n 1", "b: *n", "a: !!str 1", "a: ! 1", "? [k]\n: v", "? k\n: v", "!!set {a}", "? ", ": "),
    *("a: 2024-01-01", "a: 1:30", "a: 0x1f", "a: 1e400", "a: .inf", "a: 1_000", "a: 0o7", "a: -.5", "a: 08"),
    *("a: ~", "a:", "a: yes", "1: one", "null: x", "a: 2001-12-14t21:59:43.10-05:00", f"a: {'9' * 44}"),
    *("a: |\n  text\n  more", "a: >-\n  text\n  more", "---", "...", "# c", "%YAML 1.1", "a: 2024-99-99"),
    *("a: '''", "a: \t", "\u0007", "a: \u00e9 \u2028", "[", "]", "{}", "[]", "{a, b: }", "\ufeffa: 1"),
]


def _result(text: str, limits: Limits) -> Any:
    try:
        found = parse(text, "x.yaml", PlanError, limits=limits, empty=True)
    except PlanError as error:
        return (error.message, error.where, error.fix)
    return (repr(found.data), dict(found.marks), dict(found.keys))


def _both(text: str, limits: Limits, patch: pytest.MonkeyPatch) -> None:
    quick = _result(text, limits)
    with patch.context() as slow:
        slow.setattr(strict_yaml, "_at_once", lambda *_: None)
        assert _result(text, limits) == quick


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_shipped_files_are_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _both(path.read_text(encoding="utf-8"), Limits(1 << 23, 24, 1_000_000), monkeypatch)


@given(st.lists(st.sampled_from(PIECES), max_size=6), st.sampled_from(["\n", "\n  ", " ", ", "]))
def test_whatever_is_written_is_read_the_same(pieces: list[str], joint: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _both(joint.join(pieces), Limits(), patch)


@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@` \n\t,?1.~", max_size=40))
def test_any_signs_are_read_the_same(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _both(text, Limits(), patch)


@pytest.mark.parametrize(("depth", "nodes"), list(itertools.product(range(5), range(1, 9))))
def test_limits_are_the_same(depth: int, nodes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (
        "[[[]]]",
        "a: {b: {c: d}}",
        "[a, b, c, d, e]",
        "a: 1\nb: [x]",
        "x",
        "[]",
        "- [[x]]\n- {b: 1}",
    ):
        _both(text, Limits(1 << 20, depth, nodes), monkeypatch)


def test_plain_documents_take_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_yaml, "_compose", None)
    assert parse("a: [1, x, ~]\nb: {c: '2'}\n", "x", PlanError).data == {"a": [1, "x", None], "b": {"c": "2"}}
