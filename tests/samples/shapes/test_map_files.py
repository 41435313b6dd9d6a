"""Trainers' files: the user's word where he names them, and no more than a statement beside the rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import execute
from auditor.errors import UsageError
from auditor.samples.shapes.map_files import map_from

PROSE = (
    "Quite a long text of more than twenty words, that some person or model wrote for people to read. " * 2
)
MORE = "Another text, as long as the other one, that nobody has written down anywhere before this day. " * 2
ROW = {
    "prompt": "Ask a thing",
    "completion": "Answer a thing that is long enough to be told.",
    "license": "MIT",
}
QWEN = ("--teacher", "Qwen/Qwen3-8B", "--access", "open-weights")
REGISTRY = {"mine": {"file_name": "rows.jsonl", "columns": {"prompt": "frage", "response": "antwort"}}}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()


def audited(row: dict[str, Any], *options: str, data: str = "data/rows.jsonl") -> dict[str, Any]:
    Path("data/rows.jsonl").write_text(json.dumps(row) + "\n")
    assert execute(["audit", data, "-q", "--no-config", "--no-ledger", *QWEN, *options]) in (0, 1, 3)
    report: dict[str, Any] = json.loads(Path("auditor-out/report.json").read_text())
    return report


def _write(name: str, content: Any) -> str:
    Path(name).write_text(content if isinstance(content, str) else json.dumps(content))
    return name


def _rules(report: dict[str, Any]) -> set[str]:
    return {one["rule"] for one in report["findings"]}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/dataset_info.json", REGISTRY),
        (
            "data/train.yaml",
            "datasets:\n- path: rows.jsonl\n  type: {field_instruction: frage, field_output: antwort}\n",
        ),
        (
            "data/tune.yml",
            "dataset:\n  data_files: rows.jsonl\n  column_map: {input: frage, output: antwort}\n",
        ),
        ("data/sft.yaml", "dataset_name: rows.jsonl\ndataset_text_field: antwort\n"),
    ],
)
def test_what_lies_beside_the_rows_adds_learned_text_and_is_shown(name: str, content: Any) -> None:
    row = {**ROW, "frage": PROSE, "antwort": MORE}
    assert "antwort" in audited(row)["columns"]["unjudged"]
    _write(name, content)
    report = audited(row)
    assert "antwort" in report["columns"]["learned"]
    assert "frage" in report["columns"]["unjudged"]
    assert "text-unjudged" in _rules(report)
    (note,) = (one for one in report["notes"] if one.startswith("Map read from"))
    assert "`learned=antwort`" in note
    assert ("Not taken" in note) == ("frage" in Path(name).read_text())


@pytest.mark.parametrize("name", ["data/dataset_info.json", "elsewhere.json"])
def test_a_file_that_the_user_names_is_his_word(name: str) -> None:
    row = {**ROW, "frage": PROSE, "antwort": MORE}
    report = audited(row, "--map-from", _write(name, REGISTRY))
    assert "frage" in report["columns"]["prompt"]
    assert "text-unjudged" not in _rules(report)
    assert report["request"]["map_from"] == [name]
    said = f"`frage` is not learned and was not searched: {Path(name).name} says `prompt`."
    assert said in report["assumptions"]


def test_settings_may_name_the_file_and_a_line_beats_it() -> None:
    _write("auditor.yaml", "columns_from: [r.json]\ncolumns: {learned: frage}\n")
    _write("r.json", REGISTRY)
    row = {**ROW, "frage": PROSE, "antwort": MORE}
    Path("data/rows.jsonl").write_text(json.dumps(row) + "\n")
    execute(["audit", "data/rows.jsonl", "-q", "--no-ledger", *QWEN])
    report = json.loads(Path("auditor-out/report.json").read_text())
    assert {"frage", "antwort"} <= set(report["columns"]["learned"])


HOSTILE: Sequence[Any] = [
    {"mine": {"file_name": "rows.jsonl", "columns": {"prompt": "completion", "response": "license"}}},
    {"mine": {"file_name": "rows.jsonl", "columns": {"system": "completion", "prompt": "model"}}},
    {"mine": {"file_name": "../data/rows.jsonl", "columns": {"query": "model", "response": "prompt"}}},
]


@pytest.mark.parametrize("content", HOSTILE)
def test_what_lies_beside_the_rows_silences_nothing(content: Any) -> None:
    row = {**ROW, "model": "gpt-4", "extra": PROSE}
    before = audited(row)
    _write("data/dataset_info.json", content)
    after = audited(row)
    assert after["outcome"] == before["outcome"]
    assert [one["teachers"] for one in after["origins"]] == [one["teachers"] for one in before["origins"]]
    assert _rules(before) <= _rules(after)
    assert set(before["columns"]["learned"]) <= set(after["columns"]["learned"])


@pytest.mark.parametrize(
    "content",
    ["[", "{}", "a: &x [*x]", "x" * 2_000_000, '{"a": ' * 5000, "datasets: [{path: rows.jsonl, field: ' '}]"],
)
def test_whatever_else_lies_there_is_no_map(content: str) -> None:
    _write("data/dataset_info.json", content)
    _write("data/a.yaml", content)
    assert not [one for one in audited(ROW)["notes"] if one.startswith("Map read")]


@pytest.mark.parametrize(
    ("content", "said"),
    [("{}", "says nothing of columns"), ("[1]", "not a mapping"), ("a: [", "YAML"), (None, "no such file")],
)
def test_a_named_file_that_is_no_map_is_refused(content: str | None, said: str) -> None:
    path = Path("map.yaml")
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError, match=said):
        map_from(path)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"file_name": "others.jsonl"}, "speaks of other data: others.jsonl"),
        ({"file_name": "rows.jsonl", "columns": {"response": "complet"}}, "did you mean `completion`"),
    ],
)
def test_a_named_file_that_does_not_fit_the_data_is_refused(
    entry: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("data/rows.jsonl").write_text(json.dumps(ROW) + "\n")
    name = _write("map.json", {"mine": entry})
    assert execute(["audit", "data/rows.jsonl", "--no-config", "--no-ledger", "--map-from", name]) == 2
    assert said in capsys.readouterr().err


def test_each_file_of_a_registry_has_its_own_columns() -> None:
    _write("data/b.jsonl", json.dumps({"q": "Ask", "a": PROSE}) + "\n")
    both = {**REGISTRY, "b": {"file_name": "b.jsonl", "columns": {"prompt": "q", "response": "a"}}}
    name = _write("data/dataset_info.json", both)
    report = audited({"frage": "x", "antwort": PROSE}, "--map-from", name, data="data")
    assert set(report["columns"]["learned"]) == {"a", "antwort"}
    assert set(report["columns"]["prompt"]) == {"frage", "q"}
    assert "unjudged" not in report["columns"]


def test_the_permit_holds_what_was_read_as_a_map() -> None:
    _write("data/sft.yaml", "dataset_name: rows.jsonl\ndataset_text_field: completion\n")
    bound = audited(ROW)["beside"]
    assert sorted(one["path"] for one in bound) == ["sft.yaml!map", "sft.yaml!settings"]
    _write("data/sft.yaml", "dataset_name: rows.jsonl\ndataset_text_field: prompt\n")
    assert not {one["digest"] for one in audited(ROW)["beside"]} >= {one["digest"] for one in bound}
    _write("data/sft.yaml", "learning_rate: 1\n")
    assert audited(ROW)["beside"] == []
