"""Pipes and devices are refused at once by whatever reads them; files are written whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditor.attest.files import file_digest, read_bounded
from auditor.errors import AuditorError, EnvironmentFault
from auditor.files import (
    Draft,
    clear_drafts_beside,
    clear_drafts_within,
    digest_of_file,
    open_regular,
    read_regular,
    write_faults,
    write_whole,
)
from auditor.fingerprint.index_file import is_index_file, read_header
from auditor.ids import digest_of
from auditor.knowledge.documents import read_document
from auditor.knowledge.license_texts import identify_license_file
from auditor.policy.waivers.waiver_file import read_waivers
from auditor.report.jsonfile import read_report
from auditor.strict_yaml import read


def test_a_pipe_a_device_and_a_folder_are_no_regular_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(OSError, match=r"regular|directory"):
            open_regular(path)
    (tmp_path / "file").write_bytes(b"abc")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert read_regular(tmp_path / "link", 2) == b"ab"


@pytest.mark.parametrize(
    "reader",
    [
        read,
        read_waivers,
        read_report,
        read_header,
        read_document,
        file_digest,
        identify_license_file,
        lambda path: read_bounded(path, 9),
    ],
)
def test_every_reader_refuses_a_pipe(tmp_path: Path, reader: object) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(AuditorError):
        reader(tmp_path / "pipe")  # type: ignore[operator]
    assert not is_index_file(tmp_path / "pipe")


def test_the_digest_of_a_file_is_over_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc" * 100_000)
    assert digest_of_file(tmp_path / "file") == digest_of(b"abc" * 100_000)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a file with content, in a folder that holds nothing else."""
    (tmp_path / "file").write_bytes(b"old")
    return tmp_path / "file"


def only(file: Path, content: bytes) -> bool:
    """Tell whether a file has a content and lies alone in its folder."""
    return os.listdir(file.parent) == [file.name] and file.read_bytes() == content


def test_a_file_is_replaced_and_its_folder_made(old: Path) -> None:
    write_whole(old, b"new")
    assert only(old, b"new")
    write_whole(old.parent / "a" / "b" / "file", b"deep", durable=True)
    assert only(old.parent / "a" / "b" / "file", b"deep")


def test_an_error_in_the_middle_leaves_the_old_content_and_no_draft(old: Path) -> None:
    def write() -> None:
        with Draft.beside(old) as draft:
            draft.file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert only(old, b"old")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
def test_a_full_disk_leaves_the_old_content_and_no_draft(old: Path) -> None:
    """The disk is full when the last bytes are written out: at the end, or while the draft is dropped."""

    def write(flushed: bool) -> None:
        with Draft.beside(old) as draft, open("/dev/full", "wb") as full:
            os.dup2(full.fileno(), draft.file.fileno())
            draft.file.write(b"new")
            if flushed:
                draft.file.flush()

    for flushed in (True, False):
        with pytest.raises(OSError, match="No space"):
            write(flushed)
        assert only(old, b"old")


def test_a_draft_that_cannot_be_put_in_place_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "file" / "full").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "file", b"new")
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize(("asked", "given"), [(0o666, 0o640), (0o600, 0o600), (0o644, 0o640)])
def test_a_file_has_the_permissions_asked_for_less_the_umask(old: Path, asked: int, given: int) -> None:
    before = os.umask(0o027)
    try:
        with Draft.beside(old, mode=asked) as draft:
            assert stat.S_IMODE(draft.path.stat().st_mode) == given
    finally:
        os.umask(before)
    assert stat.S_IMODE(old.stat().st_mode) == given


def test_a_link_at_the_target_is_replaced_and_what_it_names_stays(old: Path) -> None:
    link = old.with_name("link")
    link.symlink_to(old)
    write_whole(link, b"new")
    assert not link.is_symlink()
    assert (link.read_bytes(), old.read_bytes()) == (b"new", b"old")


def test_a_link_under_the_name_of_a_draft_is_not_followed(old: Path) -> None:
    planted = old.with_name(f".other.{os.getpid()}")
    planted.symlink_to(old)
    write_whole(old.with_name("other"), b"new")
    assert old.read_bytes() == b"old"
    assert planted.is_symlink()
    assert old.with_name("other").read_bytes() == b"new"


def test_two_writers_at_once_never_mix(old: Path) -> None:
    contents = [bytes([letter]) * 1_000_000 for letter in b"abcd"]

    def write(content: bytes) -> None:
        for _ in range(5):
            with Draft.beside(old) as draft:
                draft.file.write(content[:500_000])
                draft.file.flush()
                draft.file.write(content[500_000:])
            assert len(set(old.read_bytes())) == 1

    with ThreadPoolExecutor(len(contents)) as pool:
        list(pool.map(write, contents))
    assert old.read_bytes() in contents
    assert os.listdir(old.parent) == ["file"]


KILLED = """
import os, signal, sys
from pathlib import Path
from auditor.files import Draft
draft = Draft.within(Path(sys.argv[1]), ".part") if sys.argv[2] else Draft.beside(Path(sys.argv[1]) / "file")
draft.file.write(b"half" * 100_000)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("within", ["", "within"])
def test_what_a_killed_program_left_is_cleared_and_a_living_draft_stays(old: Path, within: str) -> None:
    folder = old.parent
    assert subprocess.run([sys.executable, "-c", KILLED, folder, within], check=False).returncode == -9
    assert len(os.listdir(folder)) == 2
    with Draft.within(folder, ".part") if within else Draft.beside(old) as living:
        for cleared in (1, 0):
            found = clear_drafts_within(folder, ".part") if within else clear_drafts_beside(folder, {"file"})
            assert found == cleared
        assert living.path.exists()
        living.place(old)
        living.drop()
    assert only(old, b"")


def test_a_draft_under_this_process_s_number_that_nobody_writes_is_cleared(old: Path) -> None:
    """In a container every run may have the same number."""
    for name in (f".file.{os.getpid()}", f".file.{os.getpid()}-2", ".file.notes", f".kept.{os.getpid()}"):
        old.with_name(name).touch()
    with Draft.beside(old) as living:
        assert living.path.name == f".file.{os.getpid()}-3"
        assert clear_drafts_beside(old.parent, {"file"}) == 2
        assert living.path.exists()
    assert sorted(os.listdir(old.parent)) == [".file.notes", f".kept.{os.getpid()}", "file"]


def test_a_fault_names_the_file_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(EnvironmentFault) as caught,
        write_faults(tmp_path / "x", "choose another --out", "no luck"),
    ):
        write_whole(tmp_path / "file" / "x", b"")
    assert (caught.value.where, caught.value.fix) == (str(tmp_path / "x"), "choose another --out")
    assert caught.value.message.startswith("no luck: ")


def test_a_file_system_without_locks_can_be_written_and_its_drafts_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*arguments: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    with Draft.within(tmp_path, ".part") as draft:
        assert clear_drafts_within(tmp_path, ".part") == 0
        draft.place(tmp_path / "file")
    assert only(tmp_path / "file", b"")
