"""The checks inside the training process."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from evidence import PLAN, ROWS, write_audit, write_jsonl

from auditor.attest.keys import KeyType, load_private, new_key, write_pair
from auditor.attest.permit_files import write_permit
from auditor.attest.record import plan_digest, read_record
from auditor.attest.statement import Signing
from auditor.digest import row_digest
from auditor.domain.permit import EvidenceMode
from auditor.errors import AuditorError, RefusedError, UsageError
from auditor.gate import Grant, guard, require_permit
from auditor.gate.data_files import Snapshot
from auditor.gate.grant import plan_file_digest

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FOREIGN = {"id": "x", "prompt": "?", "answer": "!"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    key = new_key(KeyType.ED25519)
    write_pair(key, tmp_path / "KEY", None)
    record = read_record(write_audit(tmp_path / "out", write_jsonl(tmp_path / "data.jsonl", ROWS)))
    write_permit(record, Signing(NOW, evidence=EvidenceMode.ROWS), [key], tmp_path / "permit.intoto.json")
    return tmp_path


def _options(folder: Path) -> dict[str, Any]:
    return {"permit": folder / "permit.intoto.json", "keys": [folder / "KEY.pub"], "clock": lambda: NOW}


@pytest.fixture
def grant(folder: Path) -> Grant:
    return require_permit(dataset=folder / "data.jsonl", **_options(folder))


def test_importing_the_gate_needs_no_heavy_module() -> None:
    heavy = ("torch", "transformers", "numba", "sqlmodel", "pyarrow", "datasets", "pydantic")
    program = (
        "import sys, auditor.gate; from auditor.gate import require_permit, guard\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_checking_jsonl_needs_no_heavy_module(folder: Path) -> None:
    program = (
        "import sys\nfrom datetime import datetime, UTC\nfrom auditor.gate import require_permit\n"
        f"require_permit({str(folder / 'permit.intoto.json')!r}, {str(folder / 'data.jsonl')!r},\n"
        f"  keys=[{str(folder / 'KEY.pub')!r}], clock=lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))\n"
        "print([name for name in ('torch', 'numba', 'sqlmodel', 'pyarrow') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_gates_environment_is_enough(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_PERMIT", str(folder / "permit.intoto.json"))
    monkeypatch.setenv("AUDITOR_PERMIT_KEYS", str(folder / "KEY.pub"))
    with pytest.raises(UsageError, match="no data is named"):
        require_permit(clock=lambda: NOW)
    monkeypatch.setenv("AUDITOR_DATASET", str(folder / "data.jsonl"))
    assert len(require_permit(clock=lambda: NOW).digests) == len(ROWS)


def test_rows_in_memory_are_checked_as_the_trainer_holds_them(folder: Path) -> None:
    assert require_permit(dataset=ROWS[::-1], **_options(folder)).permit.samples == len(ROWS)
    with pytest.raises(RefusedError, match=r"row#0"):
        require_permit(dataset=[FOREIGN, *ROWS[1:]], **_options(folder))
    with pytest.raises(UsageError, match="once only"):
        require_permit(dataset=(row for row in ROWS), **_options(folder))


def test_a_huggingface_dataset_is_checked(folder: Path) -> None:
    datasets = pytest.importorskip("datasets")
    held = datasets.Dataset.from_list(ROWS)
    grant = require_permit(dataset=held, **_options(folder))
    guarded = guard(held, grant)
    assert [row["id"] for row in guarded] == [row["id"] for row in ROWS]
    altered = held.map(lambda row: {**row, "answer": row["answer"] + " "})
    with pytest.raises(RefusedError, match="row#0"):
        list(guard(altered, grant))
    streamed = guard(held.to_iterable_dataset(), grant, name="stream")
    assert len(list(streamed)) == len(list(streamed)) == len(ROWS)
    with pytest.raises(RefusedError, match=r"stream#0.*'n' was added"):
        list(guard(held.add_column("n", [1] * len(ROWS)).to_iterable_dataset(), grant, name="stream"))


def _grant_over(folder: Path, data: Path) -> dict[str, Any]:
    record = read_record(write_audit(folder / "typed", data))
    write_permit(
        record,
        Signing(NOW, evidence=EvidenceMode.ROWS),
        [load_private(folder / "KEY")],
        folder / "typed.intoto.json",
    )
    return {**_options(folder), "permit": folder / "typed.intoto.json"}


def test_a_huggingface_dataset_keeps_the_types_of_its_columns(folder: Path) -> None:
    datasets = pytest.importorskip("datasets")
    nested = pa.array([[{"w": 0.1}, None], None], pa.list_(pa.struct([("w", pa.float32())])))
    columns = {
        "single": pa.array([0.1, 0.2], pa.float32()),
        "double": pa.array([0.1, 0.2]),
        "list": pa.array([[0.3, None], []], pa.list_(pa.float32())),
        "nested": nested,
        "tick": pa.array([1735787045000000006, None], pa.timestamp("ns")),
        "span": pa.array([7, None], pa.duration("ns")),
    }
    pq.write_table(pa.table(columns), folder / "typed.parquet")
    options = _grant_over(folder, folder / "typed.parquet")
    held = datasets.Dataset(pa.table(columns))
    grant = require_permit(dataset=held, **options)
    assert [row["double"] for row in guard(held, grant)] == [0.1, 0.2]
    assert len(list(guard(held.to_iterable_dataset(), grant))) == 2
    with pytest.raises(RefusedError, match="'single' has another type"):
        list(guard(held.cast_column("single", datasets.Value("float64")), grant))
    columns["tick"] = pa.array([1735787045000000007, None], pa.timestamp("ns"))
    with pytest.raises(RefusedError, match="row#0"):
        list(guard(datasets.Dataset(pa.table(columns)), grant))


def test_batches_of_columns_are_checked_row_by_row(grant: Grant) -> None:
    datasets = pytest.importorskip("datasets")
    held = datasets.Dataset.from_list([*ROWS[:5], FOREIGN])
    seen = []
    with pytest.raises(RefusedError, match=r"row#1\[1\]"):
        seen.extend(guard(held.iter(batch_size=4), grant, batched=True))
    assert [batch["id"] for batch in seen] == [[row["id"] for row in ROWS[:4]]]
    with pytest.raises(RefusedError):
        list(guard(held.iter(batch_size=4), grant))
    for wrong in ({"id": "r1"}, {"id": ["a"], "answer": []}, ROWS[0], [1]):
        with pytest.raises(UsageError, match="no batch of columns"):
            list(guard([wrong], grant, batched=True))


def test_a_stream_fits_a_loader_with_workers(grant: Grant) -> None:
    datasets = pytest.importorskip("datasets")
    torch = pytest.importorskip("torch.utils.data")
    held = datasets.Dataset.from_list(ROWS).to_iterable_dataset(num_shards=2)
    loader = torch.DataLoader(guard(held, grant).map(dict), batch_size=4, collate_fn=list, num_workers=2)
    assert sorted(row["id"] for batch in loader for row in batch) == sorted(row["id"] for row in ROWS)
    foreign = datasets.Dataset.from_list([*ROWS, FOREIGN]).to_iterable_dataset()
    copy = pickle.loads(pickle.dumps(guard(foreign, grant).map(dict).map(len)))
    with pytest.raises(AuditorError, match="row#24"):
        list(torch.DataLoader(copy, collate_fn=list))
    inner = torch.DataLoader(ROWS, batch_size=5, collate_fn=list)
    assert len(guard(inner, grant)) == len(inner) == 5


def test_a_stream_stops_at_the_first_foreign_row_and_names_it(grant: Grant) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield from ROWS[:3]
        yield FOREIGN
        raise AssertionError("read on")

    seen = []
    with pytest.raises(RefusedError, match=r"row#3: a row is not permitted"):
        seen.extend(guard(rows(), grant))
    assert seen == ROWS[:3]


def test_a_row_changed_after_the_gate_is_caught_when_it_is_read(folder: Path, grant: Grant) -> None:
    held = [dict(row) for row in ROWS]
    guarded = guard(held, grant)
    assert guarded[4] == ROWS[4]
    held[4]["answer"] = "swapped"
    with pytest.raises(RefusedError, match="row#4"):
        guarded[4]


def test_a_loader_with_workers_and_epochs_yields_checked_rows(grant: Grant) -> None:
    torch = pytest.importorskip("torch.utils.data")
    loader = torch.DataLoader(guard(ROWS, grant), batch_size=8, shuffle=True, collate_fn=list, num_workers=1)
    for _ in range(2):
        assert sum(len(batch) for batch in loader) == len(ROWS)
    assert sum(len(batch) for batch in guard(list(loader), grant)) == len(ROWS)
    with pytest.raises(AuditorError, match=r"row#1"):
        list(torch.DataLoader(guard([ROWS[0], FOREIGN], grant), collate_fn=list))


def test_tensors_are_not_taken_for_rows(grant: Grant) -> None:
    with pytest.raises(UsageError, match="checks raw rows"):
        list(guard(["tokens"], grant))
    assert guard(ROWS, grant).map(len).map(str)[0] == "3"


def test_a_file_that_changes_while_it_is_hashed_is_refused(tmp_path: Path) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", ROWS)
    link = tmp_path / "link.jsonl"
    link.symlink_to(data)
    before = Snapshot.take([link])
    before.check([link])
    other = write_jsonl(tmp_path / "other.jsonl", ROWS)
    link.unlink()
    link.symlink_to(other)
    with pytest.raises(RefusedError, match="changed while"):
        before.check([link])
    with pytest.raises(RefusedError, match="changed while"):
        Snapshot.take([data]).check([data, other])


class Fickle(Mapping[str, Any]):
    """A lazy row that answers otherwise the second time."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row, self.asked = row, Counter[str]()

    def __getitem__(self, name: str) -> Any:
        self.asked[name] += 1
        return self.row[name] if self.asked[name] == 1 else "EVIL"

    def __iter__(self) -> Iterator[str]:
        return iter(self.row)

    def __len__(self) -> int:
        return len(self.row)


