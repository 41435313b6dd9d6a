"""Ctrl-C at any moment ends a command with 130, and the ledger holds no audit without its report."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from auditor import interrupts

MOMENTS = 40
ENDING = (signal.SIGINT, signal.SIGTERM)
_LONGEST = 4.0
"""Seconds that an audit takes about, with its start."""
LOST = """
import os, signal, sys
from auditor import interrupts, main_job
import auditor.engine.scan as scan
plain = scan.Scan.judge
def judge(self):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        pass
    return plain(self)
scan.Scan.judge = judge
from auditor.cli.main import run
run()
"""
LATE = """
import os, signal, sys
from auditor import main_job
plain = main_job.write_report
def write(*args):
    os.kill(os.getpid(), signal.SIGINT)
    return plain(*args)
main_job.write_report = write
from auditor.cli.main import run
run()
"""


@pytest.fixture(autouse=True)
def handler() -> object:
    before = {number: signal.getsignal(number) for number in ENDING}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    for number, held in before.items():
        signal.signal(number, held)
    interrupts._state.came, interrupts._state.done = False, ""


@pytest.mark.parametrize("number", ENDING)
def test_an_interrupt_that_a_library_swallowed_is_raised_at_the_next_look(number: signal.Signals) -> None:
    interrupts.watch()
    interrupts.check()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)
    assert interrupts.came()
    with pytest.raises(KeyboardInterrupt):
        interrupts.check()


@pytest.mark.parametrize("number", ENDING)
def test_an_interrupt_waits_until_what_belongs_together_is_done(number: signal.Signals) -> None:
    signal.signal(number, signal.default_int_handler)
    steps = []

    def work() -> None:
        with interrupts.held_back():
            signal.raise_signal(number)
            signal.raise_signal(number)
            steps.append("done")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert steps == ["done"]
    with interrupts.held_back():
        steps.append("again")
    assert signal.getsignal(number) is signal.default_int_handler


def test_another_thread_holds_nothing_back() -> None:
    done = []

    def work() -> None:
        with interrupts.held_back():
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]


def data_in(folder: Path, rows: int) -> Path:
    path = folder / "rows.jsonl"
    row = {
        "instruction": "Say why.",
        "output": "Because " + "it is so and " * 9,
        "model": "gpt-4o",
        "license": "mit",
    }
    path.write_text("".join(json.dumps(row | {"id": at}) + "\n" for at in range(rows)))
    return path


def started(folder: Path, *before: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        *(before or ("-m", "auditor")),
        "audit",
        "rows.jsonl",
        "--out",
        "out",
        "--no-config",
    ]
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=folder, env=env, stdout=pipe, stderr=pipe, text=True)


def entries(folder: Path) -> list[str]:
    """Return the audits that the ledger holds."""
    ledger = folder / ".auditor" / "ledger.db"
    if not ledger.exists():
        return []
    with closing(sqlite3.connect(ledger)) as base:
        tables = {name for (name,) in base.execute("select name from sqlite_master")}
        return [id for (id,) in base.execute("select id from audits")] if "audits" in tables else []


def hold_together(folder: Path) -> None:
    """Hold that the newest audit of the ledger has its report, and that no draft is left."""
    held, report = entries(folder), folder / "out" / "report.json"
    if report.exists():
        assert json.loads(report.read_bytes())["audit_id"] in held
    else:
        assert held == []
    out = folder / "out"
    assert not [path.name for path in out.glob(".*")] if out.exists() else True


@pytest.mark.parametrize(("script", "whole"), [(LOST, False), (LATE, True)])
def test_a_lost_or_late_interrupt_ends_the_audit_with_130(script: str, whole: bool, tmp_path: Path) -> None:
    data_in(tmp_path, 50)
    process = started(tmp_path, "-c", script)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert "interrupted: " in said
    assert ("report written" in said) is whole
    assert (tmp_path / "out" / "report.json").exists() is whole
    hold_together(tmp_path)


def interrupted_at(folder: Path, moment: float) -> tuple[int, str]:
    process = started(folder)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(moment)
    process.send_signal(ENDING[int(moment * 1000) % 2])
    said = process.communicate(timeout=120)[1]
    return process.returncode, said


def hold_at(folder: Path, moments: int, rows: int) -> None:
    """Interrupt an audit at so many moments of its whole run."""
    data_in(folder, rows)
    process = started(folder)
    process.communicate(timeout=300)
    finished = process.returncode
    chance = random.Random(moments)
    for at in range(moments):
        for name in ("out", ".auditor"):
            if (folder / name).exists():
                subprocess.run(["rm", "-r", name], cwd=folder, check=True)
        moment = max(0.15, _LONGEST * (at + chance.random()) / moments)
        code, said = interrupted_at(folder, moment)
        hold_together(folder)
        assert "Traceback" not in said, (moment, said)
        if code == finished:
            assert (folder / "out" / "report.json").exists()
        else:
            assert code == 130, (moment, code, said)
            assert said.strip().splitlines()[-1].startswith("interrupted: "), said


def test_an_interrupt_at_some_moments_ends_the_audit_as_a_whole(tmp_path: Path) -> None:
    hold_at(tmp_path, 4, 200)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_an_interrupt_at_any_moment_ends_the_audit_as_a_whole(tmp_path: Path) -> None:
    hold_at(tmp_path, MOMENTS, 2_000)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_an_interrupt_while_kernels_are_compiled_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_in(tmp_path, 300)
    said_all = []
    for at in range(12):
        home = tmp_path / f"home-{at}"
        home.mkdir(mode=0o700)
        script = (
            "import sys; from auditor.row_kernels import worth; worth._seen = 1 << 40\n"
            "worth._is_made = lambda: True\n"
            "from auditor.cli.main import run; run()"
        )
        monkeypatch.setenv("XDG_CACHE_HOME", str(home))
        process = started(tmp_path, "-c", script)
        time.sleep(1.5 + at * 0.5)
        process.send_signal(signal.SIGINT)
        said_all.append(process.communicate(timeout=120)[1])
        assert process.returncode == 130, said_all[-1]
