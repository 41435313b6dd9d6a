"""A signed permit over the rows for a small student, and the command line that trains it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from evidence import sign, write_audit

STUDENT_PLAN = {"student_name": "Llama-tiny", "student_base": {"name": "made/tiny", "terms": "MIT"}}
CLAUSE = {"ref": "llama", "section": "1"}
DUTIES = [
    {
        "id": "name-prefix",
        "trigger": "t",
        "clause": CLAUSE,
        "message": "Begin the name with Llama.",
        "params": {"prefix": "Llama"},
    },
    {
        "id": "display-built-with",
        "trigger": "t",
        "clause": CLAUSE,
        "message": "Say what it was built with.",
        "params": {"text": "Built with Llama"},
    },
]


def attest_rows(folder: Path, data: Path, *options: str, duties: list[dict[str, Any]] = DUTIES) -> None:
    out = write_audit(folder / "out", data, obligations=duties, plan=STUDENT_PLAN)
    sign(out, folder / "KEY", folder / "permit.intoto.json", *options)


def write_config(folder: Path, tiny: Path, **changes: Any) -> Path:
    path = folder / "train.yaml"
    settings = {"student": str(tiny), "out": "student", "batch_size": 8, "learning_rate": 0.01, "epochs": 4}
    path.write_text(yaml.safe_dump({**settings, "student_name": "Llama-tiny", **changes}))
    return path


def train_arguments(folder: Path) -> list[str]:
    permit, data, key = (str(folder / name) for name in ("permit.intoto.json", "data.jsonl", "KEY.pub"))
    return ["--permit", permit, "--dataset", data, "--key", key]
