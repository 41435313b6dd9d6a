"""A catalog as one signed file: shown in words, applied when asked to, pinned, named by permits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles import bundle_of, catalog, key_pair, write_bundle

from auditor.cli.main import execute

ROW = {"prompt": "Say hi", "completion": "Hi there.", "model": "acme/chat", "access": "api"}
PLAN = """\
student_base: {name: ours/base-1, terms: MIT}
intended_use: research-only
student_release_license: none
student_name: tiny
competes_with_teacher_provider: 'yes'
facts: {place_of_use: US, distributed: false}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDITOR_CATALOGS", str(tmp_path / "store"))
    Path("plan.yaml").write_text(PLAN)
    Path("rows.jsonl").write_text(json.dumps({**ROW, "generated_at": "2026-06-01"}) + "\n")
    write_bundle(Path("first.json"), bundle_of(catalog(Path("first")), key_pair(tmp_path)))
    second = bundle_of(catalog(Path("second"), follows="allowed"), key_pair(tmp_path), serial=2)
    write_bundle(Path("second.json"), second)
    return tmp_path


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(place: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def called(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = execute(list(words))
        return code, *capfd.readouterr()

    return called


def _update(run: Run, source: str, *more: str) -> tuple[int, str, str]:
    return run("catalog", "update", "--from", source, "--key", "KEY.pub", *more)


def _digest(source: str) -> str:
    from auditor.knowledge.bundle import parse_bundle

    return parse_bundle(Path(source).read_bytes(), source).digest


def _audit(run: Run, *more: str) -> tuple[int, str, str]:
    said = ("--plan", "plan.yaml", "--license", "CC0-1.0", "--quiet")
    return run("audit", "rows.jsonl", *said, *more)


def test_a_folder_becomes_a_bundle(run: Run, place: Path) -> None:
    code, out, err = run("catalog", "bundle", "first", "--key", "KEY", "--out", "b.json", "--expires", "30d")
    assert (code, out.strip()) == (0, _digest("b.json"))
    assert "1 teachers, facts of 2099-01-01" in err
    assert run("catalog", "bundle", "nowhere", "--key", "KEY")[0] == 2
    assert run("catalog", "bundle", "first", "--key", "KEY", "--series", "A B")[0] == 2


def test_a_whole_catalog_is_written_to_be_signed(run: Run, place: Path) -> None:
    code, out, _ = run("catalog", "export", "--out", "ours")
    assert (code, len(out.split())) == (0, 5)
    assert run("catalog", "export", "--out", "ours")[0] == 2
    assert run("catalog", "diff", "ours", "ours")[:2] == (0, "")
    _update(run, "first.json", "--yes")
    assert run("catalog", "export", "--out", "again", "--bundle", _digest("first.json"))[0] == 0
    assert Path("again/terms.yaml").read_bytes() == Path("first/terms.yaml").read_bytes()
    assert run("catalog", "export", "--out", "x", "--bundle", "nope")[0] == 2


def test_a_folder_with_remarks_is_not_signed(run: Run, place: Path) -> None:
    text = Path("first/teachers.yaml").read_text()
    Path("first/teachers.yaml").write_text(
        text.replace("- acme[-/]chat.*", "[]").replace("patterns:\n  []", "patterns: []")
    )
    code, _, err = run("catalog", "bundle", "first", "--key", "KEY", "--out", "b.json")
    assert code == 2
    assert "such a catalog is not signed" in err
    assert "no name leads to it" in err
    assert not Path("b.json").exists()


def test_nothing_is_applied_unasked(run: Run, place: Path) -> None:
    code, out, err = _update(run, "first.json")
    assert code == 3
    assert "nothing was applied" in err
    assert "teacher: acme-chat is new in the catalog" in out
    assert not Path("store").exists()
    assert run("catalog", "bundles")[1] == ""


def test_an_applied_one_is_used_where_it_is_named(run: Run, place: Path) -> None:
    assert _update(run, "first.json", "--yes")[0] == 0
    digest = _digest("first.json")
    assert digest in run("catalog", "bundles")[1]
    assert "not known" in run("catalog", "resolve", "acme/chat")[1]
    code, out, err = run("catalog", "resolve", "acme/chat", "--knowledge", digest)
    assert (code, "acme-chat" in out, digest in err) == (0, True, True)
    assert _update(run, "first.json", "--knowledge", digest)[:2] == (
        0,
        "Nothing differs from the catalog in use.\n",
    )


def test_what_changes_is_said_in_words_with_the_audits(run: Run, place: Path) -> None:
    _update(run, "first.json", "--yes")
    first = _digest("first.json")
    assert _audit(run, "--knowledge", first)[0] == 1
    code, out, _ = _update(run, "second.json", "--knowledge", first, "--plan", "plan.yaml")
    assert code == 3
    follows = "Acme API: Terms-Acme-2 of 2026-05-01 replaces Terms-Acme-1, 2026-05-01 to today"
    assert f"{follows}: 1 audit changes outcome\n" in out
    assert "'rows.jsonl'" in out
    assert "changes: deny → allow" in out
    untold = _update(run, "second.json", "--knowledge", first)[1]
    assert "whether that stays cannot be told without its plan" in untold
    shown = json.loads(
        _update(run, "second.json", "--knowledge", first, "--plan", "plan.yaml", "--format", "json")[1]
    )
    assert (shown["applied"], shown["bundle"]["serial"]) == (False, 2)
    assert [(one["before"], one["after"]) for one in shown["audits"]] == [("deny", "allow")]
    assert {"acme-chat", "Terms-Acme-2"} <= {id for one in shown["changes"] for id in one["subjects"]}


def test_an_audit_that_stays_is_not_called_changed(run: Run, place: Path) -> None:
    _update(run, "first.json", "--yes")
    first = _digest("first.json")
    Path("rows.jsonl").write_text(json.dumps({**ROW, "generated_at": "2026-02-01"}) + "\n")
    assert _audit(run, "--knowledge", first)[0] == 1
    out = _update(run, "second.json", "--knowledge", first, "--plan", "plan.yaml")[1]
    assert "changes outcome" not in out
    assert "stays deny" in out


def test_the_way_back_is_open_to_an_exact_name_alone(run: Run, place: Path) -> None:
    _update(run, "second.json", "--yes")
    code, _, err = _update(run, "first.json", "--yes")
    assert (code, "serial 2" in err) == (1, True)
    assert _update(run, "first.json", "--yes", "--expect", _digest("second.json"))[0] == 1
    assert _update(run, "first.json", "--yes", "--expect", _digest("first.json"))[0] == 0


def _permit(run: Run, digest: str) -> int:
    assert _audit(run, "--knowledge", digest)[0] == 0
    code = run("attest", "auditor-out", "--key", "KEY", "--dataset", "rows.jsonl")[0]
    assert code == 0
    return code


def _gate(run: Run, *more: str) -> tuple[int, str, str]:
    words = ("gate", "--permit", "permit.intoto.json", "--dataset", "rows.jsonl", "--key", "KEY.pub", *more)
    return run("verify", "permit.intoto.json", *words[3:])


def test_a_permit_names_its_bundle_and_the_gate_takes_no_other(run: Run, place: Path) -> None:
    _update(run, "second.json", "--yes")
    second, first = _digest("second.json"), _digest("first.json")
    _permit(run, second)
    code, _, err = _gate(run)
    assert (code, second in err) == (0, True)
    assert _gate(run, "--knowledge", second)[0] == 0
    code, _, err = _gate(run, "--knowledge", first)
    assert (code, "for another catalog bundle" in err) == (1, True)
    assert _gate(run, "--knowledge", "shipped")[0] == 1
    Path("store").rename("gone")  # the gate needs the digest alone
    assert _gate(run, "--knowledge", second)[0] == 0
    for pinned, wanted in ((second, 0), (first, 1)):
        Path("gate.yaml").write_text(f"knowledge: {{bundle: {pinned}}}\n")
        assert _gate(run, "--config", "gate.yaml")[0] == wanted
    Path("gate.yaml").write_text("plan: plan.yaml\n")
    assert _gate(run, "--config", "gate.yaml")[0] == 2


def test_a_permit_without_a_bundle_is_refused_where_one_is_pinned(run: Run, place: Path) -> None:
    Path("rows.jsonl").write_text(
        json.dumps({**ROW, "model": "allenai/OLMo-2-1124-7B-Instruct", "access": "open-weights"}) + "\n"
    )
    assert _audit(run)[0] == 0
    assert run("attest", "auditor-out", "--key", "KEY", "--dataset", "rows.jsonl")[0] == 0
    assert _gate(run)[0] == 0
    code, _, err = _gate(run, "--knowledge", _digest("first.json"))
    assert (code, "names none" in err) == (1, True)


def test_an_overlay_over_the_pinned_bundle_is_refused(run: Run, place: Path) -> None:
    _update(run, "second.json", "--yes")
    Path("ours").mkdir()
    Path("ours/terms.yaml").write_text("schema_version: 1\nread_on: '2026-11-24'\nterms: []\n")
    second = _digest("second.json")
    _permit(run, f"{second}+ours")
    code, _, err = _gate(run, "--knowledge", second)
    assert (code, "not the pinned bundle alone" in err) == (1, True)
    assert _gate(run, "--knowledge", f"{second}+ours")[0] == 0


def test_settings_pin_a_bundle(run: Run, place: Path) -> None:
    _update(run, "second.json", "--yes")
    Path("auditor.yaml").write_text(
        f"data: [rows.jsonl]\nplan: plan.yaml\nknowledge: {{bundle: {_digest('second.json')}}}\n"
    )
    code, _, _ = run("audit", "--config", "auditor.yaml", "--license", "CC0-1.0", "--quiet")
    assert code == 0
    report = json.loads(Path("auditor-out/report.json").read_text())
    assert report["knowledge"]["bundle"]["digest"] == _digest("second.json")
    assert any("catalog bundle" in note for note in report["notes"])
    for wrong in (
        "{bundle: nope}",
        "{overlay: ours}",
        "{bundle: 1}",
        f"{{bundle: {_digest('second.json')}, x: y}}",
    ):
        Path("auditor.yaml").write_text(f"data: [rows.jsonl]\nknowledge: {wrong}\n")
        code, _, err = run("audit", "--config", "auditor.yaml", "--quiet")
        assert (code, "`knowledge` does not name a catalog bundle" in err) == (2, True), wrong


def test_an_audit_by_a_bundle_that_is_not_here_or_has_ended_is_refused(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = _audit(run, "--knowledge", _digest("first.json"))
    assert (code, "was not applied here" in err) == (2, True)
    run("catalog", "bundle", "second", "--key", "KEY", "--out", "short.json", "--expires", "30d")
    assert _update(run, "short.json", "--yes")[0] == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "4102444800")
    code, _, err = _audit(run, "--knowledge", _digest("short.json"))
    assert (code, "expired" in err) == (2, True)
    code, _, err = run("catalog", "resolve", "acme/chat", "--knowledge", _digest("short.json"))
    assert (code, "warning" in err) == (0, True)


def test_a_report_that_names_another_bundle_is_not_signed(run: Run, place: Path) -> None:
    _update(run, "second.json", "--yes")
    assert _audit(run, "--knowledge", _digest("second.json"))[0] == 0
    path = Path("auditor-out/report.json")
    report: dict[str, Any] = json.loads(path.read_text())
    report["knowledge"]["bundle"]["serial"] = 9
    path.write_text(json.dumps(report))
    code, _, err = run("attest", "auditor-out", "--key", "KEY", "--dataset", "rows.jsonl")
    assert (code, "another catalog bundle" in err) == (4, True)
