"""Rows read by their outlines come to what each comes to by itself, and are no objects meanwhile."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from effort import tries
from samples import made_rows
from samples.both_ways import read, same

from auditor.engine.model_names import ModelNames
from auditor.jit.compile import COMPILED
from auditor.knowledge.load import load_knowledge
from auditor.samples.readers.runs import JsonBlock
from auditor.samples.shapes import column_map

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")
PROSE = "the quick brown fox jumps over a lazy dog and then it goes on some more to come to twenty words " * 2


@pytest.fixture(scope="module")
def models() -> ModelNames:
    return ModelNames(load_knowledge())


def write(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def parsed(path: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> int:
    """Return how many rows become objects where a file is read by outlines."""
    count = 0
    plain = JsonBlock.row

    def row(self: JsonBlock, place: int) -> dict[str, Any]:
        nonlocal count
        count += 1
        return plain(self, place)

    monkeypatch.setattr(JsonBlock, "row", row)
    read(path, True, **more)
    return count


@pytest.mark.parametrize("seed", range(tries(64)))
def test_files_of_any_rows_are_read_alike(seed: int, tmp_path: Path, models: ModelNames) -> None:
    (tmp_path / "rows.jsonl").write_bytes(made_rows.lines(seed, 150))
    same(tmp_path / "rows.jsonl", models=None if seed % 5 == 0 else models, batch_rows=(60, 8192)[seed % 2])


WRAPPED = (b"[%b]", b'{"data": [%b], "license": "mit"}', b"%b")


@pytest.mark.parametrize("seed", range(tries(48)))
def test_lists_of_any_rows_are_read_alike(seed: int, tmp_path: Path) -> None:
    between = (b",", b",\n", b" ,\n\n  ")[seed // 3 % 3]
    rows = [
        line for line in made_rows.lines(seed, 150).splitlines() if line.startswith(b"{") and line != b"{"
    ]
    (tmp_path / "rows.json").write_bytes(WRAPPED[seed % 3] % between.join(rows))
    same(tmp_path / "rows.json", batch_rows=(70, 8192)[seed % 2])


@pytest.mark.parametrize("seed", range(tries(64)))
def test_tables_of_any_rows_are_read_alike(seed: int, tmp_path: Path, models: ModelNames) -> None:
    table = made_rows.table(seed, 150)
    if seed % 3 == 0:  # some rows that no kernel digests
        odd = [float("nan") if at % 40 == seed % 40 else at / 7 for at in range(len(table))]
        table = table.append_column("odd", pa.array(odd))
    pa.parquet.write_table(table, tmp_path / "rows.parquet", row_group_size=(90, 1000)[seed % 2])
    same(tmp_path / "rows.parquet", models=models, batch_rows=(60, 8192)[seed % 2])


@pytest.mark.parametrize("seed", range(tries(64)))
def test_cells_of_any_rows_are_read_alike(seed: int, tmp_path: Path, models: ModelNames) -> None:
    rows = made_rows.table(seed, 150).to_pylist()
    path = tmp_path / ("rows.csv", "rows.tsv")[seed % 2]
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, "excel-tab" if seed % 2 else "excel")
        writer.writerow(rows[0])
        for row in rows:
            writer.writerow([as_cell(value) for value in row.values()])
    same(path, models=models, batch_rows=(60, 8192)[seed % 3 // 2])


def as_cell(value: Any) -> str:
    """Return a value as a tool writes it into a cell."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else str(value)


FLAT = {"instruction": "Say it.", "input": "", "output": f"It is {PROSE}", "license": "mit", "category": "a"}
CHAT = {
    "messages": [{"role": "user", "content": f'"Q"\n{PROSE}'}, {"role": "assistant", "content": PROSE}],
    "meta": {"topic": "birds", "model": "gpt-4"},
}
ROWS = [FLAT, CHAT, {"prompt": "Q", "chosen": PROSE, "rejected": "No\n.", "score": 0.5, "n": 7}]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row))
def test_rows_that_are_alike_become_no_objects(
    row: dict[str, Any], tmp_path: Path, models: ModelNames, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{**row, "id": f"row-{at:06}", "model": f"my-{at % 5}", "lang": "en"} for at in range(3000)]
    path = write(tmp_path / "rows.jsonl", rows)
    same(path, models=models)
    assert parsed(path, monkeypatch, models=models) < 300  # the first tell the shape


