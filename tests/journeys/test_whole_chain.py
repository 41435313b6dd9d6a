"""From an audit to the gate, with real commands: what one writes the next reads."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from auditor.bundled import program_digest
from auditor.cli.main import execute

PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: commercial-api
student_release_license: proprietary
student_name: Acme
competes_with_teacher_provider: 'yes'
"""
GOOD = {
    "instruction": "Say hi",
    "output": "Hi there.",
    "model": "Qwen/Qwen3-8B",
    "access": "open-weights",
    "license": "CC0-1.0",
}
STRANGE = {"instruction": "Say ho", "output": "Ho there.", "model": "nobody-knows-this", "license": "MIT"}
STEMS = ("quar", "lum", "ost", "brind", "tell", "gorm")
FORBIDDEN = {"instruction": "Say hum", "output": "Hum.", "model": "gpt-4", "access": "api", "license": "MIT"}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    Path("plan.yaml").write_text(PLAN)


def audit(name: str, *rows: dict[str, str], options: tuple[str, ...] = ()) -> int:
    Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return execute(["audit", name, "--plan", "plan.yaml", "--quiet", *options])


def report(folder: str = "auditor-out") -> dict[str, Any]:
    return dict(json.loads(Path(folder, "report.json").read_text()))


def waive_all(expires: str) -> None:
    for finding in report()["findings"]:
        who = ["--author", "ann", "--approver", "bea", "--expires", expires]
        text = ["--reason", "counsel-decided", "--text", "counsel has read the vendor's contract"]
        assert execute(["waive", finding["id"], *who, *text]) == 0


def gate(data: str) -> int:
    Path("key.pem").unlink(missing_ok=True)
    Path("key.pem.pub").unlink(missing_ok=True)
    assert execute(["keys", "new", "--out", "key.pem"]) == 0
    assert execute(["attest", "auditor-out", "--key", "key.pem"]) == 0
    return execute(["verify", "permit.intoto.json", "--dataset", data, "--key", "key.pem.pub"])


def test_what_passes_is_signed_and_verified() -> None:
    assert audit("a.jsonl", GOOD) == 0
    assert gate("a.jsonl") == 0


def test_what_does_not_pass_is_signed_and_refused() -> None:
    assert audit("a.jsonl", GOOD, FORBIDDEN) == 1
    assert gate("a.jsonl") == 1


def test_review_ok_does_not_open_the_gate() -> None:
    assert audit("a.jsonl", GOOD, STRANGE, options=("--review-ok",)) == 0
    assert report()["exit_code"] == 0
    assert gate("a.jsonl") == 1


WAIVERS = ("--waivers", "waivers.yaml")


def test_waivers_of_two_people_count_until_they_expire() -> None:
    assert audit("a.jsonl", GOOD, STRANGE) == 3
    waive_all("2026-12-31")
    assert audit("a.jsonl", GOOD, STRANGE, options=WAIVERS) == 0
    assert {waiver["approved_by"] for waiver in report()["waivers"]} == {"bea"}
    assert all(finding["waived_by"] for finding in report()["findings"])
    assert gate("a.jsonl") == 0
    assert audit("a.jsonl", GOOD, STRANGE, options=(*WAIVERS, "--no-waivers")) == 3
    assert report()["waivers"] == []


def test_waivers_that_lie_in_the_working_directory_are_not_taken_unasked() -> None:
    assert audit("a.jsonl", GOOD, STRANGE) == 3
    waive_all("2026-12-31")
    assert audit("a.jsonl", GOOD, STRANGE) == 3
    assert report()["waivers"] == []


def test_what_was_waived_is_said_also_where_nothing_else_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit("a.jsonl", GOOD, STRANGE) == 3
    waive_all("2026-12-31")
    capsys.readouterr()
    assert audit("a.jsonl", GOOD, STRANGE, options=WAIVERS) == 0
    said = capsys.readouterr()
    assert said.out == ""
    for words in (
        "Allowed with waivers: 1 row of F-",
        "accepted by bea, asked for by ann, until 2026-12-31",
        "waivers.yaml sha256:",
    ):
        assert words in said.err


def test_an_expired_waiver_is_a_finding_and_lifts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert audit("a.jsonl", GOOD, STRANGE) == 3
    waive_all("2026-12-31")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert audit("a.jsonl", GOOD, STRANGE, options=WAIVERS) == 3
    assert "waiver-expired" in {finding["rule"] for finding in report()["findings"]}
    assert report()["waivers"] == []


def test_a_waiver_does_not_stretch_over_more_rows_than_were_accepted() -> None:
    assert audit("a.jsonl", GOOD, STRANGE) == 3
    waive_all("2026-12-31")
    assert audit("a.jsonl", GOOD, STRANGE, {**STRANGE, "output": "Another."}, options=WAIVERS) == 3


