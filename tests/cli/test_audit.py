"""`auditor audit` from outside: files, exit codes, what it says, what it never does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.cli.main import execute

PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: %s
student_release_license: %s
student_name: Acme
competes_with_teacher_provider: '%s'
"""


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


def rows(name: str, *entries: dict[str, object] | str) -> str:
    lines = [entry if isinstance(entry, str) else json.dumps(entry) for entry in entries]
    Path(name).write_text("\n".join(lines) + "\n")
    return name


def plan(use: str = "commercial-api", release: str = "proprietary", competes: str = "yes") -> list[str]:
    Path("plan.yaml").write_text(PLAN % (use, release, competes))
    return ["--plan", "plan.yaml"]


def report() -> dict[str, object]:
    return json.loads(Path("auditor-out/report.json").read_text())


QWEN = {"instruction": "Say hi", "output": "Hi there.", "model": "Qwen/Qwen3-8B", "access": "open-weights"}
MINE = {"instruction": "Say hi", "output": "Hi there."}


def test_what_was_switched_off_or_replaced_is_said() -> None:
    Path("house.yaml").write_text(
        "pack: house\nversion: '1'\ntitle: t\ninclude: [default]\ndisable: {outputs-compete: we asked}\n"
    )
    Path("ours").mkdir()
    Path("ours/teachers.yaml").write_text(
        "schema_version: 1\nread_on: '2026-11-24'\nteachers:\n- {id: openai-gpt-4, name: GPT-4, developer: "
        "OpenAI, access: api, terms: [Apache-2.0], confidence: verified-from-text, source: s}\n"
    )
    execute(["audit", rows("a.jsonl", QWEN), "--policy", "house.yaml", "--knowledge", "ours"])
    switched, replaced, catalog = report()["notes"]
    assert "NOT the shipped catalog: replaces teacher openai-gpt-4" in catalog
    assert "house switches the rule outputs-compete off: we asked" in switched
    assert "overlay ours@" in replaced
    assert "switches the rule outputs-compete off" in Path("auditor-out/summary.md").read_text()


def test_without_any_option_it_answers_and_leaves_the_whole_folder() -> None:
    assert execute(["audit", rows("a.jsonl", MINE)]) == 3
    folder = {path.name for path in Path("auditor-out").iterdir()}
    assert {
        "report.html",
        "report.json",
        "summary.md",
        "samples.parquet",
        "findings.sarif",
        "junit.xml",
    } <= folder
    found = report()
    assert found["schema"] == "auditor.report/v2"
    assert found["outcome"] == "review"
    assert "origin-undeclared" in [f["rule"] for f in found["findings"]]
    assert found["coverage"]["searched_rows"] == 0
    assert any("No index" in text for text in found["coverage"]["not_searched"])
    assert Path(".auditor/ledger.db").is_file()


def test_permitted_teacher_and_license_pass() -> None:
    code = execute(["audit", rows("a.jsonl", QWEN | {"license": "Apache-2.0"}), *plan()])
    assert (code, report()["outcome"]) == (0, "allow")


@pytest.mark.parametrize(("rejected", "code"), [({"rejected_model": "Qwen/Qwen3-8B"}, 0), ({}, 3)])
def test_a_pair_passes_only_with_an_origin_for_each_side(rejected: dict[str, str], code: int) -> None:
    pair = {"prompt": "Say hi", "chosen": "Hi.", "rejected": "No.", "chosen_model": "Qwen/Qwen3-8B"}
    said = {"access": "open-weights", "license": "MIT"}
    assert execute(["audit", rows("a.jsonl", pair | said | rejected), *plan()]) == code
    assert ("origin-undeclared" in [f["rule"] for f in report()["findings"]]) is bool(code)
    assert pq.read_table("auditor-out/samples.parquet").num_rows == 1


