"""The training's own record: `metrics.jsonl`, a line a step, and whoever wants to be told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

METRICS = "metrics.jsonl"
_KEPT = ("loss", "learning_rate", "grad_norm", "epoch")


@dataclass(frozen=True, slots=True)
class Tick:
    """How far the training is."""

    step: int
    steps: int
    loss: float
    seconds_left: float


Listener = Callable[[Tick], None]


class Journal(TrainerCallback):  # type: ignore[misc]
    """Write every logged step down; a resumed run first repeats what its checkpoint knows."""

    def __init__(self, folder: Path, listener: Listener) -> None:
        self._file, self._listener = folder / METRICS, listener
        self._start, self._first = 0.0, 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Begin the file, with the steps before the checkpoint where there is one."""
        self._start, self._first = time.monotonic(), state.global_step
        if state.is_world_process_zero:
            past = [entry for entry in state.log_history if "loss" in entry]
            self._file.write_text("".join(_line(entry["step"], entry) for entry in past), "utf-8")

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        """Add a step and tell the listener."""
        if not state.is_world_process_zero or "loss" not in (logs or {}):
            return
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(_line(state.global_step, logs))
        done = max(state.global_step - self._first, 1)
        left = (time.monotonic() - self._start) / done * (state.max_steps - state.global_step)
        self._listener(Tick(state.global_step, state.max_steps, float(logs["loss"]), left))


def _line(step: int, entry: dict[str, Any]) -> str:
    kept = {name: entry[name] for name in _KEPT if name in entry}
    return json.dumps({"step": step, **kept}) + "\n"
