"""Archives from the audit to the gate: what a trainer may unpack is permitted by row, or refused by name."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from auditor.cli.main import execute
from tests.samples.archives import encrypted, tarred, write_archive, zipped
from tests.samples.containers import json_lines

ROWS = [{"prompt": f"Add {n} and 2.", "completion": f"{n} and 2 make {n + 2}."} for n in range(6)]
LINES = json_lines(ROWS)
PLAN = """\
student_base: {name: HuggingFaceTB/SmolLM2-135M, terms: Apache-2.0}
intended_use: research-only
student_release_license: none
student_name: tiny
competes_with_teacher_provider: 'no'
facts: {distributed: false}
"""
BY_US = ("--teacher", "human", "--access", "none", "--license", "CC0-1.0")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    Path("plan.yaml").write_text(PLAN)
    Path("data").mkdir()
    assert execute(["keys", "new", "--out", "key.pem"]) == 0


def _audit(data: str = "data") -> int:
    return execute(["audit", data, "--plan", "plan.yaml", "--quiet", "--no-ledger", *BY_US])


def _permit() -> None:
    assert execute(["attest", "auditor-out", "--key", "key.pem"]) == 0


def _verify(data: str) -> int:
    return execute(["verify", "permit.intoto.json", "--dataset", data, "--key", "key.pem.pub"])


def _box(name: str, *members: tuple[str, bytes]) -> Path:
    data = zipped(*members) if name.endswith(".zip") else tarred(*members)
    return write_archive(Path("data", name), gzip.compress(data) if name.endswith(".gz") else data)


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz"])
def test_a_permit_over_an_archive_holds_for_its_rows_and_no_others(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _box(name, ("a.jsonl", LINES))
    assert _audit() == 0
    _permit()
    assert _verify("data") == 0
    Path("plain.jsonl").write_bytes(LINES)
    assert _verify("plain.jsonl") == 0
    _box(name, ("a.jsonl", LINES), ("b.jsonl", LINES))
    assert _verify("data") == 1
    _box(name, ("a.jsonl", LINES.replace(b"make 4", b"make 5")))
    assert _verify("data") == 1
    _box(name, ("a.jsonl", LINES), ("b.pkl", b"\x80\x04x"))
    capsys.readouterr()
    assert _verify("data") == 1
    assert f"{name}!/b.pkl" in capsys.readouterr().err


def test_what_an_archive_says_of_its_rows_is_heard() -> None:
    _box("x.zip", ("a.jsonl", LINES), ("LICENSE", b"CC BY-NC 4.0"))
    assert _audit() == 0  # research
    report = json.loads(Path("auditor-out/report.json").read_text())
    assert report["unread"] == []
    assert "CC-BY-NC-4.0" in {one for origin in report["origins"] for one in origin["licenses"]}
    Path("plan.yaml").write_text(PLAN.replace("research-only", "internal-commercial"))
    assert _audit() == 1


def test_an_archive_that_nobody_read_is_told_where_rows_beside_it_are_trained_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("data", "a.jsonl").write_bytes(LINES)
    assert _audit("data/a.jsonl") == 0
    _permit()
    write_archive(Path("data", "more.zip"), encrypted(zipped(("b.jsonl", LINES))))
    assert _verify("data/a.jsonl") == 0
    capsys.readouterr()
    assert _verify("data") == 1
    assert "more.zip" in capsys.readouterr().err


def test_rows_of_archives_are_explained_and_split(capsys: pytest.CaptureFixture[str]) -> None:
    _box("x.tar.gz", ("a.jsonl", LINES), ("b.json", json.dumps(ROWS).encode()))
    _box("y.zip", ("a.jsonl", LINES))
    _box("w.tar", *((f"{n}.json", json.dumps(row).encode()) for n, row in enumerate(ROWS)))
    assert _audit() == 0
    capsys.readouterr()
    assert execute(["explain", "x.tar.gz!/b.json#2"]) == 0
    assert "ALLOW" in capsys.readouterr().out
    assert execute(["split", "auditor-out", "--out", "out"]) == 0
    kept = sorted(path.relative_to("out/kept").as_posix() for path in Path("out/kept").rglob("*.jsonl"))
    assert kept == ["w.jsonl", "x.tar.gz!/a.jsonl", "x.tar.gz!/b.jsonl", "y.zip!/a.jsonl"]
    assert Path("out/kept/y.zip!/a.jsonl").read_bytes() == LINES
    _permit()
    assert _verify("out/kept") == 0
