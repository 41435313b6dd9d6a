"""`guard`: every row that is about to be used is checked."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evidence import ROWS
from gated import (
    FOREIGN,
)

from auditor.digest import row_digest
from auditor.errors import AuditorError, RefusedError, UsageError
from auditor.gate import Grant, guard


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
        with pytest.raises(UsageError, match="not a batch of columns"):
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
