"""Other installed packages add readers, report formats and packs; a broken one is named and never allows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.cli.main import execute

ROWS = [
    {"instruction": "Say hi", "output": "Hi there.", "model": "Qwen/Qwen3-8B", "access": "open-weights"},
    {"instruction": "Say bye", "output": "Bye now.", "model": "Qwen/Qwen3-8B", "access": "open-weights"},
]
PACK = """\
pack: acme-house
version: '1'
title: The house rules of Acme
include: [default]
rules:
  - id: acme-no-qwen
    title: Qwen is not used here
    applies_to: origin
    for_each: teacher
    layer: provenance
    when: teacher.id == "qwen-3-apache"
    outcome: deny
    message: '{teacher.id} is not on the list.'
    references: [{ref: acme-handbook, section: '4'}]
    owner: Acme counsel
"""
READER = """\
import json
def read(path):
    for line in path.read_text().splitlines():
        yield json.loads(line[1:]) if line.startswith("+") else "the line has no sign"
"""
WRITER = """\
class Counter:
    name, file_name = "count", "count.txt"
    def render(self, report, style):
        return b"%d rows\\n" % report.dataset.samples
"""

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a distribution that declares one entry point and brings files of its own."""
    monkeypatch.chdir(tmp_path)
    for module in [name for name in sys.modules if name.startswith(("acme_", "bolt_"))]:
        monkeypatch.delitem(sys.modules, module)

    def _install(group: str, point: str, files: dict[str, str], name: str = "acme") -> None:
        site = tmp_path / f"site-{name}"
        info = site / f"{name}-2.1.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.1\n")
        (info / "entry_points.txt").write_text(f"[auditor.{group}]\n{point}\n")
        for path, text in files.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_text(text)
        monkeypatch.syspath_prepend(str(site))

    return _install


def lines(name: str, *rows: dict[str, str] | str, sign: str = "") -> str:
    text = [row if isinstance(row, str) else sign + json.dumps(row) for row in rows]
    Path(name).write_text("\n".join(text) + "\n")
    return name


def report() -> dict[str, object]:
    return json.loads(Path("auditor-out/report.json").read_text())


def test_a_pack_is_used_by_name_and_listed(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install("policy_packs", "acme-house = acme_one", {"acme_one/acme-house.yaml": PACK})
    assert execute(["audit", lines("a.jsonl", *ROWS), "--policy", "acme-house", "--quiet"]) == 1
    assert report()["policy"]["name"] == "acme-house"
    assert execute(["explain", "a.jsonl#0"]) == 0
    assert "acme-no-qwen" in capsys.readouterr().out
    assert execute(["policy", "list"]) == 0
    assert "acme-house" in capsys.readouterr().out
    assert execute(["policy", "test", "acme-house"]) == 2
    assert "acme-no-qwen: no test makes it speak" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("point", "files", "said"),
    [
        ("acme-house = acme_gone", {}, "no package 'acme_gone'"),
        ("acme-house = acme_empty", {"acme_empty/other.yaml": PACK}, "acme-house.yaml"),
        ("strict = acme_named", {"acme_named/strict.yaml": PACK}, "holds the pack `acme-house`"),
    ],
)
def test_a_pack_that_is_not_there_is_an_error_with_its_package(
    install: Install, capsys: pytest.CaptureFixture[str], point: str, files: dict[str, str], said: str
) -> None:
    install("policy_packs", point, files)
    assert execute(["audit", lines("a.jsonl", *ROWS), "--policy", point.split()[0]]) == 4
    shown = capsys.readouterr().err
    assert said in shown
    assert "acme 2.1" in shown
    assert not Path("auditor-out").exists()


