"""Compiled kernels are unpickled: only a folder that this user alone can have written to is used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.jit import kernel_folder
from auditor.jit.kernel_folder import is_ours, trusted_folder

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="owners and modes are those of POSIX")
OTHER = 65534


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's own that holds the cache."""
    base = tmp_path / "cache"
    base.mkdir(mode=0o700)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(base))
    return base


def test_a_folder_of_ours_is_made_closed_to_others(base: Path) -> None:
    folder = trusted_folder("abc")
    assert folder == base / "auditor" / "kernels" / "abc"
    assert {path.stat().st_mode & 0o777 for path in (folder, *folder.parents[:2])} == {0o700}
    (folder / "one.nbi").write_bytes(b"")
    assert trusted_folder("abc") == folder


def test_a_folder_that_others_may_write_or_read_is_not_used(base: Path) -> None:
    folder = trusted_folder("abc")
    assert folder is not None
    for mode in (0o777, 0o770, 0o702, 0o755):
        folder.chmod(mode)
        assert trusted_folder("abc") is None, oct(mode)


def test_a_cache_that_everybody_may_write_is_not_used_whatever_lies_in_it(base: Path) -> None:
    assert trusted_folder("abc")
    for mode in (0o777, 0o775):
        base.chmod(mode)
        assert trusted_folder("abc") is None
        assert trusted_folder("new") is None
    assert not (base / "auditor" / "kernels" / "new").exists()
    base.chmod(0o1777)  # sticky, as /tmp: what is ours in it stays ours
    assert trusted_folder("abc")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
def test_what_another_user_owns_is_not_used(base: Path) -> None:
    folder = trusted_folder("abc")
    assert folder is not None
    planted = folder / "one.nbi"
    planted.write_bytes(b"")
    os.chown(planted, OTHER, OTHER)
    assert trusted_folder("abc") is None
    planted.unlink()
    assert trusted_folder("abc")
    for place in (folder, base):
        os.chown(place, OTHER, OTHER)
        assert trusted_folder("abc") is None
        os.chown(place, 0, 0)


def test_links_into_and_out_of_the_folder_are_not_followed_into_somebody_elses(base: Path) -> None:
    folder = trusted_folder("abc")
    assert folder is not None
    elsewhere = base.parent / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (folder / "inner").symlink_to(elsewhere)
    assert trusted_folder("abc") is None
    (folder / "inner").unlink()
    (elsewhere / "data.nbi").write_bytes(b"")
    os.link(elsewhere / "data.nbi", folder / "one.nbi")
    assert trusted_folder("abc") is None
    (base / "auditor" / "kernels" / "linked").symlink_to(elsewhere)
    assert trusted_folder("linked") is None


def test_a_link_on_the_way_counts_by_where_it_leads(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = base.parent / "link"
    link.symlink_to(base)
    monkeypatch.setenv("XDG_CACHE_HOME", str(link))
    assert trusted_folder("abc") == link / "auditor" / "kernels" / "abc"
    base.chmod(0o777)
    assert trusted_folder("abc") is None
    base.chmod(0o700)
    (base.parent / "loop").symlink_to(base.parent / "loop")
    assert not is_ours(base.parent / "loop" / "x")


def test_a_folder_relative_to_the_working_directory_is_never_used(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(base)
    for name in (".", "cache", str(base / ".." / "cache")):
        monkeypatch.setenv("XDG_CACHE_HOME", name)
        assert trusted_folder("abc") is None
        monkeypatch.setenv("XDG_CACHE_HOME", str(base))
        monkeypatch.setenv("NUMBA_CACHE_DIR", name)
        assert trusted_folder("abc") == base / "auditor" / "kernels" / "abc"
        monkeypatch.delenv("NUMBA_CACHE_DIR")


def test_the_users_own_choice_for_numba_is_held_to_the_same(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(shared))
    assert trusted_folder("abc") == base / "auditor" / "kernels" / "abc"
    shared.chmod(0o700)
    assert trusted_folder("abc") == shared / "auditor" / "kernels" / "abc"


def test_without_a_home_kernels_are_kept_nowhere(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    for home in ("/proc/none", "relative"):
        monkeypatch.setenv("HOME", home)
        assert trusted_folder("abc") is None
    monkeypatch.setenv("XDG_CACHE_HOME", "~nobody-of-that-name/x")
    assert list(kernel_folder._bases()) == []
