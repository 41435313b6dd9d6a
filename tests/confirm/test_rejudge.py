"""Every honest audit is signed, whatever it found: by its ledger entry and by its rows."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from audited import OVERLAY

from auditor.cli.main import execute
from auditor.domain.outcome import Outcome

PACKS = (
    "default",
    "commercial-api",
    "research-only",
    "internal-commercial",
    "open-weights-release",
    "eu-placement",
    "fair-use-review",
    "teachers-allowed",
    "weights-only",
    "disclosed-only",
)
TEXT = "A lantern drifts over the quiet harbor while nine gulls argue about the last copper herring."
PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: commercial-api
student_release_license: proprietary
student_name: Acme
competes_with_teacher_provider: 'no'
"""
VERY_OWN = {"prompt": "Say hi", "completion": "Hi there my friend, how do you do today?"}
GPT = VERY_OWN | {"model": "gpt-4o", "access": "api", "generated_at": "2026-01-05", "license": "CC0-1.0"}
QWEN = VERY_OWN | {"model": "Qwen/Qwen3-8B", "access": "open-weights", "license": "CC0-1.0"}
UNKNOWN = {"prompt": "Say ho", "completion": TEXT, "model": "nobody-knows-this", "license": "CC-BY-NC-4.0"}
ROWS = (GPT, QWEN, UNKNOWN, {"prompt": "Say hum", "completion": TEXT})


def _lines(name: str, *rows: object) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))


def _rows() -> None:
    _lines("data/a.jsonl", *ROWS)


def _one() -> None:
    _lines("data/a.jsonl", GPT)


def _good() -> None:
    _lines("data/a.jsonl", *(QWEN | {"prompt": f"Say {number}"} for number in range(3)))


def _broken_rows() -> None:
    _lines("data/a.jsonl", *ROWS, "{", '{"prompt": 1}', "[]")


def _broken_file() -> None:
    _rows()
    Path("data/b.parquet").write_bytes(b"PAR1 no parquet PAR1")
    Path("data/c.jsonl.gz").write_bytes(b"no gzip")


def _unread() -> None:
    _rows()
    Path("data/more.xlsx").write_bytes(b"PK")
    Path("data/book.pdf").write_bytes(b"%PDF")


def _prose() -> None:
    _lines("data/a.jsonl", *(row | {"notes": f"{TEXT} {TEXT}"} for row in ROWS))


def _sources() -> None:
    _lines("data/a.jsonl", *(ROWS[at % 4] | {"origin": f"site {at}"} for at in range(300)))


def _trainer_teachers() -> None:
    _rows()
    Path("plan.yaml").write_text(
        f"{PLAN}trainer_teachers:\n- {{name: acme/secret, role: logits, access: open-weights}}\n"
        "- {name: openai-gpt-4o, role: reward, access: api, generated_at: '2026-03-01'}\n"
    )


def _evaluation() -> None:
    _rows()
    Path("plan.yaml").write_text(f"{PLAN}facts: {{purpose: evaluation}}\n")


def _permission() -> None:
    _rows()
    Path("plan.yaml").write_text(f"{PLAN}facts: {{teacher_permission: 'yes', distributed: 'yes'}}\n")


def _wrapped() -> None:
    Path("data").mkdir()
    Path("data/a.json").write_text(json.dumps({"license": "MIT", "model": "gpt-4o", "data": list(ROWS)}))


def _labels_and_card() -> None:
    Path("data").mkdir()
    Path("data/README.md").write_text("---\nlicense: cc-by-sa-4.0\n---\n# A set\nMade with GPT-4.\n")
    Path("data/LICENSE").write_text("MIT License\n")
    table = pa.Table.from_pylist([dict.fromkeys(GPT, None) | row for row in ROWS])
    pq.write_table(table, "data/a.parquet")


def _chat() -> None:
    talk = [{"role": "system", "content": "Be good."}, {"role": "user", "content": "Say hi"}]
    answers = ({"role": "assistant", "content": row["completion"]} for row in ROWS)
    _lines("data/a.jsonl", *({"messages": [*talk, one], "model": "gpt-4o"} for one in answers))


def _registry() -> None:
    _prose()
    entry = {
        "file_name": "a.jsonl",
        "columns": {"prompt": "prompt", "query": "notes", "response": "completion"},
    }
    Path("dataset_info.json").write_text(json.dumps({"mine": entry}))


