"""Any number of jobs gives the same bytes; errors and Ctrl-C leave nothing behind."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.cli.main import execute
from auditor.engine import searched_rows
from auditor.engine.request import AuditRequest
from auditor.errors import NoRowsError
from auditor.main_job import audit

MOMENT = datetime(2026, 11, 24, 12, tzinfo=UTC)
COPIED = (
    "The ferry waits beside the stone and nobody has come alone, for the river sings a lower key tonight."
)


def _index(folder: Path) -> Path:
    """Build an index of a few texts, one of which the rows copy."""
    words = [f"word{number * 7919 % 1000}" for number in range(400)]
    texts = [" ".join(words[at : at + 60]) for at in range(0, 340, 10)]
    rows = [{"text": text, "teacher": "gpt-4"} for text in (COPIED, *texts)]
    source, out = folder / "teacher.jsonl", folder / "known.audx"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert execute(["index", "build", str(source), "--out", str(out)]) == 0
    return out


def _data(folder: Path, rows: int) -> Path:
    path = folder / "rows.jsonl"
    models = ("gpt-4-0613", "human", "maker/one", "maker/two", "")
    with path.open("w") as file:
        for at in range(rows):
            answer = COPIED if at % 3 == 0 else f"answer {at} in its own words, which nobody has said before"
            file.write(json.dumps({"prompt": f"ask {at}", "response": answer, "model": models[at % 5]}))
            file.write("\n{broken\n" if at % 4_000 == 7 else "\n")
    return path


@pytest.mark.parametrize("chunks_ahead", [0, 1 << 40])
@pytest.mark.parametrize("searched", [False, True])
def test_one_two_and_three_jobs_write_the_same_bytes(
    tmp_path: Path, searched: bool, chunks_ahead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searched_rows, "_LARGE", chunks_ahead)
    data, indexes = str(_data(tmp_path, 9_000)), (_index(tmp_path),) if searched else ()
    written: set[tuple[bytes, ...]] = set()
    for jobs in (1, 2, 3):
        out, ledger = tmp_path / "out", tmp_path / f"jobs-{jobs}" / "ledger.db"
        request = AuditRequest((data,), MOMENT, indexes=indexes, ledger=str(ledger), out=out, jobs=jobs)
        result = audit(request)
        assert result.report.dataset.unreadable == 3
        [shard] = (path for path in ledger.parent.rglob("*.parquet") if len(path.stem) == 64)
        files = [out / name for name in ("samples.parquet", "report.json", "unreadable.jsonl")]
        written.add((result.audit_id.encode(), *(path.read_bytes() for path in (*files, shard))))
    assert len(written) == 1
    assert not [one for one in threading.enumerate() if one.name == "auditor-ahead"]


def test_a_file_that_ends_early_is_told_of_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searched_rows, "_LARGE", 0)
    whole, cut = _data(tmp_path, 3_000), tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(whole.read_bytes())[:-2_000])
    told = []
    for jobs in (1, 2):
        request = AuditRequest((str(whole), str(cut)), MOMENT, ledger=None, out=tmp_path / "out", jobs=jobs)
        report = audit(request).report
        told.append((report.dataset, (tmp_path / "out" / "unreadable.jsonl").read_bytes()))
    assert told[0] == told[1]
    assert told[0][0].unreadable == 3
    assert not [one for one in threading.enumerate() if one.name == "auditor-ahead"]


def test_an_error_while_reading_is_the_same_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searched_rows, "_LARGE", 0)
    empty = tmp_path / "empty.jsonl"
    empty.write_text("{broken\n")
    for jobs in (1, 3):
        with pytest.raises(NoRowsError):
            audit(AuditRequest((str(empty),), MOMENT, ledger=None, out=tmp_path / "out", jobs=jobs))
    assert list((tmp_path / "out").glob("*")) == []


@pytest.mark.slow
def test_an_interrupt_ends_the_audit_and_leaves_no_file(tmp_path: Path) -> None:
    data = _data(tmp_path, 150_000)
    command = [
        sys.executable,
        "-m",
        "auditor",
        "audit",
        str(data),
        "--no-ledger",
        "--jobs",
        "3",
        "--no-config",
    ]
    out = tmp_path / "out"
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([*command, "--out", str(out)], stderr=subprocess.PIPE, text=True, env=env)
    for _ in range(3_000):
        if list(out.glob(".samples.parquet.*")) or process.poll() is not None:
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode not in (0, 1, 3), said
    assert "Traceback" not in said
    assert [*out.glob("*"), *out.glob(".*")] == []