def test_a_shipped_pack_keeps_its_name(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install("policy_packs", "default = acme_two", {"acme_two/default.yaml": PACK})
    assert execute(["audit", lines("a.jsonl", *ROWS), "--policy", "default", "--quiet"]) == 3
    assert report()["policy"]["rules"] > 30
    capsys.readouterr()
    execute(["policy", "list"])
    assert capsys.readouterr().out.count("default ") == 1


def test_a_format_is_written_by_audit_and_report(
    install: Install, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    install("report_formats", "count = acme_count:Counter", {"acme_count.py": WRITER})
    assert execute(["audit", lines("a.jsonl", *ROWS), "--format", "count"]) == 3
    assert execute(["report", "--format", "count"]) == 0
    assert capsysbinary.readouterr().out == b"2 rows\n2 rows\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nothing_of_this_name", "cannot be loaded, ModuleNotFoundError"),
        ("class Counter: pass", "it lacks name, file_name or render"),
        ("def Counter(): raise OSError('secret row')", "failed with OSError"),
    ],
)
def test_a_format_that_cannot_be_used_stops_the_audit_before_it_reads(
    install: Install, capsys: pytest.CaptureFixture[str], source: str, said: str
) -> None:
    install("report_formats", "count = acme_bad:Counter", {"acme_bad.py": source})
    assert execute(["audit", lines("a.jsonl", *ROWS), "--format", "count"]) == 4
    shown = capsys.readouterr().err
    assert said in shown
    assert "secret" not in shown
    assert not Path("auditor-out").exists()


@pytest.mark.parametrize(
    ("body", "said"), [("raise OSError('secret row')", "failed with OSError"), ("return 'text'", "gave str")]
)
def test_a_format_that_fails_on_a_report_is_an_error(
    install: Install, capsys: pytest.CaptureFixture[str], body: str, said: str
) -> None:
    source = WRITER.replace('return b"%d rows\\n" % report.dataset.samples', body)
    install("report_formats", "count = acme_fails:Counter", {"acme_fails.py": source})
    execute(["audit", lines("a.jsonl", *ROWS), "--quiet"])
    assert execute(["report", "--format", "count"]) == 4
    shown = capsys.readouterr().err
    assert said in shown
    assert "secret" not in shown


def test_a_reader_gives_the_same_rows_as_a_built_in_one(install: Install) -> None:
    install("readers", "chatlog = acme_reader:read", {"acme_reader.py": READER})
    Path("data").mkdir()
    lines("data/a.chatlog", *ROWS, sign="+")
    execute(["audit", "data", "--quiet"])
    found = report()
    execute(["audit", lines("a.jsonl", *ROWS), "--quiet"])
    assert found["dataset"]["digest"] == report()["dataset"]["digest"]
    assert found["outcome"] == report()["outcome"]


def test_a_row_that_a_reader_cannot_give_is_quarantined(install: Install) -> None:
    source = READER + "".join(
        f"        yield {odd}\n" for odd in ("{'output': float('nan')}", "{'output': path}", "7")
    )
    install("readers", "chatlog = acme_odd:read", {"acme_odd.py": source})
    assert execute(["audit", lines("a.chatlog", "+" + json.dumps(ROWS[0]), "no sign"), "--quiet"]) in (1, 3)
    unread = Path("auditor-out/unreadable.jsonl").read_text()
    assert len(unread.splitlines()) == 7
    for reason in ("the line has no sign", "no form in JSON", "gave int, not an object"):
        assert reason in unread


def test_a_reader_that_fails_costs_its_file_alone_and_never_passes(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install(
        "readers", "chatlog = acme_fail:read", {"acme_fail.py": "def read(path): raise OSError('secret')"}
    )
    files = [lines("a.jsonl", *ROWS), lines("b.chatlog", "+{}")]
    assert execute(["audit", *files]) == 2
    assert report()["dataset"]["samples"] == 2
    shown = capsys.readouterr()
    [failed] = [file["error"] for file in report()["dataset"]["files"] if file["error"]]
    assert failed == "the reader of acme 2.1 failed with OSError"
    assert "secret" not in shown.out + shown.err


def test_a_reader_that_cannot_be_loaded_is_an_error(install: Install) -> None:
    install("readers", "chatlog = acme_lost:read", {})
    assert execute(["audit", lines("b.chatlog", "+{}")]) == 4


def test_two_packages_with_one_name_are_an_error(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install("readers", "chatlog = acme_reader:read", {"acme_reader.py": READER})
    install("readers", "chatlog = bolt_reader:read", {"bolt_reader.py": READER}, name="bolt")
    assert execute(["audit", lines("b.chatlog", "+{}")]) == 4
    assert "acme 2.1 and bolt 2.1" in capsys.readouterr().err
