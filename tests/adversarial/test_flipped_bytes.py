"""Bytes flipped in any file that is read: an exit code that fits, the place named, and never a wrong yes."""

from __future__ import annotations

import gzip
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
import zstandard

from auditor.cli.main import execute
from auditor.samples.rows import iter_row_digests
from tests.effort import tries

ROUNDS = tries(25)
ROWS = [
    {
        "prompt": f"How many is {at} and one?",
        "completion": f"It is {at + 1}.",
        "model": "Qwen/Qwen3-8B",
        "access": "open-weights",
        "license": "CC0-1.0",
    }
    for at in range(12)
]
PLAN = """student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: research-only
student_release_license: none
student_name: Acme
competes_with_teacher_provider: 'no'
"""


def jsonl(path: Path) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")


def wrapped(path: Path) -> None:
    path.write_text(json.dumps({"note": "x", "data": ROWS, "more": [1]}), encoding="utf-8")


def csv(path: Path) -> None:
    lines = [",".join(ROWS[0]), *(",".join(row.values()).replace(", ", " ") for row in ROWS)]
    path.write_text("\n".join(lines), encoding="utf-8")


def table() -> pa.Table:
    made = pa.Table.from_pylist(ROWS)
    made = made.append_column("d", pa.array([f"{at}.50" for at in range(12)]).cast(pa.decimal128(38, 2)))
    made = made.append_column("day", pa.array(list(range(12)), pa.int32()).cast(pa.date32()))
    return made.append_column("t", pa.array(list(range(12)), pa.timestamp("s")))


def arrow(path: Path) -> None:
    with pa.ipc.new_file(str(path), table().schema) as writer:
        writer.write_table(table())


def stream(path: Path) -> None:
    with pa.ipc.new_stream(str(path), table().schema) as writer:
        writer.write_table(table())


def packed(path: Path) -> None:
    jsonl(path)
    path.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def zipped(path: Path) -> None:
    jsonl(path)
    path.write_bytes(zstandard.ZstdCompressor(write_checksum=True).compress(path.read_bytes()))


CONTAINERS: dict[str, Callable[[Path], None]] = {
    "a.jsonl": jsonl,
    "a.json": wrapped,
    "a.csv": csv,
    "a.parquet": lambda path: pq.write_table(table(), path),
    "a.arrow": arrow,
    "b.arrow": stream,
    "a.jsonl.gz": packed,
    "a.jsonl.zst": zipped,
}


def flipped(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed) if dice.random() < 0.9 else bytes(changed[: dice.randrange(len(changed))])


def digests(path: Path) -> list[bytes] | None:
    try:
        return sorted(digest for _, digest in iter_row_digests([str(path)]))
    except Exception:
        return None


def told(capfd: pytest.CaptureFixture[str], code: int, what: str) -> str:
    shown = capfd.readouterr().err
    assert 0 <= code <= 4, what
    assert "internal error" not in shown, (what, shown)
    assert "Traceback" not in shown, (what, shown)
    assert "the operating system" not in shown, (what, shown)
    return shown


