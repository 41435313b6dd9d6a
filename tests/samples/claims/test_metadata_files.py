"""A data set's own metadata is read for licenses, models and sources, and what it states is bound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.samples.claims.beside import beside_files
from auditor.samples.claims.metadata_files import UNREADABLE
from auditor.samples.inputs.sources import find_files
from tests.samples.reading import claims, run, write

NC = "CC-BY-NC-4.0"
CROISSANT = {"@context": {"@vocab": "https://schema.org/"}, "@type": "sc:Dataset", "name": "x"}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("croissant.json", {**CROISSANT, "license": NC}, ("license", NC, "license")),
        ("my-croissant.json", {**CROISSANT, "license": {"@type": "CreativeWork", "name": NC}},
         ("license", NC, "license")),
        ("croissant.json", {**CROISSANT, "isBasedOn": [{"url": "https://x.org/set"}]},
         ("source", "https://x.org/set", "isBasedOn")),
        ("croissant.json", {**CROISSANT, "usageInfo": "Not for commercial use, please."},
         ("license", "Not for commercial use, please.", "usageInfo")),
        ("dataset_info.json", {"license": NC, "features": {}}, ("license", NC, "license")),
        ("dataset_infos.json", {"de": {"license": NC, "features": {}}, "en": {"license": ""}},
         ("license", NC, "de.license")),
        ("datapackage.json", {"name": "x", "licenses": [{"name": NC, "path": "https://x.org"}]},
         ("license", NC, "licenses")),
        ("dataset-metadata.json", {"title": "x", "licenses": [{"name": NC}]}, ("license", NC, "licenses")),
    ],
)  # fmt: skip
def test_a_metadata_file_claims_for_all_rows(
    tmp_path: Path, name: str, content: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    write(tmp_path / "train.jsonl", {"text": "T"})
    (tmp_path / name).write_text(json.dumps(content))
    source, _ = run(tmp_path)
    assert [one.name for one in source.files] == ["train.jsonl"]
    kind, value, where = expected
    assert claims(source) == [(kind, value, f"{name}:{where}", "")]


@pytest.mark.parametrize("content", ["{", '["license"]', '{"license": '])
def test_a_broken_one_that_speaks_of_a_license_is_never_passed_over(tmp_path: Path, content: str) -> None:
    write(tmp_path / "train.jsonl", {"text": "T"})
    (tmp_path / "croissant.json").write_text(content)
    found = [value for _, value, _, _ in claims(run(tmp_path)[0])]
    assert found == ([UNREADABLE] if "license" in content else [])


def test_one_that_states_nothing_claims_nothing(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", {"text": "T"})
    (tmp_path / "dataset_info.json").write_text('{"license": "", "description": "Answers.", "citation": ""}')
    assert claims(run(tmp_path)[0]) == []


@pytest.mark.parametrize(
    "metadata",
    [
        {b"license": b"CC-BY-NC-4.0"},
        {b"dataset_license": b'"CC-BY-NC-4.0"'},
        {b"huggingface": b'{"info": {"license": "CC-BY-NC-4.0", "features": {}}}'},
        {b"pandas": b'{"attributes": {"license": "CC-BY-NC-4.0"}, "columns": []}'},
    ],
)
def test_the_metadata_of_a_table_claims_for_its_rows(tmp_path: Path, metadata: dict[bytes, bytes]) -> None:
    table = pa.Table.from_pylist([{"text": "T"}]).replace_schema_metadata(metadata)
    pq.write_table(table, tmp_path / "a.parquet")
    ((kind, value, where, _),) = claims(run(tmp_path)[0])
    assert (kind, value) == ("license", NC)
    assert where.startswith("file metadata:")


def test_the_metadata_of_tools_claims_nothing(tmp_path: Path) -> None:
    metadata = {b"writer.model.name": b"avro", b"created_by": b"a tool", b"source": b"s3://x"}
    pq.write_table(pa.table({"text": ["T"]}).replace_schema_metadata(metadata), tmp_path / "a.parquet")
    assert claims(run(tmp_path)[0]) == []


def test_what_metadata_states_is_bound_and_its_counts_are_not(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", {"text": "T"})
    info = tmp_path / "dataset_info.json"

    def bound(content: dict[str, Any]) -> set[tuple[str, str]]:
        info.write_text(json.dumps(content))
        return {(one.path, one.digest) for one in beside_files(find_files([str(tmp_path)]))}

    before = bound({"license": "mit", "size_in_bytes": 1})
    assert bound({"license": "mit", "size_in_bytes": 2}) == before
    assert bound({"license": NC, "size_in_bytes": 1}) != before