def test_what_is_yielded_is_the_copy_that_was_checked(folder: Path, grant: Grant) -> None:
    assert guard([Fickle(ROWS[0])], grant)[0] == ROWS[0]
    assert list(guard(iter([Fickle(ROWS[1]), [Fickle(ROWS[2])]]), grant)) == [ROWS[1], [ROWS[2]]]
    batch = Fickle({name: [row[name] for row in ROWS[:2]] for name in ROWS[0]})
    assert list(guard(iter([batch]), grant, batched=True)) == [batch.row]
    nested = {"id": "n", "messages": [{"role": "user", "content": "hi"}]}
    other = replace(grant, digests=grant.digests | {row_digest(nested)})
    held = {**nested, "messages": [Fickle(nested["messages"][0])]}  # type: ignore[arg-type]
    (row,) = guard([held], other)
    assert row == nested
    held["messages"][0] = "EVIL"  # type: ignore[index]
    assert row == nested


def test_a_guard_can_leave_out_what_was_not_judged(grant: Grant) -> None:
    with pytest.raises(UsageError, match="no map of columns"):
        guard(ROWS, grant, only_judged=True)
    columns = {"learned": ("answer",), "prompt": ("prompt",), "claim": ("model",), "unjudged": ("id",)}
    judged = replace(grant, permit=replace(grant.permit, columns=columns))
    assert guard(ROWS, judged, only_judged=True)[0] == {key: ROWS[0][key] for key in ("prompt", "answer")}
    batch = {name: [row[name] for row in ROWS] for name in ROWS[0]}
    (held,) = guard(iter([batch]), judged, batched=True, only_judged=True)
    assert sorted(held) == ["answer", "prompt"]
    with pytest.raises(RefusedError):
        list(guard([{**ROWS[0], "id": "other"}], judged, only_judged=True))


