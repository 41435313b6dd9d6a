"""Licenses of every level reach the verdict; each hidden bar has a twin that is harmless and passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.cli.main import execute

PLAN = """
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: open-weights-release
student_release_license: Apache-2.0
student_name: Acme
competes_with_teacher_provider: no
"""
OWN = {"model": "Qwen/Qwen2.5-7B-Instruct", "access": "open-weights"}
ROW = {"prompt": "How do I quiet a door?", "completion": "Rub the hinge with soap.", **OWN}
MIT = {**ROW, "license": "MIT"}
CARD = "---\nlicense: mit\n---\n# Answers\n\n"
PASSES = "allow-with-obligations"


def audited(folder: Path, row: dict[str, Any], files: dict[str, str]) -> dict[str, Any]:
    data = folder / "data"
    data.mkdir()
    (data / "train.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    for name, text in files.items():
        (data / name).write_text(text, encoding="utf-8")
    return report_on(folder, data)


def report_on(folder: Path, data: Path) -> dict[str, Any]:
    (folder / "plan.yaml").write_text(PLAN)
    said = ["--plan", str(folder / "plan.yaml"), "--no-ledger", "--out", str(folder / "out"), "-q"]
    execute(["audit", str(data), *said])
    report: dict[str, Any] = json.loads((folder / "out/report.json").read_text(encoding="utf-8"))
    return report


def frictionless(license: str) -> str:
    return json.dumps({"name": "x", "licenses": [{"name": license}], "resources": []})


@pytest.mark.parametrize(
    ("row", "files", "outcome"),
    [
        ({**MIT, "usage": "CC BY-NC 4.0"}, {}, "deny"),
        ({**MIT, "usage": "non-commercial use only"}, {}, "deny"),
        ({**MIT, "usage": "any use", "affiliation": "MIT"}, {}, PASSES),
        ({**ROW, "usage": "CC-BY-4.0"}, {}, "review"),
        ({**ROW, "license": "['mit', 'cc-by-nc-4.0']"}, {}, "deny"),
        ({**ROW, "license": "['mit', 'apache-2.0']"}, {}, PASSES),
        (ROW, {"README.md": CARD + "The rows must not be used commercially.\n"}, "review"),
        (ROW, {"README.md": CARD + "Use it commercially and non-commercially, as you like.\n"}, PASSES),
        (ROW, {"README.md": CARD + "Answers were translated with facebook/nllb-200-3.3B.\n"}, "review"),
        (ROW, {"README.md": CARD + "Unlike GPT-4 data, it is open. We evaluated it with GPT-4.\n"}, PASSES),
        (ROW, {"datapackage.json": frictionless("CC-BY-NC-4.0")}, "deny"),
        (ROW, {"datapackage.json": frictionless("CC-BY-4.0")}, PASSES),
        ({**MIT, "source": "tatsu-lab/alpaca"}, {}, "deny"),
        ({**MIT, "source": "my-own-set"}, {}, PASSES),
        ({**ROW, "license": "CC-BY-NC-4.0"}, {"README.md": "---\nlicense: odc-by\n---\n"}, "deny"),
        ({**ROW, "license": "CC-BY-4.0"}, {"README.md": "---\nlicense: odc-by\n---\n"}, PASSES),
    ],
)
def test_a_license_decides_wherever_it_stands(
    tmp_path: Path, row: dict[str, Any], files: dict[str, str], outcome: str
) -> None:
    report = audited(tmp_path, row, files)
    assert report["outcome"] == outcome


@pytest.mark.parametrize(("license", "outcome"), [("cc-by-nc-4.0", "deny"), ("cc-by-4.0", PASSES)])
def test_the_license_in_the_metadata_of_a_table_decides(tmp_path: Path, license: str, outcome: str) -> None:
    table = pa.Table.from_pylist([ROW]).replace_schema_metadata({b"license": license.encode()})
    pq.write_table(table, tmp_path / "a.parquet")
    assert report_on(tmp_path, tmp_path / "a.parquet")["outcome"] == outcome


def test_rows_of_a_known_set_name_its_teachers(tmp_path: Path) -> None:
    row = {"prompt": ROW["prompt"], "completion": ROW["completion"], "source": "Open-Orca/OpenOrca"}
    (origin,) = audited(tmp_path, row, {})["origins"]
    assert origin["teachers"] == ["openai-gpt-3.5", "openai-gpt-4"]
    assert origin["grade"] == "C"
    assert {one["where"] for one in origin["teacher_details"]} == {"source: known set Open-Orca/OpenOrca"}


def test_levels_that_contradict_each_other_are_a_finding(tmp_path: Path) -> None:
    card = {"README.md": "---\nlicense: odc-by\n---\n"}
    report = audited(tmp_path, {**ROW, "license": "CC-BY-NC-4.0"}, card)
    (found,) = [one for one in report["findings"] if one["rule"] == "license-levels"]
    assert (
        "stated for the row (`license`), ODC-By-1.0 for the collection (`README.md:license`)"
        in found["message"]
    )
    assert found["samples"] == 1


def test_levels_that_agree_are_no_finding(tmp_path: Path) -> None:
    card = {"README.md": "---\nlicense: odc-by\n---\n"}
    report = audited(tmp_path, {**ROW, "license": "CC-BY-4.0"}, card)
    assert not [one for one in report["findings"] if one["rule"] == "license-levels"]
