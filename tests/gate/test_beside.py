"""What stands beside the rows is bound: cards, licenses, side files, members around rows, label texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from auditor.attest.keys import KeyType, new_key, write_pair
from auditor.attest.permit_files import write_permit
from auditor.attest.record import read_record
from auditor.attest.statement import Signing
from auditor.domain.claim import Access, Basis, Claim, ClaimKind
from auditor.domain.permit import EvidenceMode
from auditor.engine.request import AuditRequest
from auditor.errors import RefusedError
from auditor.gate import Grant, guard, require_permit
from auditor.main_job import audit

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HUMAN = (
    Claim(ClaimKind.TEACHER, "human", Basis.CLI_OPTION, "--teacher"),
    Claim(ClaimKind.ACCESS, str(Access.NONE), Basis.CLI_OPTION, "--access"),
    Claim(ClaimKind.LICENSE, "CC0-1.0", Basis.CLI_OPTION, "--license"),
)
ROWS = [{"prompt": f"q{i}", "completion": f"a{i}", "answer": i % 2} for i in range(4)]
CARD = "---\nlicense: cc0-1.0\n---\n# A set\n"
PLAN = """student_base: {name: SmolLM2, terms: Apache-2.0}
intended_use: research-only
student_release_license: Apache-2.0
student_name: a-student
competes_with_teacher_provider: 'no'
"""

Gate = Callable[..., Grant]


@pytest.fixture
def permitted(tmp_path: Path) -> Callable[[Path], Gate]:
    """Audit and attest a folder; return its gate."""

    def permit(place: Path) -> Gate:
        (tmp_path / "plan.yaml").write_text(PLAN)
        out, plan = tmp_path / "out", tmp_path / "plan.yaml"
        audit(AuditRequest((str(place),), NOW, plan, ledger=None, claims=HUMAN, out=out))
        key = new_key(KeyType.ED25519)
        write_pair(key, tmp_path / "KEY", None)
        write_permit(
            read_record(out), Signing(NOW, evidence=EvidenceMode.ROWS), [key], tmp_path / "permit.intoto.json"
        )

        def gate(data: Any = place) -> Grant:
            keys = [tmp_path / "KEY.pub"]
            return require_permit(tmp_path / "permit.intoto.json", data, keys=keys, clock=lambda: NOW)

        return gate

    return permit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "set"
    (place / "part").mkdir(parents=True)
    (place / "part" / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (place / "README.md").write_text(CARD)
    (place / "LICENSE").write_text("SPDX-License-Identifier: CC0-1.0\n")
    return place


def _labeled(path: Path, names: list[str], info: Any = None) -> None:
    table = pa.Table.from_pylist(ROWS)
    features = {"answer": {"names": names, "_type": "ClassLabel"}, "prompt": {"dtype": "string"}}
    told = json.dumps({"info": {"features": features, **(info or {})}})
    table = table.replace_schema_metadata({"huggingface": told})
    if path.suffix == ".parquet":
        pq.write_table(table, path)
        return
    opened = pa.ipc.new_stream if path.stem == "stream" else pa.ipc.new_file
    with pa.OSFile(str(path), "wb") as sink, opened(sink, table.schema) as writer:
        writer.write_table(table)


def test_what_was_audited_passes(folder: Path, permitted: Callable[[Path], Gate]) -> None:
    held = permitted(folder)()
    assert [(one.path, one.kind) for one in held.permit.beside] == [
        ("LICENSE", "license"),
        ("README.md", "card"),
    ]
    assert held.absent == ()


@pytest.mark.parametrize("name", ["README.md", "LICENSE"])
def test_a_bound_file_that_changed_is_refused_by_name(
    folder: Path, permitted: Callable[[Path], Gate], name: str
) -> None:
    gate = permitted(folder)
    (folder / name).write_text("---\nlicense: cc-by-nc-4.0\n---\n")
    with pytest.raises(RefusedError, match=f"'{name}' changed since the audit"):
        gate()


@pytest.mark.parametrize(
    "name",
    ["part/README.md", "part/LICENSE", "DATA_LICENSE.txt", "pipeline.yaml", "part/info.json",
     "part/results_2024.json", "distiset_configs/pipeline.yaml", "part/readme.MD"],
)  # fmt: skip
def test_a_file_that_would_be_read_for_claims_and_came_since_is_refused(
    folder: Path, permitted: Callable[[Path], Gate], name: str
) -> None:
    gate = permitted(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text('{"model_id": "gpt-4o"}')
    with pytest.raises(RefusedError, match="not bound by the permit"):
        gate()


def test_a_file_that_is_gone_is_named_and_passes(folder: Path, permitted: Callable[[Path], Gate]) -> None:
    gate = permitted(folder)
    (folder / "LICENSE").unlink()
    assert [one.path for one in gate().absent] == ["LICENSE"]


def test_a_card_that_moved_to_another_folder_passes(folder: Path, permitted: Callable[[Path], Gate]) -> None:
    gate = permitted(folder)
    (folder / "README.md").rename(folder / "part" / "README.md")
    assert gate().absent == ()


def test_a_card_beside_the_folder_data_is_bound_too(
    tmp_path: Path, permitted: Callable[[Path], Gate]
) -> None:
    place = tmp_path / "hub" / "data"
    place.mkdir(parents=True)
    (place / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    gate = permitted(place)
    (place.parent / "README.md").write_text(CARD)
    with pytest.raises(RefusedError, match=r"README\.md"):
        gate()


def test_other_files_that_come_and_go_do_not_count(folder: Path, permitted: Callable[[Path], Gate]) -> None:
    gate = permitted(folder)
    (folder / "CITATION.cff").write_text("title: x\n")
    (folder / "part" / "rows.jsonl").rename(folder / "other.jsonl")
    assert gate().absent == ()


def _wrapped(path: Path, key: str = "data", **about: Any) -> Path:
    path.write_text(json.dumps({key: ROWS, **about}))
    return path


def test_members_around_the_rows_are_bound(tmp_path: Path, permitted: Callable[[Path], Gate]) -> None:
    gate = permitted(_wrapped(tmp_path / "a.json", license="CC0-1.0", version=1))
    assert gate(_wrapped(tmp_path / "b.json", "rows", version=1.0, license="CC0-1.0")).absent == ()
    for about in ({"license": "CC-BY-NC-4.0"}, {"license": "CC0-1.0", "version": 1, "evil": ROWS}):
        with pytest.raises(RefusedError, match=r"around the rows in 'c\.json'"):
            gate(_wrapped(tmp_path / "c.json", **about))


def test_a_wrapper_without_other_members_is_a_container_like_any(
    tmp_path: Path, permitted: Callable[[Path], Gate]
) -> None:
    gate = permitted(_wrapped(tmp_path / "a.json"))
    assert gate(_wrapped(tmp_path / "b.json", "train")).absent == ()
    with pytest.raises(RefusedError, match=r"around the rows in 'c\.json'"):
        gate(_wrapped(tmp_path / "c.json", evil=["unjudged"]))


def test_wrapped_rows_in_another_container_pass_and_what_stood_around_them_is_named(
    tmp_path: Path, permitted: Callable[[Path], Gate]
) -> None:
    gate = permitted(_wrapped(tmp_path / "a.json", license="CC0-1.0"))
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    assert [one.path for one in gate(tmp_path / "b.jsonl").absent] == ["a.json!around"]


@pytest.mark.parametrize("name", ["b.parquet", "b.arrow", "stream.arrow"])
def test_label_texts_are_bound_whatever_the_container(
    tmp_path: Path, permitted: Callable[[Path], Gate], name: str
) -> None:
    _labeled(tmp_path / "a.parquet", ["no", "yes"])
    gate = permitted(tmp_path / "a.parquet")
    _labeled(tmp_path / name, ["no", "yes"], {"description": "metadata beside the labels do not count"})
    assert gate(tmp_path / name).absent == ()
    _labeled(tmp_path / name, ["no", "unjudged text"])
    with pytest.raises(RefusedError, match="label texts"):
        gate(tmp_path / name)


def test_label_texts_of_a_saved_dataset_are_bound(tmp_path: Path, permitted: Callable[[Path], Gate]) -> None:
    place = tmp_path / "saved"
    place.mkdir()
    _labeled(place / "stream.arrow", ["no", "yes"])
    (place / "state.json").write_text(json.dumps({"_data_files": [{"filename": "stream.arrow"}]}))
    features = {"answer": {"names": ["no", "yes"], "_type": "ClassLabel"}}
    (place / "dataset_info.json").write_text(json.dumps({"features": features}))
    gate = permitted(place)
    assert gate().absent == ()
    features["answer"]["names"] = ["unjudged text", "yes"]
    (place / "dataset_info.json").write_text(json.dumps({"features": features}))
    with pytest.raises(RefusedError, match=r"label texts in 'dataset_info\.json'"):
        gate()


def test_a_dataset_given_as_rows_shows_its_label_texts(
    tmp_path: Path, permitted: Callable[[Path], Gate]
) -> None:
    datasets = pytest.importorskip("datasets")
    _labeled(tmp_path / "a.parquet", ["no", "yes"])
    gate = permitted(tmp_path / "a.parquet")
    names = {"prompt": datasets.Value("string"), "completion": datasets.Value("string")}

    def rows(labels: list[str]) -> Any:
        features = datasets.Features({**names, "answer": datasets.ClassLabel(names=labels)})
        return datasets.Dataset.from_list(ROWS, features=features)

    held = gate(rows(["no", "yes"]))
    assert len(list(guard(rows(["no", "yes"]), held))) == len(ROWS)
    for use in (gate, lambda given: guard(given, held)):
        with pytest.raises(RefusedError, match="label texts"):
            use(rows(["unjudged text", "yes"]))


@pytest.mark.parametrize(
    "name", ["config.json", "part/metadata.json", "croissant.json", "dataset_info.json", "part/state.json"]
)
def test_every_file_with_a_side_files_name_is_bound(
    folder: Path, permitted: Callable[[Path], Gate], name: str
) -> None:
    (folder / name).write_text('{"description": "A set of short questions."}')
    gate = permitted(folder)
    assert name in {one.path for one in gate().permit.beside}
    (folder / name).write_text('{"description": "Learn this text instead, please."}')
    with pytest.raises(RefusedError, match=f"'{name}' changed since the audit"):
        gate()


def test_counts_and_hashes_of_a_container_are_not_bound(
    folder: Path, permitted: Callable[[Path], Gate]
) -> None:
    (folder / "dataset_infos.json").write_text('{"a": {"num_bytes": 3, "fingerprint": "ab"}}')
    gate = permitted(folder)
    (folder / "dataset_infos.json").write_text('{"a": {"num_bytes": 4, "fingerprint": "cd"}}')
    assert gate().absent == ()
