"""A bundle is fetched from a file or over https, and is never larger than a bundle may be."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import EnvironmentFault, EvidenceError, UsageError
from auditor.knowledge import bundle_source
from auditor.knowledge.bundle_source import fetch


def test_a_file_is_read_by_its_path_or_address(tmp_path: Path) -> None:
    path = tmp_path / "a b.json"
    path.write_bytes(b"{}")
    assert fetch(str(path)) == b"{}"
    assert fetch(path.as_uri()) == b"{}"


@pytest.mark.parametrize(
    "source", ["http://a.example/b", "ftp://a.example/b", "file://elsewhere/b", "https:///b", "data://x"]
)
def test_no_other_way_is_taken(source: str) -> None:
    with pytest.raises(UsageError, match="is not fetched by"):
        fetch(source)


def test_a_missing_file_a_folder_and_a_pipe_are_faults(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none", tmp_path, tmp_path / "pipe"):
        with pytest.raises(EvidenceError, match="cannot read"):
            fetch(str(path))


def test_a_huge_file_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_source, "MOST_BYTES", 10)
    (tmp_path / "b").write_bytes(b"x" * 11)
    with pytest.raises(EvidenceError, match="larger than 10 bytes"):
        fetch(str(tmp_path / "b"))


class _Opener:
    def __init__(self, content: bytes | Exception) -> None:
        self.content = content

    def open(self, address: str, timeout: float) -> Any:
        if isinstance(self.content, Exception):
            raise self.content
        return io.BytesIO(self.content)


def test_an_address_is_asked_once_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "build_opener", lambda *_: _Opener(b"{}"))
    assert fetch("https://a.example/b") == b"{}"
    monkeypatch.setattr(bundle_source, "MOST_BYTES", 1)
    with pytest.raises(EvidenceError, match="larger"):
        fetch("https://a.example/b")
    monkeypatch.setattr(urllib.request, "build_opener", lambda *_: _Opener(urllib.error.URLError("no route")))
    with pytest.raises(EnvironmentFault, match="no route"):
        fetch("https://a.example/b")


def test_a_redirect_must_stay_encrypted() -> None:
    handler = bundle_source._StayEncrypted()
    asked = urllib.request.Request("https://a.example/b")
    with pytest.raises(urllib.error.URLError, match="not https"):
        handler.redirect_request(asked, None, 302, "moved", {}, "http://a.example/b")
    assert handler.redirect_request(asked, None, 302, "moved", {}, "https://b.example/b") is not None
