"""The commands that read an audit's folder: explain, plan, split, waive."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.cli.main import execute
from auditor.engine.assemble_report import build_report
from auditor.engine.inputs import prepare
from auditor.engine.request import AuditRequest
from auditor.engine.samples_file import SamplesFile
from auditor.main_job import judge_rows
from auditor.report.interface import Style
from auditor.report.jsonfile import JsonWriter
from auditor.samples.rows import iter_row_digests

WEIGHTS = {"access": "open-weights", "license": "MIT"}
ROWS = [
    {"instruction": "a", "output": "one", "model": "allenai/OLMo-2-1124-7B-Instruct", **WEIGHTS},
    {"instruction": "b", "output": "two", "model": "meta-llama/Llama-3-8B-Instruct", **WEIGHTS},
    {"instruction": "c", "output": "three", "model": "nobody-knows-this", **WEIGHTS},
    {"instruction": "d", "output": "four", "model": "allenai/OLMo-2-1124-7B-Instruct", **WEIGHTS},
]
PLAN = """
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: internal-commercial
student_release_license: none
student_name: Acme
competes_with_teacher_provider: no
"""


def audited(folder: Path, data: Path) -> Path:
    """Run the audit as the command does, and keep what these commands read."""
    (folder / "plan.yaml").write_text(PLAN)
    out = folder / "out"
    out.mkdir()
    request = AuditRequest(
        (str(data),), datetime(2026, 11, 24, tzinfo=UTC), plan=folder / "plan.yaml", ledger=None, out=out,
        command=f"auditor audit {data} --plan plan.yaml",
    )  # fmt: skip
    setting = prepare(request)
    with SamplesFile(out / "samples.parquet") as samples:
        scan = judge_rows(setting, [lambda rows, batch: samples.write(rows)], lambda rows: None)
    (out / "report.json").write_bytes(JsonWriter().render(build_report(setting, scan), Style()))
    return out


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "mix.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


@pytest.fixture
def out(tmp_path: Path, data: Path) -> Path:
    return audited(tmp_path, data)


def findings(out: Path) -> list[dict[str, Any]]:
    report = json.loads((out / "report.json").read_text())
    return list(report["findings"])


def test_explain_a_row_names_fact_clause_rule_and_what_would_change_it(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["explain", "mix.jsonl#1", "--audit", str(out)]) == 0
    text = capsys.readouterr().out
    assert "DENY" in text
    assert "LicenseRef-Llama-3-Community 1.b.v" in text
    assert "outputs-forbidden" in text
    assert "if separate license were on record: review" in text
    assert "legal" not in text.replace("/legal", "").lower()


def test_explain_a_finding_and_an_origin_as_json(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deny, *_) = findings(out)
    assert execute(["explain", deny["id"], "--audit", str(out), "--format", "json"]) == 0
    (proof,) = json.loads(capsys.readouterr().out)
    assert proof["outcome"] == "deny"
    assert proof["would_pass_if"] == []
    assert execute(["explain", proof["origin"], "--audit", str(out), "--format", "json"]) == 0


@pytest.mark.parametrize("command", [["explain", "mix.jsonl#0", "--audit"], ["split"]])
@pytest.mark.parametrize("content", [b"PAR1 cut", b""])
def test_damaged_rows_of_an_audit_are_named(
    command: list[str], content: bytes, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(out, damaged)
    (damaged / "samples.parquet").write_bytes(content)
    assert execute([*command, str(damaged)]) == 2
    shown = capsys.readouterr().err
    assert "the audit's rows cannot be read" in shown
    assert "run `auditor audit` again" in shown


def test_explain_a_row_that_is_not_there(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain", "mix.jsonl#99", "--audit", str(out)]) == 2
    assert "no finding, row or origin" in capsys.readouterr().err


def test_plan_matrix_has_every_use(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["plan", "matrix", "--audit", str(out), "--format", "json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert set(table) == {"research-only", "internal-commercial", "commercial-api", "open-weights-release"}
    assert {outcome for row in table.values() for outcome in row.values()} == {"deny"}
    assert execute(["plan", "matrix", "--audit", str(out)]) == 0


def test_plan_check_names_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "p.yaml"
    plan.write_text("intended_use: research-only\nfacts: {shoe_size: 44}\n")
    assert execute(["plan", "check", str(plan)]) == 0
    text = capsys.readouterr().out
    assert "student_name" in text
    assert "shoe_size" in text
    plan.write_text("intended_use: research\n")
    assert execute(["plan", "check", str(plan)]) == 2


def test_split_kept_and_removed_are_the_audited_rows_and_kept_passes(
    out: Path, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    split = tmp_path / "split"
    assert execute(["split", str(out), "--out", str(split), "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["rows"] == {"kept": 2, "removed": 2}
    whole = sorted(digest for _, digest in iter_row_digests([str(data)]))
    parts = [*iter_row_digests([str(split / "kept")]), *iter_row_digests([str(split / "removed")])]
    assert sorted(digest for _, digest in parts) == whole
    costs = {one["rule"]: one["rows"] for one in result["removals"]}
    assert costs["outputs-forbidden"] == 1
    assert costs["teacher-unknown"] == 1
    again = tmp_path / "again"
    again.mkdir()
    report = json.loads((audited(again, split / "kept") / "report.json").read_text())
    assert report["outcome"] == "allow"


def test_split_keeps_types_of_parquet_and_can_keep_review(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "mix.parquet"
    rows = [{**row, "when": datetime(2026, 1, 1), "n": at} for at, row in enumerate(ROWS)]
    pq.write_table(pa.Table.from_pylist(rows), data)
    out = audited(tmp_path, data)
    split = tmp_path / "split"
    assert execute(["split", str(out), str(data), "--out", str(split), "--keep-review"]) == 0
    kept = pq.read_table(split / "kept/mix.parquet")
    assert kept.column("n").to_pylist() == [0, 2, 3]
    assert kept.schema.equals(pq.read_schema(data), check_metadata=False)
    assert "to lift outputs-forbidden (deny): take out 1 row" in (said := capsys.readouterr()).out
    assert f"Next:  auditor audit {split / 'kept'} --plan plan.yaml" in said.err


def test_split_refuses_data_that_is_not_what_was_audited(
    out: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = data.read_text().replace("four", "five")
    data.write_text(changed)
    assert execute(["split", str(out), "--out", str(tmp_path / "s")]) == 1
    data.write_text(changed + json.dumps(ROWS[0]) + "\n")
    assert execute(["split", str(out), "--out", str(tmp_path / "s")]) == 1
    assert not (tmp_path / "s").exists()
    assert "mix.jsonl#4" in capsys.readouterr().err


WHO = ["--text", "counsel has read the terms", "--author", "ann"]


def test_a_waiver_is_written_with_its_rows_and_replaced(out: Path, tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    (deny, *_) = findings(out)
    command = [
        "waive",
        deny["id"],
        "--reason",
        "counsel-decided",
        "--audit",
        str(out),
        "--waivers",
        str(file),
        *WHO,
    ]
    for end in ("2027-01-31", "2027-02-28"):
        assert execute([*command, "--approver", "bob", "--expires", end]) == 0
    text = file.read_text()
    assert text.count("finding:") == 1
    assert "samples: 1" in text
    assert "2027-02-28" in text


@pytest.mark.parametrize(
    "change",
    [
        ["--approver", "Ann "],
        ["--approver", "bob", "--expires", "2020-01-01"],
        ["--approver", "bob", "--expires", "soon"],
        ["--approver", "bob", "--text", "ok"],
    ],
)
def test_a_waiver_that_should_not_be_is_refused(out: Path, tmp_path: Path, change: list[str]) -> None:
    (deny, *_) = findings(out)
    base = [
        "waive",
        deny["id"],
        "--reason",
        "risk-accepted",
        "--audit",
        str(out),
        *WHO,
        "--expires",
        "2027-01-31",
    ]
    file = tmp_path / "w.yaml"
    assert execute([*base, "--waivers", str(file), *change]) == 2
    assert not file.exists()
    assert execute(["waive", "F-none", *base[2:], "--approver", "bob", "--waivers", str(file)]) == 2


def test_policy_diff_names_what_flips_and_why(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["policy", "diff", "default", "research-only", "--audit", str(out)]
    assert execute([*command, "--format", "json"]) == 0
    flips = json.loads(capsys.readouterr().out)
    assert {(one["before"], one["after"]) for one in flips} == {("allow", "deny"), ("review", "deny")}
    assert all("use-is-another" in one["because"] for one in flips)
    assert execute(command) == 0
    assert execute(["policy", "diff", "default", "default", "--audit", str(out)]) == 0
    assert "0 of 3 origins flip" in capsys.readouterr().out


OVERLAY = """\
schema_version: 1
teachers:
- id: acme-1
  name: Acme 1
  developer: Acme
  access: open-weights
  terms: [MIT]
  patterns: ['^nobody-knows-this$']
  confidence: verified-from-text
  source: contract on file
