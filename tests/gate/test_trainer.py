"""A callback looks for the trainer that it belongs to."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from gated import (
    permit_options,
)

from auditor.errors import RefusedError


def test_a_callback_that_sees_no_trainer_asks_for_it(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    from auditor.gate import PermitCallback

    callback = PermitCallback(dataset=tmp_path / "data.jsonl", **permit_options(tmp_path))
    with pytest.raises(RefusedError, match="cannot see the trainer"):
        callback.on_init_end(SimpleNamespace(eval_strategy="no", eval_on_start=False), None, None)