@pytest.mark.parametrize(
    "column",
    [
        lambda at: f"gpt4-{at:06}",  # more models than are kept apart
        lambda at: f"src{at}",
        lambda at: ("gpt-4", "x", "CC-BY-NC-4.0", "llama 3")[at % 4],
        lambda at: f"cc{at % 3}",
        lambda at: at % 3,
        lambda at: at % 2 == 0,
        lambda at: {"model": f"gpt-{at % 5}", "id": at, "deep": {"text": PROSE if at % 50 == 9 else "a b"}},
        lambda at: [f"tag{at % 7}", "CC-BY-NC-4.0" if at == 400 else "y"],
        lambda at: [{"role": "user", "content": "a", "model": f"gpt-{at % 5}"}],
        lambda at: PROSE if at % 3 else "few words",
        lambda at: '{"model": "gpt-4"}' if at % 9 == 0 else PROSE,
        lambda at: "x" * (at % 400),
    ],
)
@pytest.mark.parametrize("names", [("my_column", "source"), ("translator", "image_license")])
def test_a_column_of_many_values_says_the_same_in_either_way(
    names: tuple[str, str], column: Any, tmp_path: Path, models: ModelNames, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(column_map, "_SURE", 40)
    one, other = names
    rows = [
        {**ROWS[at // 7 % 2], one: column(at), "n": f"z{at % 3}", other: column(at // 2)} for at in range(500)
    ]
    same(write(tmp_path / "rows.jsonl", rows), models=models)


def test_rows_behind_a_block_without_any_are_read(tmp_path: Path) -> None:
    rows = [json.dumps({**FLAT, "n": at}) for at in range(50)]
    faults = ["", "{", "nope"] * 10
    (tmp_path / "rows.jsonl").write_text("\n".join([*rows, *faults, *rows, *faults, *faults, *rows]))
    same(tmp_path / "rows.jsonl", batch_rows=10)
    same(tmp_path / "rows.jsonl")


@pytest.mark.parametrize(
    ("name", "values", "beside"),
    [
        # What a column says depends on the names beside it: there `model` is a product's.
        ("model", ("Corolla", "gpt-4-turbo", "mit license", "Yaris 2", "CC-BY-NC-4.0"), {"brand": "Toyota"}),
        ("model", ("Corolla", "Yaris", "Corolla 3"), {"manufacturer": "Toyota"}),
        ("timestamp", ("2024-01-02", "gpt-4", "mit license", "1700000000"), {"url": "x.org"}),
        ("note", made_rows.PADDED, {}),
        ("note", ("birds " * 30, 'he said "no" ' * 12 + '"', "é" * 140), {}),
        ("served_by", made_rows.SETS, {"note": "together"}),
        ("keywords", made_rows.ABOUT, {"model": "gpt-4"}),
    ],
)
def test_a_column_says_the_same_beside_others_in_either_way(
    name: str, values: tuple[str, ...], beside: dict[str, Any], tmp_path: Path, models: ModelNames
) -> None:
    rows = [{**FLAT, **beside, name: values[at % len(values)]} for at in range(60)]
    same(write(tmp_path / "rows.jsonl", rows), models=models)
    table = pa.Table.from_pylist(rows)
    pa.parquet.write_table(table, tmp_path / "rows.parquet")
    same(tmp_path / "rows.parquet", models=models)


@pytest.mark.parametrize(
    "opened", ['{"name": "llm", "value": "gpt-4"}', '[{"role": "user", "content": "a"}]']
)
def test_columns_of_rows_are_those_of_their_own_layout(
    opened: str, tmp_path: Path, models: ModelNames
) -> None:
    rows = [
        {"text": f"birds {at}", "from": {"terms": opened if at < 40 and at % 9 else "x", "note": PROSE}}
        for at in range(200)
    ]
    same(write(tmp_path / "rows.jsonl", rows), models=models)


def test_lines_that_are_odd_or_faulty_among_alike_ones_change_no_other(tmp_path: Path) -> None:
    chance = random.Random(4)
    lines = [json.dumps({**FLAT, "n": at}).encode() for at in range(2000)]
    for _ in range(200):
        lines.insert(chance.randrange(len(lines)), chance.choice(made_rows.FAULTS))
    (tmp_path / "rows.jsonl").write_bytes(b"\n".join(lines))
    same(tmp_path / "rows.jsonl", batch_rows=300)
    same(tmp_path / "rows.jsonl", sample=777)