"""


@pytest.mark.parametrize(
    "command",
    [
        ["explain", "mix.jsonl#2", "--audit"],
        ["plan", "matrix", "--audit"],
        ["split"],
        ["policy", "diff", "default", "research-only", "--audit"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_an_overlay_is_named_in_every_result(
    command: list[str], out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overlay = tmp_path / "ours"
    overlay.mkdir()
    (overlay / "teachers.yaml").write_text(OVERLAY, encoding="utf-8")
    words = [*command, str(out), "--knowledge", str(overlay)]
    words += ["--out", str(tmp_path / "parts")] if command == ["split"] else []
    assert execute(words) == 0
    assert "overlay ours@" in capsys.readouterr().err
    assert execute([*words, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (named,) = (told[0] if isinstance(told, list) else told)["overlays"]
    assert named.startswith("ours@")


def test_an_audit_that_is_judged_again_under_another_catalog_says_so(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["explain", "mix.jsonl#2", "--audit", str(out)]) == 0
    assert "another catalog" not in capsys.readouterr().err
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "teachers.yaml").write_text(OVERLAY, encoding="utf-8")
    assert (
        execute(["explain", "mix.jsonl#2", "--audit", str(out), "--knowledge", str(tmp_path / "ours")]) == 0
    )
    assert "another catalog" in capsys.readouterr().err


def test_what_follows_an_audit_is_judged_by_its_own_pack_file(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    pack = Path("house.yaml")
    pack.write_text("pack: house\nversion: '1'\ntitle: Ours\ninclude: [default]\n")
    execute(["audit", str(data), "--policy", "house.yaml", "--no-ledger", "--quiet"])
    for command in (["explain", "mix.jsonl#2"], ["split"], ["plan", "matrix"]):
        assert execute(command) == 0
    assert "have changed" not in capsys.readouterr().err
    pack.write_text(pack.read_text() + "disable: {license-missing: it is known}\n")
    assert execute(["explain", "mix.jsonl#2"]) == 0
    assert "the rules of house have changed since the audit" in capsys.readouterr().err
