"""`auditor catalog explain`: the answer, the clause, the day, the paths, and the verdict under a plan."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from bundles import catalog, terms

from auditor.cli.main import execute

PLAN = """\
student_base: {name: ours/base-1, terms: MIT}
student_name: tiny
facts: {place_of_use: US, distributed: false}
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Call the program beside an overlay of one teacher, whose text of May replaced an older one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795773600")  # 27 November 2026
    catalog(Path("acme"), follows="allowed")
    Path("acme/dataset_licenses.yaml").unlink()
    facts = yaml.safe_load(Path("acme/terms.yaml").read_text())
    facts["terms"] = [one for one in facts["terms"] if one["id"].startswith("Terms-")]
    Path("acme/terms.yaml").write_text(json.dumps(facts))
    Path("plan.yaml").write_text(PLAN)

    def called(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = execute(["catalog", "explain", *words, "--knowledge", "acme"])
        return code, *capfd.readouterr()

    return called


def test_the_answer_comes_with_clause_reading_source_and_day(run: Run) -> None:
    code, out, _ = run("acme/chat")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "acme/chat: acme-chat (Acme)"
    assert "api (acme-chat): yes, since 2026-05-01" in lines
    assert (
        "  Terms-Acme-2, 7.2: allowed (verified-from-text, in force from 2026-05-01, last seen 2026-11-01)"
        in lines
    )
    assert "    reading: Outputs are spoken of in section 7.2." in lines
    assert "    source: contract on file" in lines
    rows = [line.split() for line in lines if line.startswith("api  ")]
    assert [row[1:3] for row in rows] == [["2026-01-01", "2026-04-30"], ["2026-05-01", "today"]]
    assert "not for a model that competes" in out


def test_a_date_and_a_path_narrow_it(run: Run) -> None:
    code, out, _ = run("acme/chat", "--date", "2026-02", "--access", "api")
    assert code == 0
    assert "api (acme-chat): not for a model that competes, since 2026-01-01 until 2026-04-30" in out
    assert "Terms-Acme-2" not in out
    _, out, _ = run("acme/chat", "--host", "nobody-serves")
    assert "at nobody-serves" in out
    assert "not read" in out


def test_paths_of_several_entries_are_told_apart(run: Run) -> None:
    head = next(line for line in run("gpt-4o")[1].splitlines() if line.split()[-1:] == ["known"])
    assert head.split()[:2] == ["teacher", "path"]
    head = next(line for line in run("acme/chat")[1].splitlines() if line.split()[-1:] == ["known"])
    assert head.split()[0] == "path"


def test_what_a_host_replaces_is_not_asked_for(run: Run) -> None:
    assert "not read: OpenAI API" in run("gpt-4o", "--access", "api")[1]
    assert "not read: OpenAI API" not in run("gpt-4o", "--access", "api", "--host", "azure")[1]


def test_json_has_it_all(run: Run) -> None:
    code, out, _ = run("acme/chat", "--format", "json")
    found = json.loads(out)
    (lane,) = found["lanes"]
    assert (code, lane["since"], lane["access"]) == (0, "2026-05-01", "api")
    assert [one["answer"] for one in lane["segments"]] == ["not for a model that competes", "yes"]
    assert lane["segments"][0]["grounds"][0]["section"] == "7.2"
    assert found["overlays"][0].startswith("acme@")


def test_svg_is_a_picture(run: Run) -> None:
    code, out, _ = run("acme/chat", "--format", "svg")
    assert code == 0
    assert ElementTree.fromstring(out).tag.endswith("svg")


@pytest.mark.parametrize(
    ("date", "competes", "code", "word"),
    [
        ("2026-06", "yes", 0, "judged: allow"),
        ("2026-02", "yes", 1, "judged: deny (outputs-compete"),
        ("2026-02", "no", 0, "judged: allow"),
        ("2025-06", "no", 3, "judged: review"),
        ("2026-04/2026-05", "yes", 1, "judged: allow"),
    ],
)
def test_a_plan_is_judged_span_by_span(run: Run, date: str, competes: str, code: int, word: str) -> None:
    said = ("--use", "research-only", "--release", "none", "--competes", competes, "--plan", "plan.yaml")
    exit_code, out, _ = run("acme/chat", "--access", "api", "--date", date, *said)
    assert word in out
    assert exit_code == code


def test_what_the_plan_leaves_out_is_asked(run: Run) -> None:
    code, out, _ = run("acme/chat", "--use", "research-only")
    assert code == 3
    assert "plan-incomplete" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody-made-this",), "is not in the catalog"),
        (("acme/chat", "--date", "soon"), "is not a date"),
        (("acme/chat", "--plan", "none.yaml", "--use", "research-only"), "cannot be read"),
        (("acme/chat", "--use", "fun"), "not one of"),
    ],
)
def test_a_mistake_is_named(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_hostile_names_act_on_nothing(run: Run) -> None:
    facts = yaml.safe_load(Path("acme/teachers.yaml").read_text())
    facts["teachers"][0] |= {"developer": "\x1b[31m::error::x", "name": "<script>"}
    Path("acme/teachers.yaml").write_text(json.dumps(facts))
    more = yaml.safe_load(Path("acme/terms.yaml").read_text())
    more["terms"].append(terms("Terms-X", "allowed", name="</title><script>"))
    Path("acme/terms.yaml").write_text(json.dumps(more))
    for form in ("text", "json", "svg"):
        code, out, _ = run("acme/chat", "--format", form)
        assert code == 0
        assert "\x1b" not in out
        assert not any(line.startswith("::") for line in out.splitlines())