RANKS = """
import os, sys, datetime, torch.distributed as dist
sys.path[:0] = [{here!r}]
from auditor.errors import RefusedError
from auditor.gate import require_permit
import auditor.gate.decision as decision, auditor.gate.grant as grant
dist.init_process_group("gloo")
if {broken!r}:
    grant.check_files = lambda *given: 1 / 0
hashed = []
inner = grant.check_files
grant.check_files = lambda *given: (hashed.append(1), inner(*given))[1]
try:
    held = require_permit({permit!r}, {data!r}, keys=[{key!r}],
        clock=lambda: datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC))
    said = f"granted {{len(held.digests)}}"
except ZeroDivisionError:
    said = "failed"
except RefusedError as error:
    said = "refused" if "not the permitted" in str(error) else str(error)
os.write(1, f"rank {{dist.get_rank()}} {{said}} hashed {{len(hashed)}}\\n".encode())
dist.barrier()
dist.destroy_process_group()
"""


@pytest.mark.slow
@pytest.mark.parametrize(("foreign", "broken"), [(False, False), (True, False), (False, True)])
def test_one_rank_hashes_and_every_rank_gets_its_answer(folder: Path, foreign: bool, broken: bool) -> None:
    pytest.importorskip("torch")
    if foreign:
        write_jsonl(folder / "data.jsonl", [*ROWS, FOREIGN])
    script = folder / "ranks.py"
    script.write_text(
        RANKS.format(
            here=str(Path(__file__).parents[2]),
            permit=str(folder / "permit.intoto.json"),
            data=str(folder / "data.jsonl"),
            key=str(folder / "KEY.pub"),
            broken=broken,
        )
    )
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run([*command, str(script)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    said = ["refused" if foreign else "granted 24"] * 2
    if broken:
        said = ["failed", "rank 0 failed: ZeroDivisionError"]
    assert sorted(done.stdout.split("\n"))[-2:] == [
        f"rank 0 {said[0]} hashed 1",
        f"rank 1 {said[1]} hashed 0",
    ], done.stderr


def test_a_plan_is_compared_by_content(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("# why\nstudent_name: tiny\nfacts: {distributed: yes}\nintended_use: research-only\n")
    assert plan_file_digest(plan) == plan_digest({**PLAN, "source": "elsewhere.yaml", "student_base": None})
    plan.write_text("student_name: tiny\nfacts: {distributed: no}\nintended_use: research-only\n")
    assert plan_file_digest(plan) != plan_digest(PLAN)
