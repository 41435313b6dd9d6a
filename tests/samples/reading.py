"""Write rows, read them through the front of the readers, and look at what is claimed of them."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from auditor.domain.claim import ClaimKind
from auditor.samples.source import ReadOptions, Source, open_source

TURNS = [
    {"role": "system", "content": "S"},
    {"role": "user", "content": "Q"},
    {"role": "assistant", "content": "A"},
]
CHAT = [("system", "", "S"), ("prompt", "prompt", "Q"), ("teacher", "", "A")]
QA = CHAT[1:]
GOOD = [{"prompt": f"What is {n} plus two?", "completion": f"It is {n + 2}."} for n in range(3)]
LINES = "".join(json.dumps(row) + "\n" for row in GOOD).encode()


def write(path: Path, *rows: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def arrow(path: Path, **columns: pa.Array) -> Path:
    """Write good rows as an Arrow file, with further columns."""
    table = pa.Table.from_pylist(GOOD)
    for name, column in columns.items():
        table = table.append_column(name, column)
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
    return path


def run(*paths: Path, options: ReadOptions | None = None) -> tuple[Source, list[tuple[str, str, str]]]:
    source = open_source([str(path) for path in paths], options)
    parts = [
        (part["role"], part["slot"], part["text"]) for batch in source for part in batch.parts.to_pylist()
    ]
    return source, parts


def read(*paths: Path) -> Source:
    source = open_source([str(path) for path in paths])
    for _ in source:
        pass
    return source


def rows_read(path: Path, *rows: dict[str, Any], batch_rows: int = 8192) -> Source:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    source = open_source([str(path)], ReadOptions(batch_rows=batch_rows))
    for _ in source:
        pass
    return source


def claims(source: Source) -> list[tuple[str, str, str, str]]:
    return [(c.kind, c.value, c.where, c.slot) for held in source.claim_sets for c in held.claims]


def values_of(source: Source, kind: ClaimKind) -> list[str]:
    return [claim.value for found in source.claim_sets for claim in found.claims if claim.kind is kind]


def cut(sign: str, size: int) -> str:
    head = f"{size:,} characters, no name, that begin with "
    return f"{head}«{sign * (200 - len(head) - 3)}…»"


def closed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse a path as the system does for users without rights on it; root has them all."""

    def refuse(name: str, real: Callable[..., Any]) -> None:
        def opened(target: Any, *rest: Any, **more: Any) -> Any:
            if Path(target) == path:
                raise PermissionError(13, "Permission denied", str(target))
            return real(target, *rest, **more)

        monkeypatch.setattr(name, opened)

    refuse("os.listdir", os.listdir)
    refuse("os.scandir", os.scandir)
    refuse("io.open", io.open)
