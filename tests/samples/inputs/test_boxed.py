"""What an archive says of its rows is read in place, as what lies beside a file is."""

from __future__ import annotations

import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from auditor.samples.claims.beside import beside_files, beside_paths
from auditor.samples.inputs import boxed
from auditor.samples.inputs.boxed import BoxedPath
from auditor.samples.inputs.sources import find_files
from auditor.samples.unread import find_unread
from tests.samples.reading import claims, run

ROWS = json.dumps({"instruction": "q", "output": "a"}) + "\n"
CARD = "---\nlicense: cc-by-4.0\nteacher: gpt-4o\n---\n# Answers\n"
Packer = Callable[[Path, Mapping[str, str]], None]


def zipped(path: Path, members: Mapping[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)


def tarred(path: Path, members: Mapping[str, str]) -> None:
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as archive:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))


PACKERS: list[tuple[str, Packer]] = [("a.zip", zipped), ("a.tar", tarred), ("a.tar.gz", tarred)]


@pytest.mark.parametrize(("name", "pack"), PACKERS)
@pytest.mark.parametrize("folder", ["", "set/", "set/en/"])
@pytest.mark.parametrize("as_folder", [False, True])
def test_cards_and_licenses_in_an_archive_speak_of_its_rows(
    tmp_path: Path, name: str, pack: Packer, folder: str, as_folder: bool
) -> None:
    pack(
        tmp_path / name,
        {
            f"{folder}rows.jsonl": ROWS,
            f"{folder}README.md": CARD,
            f"{folder}LICENSE": "SPDX-License-Identifier: MIT\n",
            f"{folder}meta/gen.yaml": "license: cc0-1.0\n",
            f"{folder}croissant.json": json.dumps({"license": "CC-BY-NC-4.0"}),
        },
    )
    given = tmp_path if as_folder else tmp_path / name
    at = f"{name}!/{folder}"
    assert claims(run(given)[0]) == [
        ("license", "MIT", f"{at}LICENSE", ""),
        ("license", "CC-BY-NC-4.0", f"{at}croissant.json:license", ""),
        ("license", "cc-by-4.0", f"{at}README.md:license", ""),
        ("teacher", "gpt-4o", f"{at}README.md:teacher", ""),
        ("license", "cc0-1.0", f"{at}meta/gen.yaml:license", ""),
    ]
    assert find_unread([str(given)]) == ()
    assert os.listdir(tmp_path) == [name]


def test_a_card_of_another_folder_of_the_archive_says_nothing(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {"a/rows.jsonl": ROWS, "b/rows.jsonl": ROWS, "b/README.md": CARD})
    of_a, of_b = (source_claims for source_claims in run(tmp_path)[0].claim_sets)
    assert (len(of_a.claims), len(of_b.claims)) == (0, 2)


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_samples_of_a_shard_have_its_card(tmp_path: Path, pack: Packer) -> None:
    parts = {"000.txt": "A", "000.json": "{}", "001.txt": "B", "001.json": "{}", "README.md": CARD}
    name = "shard.zip" if pack is zipped else "shard.tar"
    pack(tmp_path / name, {"rows.jsonl": ROWS, "README.md": CARD} if pack is zipped else parts)
    assert ("teacher", "gpt-4o", f"{name}!/README.md:teacher", "") in claims(run(tmp_path)[0])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", ROWS * 3),
        ("README.md", "word " * 300_000),
        (".hidden/README.md", CARD),
        ("notes.bin", CARD),
        ("metadata.json", json.dumps([{"instruction": "q", "output": "a"}])),
    ],
)
def test_what_holds_rows_or_is_no_document_stays_unread(tmp_path: Path, name: str, text: str) -> None:
    zipped(tmp_path / "a.zip", {"rows.jsonl": ROWS, name: text})
    assert [one.name for one in find_unread([str(tmp_path)])] == [f"a.zip!/{name}"]


def test_what_is_kept_of_an_archive_has_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxed, "_MOST", 2)
    cards = {f"{n}/README.md": CARD for n in range(4)}
    zipped(tmp_path / "a.zip", {"rows.jsonl": ROWS, **cards})
    assert list(boxed.kept(tmp_path / "a.zip")) == ["0/README.md", "1/README.md"]
    assert [one.name for one in find_unread([str(tmp_path)])] == ["a.zip!/2/README.md", "a.zip!/3/README.md"]


def test_two_members_of_one_name_are_not_read(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name, text in (("rows.jsonl", ROWS), ("README.md", CARD), ("README.md", "Other.")):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    assert boxed.kept(tmp_path / "a.tar") == {}
    assert find_unread([str(tmp_path)])


def test_what_an_archive_says_is_bound(tmp_path: Path) -> None:
    def bound(card: str) -> dict[str, str]:
        zipped(tmp_path / "a.zip", {"rows.jsonl": ROWS, "README.md": card, "TERMS.md": "For research only."})
        boxed.forget()
        return {one.path: one.digest for one in beside_files(find_files([str(tmp_path)]))}

    first, other = bound(CARD), bound(CARD + "x")
    assert set(first) == {"a.zip!/README.md", "a.zip!/TERMS.md!claims"}
    assert first["a.zip!/README.md"] != other["a.zip!/README.md"]
    assert first["a.zip!/TERMS.md!claims"] == other["a.zip!/TERMS.md!claims"]
    assert beside_paths(find_files([str(tmp_path)])) == [tmp_path / "a.zip"]


def test_a_path_into_an_archive_is_a_file_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "odd!").mkdir()
    zipped(tmp_path / "odd!" / "a.zip", {"rows.jsonl": ROWS, "meta/README.md": CARD})
    top = BoxedPath(f"{tmp_path / 'odd!' / 'a.zip'}!")
    assert [path.name for path in top.iterdir()] == ["meta"]
    assert (top.is_dir(), top.is_file(), (top / "meta").is_dir()) == (True, False, True)
    card = top / "meta" / "README.md"
    assert (card.is_file(), card.exists(), card.stat().st_size) == (True, True, len(CARD))
    assert not (top / "rows.jsonl").exists()
    with pytest.raises(FileNotFoundError):
        (top / "rows.jsonl").stat()
    with pytest.raises(NotADirectoryError):
        list(card.iterdir())