def test_a_permissive_license_does_not_wash_the_teachers_terms() -> None:
    flags = ["--teacher", "gpt-4", "--access", "api", "--license", "MIT"]
    assert execute(["audit", rows("a.jsonl", MINE), *plan(), *flags]) == 1
    [finding, *_] = report()["findings"]
    assert finding["outcome"] == "deny"
    assert finding["clauses"][0]["ref"].startswith("Terms-OpenAI")
    row = pq.read_table("auditor-out/samples.parquet").to_pylist()[0]
    assert (row["basis"], row["teachers"], row["outcome"]) == ("flag", ["openai-gpt-4"], "deny")


def test_one_bad_row_is_named_and_costs_the_pass() -> None:
    good = QWEN | {"license": "Apache-2.0"}
    code = execute(["audit", rows("a.jsonl", good, '{"instruction": "cut of', good), *plan()])
    assert code == 3
    assert report()["dataset"]["samples"] == 2
    assert report()["dataset"]["unreadable"] == 1
    entry = json.loads(Path("auditor-out/unreadable.jsonl").read_text())
    assert (entry["sample_id"], entry["line"]) == ("a.jsonl#1", 2)
    assert "cut of" not in Path("auditor-out/report.json").read_text()


def test_a_whole_unreadable_file_is_exit_2_and_the_rest_is_still_reported() -> None:
    Path("data").mkdir()
    rows("data/a.jsonl", QWEN | {"license": "Apache-2.0"})
    Path("data/b.parquet").write_bytes(b"PAR1 not really PAR1")
    assert execute(["audit", "data", *plan()]) == 2
    assert report()["dataset"]["samples"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["audit", "nope.jsonl"], "nope.jsonl"),
        (["audit", "org/name"], "hf://org/name"),
        (["audit"], "no data was named"),
        (["audit", "empty.jsonl"], "no row"),
        (["audit", "a.jsonl", "--plan", "nope.yaml"], "nope.yaml"),
        (["audit", "a.jsonl", "--policy", "nope"], "nope"),
        (["audit", "a.jsonl", "--index", "nope.idx"], "nope.idx"),
        (["audit", "a.jsonl", "--access", "api"], "--teacher"),
        (["audit", "a.jsonl", "--teacher", "gpt-4", "--generated-at", "soon"], "not a date"),
        (["audit", "a.jsonl", "--format", "pdf"], "pdf"),
    ],
)
def test_a_mistake_is_exit_2_and_says_what_and_where(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows("a.jsonl", MINE)
    Path("empty.jsonl").touch()
    assert execute(arguments) == 2
    err = capsys.readouterr().err
    assert says in err
    assert "Traceback" not in err


def test_review_ok_exits_0_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["audit", rows("a.jsonl", MINE), "--review-ok"]) == 0
    assert "--review-ok" in capsys.readouterr().err


def test_a_sample_is_never_a_pass() -> None:
    good = QWEN | {"license": "Apache-2.0"}
    assert execute(["audit", rows("a.jsonl", good, good), *plan(), "--sample", "1"]) == 3
    assert report()["sampled"] is True


def test_an_output_folder_that_cannot_be_made_is_our_side() -> None:
    Path("taken").touch()
    assert execute(["audit", rows("a.jsonl", MINE), "--out", "taken/out"]) == 4


def test_the_same_input_gives_the_same_bytes() -> None:
    arguments = ["audit", rows("a.jsonl", QWEN, MINE), *plan()]
    assert execute([*arguments, "--out", "one", "--ledger", "l1.db"]) == 3
    first = {p.name: p.read_bytes() for p in Path("one").iterdir()}
    assert execute([*arguments, "--out", "one", "--ledger", "l2.db"]) == 3
    assert {p.name: p.read_bytes() for p in Path("one").iterdir()} == first


def test_no_row_text_reaches_the_reports() -> None:
    canary = "XYZZY-canary-PLUGH"
    row = QWEN | {"output": f"{canary} is the secret"}
    assert execute(["audit", rows("a.jsonl", row, MINE), *plan()]) == 3
    for path in Path("auditor-out").iterdir():
        assert canary.encode() not in path.read_bytes()


