"""What somebody who can write an audit's folder, and a ledger of his own, gains from `attest`: nothing."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor import __version__
from auditor.bundled import program_digest
from auditor.cli.main import execute

GOOD = {"completion": "fine", "model": "Qwen/Qwen3-8B", "access": "open-weights", "license": "CC0-1.0"}
BAD = {"completion": "bad", "model": "gpt-4o", "license": "CC-BY-NC-4.0"}
PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: commercial-api
student_release_license: proprietary
student_name: Acme
competes_with_teacher_provider: 'yes'
"""


@pytest.fixture(scope="module")
def _place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests, emptied for each: audits name the places of their files."""
    return tmp_path_factory.mktemp("place")


@pytest.fixture(autouse=True)
def _workplace(_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(_place)
    _place.mkdir()
    monkeypatch.chdir(_place)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    for name in ("AUDITOR_KEY_PASSWORD", "AUDITOR_LEDGER"):
        monkeypatch.delenv(name, raising=False)
    execute(["keys", "new", "--out", "KEY"])
    Path("plan.yaml").write_text(PLAN)
    for name, row in (("good", GOOD), ("bad", BAD)):
        lines = (json.dumps({"prompt": f"q {number}", **row}) + "\n" for number in range(3))
        Path(f"{name}.jsonl").write_text("".join(lines))


_AUDITED: dict[tuple[object, ...], dict[str, bytes]] = {}
"""What an audit left, by its command, its moment and all files that it found."""


def _files() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


def _audit(name: str, *options: str) -> Path:
    out = name if "--out" not in options else options[options.index("--out") + 1]
    placed = () if "--out" in options else ("--out", name)
    found = {path: content for path, content in _files().items() if not path.startswith("KEY")}
    audit = (name, options, os.environ["SOURCE_DATE_EPOCH"], *found.items())
    if audit not in _AUDITED:
        execute(["audit", f"{name}.jsonl", "--plan", "plan.yaml", "-q", *placed, *options])
        _AUDITED[audit] = {path: content for path, content in _files().items() if found.get(path) != content}
    else:
        for path, content in _AUDITED[audit].items():
            if not path.startswith("KEY"):
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                Path(path).write_bytes(content)
    return Path(out)


def _report(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    report = json.loads((folder / "report.json").read_text())
    change(report)
    (folder / "report.json").write_text(json.dumps(report))


def _attest(folder: Path, *options: str) -> int:
    return execute(["attest", str(folder), "--key", "KEY", "--out", "p.intoto.json", *options])


def _stated() -> dict[str, Any]:
    payload = json.loads(base64.b64decode(json.loads(Path("p.intoto.json").read_text())["payload"]))
    return {name.rpartition("/")[2]: value for name, value in payload["predicate"].items()}


def _with_the_answers_of_good_rows(folder: Path) -> None:
    """Put the answers on good rows into the audit of bad ones, which keep their ids and digests."""
    good = _audit("good", "--no-ledger")
    bad = json.loads((folder / "report.json").read_text())
    kept = {name: bad[name] for name in ("dataset", "audit_id")}
    report = json.loads((good / "report.json").read_text())
    (folder / "report.json").write_text(json.dumps(report | kept))
    own, other = (pq.read_table(one / "samples.parquet") for one in (folder, good))
    for name in ("sample_id", "digest"):
        other = other.set_column(other.schema.get_field_index(name), name, own.column(name))
    pq.write_table(other, folder / "samples.parquet")


def test_an_honest_audit_is_held_against_its_ledger_entry_its_rows_or_nothing() -> None:
    good = _audit("good")
    assert _attest(good) == 0
    assert _stated()["evidence"] == "ledger"
    assert _attest(good, "--dataset", "good.jsonl") == 0
    assert _stated()["evidence"] == "rows"
    good = _audit("good", "--no-ledger")
    assert _attest(good) == 0
    assert _stated()["evidence"] == "rows"
    Path("good.jsonl").rename("elsewhere.jsonl")
    assert _attest(good) == 0
    assert _stated()["evidence"] == "report-only"
    assert _attest(good, "--dataset", "elsewhere.jsonl") == 0
    assert _stated()["evidence"] == "rows"


def test_a_failed_audit_is_signed_failed_and_exits_0() -> None:
    assert _attest(_audit("bad")) == 0
    assert _stated()["verificationResult"] == "FAILED"


def test_report_only_evidence_is_refused_unless_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    good = _audit("good", "--no-ledger")
    Path("good.jsonl").rename("elsewhere.jsonl")
    assert _attest(good) == 0
    assert "report-only, which the gate refuses" in capsys.readouterr().err
    verify = ["verify", "p.intoto.json", "--dataset", "elsewhere.jsonl", "--key", "KEY.pub"]
    assert execute(verify) == 1
    assert "--allow-report-only" in capsys.readouterr().err
    assert execute([*verify, "--allow-report-only"]) == 0
    from auditor.errors import RefusedError
    from auditor.gate import require_permit

    with pytest.raises(RefusedError, match="report-only"):
        require_permit("p.intoto.json", "elsewhere.jsonl", keys=["KEY.pub"])
    assert require_permit("p.intoto.json", "elsewhere.jsonl", keys=["KEY.pub"], allow_report_only=True)


EDITS: dict[str, Callable[[dict[str, Any]], None]] = {
    "the outcome alone": lambda report: report.update(outcome="allow", exit_code=0),
    "the findings dropped": lambda report: report.update(outcome="allow", exit_code=0, findings=[]),
    "the origins called allowed": lambda report: (
        report.update(outcome="allow", exit_code=0, findings=[]),
        [one.update(outcome="allow", rules=[]) for one in report["origins"]],
    )[0],
    "a waiver made up": lambda report: (
        report.update(outcome="allow", exit_code=0),
        [one.update(waived_by="Ann until 2099-01-01") for one in report["findings"]],
    )[0],
    "another teacher under the same id": lambda report: [
        one["teacher_details"][0].update(name="Qwen/Qwen3-8B", id="qwen3") for one in report["origins"]
    ],
    "another policy digest": lambda report: report["policy"].update(digest=f"sha256:{'0' * 64}"),
    "another policy": lambda report: report["policy"].update(source="research-only"),
    "another catalog": lambda report: report["knowledge"].update(digest=f"sha256:{'0' * 64}"),
    "another plan": lambda report: report["plan"].update(intended_use="research-only"),
    "coverage": lambda report: report["coverage"].update(searched_rows=3),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("ledger", [True, False])
def test_an_edited_report_is_not_signed_even_where_nothing_else_is_at_hand(name: str, ledger: bool) -> None:
    bad = _audit("bad", *([] if ledger else ["--no-ledger"]))
    if not ledger:
        Path("bad.jsonl").unlink()
    _report(bad, EDITS[name])
    assert _attest(bad) == 4
    assert not Path("p.intoto.json").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda report: report.update(columns={"learned": ["x"]}),
        lambda report: report.update(obligations=[]),
        lambda report: report.update(questions=["nothing"]),
        lambda report: report["fair_use"].update(digest=f"sha256:{'0' * 64}"),
        lambda report: report["fair_use"]["entries"][0].update(known="all is well"),
        lambda report: report.update(request={**report["request"], "fpr": 0.1}),
    ],
)
def test_all_that_a_report_says_is_held_by_its_ledger_entry(change: Callable[[dict[str, Any]], None]) -> None:
    bad = _audit("bad")
    before = (bad / "report.json").read_text()
    _report(bad, change)
    changed = json.loads(before) != json.loads((bad / "report.json").read_text())
    assert _attest(bad) == (4 if changed else 0)


def test_answers_of_other_rows_are_refused_by_the_ledger_and_by_the_rows() -> None:
    for options in ([], ["--no-ledger"]):
        bad = _audit("bad", *options)
        _with_the_answers_of_good_rows(bad)
        assert _attest(bad) == 4
        shutil.rmtree(bad)


def test_answers_of_other_rows_without_ledger_and_rows_are_report_only_at_best() -> None:
    bad = _audit("bad", "--no-ledger")
    _with_the_answers_of_good_rows(bad)
    Path("bad.jsonl").rename("moved.jsonl")
    assert _attest(bad) == 0
    assert _stated()["evidence"] == "report-only"
    assert execute(["verify", "p.intoto.json", "--dataset", "moved.jsonl", "--key", "KEY.pub"]) == 1


def test_naming_a_ledger_entry_that_is_not_there_sends_the_forger_to_the_rows() -> None:
    _audit("good")
    bad = _audit("bad", "--no-ledger")
    _with_the_answers_of_good_rows(bad)
    entry = "a-0123456789abcdef"
    _report(bad, lambda report: report.update(audit_id=entry))
    assert _attest(bad) == 4
    assert _attest(bad, "--ledger", ".auditor/ledger.db") == 4


def test_the_entry_of_another_audit_is_no_cover() -> None:
    entry = json.loads((_audit("good") / "report.json").read_text())["audit_id"]
    bad = _audit("bad", "--no-ledger")
    _with_the_answers_of_good_rows(bad)
    _report(bad, lambda report: report.update(audit_id=entry))
    assert _attest(bad) == 4


def test_an_audit_in_another_ledger_is_not_taken_for_the_first_one_of_this(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first = json.loads((_audit("good") / "report.json").read_text())["audit_id"]
    bad = _audit("bad", "--ledger", "other.db")
    assert json.loads((bad / "report.json").read_text())["audit_id"] != first
    assert _attest(bad) == 0
    assert _stated()["evidence"] == "rows"
    assert _attest(bad, "--ledger", "other.db") == 0
    assert _stated()["evidence"] == "ledger"
    capsys.readouterr()
    assert _attest(bad, "--ledger", ".auditor/ledger.db") == 4
    assert "the ledger has no audit a-" in capsys.readouterr().err


def test_a_changed_ledger_is_noticed() -> None:
    import sqlite3

    good = _audit("good")
    with sqlite3.connect(".auditor/ledger.db") as ledger:
        ledger.execute("UPDATE audits SET outcome = 'deny'")
    assert _attest(good) == 4


def test_a_row_that_tells_something_else_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    good = _audit("good", "--no-ledger")
    rows = pq.read_table(good / "samples.parquet")
    place = rows.schema.get_field_index("outcome")
    pq.write_table(
        rows.set_column(place, "outcome", pa.array(["allow", "deny", "allow"])), good / "samples.parquet"
    )
    capsys.readouterr()
    assert _attest(good) == 4
    assert "has other outcome" in capsys.readouterr().err


def test_data_that_changed_after_the_audit_is_not_signed_for(capsys: pytest.CaptureFixture[str]) -> None:
    good = _audit("good", "--no-ledger")
    shutil.copy("bad.jsonl", "good.jsonl")
    assert _attest(good) == 4
    assert "the data holds other rows" in capsys.readouterr().err


def test_a_plan_or_a_pack_that_changed_since_is_refused_with_the_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("house.yaml").write_text("pack: house\nversion: '1'\ntitle: t\ninclude: [default]\n")
    good = _audit("good", "--policy", "house.yaml")
    assert _attest(good) == 0
    Path("house.yaml").write_text(
        "pack: house\nversion: '2'\ntitle: t\ninclude: [default]\ndisable: {outputs-compete: x}\n"
    )
    capsys.readouterr()
    assert _attest(good) == 4
    assert "the policy is not that of the audit" in capsys.readouterr().err
    good = _audit("good")
    Path("plan.yaml").write_text(PLAN.replace("Acme", "Acme 2"))
    assert _attest(good) == 4
    assert "the plan is not that of the audit" in capsys.readouterr().err


def test_a_report_that_hides_what_an_index_found_is_report_only_without_the_index(tmp_path: Path) -> None:
    text = " ".join(f"word{number} stands here beside another{number * 7}" for number in range(40))
    Path("teachers.jsonl").write_text(json.dumps({"text": text, "teacher": "gpt-4o"}) + "\n")
    row = {**GOOD, "prompt": "p", "completion": text}
    Path("copied.jsonl").write_text(json.dumps(row) + "\n")
    build = ["index", "build", "teachers.jsonl", "--out", "t.idx", "--text-column", "text"]
    assert execute([*build, "--teacher-column", "teacher"]) == 0
    out = _audit("copied", "--index", "t.idx", "--no-ledger")
    assert json.loads((out / "report.json").read_text())["coverage"]["detected"] == 1
    assert _attest(out) == 0
    assert _stated()["evidence"] == "rows"
    _audit("copied", "--out", "plain", "--no-ledger")
    plain = json.loads(Path("plain/report.json").read_text())
    shutil.copy("plain/samples.parquet", out / "samples.parquet")
    hidden = json.loads((out / "report.json").read_text())
    for name in ("outcome", "exit_code", "origins", "findings", "obligations", "coverage", "questions"):
        hidden[name] = plain[name]
    hidden["coverage"]["searched_rows"] = 0
    (out / "report.json").write_text(json.dumps(hidden))
    assert _attest(out) == 4
    Path("t.idx").unlink()
    assert _attest(out) == 0
    assert _stated()["evidence"] == "report-only"


def test_a_pack_that_asks_for_an_expiry_gets_no_permit_without_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    head = "pack: house\nversion: '1'\ntitle: t\ninclude: [default]\n"
    Path("house.yaml").write_text(f"{head}permit: {{expires: required, max_days: 30}}\n")
    good = _audit("good", "--policy", "house.yaml")
    assert _attest(good) == 2
    assert "asks for a permit with an expiry" in capsys.readouterr().err
    assert _attest(good, "--expires", "31d") == 2
    assert _attest(good, "--expires", "30d") == 0
    for faulty in ("permit: soon", "permit: {expires: no}", "permit: {max_days: 0}", "permit: {until: x}"):
        Path("house.yaml").write_text(f"{head}{faulty}\n")
        assert execute(["audit", "good.jsonl", "--policy", "house.yaml", "-q"]) == 2


def test_an_audit_from_after_the_moment_of_signing_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1890000000")
    later = _audit("good", "--ledger", "l.db")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert _attest(later, "--ledger", "l.db") == 4
    assert "after the moment of signing" in capsys.readouterr().err
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1889999800")
    assert _attest(later, "--ledger", "l.db") == 0, "clocks differ by some minutes"


@pytest.mark.parametrize("moment", ["2099-01-01T00:00:00Z", "", "2026-09-21", "2026-09-21T14:13:20", "soon"])
def test_a_moment_of_the_audit_that_was_edited_is_refused(moment: str) -> None:
    good = _audit("good", "--no-ledger")
    _report(good, lambda report: report.update(created_at=moment))
    assert _attest(good) == 4


def test_no_tool_or_settings_that_a_report_makes_up_are_signed(capsys: pytest.CaptureFixture[str]) -> None:
    good, forged = _audit("good", "--no-ledger"), f"sha256:{'0' * 64}"
    _report(good, lambda report: report.update(tool_version="99", tool_digest=forged))
    for path in ("auditor.yaml", "plan.yaml", "."):
        _report(good, lambda report, path=path: report.update(config={"path": path, "digest": forged}))  # type: ignore[misc]
        assert _attest(good) == 0
        assert "file of settings" in capsys.readouterr().err
        stated = _stated()
        assert stated.get("config") is None
        assert stated["tools"]["auditor"]["version"] == __version__
        assert stated["tools"]["auditor"]["digest"] == {"sha256": program_digest().removeprefix("sha256:")}


def test_settings_that_are_still_there_are_signed() -> None:
    Path("auditor.yaml").write_text("policy: default\n")
    assert _attest(_audit("good", "--no-ledger", "--config", "auditor.yaml")) == 0
    assert _stated()["config"]["path"].endswith("auditor.yaml")


def test_a_report_that_cannot_be_read_is_named_without_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    good = _audit("good", "--no-ledger")
    (good / "report.json").write_text("{")
    for command in (["attest", "good", "--key", "KEY"], ["report", "good"]):
        assert execute(command) != 0
        assert "None" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ((), "messageSignature"),
        ((), "dsse_envelope"),
        ((), "note"),
        (("dsseEnvelope",), "note"),
        (("verificationMaterial",), "certificate"),
        (("verificationMaterial",), "note"),
    ],
)
def test_a_bundle_with_another_member_is_refused(part: tuple[str, ...], name: str) -> None:
    assert _attest(_audit("good", "--no-ledger")) == 0
    seen = ["verify", "p.sigstore.json", "--dataset", "good.jsonl", "--key", "KEY.pub"]
    assert execute(seen) == 0
    bundle = inner = json.loads(Path("p.sigstore.json").read_text())
    for key in part:
        inner = inner[key]
    inner[name] = {"signature": "AAAA"}
    Path("p.sigstore.json").write_text(json.dumps(bundle))
    assert execute(seen) == 4
