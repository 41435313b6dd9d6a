"""Parsed files are kept by the digest of their bytes; whatever is wrong with what is kept costs time only."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditor.knowledge import kept as module
from auditor.knowledge.documents import Document, read_folder
from auditor.knowledge.load import BUILT_IN, load_folders


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which this test's parsed files are kept."""
    base = tmp_path / "cache"
    base.mkdir(mode=0o700)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(base))
    module._folder.cache_clear()
    yield base
    module._folder.cache_clear()


def _files(cache: Path) -> list[Path]:
    return sorted(cache.rglob("*.json"))


def _written(tmp_path: Path, text: str) -> tuple[Path, Document]:
    folder = tmp_path / "facts"
    folder.mkdir(exist_ok=True)
    (folder / "terms.yaml").write_text(text)
    return folder, read_folder(folder)["terms.yaml"]


def test_what_is_kept_is_what_the_shipped_files_hold(cache: Path) -> None:
    plain = read_folder(BUILT_IN)
    assert read_folder(BUILT_IN, keeping=True) == plain
    assert len(_files(cache)) == len(plain)
    assert read_folder(BUILT_IN, keeping=True) == plain


def test_what_was_parsed_is_not_parsed_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = read_folder(BUILT_IN, keeping=True)
    monkeypatch.setattr("auditor.strict_yaml.parse", None)
    assert read_folder(BUILT_IN, keeping=True) == plain


def test_a_changed_file_is_read_anew(cache: Path, tmp_path: Path) -> None:
    folder, _ = _written(tmp_path, "a: 1\n")
    assert read_folder(folder, keeping=True)["terms.yaml"].value == {"a": 1}
    _written(tmp_path, "a: 2\n")
    assert read_folder(folder, keeping=True)["terms.yaml"].value == {"a": 2}


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:-1],
        lambda raw: raw.replace(b"forbidden", b"permitted"),
        lambda raw: raw[:64] + b"[]",
        lambda raw: b"0" * len(raw),
    ],
)
def test_a_damaged_file_is_made_anew(cache: Path, tmp_path: Path, damage: object) -> None:
    folder, plain = _written(tmp_path, "outputs: forbidden\n")
    read_folder(folder, keeping=True)
    (file,) = _files(cache)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))  # type: ignore[operator]
    assert read_folder(folder, keeping=True)["terms.yaml"] == plain
    assert file.read_bytes() == whole


def test_a_whole_file_under_another_name_is_not_taken(cache: Path, tmp_path: Path) -> None:
    folder, _ = _written(tmp_path, "outputs: permitted\n")
    read_folder(folder, keeping=True)
    (file,) = _files(cache)
    folder, plain = _written(tmp_path, "outputs: forbidden\n")
    shutil.copy(file, file.with_name(f"{plain.sha256}.json"))
    assert read_folder(folder, keeping=True)["terms.yaml"].value == {"outputs": "forbidden"}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="modes are those of POSIX")
def test_a_folder_that_others_may_write_is_not_used(cache: Path, tmp_path: Path) -> None:
    cache.chmod(0o777)
    folder, plain = _written(tmp_path, "a: 1\n")
    assert read_folder(folder, keeping=True)["terms.yaml"] == plain
    assert _files(cache) == []


def test_a_home_that_cannot_be_written_is_done_without(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("read-only file system")

    monkeypatch.setattr(module, "write_whole", full)
    folder, plain = _written(tmp_path, "a: 1\n")
    assert read_folder(folder, keeping=True)["terms.yaml"] == plain
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    module._folder.cache_clear()
    assert read_folder(folder, keeping=True)["terms.yaml"] == plain


def test_what_json_cannot_hold_is_not_kept(cache: Path, tmp_path: Path) -> None:
    folder, _ = _written(tmp_path, "a: .inf\n")
    assert read_folder(folder, keeping=True)["terms.yaml"].value == {"a": float("inf")}
    assert _files(cache) == []


def test_many_runs_at_once_give_the_same(cache: Path) -> None:
    plain = read_folder(BUILT_IN)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: read_folder(BUILT_IN, keeping=True), range(16)))
    assert all(one == plain for one in found)
    assert len(list(cache.rglob("*"))) == len(plain) + 3, "no draft is left"


def test_old_files_go(cache: Path, tmp_path: Path) -> None:
    for number in range(module.MOST_KEPT + 5):
        folder, _ = _written(tmp_path, f"a: {number}\n")
        read_folder(folder, keeping=True)
    assert len(_files(cache)) == module.MOST_KEPT


def test_an_overlay_is_always_read_from_its_yaml(cache: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "ours"
    overlay.mkdir()
    (overlay / "terms.yaml").write_text("schema_version: 1\nread_on: '2026-11-24'\nterms: []\n")
    digest = hashlib.sha256((overlay / "terms.yaml").read_bytes()).hexdigest()
    load_folders((BUILT_IN, overlay))
    assert not any(digest in file.name for file in _files(cache))
