"""Applied bundles lie by their digest, are held against it, and lead no way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundles import READ_ON, bundle_of, catalog, key_pair

from auditor.errors import EnvironmentFault, EvidenceError, KnowledgeError, RefusedError
from auditor.ids import hex_of
from auditor.knowledge import bundle_store
from auditor.knowledge.bundle import Bundle
from auditor.knowledge.bundle_store import applied, check_newer, keep_bundle, stored_bundle, written
from auditor.knowledge.load import load_knowledge


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUDITOR_CATALOGS", str(tmp_path / "store"))
    return tmp_path / "store"


def _bundle(folder: Path, serial: int = 1, **more: object) -> Bundle:
    return bundle_of(catalog(folder / "acme"), key_pair(folder), serial=serial, **more)


def test_a_bundle_is_used_by_its_digest(store: Path, tmp_path: Path) -> None:
    bundle = _bundle(tmp_path)
    with pytest.raises(KnowledgeError, match="was not applied here"):
        load_knowledge(Path(bundle.digest))
    assert keep_bundle(bundle) == store / f"{hex_of(bundle.digest)}.json"
    facts = load_knowledge(Path(bundle.digest))
    assert set(facts.teachers) == {"acme-chat"}
    assert facts.bundle == bundle.facts
    assert "acme-chat" not in load_knowledge().teachers


def test_an_overlay_lies_over_a_bundle(store: Path, tmp_path: Path) -> None:
    bundle = _bundle(tmp_path)
    keep_bundle(bundle)
    over = tmp_path / "ours"
    over.mkdir()
    text = (tmp_path / "acme" / "teachers.yaml").read_text()
    text = text.replace("id: acme-chat", "id: ours").replace("service: acme-api", "terms: [Terms-Acme-1]")
    (over / "teachers.yaml").write_text(text)
    facts = load_knowledge(Path(f"{bundle.digest}+{over}"))
    assert set(facts.teachers) == {"ours", "acme-chat"}
    assert facts.overlays[0].startswith("ours@")
    assert facts.bundle == bundle.facts


def test_the_folder_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AUDITOR_CATALOGS", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert bundle_store.folder() == tmp_path / "auditor" / "catalogs"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert bundle_store.folder() == tmp_path / ".local" / "share" / "auditor" / "catalogs"


def test_a_changed_file_is_found(store: Path, tmp_path: Path) -> None:
    bundle = _bundle(tmp_path)
    path = keep_bundle(bundle)
    path.write_bytes(path.read_bytes().replace(b"forbidden-if-competing", b"allowed"))
    with pytest.raises(EvidenceError, match="changed after it was signed"):
        stored_bundle(bundle.digest)


def test_another_bundle_under_the_name_is_found(store: Path, tmp_path: Path) -> None:
    first, second = _bundle(tmp_path), _bundle(tmp_path, 2)
    path = keep_bundle(first)
    path.write_bytes(keep_bundle(second).read_bytes())
    with pytest.raises(EvidenceError, match="another bundle than its name says"):
        stored_bundle(first.digest)
    with pytest.raises(EvidenceError, match="another bundle"):
        list(applied())


@pytest.mark.parametrize(
    "named", ["sha256:1", "sha256:../../etc/passwd", f"sha256:{'0' * 63}/", f"sha256:{'A' * 64}"]
)
def test_a_name_that_is_no_digest_opens_no_file(store: Path, named: str) -> None:
    with pytest.raises(KnowledgeError, match="not a bundle's digest"):
        stored_bundle(named)
    with pytest.raises(KnowledgeError, match="does not name a catalog bundle"):
        load_knowledge(Path(named))


def test_what_is_older_than_an_applied_one_is_refused(store: Path, tmp_path: Path) -> None:
    keep_bundle(_bundle(tmp_path, 5))
    check_newer(_bundle(tmp_path, 5), READ_ON)  # itself
    check_newer(_bundle(tmp_path, 6), READ_ON)
    check_newer(_bundle(tmp_path, 4, series="other"), READ_ON)
    for older in (_bundle(tmp_path, 4), _bundle(tmp_path, 6, version="2098-01-01")):
        with pytest.raises(RefusedError, match="was applied"):
            check_newer(older, "2026-01-01")
    same = bundle_of(catalog(tmp_path / "acme", "allowed"), key_pair(tmp_path), serial=5)
    with pytest.raises(RefusedError, match="was applied"):
        check_newer(same, READ_ON)


def test_what_is_older_than_the_shipped_facts_is_refused(store: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="older than the shipped catalog"):
        check_newer(_bundle(tmp_path, version="2020-01-01"), "2026-11-24")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AUDITOR_CATALOGS", str(tmp_path / "file" / "store"))
    with pytest.raises(EnvironmentFault, match="cannot write"):
        keep_bundle(_bundle(tmp_path))


def test_a_link_at_the_place_is_replaced_and_not_followed(store: Path, tmp_path: Path) -> None:
    bundle = _bundle(tmp_path)
    store.mkdir()
    other = tmp_path / "mine.txt"
    other.write_text("mine")
    (store / f"{hex_of(bundle.digest)}.json").symlink_to(other)
    assert not keep_bundle(bundle).is_symlink()
    assert other.read_text() == "mine"


def test_what_an_update_that_was_cut_off_left_is_no_bundle(store: Path, tmp_path: Path) -> None:
    bundle = _bundle(tmp_path)
    store.mkdir()
    ended = store / f".{bundle.digest.removeprefix('sha256:')}.json.9999999"
    ended.write_bytes(written(bundle)[:1000])
    assert list(applied()) == []
    with pytest.raises(KnowledgeError, match="was not applied here"):
        stored_bundle(bundle.digest)
    keep_bundle(bundle)
    assert [one.digest for one in applied()] == [bundle.digest]
    assert not ended.exists()
