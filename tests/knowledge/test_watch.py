"""New snapshots are compared with what was read: by the whole text, then by the lines that decide."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from bundles import catalog

from auditor.errors import InputError
from auditor.knowledge import watch as module
from auditor.knowledge.load import load_folders
from auditor.knowledge.readings import line_digest
from auditor.knowledge.watch import Copy, Seen, digests_of, watch

TEXT = "# Terms\n\n7.2 You may not train  others.\n8. Laws.\n"
LINE = "7.2 You may not train others."


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _watched(folder: Path, text: str | bytes | None, *read: dict[str, Any], **more: Any) -> list[Copy]:
    path = catalog(folder / "acme") / "terms.yaml"
    facts = yaml.safe_load(path.read_text())
    entry = next(one for one in facts["terms"] if one["id"] == "Terms-Acme-1")
    entry["read"] = list(read)
    path.write_text(yaml.safe_dump(facts))
    place = folder / "snapshots" / "Acme" / "Terms of Service.md"
    place.parent.mkdir(parents=True, exist_ok=True)
    if text is not None:
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return watch(load_folders((folder / "acme",)), folder / "snapshots", **more)


def _read(**more: Any) -> dict[str, Any]:
    return {"repository": "archive", "path": "Acme/Terms of Service.md", "seen": "2026-01-01", **more}


LINES = [{"section": "7.2", "sha256": line_digest(LINE)}]


@pytest.mark.parametrize(
    ("text", "read", "state", "gone"),
    [
        (TEXT, {"sha256": _digest(TEXT)}, Seen.SAME, ()),
        (TEXT + "9.\n", {"sha256": _digest(TEXT)}, Seen.CHANGED, ()),
        (TEXT + "9.\n", {"sha256": _digest(TEXT), "lines": LINES}, Seen.REWORDED, ()),
        (TEXT.replace("not ", ""), {"sha256": _digest(TEXT), "lines": LINES}, Seen.CHANGED, ("7.2",)),
        (TEXT, {"lines": LINES}, Seen.STANDS, ()),
        (TEXT.replace("not ", ""), {"lines": LINES}, Seen.CHANGED, ("7.2",)),
        (TEXT, {}, Seen.NOT_COMPARED, ()),
        (b"\xff\xfe", {"sha256": _digest(TEXT)}, Seen.UNREADABLE, ()),
    ],
)
def test_what_became_of_a_text(
    tmp_path: Path, text: str | bytes, read: dict[str, Any], state: Seen, gone: tuple[str, ...]
) -> None:
    (one,) = _watched(tmp_path, text, _read(**read))
    assert (one.state, one.gone, one.terms) == (state, gone, ("Terms-Acme-1",))
    assert one.state.calls is (state in (Seen.CHANGED, Seen.REWORDED, Seen.UNREADABLE))


def test_the_newest_copy_counts_and_each_archive_has_one(tmp_path: Path) -> None:
    older = _read(sha256=_digest(TEXT))
    newer = _read(sha256=_digest("new"), seen="2026-06-01")
    assert _watched(tmp_path, TEXT, older, newer)[0].state is Seen.CHANGED
    other = {**newer, "repository": "another archive"}
    assert _watched(tmp_path, TEXT, older, other)[0].state is Seen.SAME


def test_an_earlier_look_counts_where_the_catalog_has_no_digest(tmp_path: Path) -> None:
    earlier = digests_of(_watched(tmp_path, TEXT, _read()))
    assert earlier == {"Acme/Terms of Service.md": _digest(TEXT)}
    assert _watched(tmp_path, TEXT, _read(), earlier=earlier)[0].state is Seen.SAME
    assert _watched(tmp_path, "new", _read(), earlier=earlier)[0].state is Seen.CHANGED
    assert _watched(tmp_path, "new", _read(sha256=_digest("new")), earlier=earlier)[0].state is Seen.SAME


@pytest.mark.parametrize(
    "path", ["../secret/x.md", "/etc/passwd", "Acme/../../secret/x.md", "alone.md", "Link/x.md"]
)
def test_nothing_outside_the_folder_is_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "x.md").write_text("secret")
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "Link").symlink_to(tmp_path / "secret")
    (tmp_path / "snapshots" / "alone.md").write_text("x")
    with pytest.raises(InputError, match="holds no text"):
        _watched(tmp_path, None, _read(path=path))


def test_a_folder_that_is_none_or_a_huge_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no such folder"):
        watch(load_folders((catalog(tmp_path / "a"),)), tmp_path / "none")
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    assert _watched(tmp_path, TEXT, _read())[0].state is Seen.UNREADABLE