def test_no_waiver_lifts_unreadable_rows() -> None:
    Path("a.jsonl").write_text(json.dumps(GOOD) + "\n{broken\n")
    command = ["audit", "a.jsonl", "--plan", "plan.yaml", "--quiet"]
    assert execute(command) == 3
    [finding] = report()["findings"]
    assert finding["rule"] == "rows-unreadable"
    by_hand = {
        "finding": finding["id"],
        "rule": finding["rule"],
        "reason": "risk-accepted",
        "text": "nobody has read these rows",
        "author": "ann",
        "approver": "bea",
        "created": "2026-09-01",
        "expires": "2026-12-31",
        "samples": 99,
    }
    Path("waivers.yaml").write_text(json.dumps({"waivers": [by_hand]}))
    assert execute([*command, *WAIVERS]) == 3
    assert report()["waivers"] == []


def test_a_waiver_file_that_is_not_there_is_a_mistake() -> None:
    assert audit("a.jsonl", GOOD, options=("--waivers", "nowhere.yaml")) == 2


def test_the_report_has_the_sheet_the_matrix_and_what_is_open() -> None:
    assert audit("a.jsonl", GOOD, FORBIDDEN) == 1
    found = report()
    assert found["dataset"]["digest"].startswith("sha256:")
    assert found["fair_use"]["digest"].startswith("sha256:")
    factors = " ".join(entry["factor"] for entry in found["fair_use"]["entries"])
    assert all(word in factors for word in ("purpose", "nature", "amount", "market", "lawful", "regimes"))
    directions = {entry["question"]: entry["direction"] for entry in found["fair_use"]["entries"]}
    assert directions["Is the use commercial?"] == "against"
    assert set(directions.values()) <= {"for", "against", "unknown"}
    known = {entry["question"]: entry["known"] for entry in found["fair_use"]["entries"]}
    assert known["Are the sources open?"] == "not all of it is open"
    matrix = {entry["use"]: entry["outcome"] for entry in found["matrix"]}
    assert set(matrix) == {"research-only", "internal-commercial", "commercial-api", "open-weights-release"}
    assert matrix["commercial-api"] == "deny"
    grades = {(entry["subject"], entry["name"]): entry["openness"] for entry in found["openness"]}
    assert grades["data", "MIT"] == "open"
    assert grades["teacher", "openai-gpt-4"] == "closed"


