"""What a trainer is about to read is compared row by row, whatever wraps it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from evidence import ROWS
from gated import (
    FOREIGN,
    granted,
)

from auditor.errors import RefusedError
from auditor.gate import guard, guard_trainer
from auditor.gate.stream import GuardedRows
from auditor.gate.trainer_rows import check_rows_of


def _wrappers() -> list[Any]:
    """Return what holds permitted rows as `dataset` and hand on others."""
    data = pytest.importorskip("torch.utils.data")

    class ByNumber(data.Dataset):  # type: ignore[misc,name-defined]
        def __init__(self, dataset: Any = ROWS) -> None:
            self.dataset, self.column_names = dataset, None

        def __len__(self) -> int:
            return len(self.dataset)

        def __getitem__(self, number: int) -> Any:
            return FOREIGN

    class ByBatch(ByNumber):
        def __getitem__(self, number: int) -> Any:
            return self.dataset[number]

        def __getitems__(self, numbers: list[int]) -> Any:
            return [FOREIGN for _ in numbers]

    class InOrder(data.IterableDataset):  # type: ignore[misc,name-defined]
        def __init__(self, dataset: Any = ROWS) -> None:
            self.dataset = dataset

        def __len__(self) -> int:
            return len(self.dataset)

        def __iter__(self) -> Iterator[Any]:
            yield from [FOREIGN] * len(self)

    class Part(data.Subset):  # type: ignore[misc,name-defined]
        def __getitem__(self, number: Any) -> Any:
            return FOREIGN

        def __getitems__(self, numbers: Any) -> Any:
            return [FOREIGN for _ in numbers]

    class Loader(data.DataLoader):  # type: ignore[misc,name-defined]
        def __iter__(self) -> Iterator[Any]:
            yield [FOREIGN]

    class Listed(list):  # type: ignore[type-arg]
        def __getitem__(self, number: Any) -> Any:
            return FOREIGN

    patched = data.DataLoader(ROWS, collate_fn=list)
    patched._get_iterator = lambda: iter([[FOREIGN]])
    made: list[Any] = [ByNumber(), ByBatch(), InOrder(), Part(ROWS, [0]), Listed(ROWS), patched]
    made += [Loader(ROWS, collate_fn=list), data.DataLoader(ByNumber(), collate_fn=list)]
    made += [SimpleNamespace(dataset=ROWS), data.Subset(ByNumber(), [0, 1])]
    return made


def test_what_wraps_permitted_rows_and_yields_others_is_refused(tmp_path: Path) -> None:
    data = pytest.importorskip("torch.utils.data")
    grant = granted(tmp_path)
    for held in _wrappers():
        with pytest.raises(RefusedError, match="train_dataset"):
            guard_trainer(SimpleNamespace(train_dataset=held), grant)
        with pytest.raises(RefusedError):
            check_rows_of(held, grant, "train_dataloader")

    class Guarded(GuardedRows):
        def __getitem__(self, number: int) -> Any:
            return FOREIGN

    false = Guarded(ROWS, guard(ROWS, grant)._check)
    with pytest.raises(RefusedError):
        check_rows_of(false, grant, "train_dataset")
    guarded = guard(ROWS, grant).map(len)
    for honest in (data.Subset(ROWS, [1, 2]), data.Subset(guarded, [1]), data.DataLoader(guarded)):
        check_rows_of(honest, grant, "train_dataset")


def test_a_plain_torch_data_set_of_permitted_rows_is_read_by_number(tmp_path: Path) -> None:
    data = pytest.importorskip("torch.utils.data")

    class Rows(data.Dataset):  # type: ignore[misc,name-defined]
        def __init__(self, held: Any) -> None:
            self.held = held

        def __len__(self) -> int:
            return len(self.held)

        def __getitem__(self, number: int) -> Any:
            return self.held[number]

    grant = granted(tmp_path)
    guard_trainer(SimpleNamespace(train_dataset=Rows(ROWS)), grant)
    check_rows_of(data.DataLoader(Rows(ROWS)), grant, "train_dataloader")
    with pytest.raises(RefusedError, match="not permitted"):
        guard_trainer(SimpleNamespace(train_dataset=Rows([*ROWS, FOREIGN])), grant)


def test_raw_columns_beside_tokens_are_those_of_prepared_from(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    grant = granted(tmp_path)

    def made(**more: Any) -> Any:
        rows = [{"input_ids": [1], "labels": [1], **row, **more} for row in ROWS]
        return datasets.Dataset.from_list(rows)

    check_rows_of(made(), grant, "train_dataset", ROWS)
    check_rows_of(made(length=3), grant, "train_dataset", ROWS)
    check_rows_of(list(made().select_columns(["input_ids", "answer"])), grant, "train_dataset", ROWS)
    for held in (made(answer="!"), made(text="!"), list(made(answer="!")), made(inner={"a": ["!"]})):
        with pytest.raises(RefusedError, match="beside its tokens"):
            check_rows_of(held, grant, "train_dataset", ROWS)
    with pytest.raises(RefusedError, match="beside its tokens"):
        check_rows_of(made(answer="!").to_iterable_dataset(), grant, "train_dataset", ROWS)
