"""Rows on the fast path, from a file to its digests, against the specification, row by row.

`AUDITOR_TEST_EFFORT=full` tries a million rows.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import random
from pathlib import Path
from typing import Any

import pytest

from auditor import canonical_exact
from auditor.canonical import RowError, parse_row
from auditor.digest import split_digests
from auditor.jit.compile import COMPILED
from auditor.row_kernels.worth import pays
from auditor.samples.rows import iter_digest_runs
from tests.effort import rows

_FILE_ROWS = 20_000
_PIECES = ("a", "model", " ", "é", "日", "\U0001f600", '"', "\\", "/", "\n", "\t", "\x01", "\x7f", "\u2028")
_KEYS = ("prompt", "a", "b", "ab", "", "é", "model", "z" * 40, 'a"b', "x\\y", "\U0001f600", "日本", "null")
_NUMBERS = (
    0,
    -1,
    2**53,
    2**53 + 1,
    2**63 - 1,
    2**64,
    10**40,
    0.0,
    -0.0,
    1.5,
    1e-7,
    1e21,
    0.1,
    1e300,
    123456.7,
)
_SIGNS = b'{}[]":,\\0123456789.eE+-nulltrue \t\x00\x1f\xff\xc3'


class _Rows:
    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def line(self) -> bytes:
        """Return one row as JSON in one line, now and then damaged."""
        chance = self._chance
        row = {self._key(): self._value(0) for _ in range(chance.randrange(7))}
        blanks = (", ", ": ") if chance.random() < 0.5 else (",", ":")
        text = json.dumps(row, ensure_ascii=chance.random() < 0.5, separators=blanks).encode()
        if chance.random() < 0.2:
            at = chance.randrange(len(text))
            cut = chance.choice((0, 1, 1, 3))
            text = text[:at] + bytes(chance.choices(_SIGNS, k=chance.randrange(3))) + text[at + cut :]
        return text.replace(b"\n", b" ").strip() or b"{}"

    def _key(self) -> str:
        return self._chance.choice(_KEYS) if self._chance.random() < 0.9 else self._text()

    def _text(self) -> str:
        chance = self._chance
        return "".join(chance.choices(_PIECES, k=chance.choice((0, 1, 5, 40, 70))))

    def _value(self, depth: int) -> Any:
        chance, kind = self._chance, self._chance.random()
        if kind < 0.5 or depth > 3:
            return self._text()
        if kind < 0.6:
            return chance.choice((None, True, False))
        if kind < 0.8:
            return chance.choice((*_NUMBERS, chance.random(), chance.randrange(-(10**6), 10**18)))
        if kind < 0.9:
            return [self._value(depth + 1) for _ in range(chance.randrange(4))]
        return {self._key(): self._value(depth + 1) for _ in range(chance.randrange(4))}


def _by_specification(line: bytes) -> bytes | None:
    try:
        return hashlib.sha256(canonical_exact.canonical(parse_row(line))).digest()
    except RowError:
        return None


def _check(path: Path, lines: list[bytes]) -> int:
    """Hold the digests of a file to the specification; return how many lines are no rows."""
    path.write_bytes(b"\n".join(lines) + b"\n")
    found: dict[int, bytes] = {}
    unread: set[int] = set()
    for run in iter_digest_runs([str(path)], on_fault=lambda _, fault: unread.add(fault.row)):
        found.update(zip(run.numbers, split_digests(run.digests), strict=True))
    assert sorted([*found, *unread]) == list(range(len(lines)))
    for number, line in enumerate(lines):
        assert found.get(number) == _by_specification(line), line
    return len(unread)


@pytest.mark.timeout(3600)
def test_a_file_has_the_digests_of_the_specification(tmp_path: Path) -> None:
    importlib.import_module("auditor.row_kernels.json_rows")
    assert pays(0) is COMPILED, "the fast path is not the one that is tried"
    faults, count = 0, rows(1_000_000, _FILE_ROWS)
    for seed in range(count // _FILE_ROWS):
        made = _Rows(seed)
        faults += _check(tmp_path / "rows.jsonl", [made.line() for _ in range(_FILE_ROWS)])
    assert count // 50 < faults < count // 2