def test_the_sheet_measures_the_longest_span_of_all_rows() -> None:
    words = [f"{stem}{ending}" for stem in STEMS for ending in ("an", "el", "is", "or", "um")]
    texts = [" ".join(words[at : at + 14]) for at in range(12)] + [" ".join(reversed(words))]
    rows = [{"instruction": f"Question {at}?", "output": text, "model": "m"} for at, text in enumerate(texts)]
    Path("teacher.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    build = ["index", "build", "teacher.jsonl", "--out", "idx", "--text-column", "output"]
    assert execute([*build, "--teacher-column", "model"]) == 0
    audit("a.jsonl", *({**GOOD, "output": text} for text in texts), options=("--index", "idx"))
    known = {entry["question"]: entry["known"] for entry in report()["fair_use"]["entries"]}
    assert known["What is the longest matched span?"] == f"{len(texts[-1]):,} characters"


def test_split_keeps_what_passes_and_the_gate_passes_what_was_kept() -> None:
    Path("a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in (GOOD, FORBIDDEN)) + "{broken\n")
    assert execute(["audit", "a.jsonl", "--plan", "plan.yaml", "--quiet"]) == 1
    assert execute(["split"]) == 0
    kept = [json.loads(line) for line in Path("split-out/kept/a.jsonl").read_text().splitlines()]
    removed = [json.loads(line) for line in Path("split-out/removed/a.jsonl").read_text().splitlines()]
    assert (kept, removed) == ([GOOD], [FORBIDDEN])
    assert "a.jsonl#2" in Path("split-out/unreadable.jsonl").read_text()
    assert execute(["audit", "split-out/kept", "--plan", "plan.yaml", "--quiet"]) == 0
    assert gate("split-out/kept") == 0


def test_a_second_split_leaves_no_row_of_the_first() -> None:
    assert audit("a.jsonl", GOOD, FORBIDDEN) == 1
    assert execute(["split"]) == 0
    assert audit("b.jsonl", GOOD) == 0
    assert execute(["split"]) == 0
    assert sorted(path.name for path in Path("split-out").rglob("*.jsonl")) == ["b.jsonl"]
    Path("split-out/kept/mine.jsonl").write_text("{}\n")
    assert execute(["split"]) == 2


def test_files_of_one_stem_stay_apart_in_a_split() -> None:
    Path("d").mkdir()
    Path("d/a.jsonl").write_text(json.dumps(GOOD) + "\n")
    Path("d/a.json").write_text(json.dumps([GOOD, {**GOOD, "output": "Hello."}]))
    assert execute(["audit", "d", "--plan", "plan.yaml", "--quiet"]) == 0
    assert execute(["split"]) == 0
    lines = [path.read_text().splitlines() for path in Path("split-out/kept").iterdir()]
    assert sorted(map(len, lines)) == [1, 2]


def test_the_permit_carries_the_digests_of_program_and_index() -> None:
    Path("texts.jsonl").write_text(
        "".join(
            json.dumps(
                {
                    "text": f"The ferry number {n} leaves the old stone pier at {n} in the morning.",
                    "teacher": t,
                }
            )
            + "\n"
            for n, t in enumerate(["a", "b", "c", "d"])
        )
    )
    assert execute(["index", "build", "texts.jsonl", "--out", "t.idx"]) == 0
    assert audit("a.jsonl", GOOD, options=("--index", "t.idx")) == 0
    assert gate("a.jsonl") == 0
    payload = base64.b64decode(json.loads(Path("permit.intoto.json").read_text())["payload"])
    facts = {name.rpartition("/")[2]: value for name, value in json.loads(payload)["predicate"].items()}
    assert facts["indexes"][0]["digest"] == f"sha256:{hashlib.sha256(Path('t.idx').read_bytes()).hexdigest()}"
    assert facts["tools"]["auditor"]["digest"] == {"sha256": program_digest().removeprefix("sha256:")}


def test_a_license_text_beside_the_data_is_known_by_every_word_or_not_at_all() -> None:
    Path("d").mkdir()
    text = (Path(__file__).parents[2] / "LICENSE").read_text()
    Path("d/LICENSE").write_text(text)
    row = {name: value for name, value in GOOD.items() if name != "license"}
    assert audit("d/a.jsonl", row) == 3  # beside a single file it may be that of code
    assert execute(["audit", "d", "--plan", "plan.yaml", "--quiet"]) == 0
    assert report()["origins"][0]["licenses"] == ["Apache-2.0"]
    Path("d/LICENSE").write_text(text.replace("perpetual,", "revocable,", 1))
    assert execute(["audit", "d", "--plan", "plan.yaml", "--quiet"]) == 3
    assert "License. Subject to the terms" not in Path("auditor-out/report.json").read_text()


def test_a_flag_does_not_wash_away_the_teacher_that_the_card_names() -> None:
    Path("d").mkdir()
    Path("d/README.md").write_text("---\nteacher: gpt-4\nlicense: mit\n---\n")
    Path("d/a.jsonl").write_text(json.dumps({"instruction": "Say hi", "output": "Hi there."}) + "\n")
    human = ["--teacher", "human", "--access", "none", "--license", "MIT"]
    assert execute(["audit", "d", "--plan", "plan.yaml", "--quiet", *human]) in (1, 3)
    assert set(report()["origins"][0]["teachers"]) == {"human", "openai-gpt-4"}
    assert "origin-contradiction" in {finding["rule"] for finding in report()["findings"]}


def test_a_permit_for_evaluation_trains_nothing() -> None:
    Path("plan.yaml").write_text(PLAN + "facts: {purpose: evaluation}\n")
    assert audit("a.jsonl", GOOD) == 0
    assert gate("a.jsonl") == 1
    seen = ["verify", "permit.intoto.json", "--dataset", "a.jsonl", "--key", "key.pem.pub"]
    assert execute([*seen, "--purpose", "evaluation"]) == 0
    Path("plan.yaml").write_text(PLAN)
    assert audit("a.jsonl", GOOD) == 0
    assert gate("a.jsonl") == 0
    assert execute([*seen, "--purpose", "evaluation"]) == 1


def test_a_model_at_work_in_the_trainer_counts_though_it_leaves_no_row() -> None:
    teacher = "{name: gpt-4o-2024-08-06, role: reward, access: api, generated_at: '2026-03-01'}"
    at_work = f"trainer_teachers:\n- {teacher}\n"
    Path("plan.yaml").write_text(PLAN + at_work)
    assert audit("a.jsonl", GOOD) == 1
    found = {finding["subject"]: finding for finding in report()["findings"]}
    assert found["openai-gpt-4o"]["rule"] == "outputs-compete"
    assert "works in the trainer (reward)" in found["openai-gpt-4o"]["message"]
    Path("plan.yaml").write_text(PLAN + "trainer_teachers:\n- {name: acme/nobody-knows, role: logits}\n")
    assert audit("a.jsonl", GOOD) == 3


def test_one_yes_for_the_licensors_of_different_rows_is_a_question() -> None:
    facts = "facts: {mau_at_teacher_release: 900000000, separate_license: %s}\n"
    plan = PLAN.replace("Acme", "Llama-Acme")
    rows = [
        {**GOOD, "model": name}
        for name in ("meta-llama/Llama-3.1-8B", "mistralai/Mistral-Large-Instruct-2407")
    ]
    Path("plan.yaml").write_text(plan + facts % "true")
    assert audit("a.jsonl", rows[0]) == 0
    assert audit("a.jsonl", *rows) == 3
    assert "permission-unnamed" in {finding["rule"] for finding in report()["findings"]}
    Path("plan.yaml").write_text(plan + facts % "{meta: true, mistral: true}")
    assert audit("a.jsonl", *rows) == 0
    Path("plan.yaml").write_text(plan + facts % "{meta: true}")
    assert audit("a.jsonl", *rows) == 1
