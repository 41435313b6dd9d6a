"""`require_permit`: light to import, for files, rows in memory and data sets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from evidence import ROWS
from gated import (
    FOREIGN,
    options_of,
)

from auditor.errors import RefusedError, UsageError
from auditor.gate import guard, require_permit


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


def test_rows_in_memory_are_checked_as_the_trainer_holds_them(folder: Path) -> None:
    assert require_permit(dataset=ROWS[::-1], **options_of(folder)).permit.samples == len(ROWS)
    with pytest.raises(RefusedError, match=r"row#0"):
        require_permit(dataset=[FOREIGN, *ROWS[1:]], **options_of(folder))
    with pytest.raises(UsageError, match="once only"):
        require_permit(dataset=(row for row in ROWS), **options_of(folder))


def test_a_huggingface_dataset_is_checked(folder: Path) -> None:
    datasets = pytest.importorskip("datasets")
    held = datasets.Dataset.from_list(ROWS)
    grant = require_permit(dataset=held, **options_of(folder))
    guarded = guard(held, grant)
    assert [row["id"] for row in guarded] == [row["id"] for row in ROWS]
    altered = held.map(lambda row: {**row, "answer": row["answer"] + " "})
    with pytest.raises(RefusedError, match="row#0"):
        list(guard(altered, grant))
    streamed = guard(held.to_iterable_dataset(), grant, name="stream")
    assert len(list(streamed)) == len(list(streamed)) == len(ROWS)
    with pytest.raises(RefusedError, match=r"stream#0.*'n' was added"):
        list(guard(held.add_column("n", [1] * len(ROWS)).to_iterable_dataset(), grant, name="stream"))
