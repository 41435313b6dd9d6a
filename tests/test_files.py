"""Pipes and devices under the name of a file are refused at once, by whatever reads them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.attest.files import file_digest, read_bounded
from auditor.errors import AuditorError
from auditor.files import open_regular, read_regular
from auditor.fingerprint.index_file import is_index_file, read_header
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
