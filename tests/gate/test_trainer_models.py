"""Models that a trainer holds beside its student are found under any name."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from evidence import ROWS
from gated import (
    TEACHER,
    granted,
)

from auditor.errors import RefusedError
from auditor.gate import guard_trainer


def test_a_model_that_a_trainer_keeps_under_another_name_is_found(tmp_path: Path) -> None:
    model = SimpleNamespace(config=SimpleNamespace(_name_or_path="org/hidden"), forward=print)
    for name in ("_teacher", "my_teacher_net", "reward_head", "judge_model"):
        trainer = SimpleNamespace(train_dataset=ROWS, **{name: model})
        with pytest.raises(RefusedError, match="org/hidden"):
            guard_trainer(trainer, granted(tmp_path, TEACHER))
    student = SimpleNamespace(train_dataset=ROWS, model=model, ref_model=model)
    guard_trainer(student, granted(tmp_path))
    with pytest.raises(RefusedError, match="shows no train_dataset"):
        guard_trainer(SimpleNamespace(), granted(tmp_path))


def test_a_second_model_is_found_under_any_name_and_in_any_container(tmp_path: Path, tiny: Any) -> None:
    torch = pytest.importorskip("torch")
    grant = granted(tmp_path)
    model = tiny[0]
    other = type(model)(model.config)
    inner = SimpleNamespace(helper=SimpleNamespace(net=other))

    def closing(rows: Any) -> Any:
        return other(rows)

    for name in (
        "expert",
        "big_model",
        "t_model",
        "kd_model",
        "grader",
        "verifier",
        "rm",
        "oracle",
        "critic",
    ):
        with pytest.raises(RefusedError, match=name):
            guard_trainer(SimpleNamespace(model=model, train_dataset=ROWS, **{name: other}), grant)
    containers = ({"math": other}, [other], {"a": [(other,)]}, partial(print, other), other.forward, inner)
    for held in (*containers, closing, torch.nn.Linear(2, 2)):
        with pytest.raises(RefusedError, match="the permit does not hold"):
            guard_trainer(SimpleNamespace(model=model, train_dataset=ROWS, helper=held), grant)
    for name in ("teacher_client", "my_judge", "math_reward_fn", "teachers"):
        for held in (print, SimpleNamespace(), "gpt-4o", {"math": "gpt-4o"}):
            with pytest.raises(RefusedError, match=name):
                guard_trainer(SimpleNamespace(model=model, train_dataset=ROWS, **{name: held}), grant)
    same = {"policy": model, "parts": [model.model], "loss": torch.nn.CrossEntropyLoss(), "ref_model": other}
    guard_trainer(SimpleNamespace(model=model, train_dataset=ROWS, teacher_top_k=3, **same), grant)

    class Closing(SimpleNamespace):
        def compute_loss(self, rows: Any) -> Any:
            return other(rows)

    with pytest.raises(RefusedError, match="compute_loss"):
        guard_trainer(Closing(model=model, train_dataset=ROWS), grant)
    computed = type("Computed", (SimpleNamespace,), {"teacher_model": property(lambda self: other)})
    with pytest.raises(RefusedError, match="teacher_model"):
        guard_trainer(computed(model=model, train_dataset=ROWS), grant)
    given = SimpleNamespace(expert=other)
    with pytest.raises(RefusedError, match="expert"):
        guard_trainer(SimpleNamespace(model=model, train_dataset=ROWS, args=given), grant)
    both = torch.nn.ModuleDict({"student": model, "teacher": other})
    with pytest.raises(RefusedError, match=r"model\.teacher"):
        guard_trainer(SimpleNamespace(model=both, train_dataset=ROWS), grant)