def test_stdout_is_the_chosen_format_alone(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    execute(["audit", rows("a.jsonl", MINE), "--format", "json"])
    assert json.loads(capfdbinary.readouterr().out)["schema"] == "auditor.report/v2"


def test_what_an_earlier_audit_left_is_no_data() -> None:
    rows("a.jsonl", QWEN | {"license": "Apache-2.0"}, "{")
    assert [execute(["audit", ".", *plan()]) for _ in range(2)] == [3, 3]
    assert [file["path"] for file in report()["dataset"]["files"]] == ["a.jsonl"]
    assert execute(["split", "auditor-out", "--out", "parts"]) == 0
    assert execute(["audit", "parts/kept", *plan()]) == 0
    assert execute(["split", "auditor-out", "--out", "parts"]) == 2
    assert Path("parts/kept/a.jsonl").is_file()


def test_data_that_the_report_would_replace_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("set").mkdir()
    pq.write_table(pa.Table.from_pylist([QWEN]), "set/samples.parquet")
    assert execute(["audit", "set", "--out", "set"]) == 2
    assert "write over its data" in capsys.readouterr().err
    assert pq.read_table("set/samples.parquet").column_names == list(QWEN)


def test_a_match_makes_the_origin_known_and_columns_apart_are_named() -> None:
    known = "A lantern drifts over the quiet harbor while nine gulls argue about the last copper herring."
    rows("teacher.jsonl", {"text": known, "teacher": "gpt4_1106_preview"})
    build = ["index", "build", "teacher.jsonl", "--out", "t.idx", "--text-column", "text"]
    assert execute([*build, "--teacher-column", "teacher"]) == 0
    said = {"instruction": "Say", "output": known, "generator": "nobody-knows", "notes": f"Copied: {known}"}
    assert execute(["audit", rows("a.jsonl", said, said | {"output": "Hi."}), "--index", "t.idx"]) == 3
    coverage = report()["coverage"]
    counts = [coverage[name] for name in ("declared", "detected", "unknown_origin")]
    assert counts == [2, 1, 1]
    assert any(line.endswith("not compared: notes.") for line in coverage["not_searched"])
    execute(["audit", "a.jsonl", "--index", "t.idx", "--fpr", "0.000001"])
    assert [index["fpr"] for index in report()["indexes"]] == [0.0001], (
        "no rate is promised below the calibrated"
    )


def test_an_index_of_signatures_alone_contradicts_a_declaration_and_says_how_it_found_it() -> None:
    words = ["lantern", "harbor", "gull", "copper", "herring", "quiet", "drifts", "argue", "nine", "last"]
    known = [" ".join(words[(k * at + at // 7) % 10] + str(at % k) for at in range(40)) for k in (3, 7, 9)]
    rows("teacher.jsonl", *({"text": text, "teacher": "gpt4_1106_preview"} for text in known))
    build = ["index", "build", "teacher.jsonl", "--out", "t.idx", "--lanes", "minhash"]
    assert execute(build) == 0
    rows("a.jsonl", QWEN | {"output": known[0].upper()}, QWEN | {"output": "A text of its own. " * 9})
    for engine in ([], ["--jobs", "2"]):
        execute(["audit", "a.jsonl", "--index", "t.idx", *engine])
        assert report()["coverage"]["detected"] == 1
        [finding] = [one for one in report()["findings"] if one["rule"] == "origin-contradiction"]
        assert finding["evidence"][0]["note"] == "alike by signature (minhash)"
        assert finding["evidence"][0]["reference_id"] == "teacher.jsonl#0"
        assert "affine32" in report()["indexes"][0]["spec_id"]


def test_settings_come_from_the_file_and_a_flag_beats_them() -> None:
    rows("a.jsonl", QWEN | {"license": "Apache-2.0"})
    plan()
    Path("auditor.yaml").write_text("data: [a.jsonl]\nplan: plan.yaml\nout: elsewhere\n")
    assert execute(["audit"]) == 0
    assert Path("elsewhere/report.json").is_file()
    assert execute(["audit", "--out", "auditor-out"]) == 0


@pytest.mark.slow
def test_a_detected_copy_contradicts_the_declaration(shared: Path) -> None:
    data = shared / "data"
    build = [
        "index",
        "build",
        str(data / "detection/index.parquet"),
        "--out",
        "t.idx",
        "--text-column",
        "text",
    ]
    prompts = ["--prompts", str(data / "detection/prompts.parquet"), "--prompt-column", "prompt"]
    assert execute([*build, "--teacher-column", "teacher", *prompts]) == 0
    aligner = str(data / "datasets/aligner-2b-qwen1.5-72b.json")
    assert execute(["audit", aligner, "--index", "t.idx"]) in (1, 3)
    copied = [f for f in report()["findings"] if f["rule"] == "origin-contradiction"]
    assert sum(f["samples"] for f in copied if f["subject"] == "gpt4_1106_preview") >= 110
    table = pq.read_table("auditor-out/samples.parquet").to_pylist()
    exact = [row for row in table if row["match_teacher"] == "gpt4_1106_preview" and row["spans"]]
    assert len(exact) >= 110
    human = str(data / "datasets/gsm8k-train.jsonl")
    assert execute(["audit", human, "--index", "t.idx"]) == 3
    assert report()["coverage"]["detected"] <= 7
    assert "origin-undeclared" in [f["rule"] for f in report()["findings"]]


def test_an_audit_without_an_index_compiles_no_kernel() -> None:
    name = rows("rows.jsonl", {"instruction": "Name a color.", "output": "Blue."})
    script = (
        "import sys\n"
        "from auditor.cli.main import execute\n"
        f"code = execute(['audit', '{name}', '--quiet'])\n"
        "print(code, 'numba' in sys.modules)\n"
    )
    asked = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["3", "False"]


def test_an_audit_that_fails_leaves_no_report_of_an_earlier_run() -> None:
    name = rows("rows.jsonl", {"instruction": "Name a color.", "output": "Blue."})
    assert execute(["audit", name, "--quiet"]) == 3
    assert Path("auditor-out/report.json").is_file()
    Path(name).write_text("\n")
    assert execute(["audit", name, "--quiet"]) == 2
    assert not list(Path("auditor-out").glob("report.*"))


def test_a_link_that_leads_nowhere_is_named_and_hides_no_other_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "a.jsonl").write_text('{"prompt": "Ask", "completion": "Answer"}\n')
    (data / "b.jsonl").symlink_to(tmp_path / "nowhere.jsonl")
    assert execute(["audit", str(data), "--no-ledger", "--out", str(tmp_path / "out")]) == 2
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert report["dataset"]["samples"] == 1
    assert "b.jsonl" in capsys.readouterr().out


def test_what_is_declared_of_public_text_stands() -> None:
    text = (
        "Redistribution and use in source and binary forms, with or without modification, are permitted "
        "provided that the following conditions are met: Redistributions of source code must retain the "
        "above copyright notice, this list of conditions and the following disclaimer."
    )
    refs = rows("refs.jsonl", {"text": f"Sure! {text}", "teacher": "gpt-4"}, {"text": "a b", "teacher": "o3"})
    assert execute(["index", "build", refs, "--out", "refs.idx"]) == 0
    data = rows("a.jsonl", {"instruction": "Which terms?", "output": text})
    said = ["--teacher", "human", "--access", "none", "--license", "CC0-1.0"]
    execute(["audit", data, "--index", "refs.idx", *said, *plan()])
    made = report()
    assert (made["coverage"]["public_text"], made["coverage"]["detected"]) == (1, 0)
    assert [one["name"] for one in made["public"]] == ["shipped"]
    [note] = [one for one in made["findings"] if one["rule"] == "public-text"]
    assert (note["outcome"], note["evidence"][0]["note"]) == ("allow", "held by public:shipped")
    assert {one["rule"] for one in made["findings"]}.isdisjoint({"origin-contradiction", "origin-undeclared"})
    [row] = pq.read_table("auditor-out/samples.parquet").to_pylist()
    assert (row["match"], row["match_teacher"], row["public"]) == ("public-text", None, ["public:shipped"])
    assert row["teachers"] == ["human"]
    assert execute(["keys", "new", "--out", "k"]) == 0
    assert execute(["attest", "auditor-out", "--key", "k", "--out", "p.intoto.json"]) == 0
