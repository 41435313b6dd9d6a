"""Templates are compiled once, and kept only where nobody else can have written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from auditor.report.html import HtmlWriter, environment
from auditor.report.interface import Style
from auditor.report.kept_pages import kept_pages
from tests.report import examples


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(kept))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "not made" / ".."))  # of no use: not a plain path
    environment.cache_clear()
    yield kept / "auditor" / "pages"
    environment.cache_clear()


def _page() -> bytes:
    environment.cache_clear()
    return HtmlWriter().render(examples.rich(), Style())


def test_a_second_process_compiles_no_template(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = _page()
    assert len(list(folder.rglob("*.cache"))) >= 1
    with monkeypatch.context() as patched:
        patched.setattr(Environment, "compile", None)
        assert _page() == page


def test_what_is_broken_is_compiled_again(folder: Path) -> None:
    page = _page()
    for path in folder.rglob("*.cache"):
        path.write_bytes(path.read_bytes()[:40])
    assert _page() == page


def test_nothing_is_kept_where_others_can_write(folder: Path) -> None:
    page = _page()
    for path in folder.iterdir():
        path.chmod(0o777)
    assert kept_pages(Path(__file__).with_name("examples.py")) is not None  # another folder, closed
    assert environment.__wrapped__().bytecode_cache is None
    assert _page() == page


def test_a_full_disk_fails_no_report(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object, **named: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    assert _page().startswith(b"<!")
    assert not list(folder.rglob("*.cache"))
