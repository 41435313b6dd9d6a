"""Names and values from data act on no terminal and command no CI log, whatever prints them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.cli.main import execute
from auditor.printable import line, lines

BAD = "x\x1b[31m\x1b]0;pwn\x07\x9b2J\x7f\u202e\u2066\u2028\r\n::error::forged ##[add-mask]y"
FILE = BAD.replace("/", "_")
MARKS = "\x1b\x07\x9b\x7f\u202e\u2066\u2028\r"
ROW = {"prompt": "Q", "completion": "A", "model": BAD, "license": BAD, "source": BAD}


def harmless(shown: str) -> None:
    assert not set(shown) & set(MARKS), shown
    assert not any(row.lstrip().startswith("::error::") for row in shown.splitlines()), shown
    assert "##[add-mask]" not in shown


@given(st.text(alphabet=st.sampled_from(list(MARKS + "\n\t:#[ ab\0\u0085\u2029\u200f\ufeff"))))
def test_no_line_acts(text: str) -> None:
    shown = line(text)
    assert "\n" not in shown
    assert len(shown.splitlines()) <= 1
    assert not shown.lstrip().startswith("::")
    assert "##[" not in shown
    assert all(sign.isprintable() for sign in shown)
    assert not any(row.lstrip().startswith("::") for row in lines(text).split("\n"))


def test_plain_text_is_left_alone() -> None:
    for text in ("Modèle «é» – 模型 🙂", "a::b", "#[x]", "## Title"):
        assert line(text) == text


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose file, teacher, license and plan have names that try to act; audited, in a ledger."""
    folder = tmp_path_factory.mktemp("hostile")
    data = folder / "d"
    data.mkdir()
    (data / f"{FILE}.jsonl").write_text(f"{json.dumps(ROW)}\n{{bad\n", encoding="utf-8")
    (data / "::error::forged.jsonl").write_text(json.dumps(ROW), encoding="utf-8")
    (folder / "plan.yaml").write_text(
        json.dumps({"student_name": BAD, "intended_use": "research-only", "student_base": {"name": BAD}}),
        encoding="utf-8",
    )
    out, ledger = str(folder / "out"), str(folder / "l.db")
    execute(["audit", str(data), "-q", "--plan", str(folder / "plan.yaml"), "--out", out, "--ledger", ledger])
    execute(["keys", "new", "--out", str(folder / "KEY")])
    execute(["attest", out, "--key", str(folder / "KEY"), "--out", str(folder / "p.intoto.json")])
    return folder


COMMANDS = [
    "audit {d} --no-ledger --out {o}2 --format terminal --format markdown --format github",
    "audit {d} --no-ledger --out {o}2 --format sarif --format junit",
    "audit {d}/nothing{bad}",
    "audit {d} --plan {bad}.yaml",
    "audit {d} --policy {bad}",
    "report {o}",
    "report {o} --format markdown",
    "report {bad}",
    "explain {bad} --audit {o}",
    "explain ::error::forged.jsonl#0 --audit {o}",
    "split {o} --out {o}-split",
    "ledger show ::error::forged.jsonl#0 --ledger {l}",
    "ledger teachers {d} --ledger {l}",
    "ledger audits --ledger {l}",
    "ledger audits --ledger {l} --format json",
    "ledger verify --ledger {l}",
    "ledger verify --ledger {bad}",
    "catalog resolve {bad}",
    "catalog resolve {bad} --format json",
    "catalog license {bad}",
    "catalog show {bad}",
    "plan check {p}",
    "impact {bad} --ledger {l}",
    "verify {permit} --dataset {d} --key {k}",
    "verify {bad} --dataset {d} --key {k}",
    "gate --permit {permit} --dataset {d} --key {k} -- {bad}",
    "gate --permit {permit} --dataset {d} --key {k} -- /bin/true",
    "detect {d} --index {bad} --out {o}.parquet",
    "keys new --out {d}/{bad}/x",
    "{bad}",
    "audit --{bad}",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_what_acts(place: Path, command: str, capfd: pytest.CaptureFixture[str]) -> None:
    names = {
        "d": place / "d",
        "o": place / "out",
        "l": place / "l.db",
        "p": place / "plan.yaml",
        "permit": place / "p.intoto.json",
        "k": place / "KEY.pub",
        "bad": FILE,
    }
    code = execute([part.format(**names) for part in command.split(" ")])
    shown = capfd.readouterr()
    assert 0 <= code <= 4
    assert "internal error" not in shown.err
    harmless(shown.err)
    harmless(shown.out)