def rounds(data: bytes, seed: str) -> list[bytes]:
    dice = random.Random(seed)
    return [flipped(data, dice) for _ in range(ROUNDS)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    execute(["keys", "new", "--out", str(folder / "KEY")])
    for name, write in CONTAINERS.items():
        write(folder / name)
    out, ledger = str(folder / "out"), str(folder / "l.db")
    plan = ["--plan", str(folder / "plan.yaml")]
    assert execute(["audit", str(folder / "a.jsonl"), "-q", *plan, "--out", out, "--ledger", ledger]) == 0
    permit = str(folder / "p.intoto.json")
    assert execute(["attest", out, "--key", str(folder / "KEY"), "--out", permit]) == 0
    return folder


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_flipped_data_file_is_judged_or_named_and_gated_only_unchanged(
    base: Path, tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    kept = digests(base / name)
    out, permit = str(tmp_path / "out"), str(tmp_path / "p.intoto.json")
    key = str(base / "KEY")
    execute(["audit", str(base / name), "-q", "--plan", str(base / "plan.yaml"), "--no-ledger", "--out", out])
    execute(["attest", out, "--key", key, "--out", permit])
    capfd.readouterr()
    assert execute(["verify", permit, "--dataset", str(base / name), "--key", f"{key}.pub"]) == 0
    for at, data in enumerate(rounds((base / name).read_bytes(), name)):
        path = tmp_path / name
        path.write_bytes(data)
        code = execute(["verify", permit, "--dataset", str(path), "--key", f"{key}.pub"])
        told(capfd, code, f"verify {name} {at}")
        assert code != 0 or digests(path) == kept, at
        if at % 8 == 0:
            code = execute(["audit", str(path), "-q", "--no-ledger", "--out", str(tmp_path / "o")])
            told(capfd, code, f"audit {name} {at}")


def evidence(base: Path, folder: Path, name: str) -> list[list[str]]:
    key, data = str(base / "KEY"), str(base / "a.jsonl")
    out = str(folder / "out")
    gate = ["verify", str(folder / "p.intoto.json"), "--dataset", data, "--key", f"{key}.pub"]
    again = str(folder / "again.intoto.json")
    return {
        "out/samples.parquet": [
            ["attest", out, "--key", key, "--out", again],
            ["explain", "a.jsonl#3", "--audit", out],
        ],
        "out/report.json": [["attest", out, "--key", key, "--out", again], ["report", out]],
        "p.intoto.json": [gate],
        "p.intoto.json.rows": [gate],
        "KEY": [["attest", out, "--key", str(folder / "KEY"), "--out", again]],
        "KEY.pub": [[*gate[:-1], str(folder / "KEY.pub")]],
        "l.db": [
            ["ledger", "verify", "--ledger", str(folder / "l.db")],
            ["ledger", "audits", "--ledger", str(folder / "l.db")],
        ],
        "plan.yaml": [["plan", "check", str(folder / "plan.yaml")]],
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "out/samples.parquet",
        "out/report.json",
        "p.intoto.json",
        "p.intoto.json.rows",
        "KEY",
        "KEY.pub",
        "l.db",
        "plan.yaml",
    ],
)
def test_flipped_evidence_is_named(
    base: Path, tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "f"
    shutil.copytree(base, folder)
    for at, data in enumerate(rounds((base / name).read_bytes(), name)):
        (folder / name).write_bytes(data)
        for command in evidence(base, folder, name):
            told(capfd, execute(command), f"{command[:2]} {name} {at}")


@pytest.mark.parametrize("lanes", ["ngrams", "minhash", "ngrams,minhash"])
def test_a_flipped_index_is_named(
    base: Path, tmp_path: Path, lanes: str, capfd: pytest.CaptureFixture[str]
) -> None:
    index, rows = tmp_path / "t.idx", tmp_path / "rows.jsonl"
    words = [f"{a}{b}{c}" for a in "bdfgl" for b in "aeiou" for c in "mnrst"]
    dice = random.Random(5)
    essays = [" ".join(dice.choices(words, k=40)) for _ in range(6)]
    lines = [{"completion": text, "model": f"m{at % 2}"} for at, text in enumerate([*essays, essays[0]])]
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines))
    columns = ["--text-column", "completion", "--teacher-column", "model", "--lanes", lanes]
    assert execute(["index", "build", str(rows), "--out", str(index), *columns]) == 0
    whole = index.read_bytes()
    header = whole.index(b"}}", whole.index(b'"arrays"')) + 600
    capfd.readouterr()
    dice = random.Random(lanes)
    for at, flips in enumerate(
        [*rounds(whole, lanes), *(flipped_within(whole, header, dice) for _ in range(ROUNDS))]
    ):
        index.write_bytes(flips)
        matches, out = str(tmp_path / "m.parquet"), str(tmp_path / "n.idx")
        detect = ["detect", str(rows), "--index", str(index), "--out", matches, "--text-column", "completion"]
        told(capfd, execute(detect), f"detect {at}")
        for command in (["info", str(index)], ["merge", str(index), str(index), "--out", out]):
            told(capfd, execute(["index", *command]), f"{command[0]} {at}")


def flipped_within(data: bytes, end: int, dice: random.Random) -> bytes:
    """Flip bits of the header alone."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 2))):
        changed[dice.randrange(min(end, len(changed)))] ^= 1 << dice.randrange(8)
    return bytes(changed)
