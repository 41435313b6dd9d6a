"""Nobody writes to the data while it is hashed, through a mapping neither."""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import multiprocessing
import os
import time
from pathlib import Path

import pytest

from auditor.errors import RefusedError
from auditor.gate import writers
from auditor.gate.data_files import Snapshot
from auditor.gate.writers import Watch

pytestmark = pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="only Linux gives leases")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"x" * 10_000)
    with open(path, "rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError:
            pytest.skip("this file system gives no leases")
    return path


def test_a_file_that_nobody_writes_to_passes(data: Path) -> None:
    with open(data, "rb"), Watch([data, data]) as watch:
        watch.check()
    with open(data, "ab") as file:
        file.write(b"afterwards anybody may write")


def test_a_file_that_is_open_or_mapped_for_writing_is_refused(data: Path) -> None:
    with open(data, "r+b") as file:
        with pytest.raises(RefusedError, match="open for writing"), Watch([data]):
            pass
        mapped = mmap.mmap(file.fileno(), 0)
    mapped[0:1] = b"y"
    with pytest.raises(RefusedError, match="open for writing"), Watch([data]):
        pass
    link = data.with_name("link.jsonl")
    link.symlink_to(data)
    with pytest.raises(RefusedError, match="open for writing"), Watch([link]):
        pass
    mapped.close()
    with Watch([data]):
        pass


def _write(path: str) -> None:
    with contextlib.suppress(BlockingIOError):
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))


def test_a_file_that_is_opened_for_writing_meanwhile_is_refused(data: Path) -> None:
    with Watch([data]) as watch:
        writer = multiprocessing.get_context("fork").Process(target=_write, args=(str(data),))
        writer.start()
        writer.join(20)
        with pytest.raises(RefusedError, match="was opened for writing while"):
            watch.check()


def test_without_leases_a_write_through_a_mapping_shows_in_the_times(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "MOST", 0)
    with open(data, "r+b") as file:
        mapped = mmap.mmap(file.fileno(), 0)
    mapped[0:1] = b"y"
    with Watch([data]) as watch:
        before = Snapshot.take([data])
        time.sleep(0.02)
        mapped[0:1] = b"z"
        watch.check()
        if writers._on_network(data.stat().st_dev):
            pytest.skip("this file system keeps times of its own")
        with pytest.raises(RefusedError, match="changed while"):
            before.check([data])


def test_what_cannot_be_opened_is_left_to_whoever_reads_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with Watch([tmp_path / "missing", tmp_path / "pipe", tmp_path]) as watch:
        watch.check()
