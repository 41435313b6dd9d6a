"""Rows that copy a registered work, from the index to the sheet and the permit."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import execute

SYLLABLES = tuple(f"{left}{right}" for left in "bcdfghjklmnprstvwxz" for right in "aeiou")


def novel(chapters: int, seed: int = 7) -> list[str]:
    """Return chapters of prose in a language of its own."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(1200)]
    return [
        " ".join(
            f"{' '.join(chance.choices(words, k=chance.randint(7, 16))).capitalize()}." for _ in range(40)
        )
        for _ in range(chapters)
    ]


def _write(path: str, rows: list[dict[str, Any]]) -> None:
    Path(path).write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Audit ten rows of which two copy chapters of a novel of five and one half a chapter of it."""
    monkeypatch.chdir(tmp_path)
    chapters = novel(5)
    _write("works.jsonl", [{"text": text, "title": "The Lamp"} for text in chapters])
    build = ["index", "build", "works.jsonl", "--out", "works.idx", "--work-column", "title"]
    assert execute(build) == 0
    copied = [chapters[0], chapters[1], chapters[1][: len(chapters[1]) // 2]]
    other = novel(7, seed=99)
    _write("data.jsonl", [{"instruction": f"Tell {n}", "output": t} for n, t in enumerate([*copied, *other])])
    assert execute(["audit", "data.jsonl", "--index", "works.idx", "--license", "CC0-1.0", "--quiet"]) == 1
    found: dict[str, Any] = json.loads(Path("auditor-out/report.json").read_text())
    return found


def test_a_work_is_listed_with_its_rows_and_shares(audited: dict[str, Any]) -> None:
    (work,) = audited["fair_use"]["works"]
    assert (work["title"], work["rows"], work["share_of_set"]) == ("The Lamp", 3, 0.3)
    lengths = [len(text) for text in novel(5)]
    assert work["share_of_work"] == pytest.approx(sum(lengths[:2]) / sum(lengths), abs=0.01)


def test_copied_prose_is_creative(audited: dict[str, Any]) -> None:
    entries = {one["question"]: one for one in audited["fair_use"]["entries"]}
    mix = entries["Is the text factual or creative?"]
    assert "3 rows repeat the prose or verse of registered works" in mix["known"]
    assert mix["direction"] == "against"


def test_the_sheet_stands_in_every_form(audited: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    out = Path("auditor-out")
    assert execute(["report", str(out), "--format", "terminal"]) == 0
    texts = {
        "terminal": " ".join(capsys.readouterr().out.split()),
        "summary": (out / "summary.md").read_text(),
        "html": (out / "report.html").read_text(),
    }
    for name, text in texts.items():
        assert "Fair use does not reach contract" in text, name
        assert "The Lamp" in text, name
        assert "U.S.C." in text, name


def test_a_sheet_and_its_permit_have_one_digest(audited: dict[str, Any]) -> None:
    assert execute(["keys", "new", "--out", "k"]) == 0
    assert execute(["attest", "auditor-out", "--key", "k", "--out", "permit.intoto.json"]) == 0
    payload = json.loads(base64.b64decode(json.loads(Path("permit.intoto.json").read_text())["payload"]))
    sheet = next(v for k, v in payload["predicate"].items() if k.endswith("fairUseSheet"))
    assert f"sha256:{sheet['digest']['sha256']}" == audited["fair_use"]["digest"]


def test_two_names_for_the_rows_of_an_index_are_a_mistake(audited: dict[str, Any]) -> None:
    build = ["index", "build", "works.jsonl", "--out", "w.idx", "--work-column", "title", "--teacher", "x"]
    assert execute(build) == 2
