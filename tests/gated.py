"""What the tests of the gate start from: a signed permit over the rows, and trainers that use them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from evidence import PLAN, ROWS, write_audit, write_jsonl

from auditor.attest.keys import KeyType, load_private, new_key, write_pair
from auditor.attest.permit_files import write_permit
from auditor.attest.record import read_record
from auditor.attest.statement import Signing
from auditor.domain.outcome import Outcome
from auditor.domain.permit import EvidenceMode, Permit, PermitResult
from auditor.gate import Grant, require_permit
from auditor.gate.trainer_config import check_settings
from auditor.ids import Digest

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FOREIGN = {"id": "x", "prompt": "?", "answer": "!"}
TEACHER = {"name": "Qwen/Qwen3-8B", "role": "logits", "access": "open-weights"}
NONE = Digest(f"sha256:{'0' * 64}")


def permit_options(folder: Path, *teachers: dict[str, Any]) -> dict[str, Any]:
    if not (folder / "KEY").exists():
        write_pair(new_key(KeyType.ED25519), folder / "KEY", None)
    data = write_jsonl(folder / "data.jsonl", ROWS)
    out = write_audit(folder / "out", data, plan={**PLAN, "trainer_teachers": list(teachers)})
    write_permit(
        read_record(out),
        Signing(NOW, evidence=EvidenceMode.ROWS),
        [load_private(folder / "KEY")],
        folder / "permit.intoto.json",
    )
    return options_of(folder)


def granted(folder: Path, *teachers: dict[str, Any]) -> Grant:
    return require_permit(dataset=folder / "data.jsonl", **permit_options(folder, *teachers))


def options_of(folder: Path) -> dict[str, Any]:
    return {"permit": folder / "permit.intoto.json", "keys": [folder / "KEY.pub"], "clock": lambda: NOW}


def bare_permit(*teachers: dict[str, Any]) -> Permit:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    return Permit(
        NONE, PermitResult.PASSED, Outcome.ALLOW, NONE, 1, "p", NONE, moment, trainer_teachers=teachers
    )


def check_text(workplace: Path, text: str, *teachers: dict[str, Any]) -> tuple[str, ...]:
    (workplace / "train.yaml").write_text(text)
    return check_settings(bare_permit(*teachers), [Path("train.yaml")], ["train"], ["data"])


def real_trainer(folder: Path, tiny: Any, kind: Any = None, rows: Any = ROWS, **given: Any) -> Any:
    transformers = pytest.importorskip("transformers")
    more = {name: given.pop(name) for name in ("eval_strategy", "eval_steps") if name in given}
    arguments = transformers.TrainingArguments(
        output_dir=str(folder / "student"), max_steps=1, report_to=[], use_cpu=True, disable_tqdm=True, **more
    )
    collator = transformers.DataCollatorForSeq2Seq(tiny[1])
    kind = kind or transformers.Trainer
    return kind(model=tiny[0], args=arguments, train_dataset=rows, data_collator=collator, **given)