Options = tuple[str, ...]
KINDS: dict[str, tuple[Callable[[], None], Options]] = {
    "one row of an API": (_one, ()),
    "rows that may pass": (_good, ()),
    "teachers of many kinds": (_rows, ()),
    "waivers": (_rows, ()),
    "a map": (_prose, ("--map", "ignore=notes", "--map", "learned=completion", "--map", "prompt=prompt")),
    "a trainer's file as a map": (_registry, ("--map-from", "dataset_info.json", "--map", "judge=model")),
    "unreadable rows": (_broken_rows, ()),
    "unreadable files": (_broken_file, ()),
    "unread files": (_unread, ()),
    "prose that was not judged": (_prose, ()),
    "sources that were not judged": (_sources, ()),
    "a part of the set": (_rows, ("--sample", "2")),
    "teachers of the trainer": (_trainer_teachers, ()),
    "rows for evaluation": (_evaluation, ()),
    "a permission given": (_permission, ()),
    "rows wrapped in an object": (_wrapped, ()),
    "a card and a license": (_labels_and_card, ()),
    "conversations": (_chat, ("--shape", "messages")),
    "words on the whole set": (
        _rows,
        ("--teacher", "gpt-4o", "--access", "api", "--license", "MIT", "--generated-at", "2026-01"),
    ),
    "an overlay of the catalog": (_rows, ("--knowledge", "ours")),
    "no plan": (_rows, ()),
}


@pytest.fixture(autouse=True)
def _workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    for name in ("AUDITOR_KEY_PASSWORD", "AUDITOR_LEDGER"):
        monkeypatch.delenv(name, raising=False)
    for name in ("ci", "bea"):
        execute(["keys", "new", "--out", name])
    Path("plan.yaml").write_text(PLAN)
    Path("ours").mkdir()
    Path("ours/teachers.yaml").write_text(OVERLAY)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An index of the one text of a teacher that some rows copy."""
    folder = tmp_path_factory.mktemp("index")
    (folder / "teacher.jsonl").write_text(json.dumps({"text": TEXT, "teacher": "gpt4_1106_preview"}) + "\n")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        assert execute(["index", "build", "teacher.jsonl", "--out", "t.idx"]) == 0
    return (folder / "t.idx").read_bytes()


def _waived(audit: list[str]) -> Iterator[str]:
    """Waive all that an audit finds, signed by another person; yield the options that take it."""
    execute([*audit, "--no-ledger"])
    who = ["--author", "ann", "--approver", "bea", "--expires", "2026-12-31"]
    text = ["--reason", "counsel-decided", "--text", "counsel has read the contract"]
    for finding in json.loads(Path("out/report.json").read_text())["findings"]:
        execute(["waive", finding["id"], "--audit", "out", *who, *text])
    execute(["waive", "approve", "waivers.yaml", "--key", "bea"])
    yield from ("--waivers", "waivers.yaml", "--approver-key", "bea.pub")


def _stated() -> dict[str, Any]:
    payload = json.loads(base64.b64decode(json.loads(Path("p.intoto.json").read_text())["payload"]))
    return {name.rpartition("/")[2]: value for name, value in payload["predicate"].items()}


def _audited(kind: str, pack: str, *options: str) -> bool:
    """Audit the rows of a kind; tell whether a permit for them says PASSED."""
    write, own = KINDS[kind]
    write()
    asked = ["audit", "data", "--policy", pack, "--no-config", "--out", "out", "--quiet", *own, *options]
    asked += [] if kind == "no plan" else ["--plan", "plan.yaml"]
    if kind == "waivers":
        asked += _waived([one for one in asked if one != "--ledger" and one != "l.db"])
    code = execute(asked)
    return code == 0 and Outcome(json.loads(Path("out/report.json").read_text())["outcome"]).passes


def _signed(passes: bool, evidence: str, *options: str) -> None:
    """Sign the audit; the permit says what the audit says and what it was held against."""
    assert execute(["attest", "out", "--key", "ci", "--out", "p.intoto.json", *options]) == 0
    stated = _stated()
    assert stated["verificationResult"] == ("PASSED" if passes else "FAILED")
    assert stated["evidence"] == evidence


def _some() -> Iterator[Any]:
    """Yield each kind under two packs, the second one slow, and each pack with one row of an API."""
    for (at, kind), (where, pack) in product(enumerate(KINDS), enumerate(PACKS)):
        if at == 0 or where in (at % 7, (at + 3) % 7):
            marks = () if at == 0 or where == at % 7 else pytest.mark.slow
            given = (kind, pack, (at + where) % 2 == 0, (at + where) % 3 == 0)
            yield pytest.param(*given, id=f"{kind}, {pack}", marks=marks)


@pytest.mark.parametrize(("kind", "pack", "indexed", "ledger"), _some())
def test_every_honest_audit_is_signed(
    kind: str, pack: str, indexed: bool, ledger: bool, request: pytest.FixtureRequest
) -> None:
    options = ("--index", "t.idx") if indexed else ()
    if indexed:
        Path("t.idx").write_bytes(request.getfixturevalue("index"))
    part = kind == "a part of the set"
    if ledger:
        passes = _audited(kind, pack, *options, "--ledger", "l.db")
        _signed(passes, "ledger", "--ledger", "l.db")
        _signed(passes, "ledger" if part else "rows", "--ledger", "l.db", "--dataset", "data")
    else:
        passes = _audited(kind, pack, *options, "--no-ledger")
        _signed(passes, "report-only" if part else "rows")
