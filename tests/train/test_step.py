"""The student step with a tiny model made here: refusal before weights, falling loss, card and trace."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from evidence import ROWS, write_jsonl
from student import attest_rows, train_arguments, write_config

from auditor.cli.main import execute
from auditor.errors import RefusedError
from auditor.gate.request import Request
from auditor.train.config import read_config

pytest.importorskip("torch")
pytest.importorskip("transformers")


CHAT = [
    {"role": "system", "content": "Be brief."},
    {"from": "human", "value": "Hello?"},
    {"role": "assistant", "content": [{"type": "text", "text": "Hi."}]},
    {"role": "user", "content": "Thanks."},
    {"role": "assistant", "content": None},
]


def _losses(text: str) -> tuple[float, float]:
    words = text[text.rindex("loss ") :].split()
    return float(words[1]), float(words[4])


def test_a_student_is_recorded_where_impact_finds_it(
    folder: Path, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = str(write_config(folder, tiny, max_steps=1))
    assert execute(["train", config, *train_arguments(folder)]) == 0
    assert "no ledger is here" in capsys.readouterr().err
    made = ["--teacher", "smollm2", "--access", "open-weights", "--quiet"]
    execute(["audit", str(folder / "data.jsonl"), *made])
    shutil.rmtree(folder / "student")
    assert execute(["train", config, *train_arguments(folder)]) == 0
    capsys.readouterr()
    assert execute(["impact", "smollm2", "--format", "json"]) == 0
    [student] = json.loads(capsys.readouterr().out)["students"]
    assert student["name"] == "Llama-tiny"
    assert execute(["ledger", "verify"]) == 0


@pytest.mark.parametrize("method", ["sequence", pytest.param("logits", marks=pytest.mark.slow)])
def test_a_student_learns_and_its_card_and_trace_lead_back_to_the_rows(
    folder: Path, tiny: Path, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tiny / "model.safetensors").read_bytes()
    teacher = {"teacher": str(tiny), "teacher_name": "SmolLM2", "alpha": 0.3} if method == "logits" else {}
    config = write_config(folder, tiny, method=method, **teacher)
    assert execute(["train", str(config), *train_arguments(folder)]) == 0
    first, last = _losses(capsys.readouterr().err)
    assert last < first * 0.8
    assert (tiny / "model.safetensors").read_bytes() == before
    card = (folder / "student" / "README.md").read_text()
    assert "smollm2; licenses: Apache-2.0" in card
    assert "base_model: made/tiny" in card
    assert "\n**Built with Llama**\n" in card
    (line,) = (one for one in card.splitlines() if "name-prefix: Begin the name with Llama." in one)
    assert line.endswith("(met by the name)")
    assert (folder / "student" / "NOTICE").read_text().endswith("\nBuilt with Llama\n")
    capsys.readouterr()
    signed = ["--key", str(folder / "KEY.pub"), "--format", "json"]
    assert execute(["trace", str(folder / "student"), *signed]) == 0
    traced = json.loads(capsys.readouterr().out)
    assert traced["permit"] in card
    assert len(traced["signers"]) == 1
    assert traced["teacher"] == ("SmolLM2" if method == "logits" else None)
    assert sorted(traced["rows"]) == sorted(f"data.jsonl#{number}" for number in range(24))
    (folder / "student" / "model.safetensors").write_bytes(before)
    assert execute(["trace", str(folder / "student")]) == 4


def test_only_the_students_folder_goes_to_stdout(
    folder: Path, tiny: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["train", str(write_config(folder, tiny, max_steps=2)), *train_arguments(folder)]) == 0
    assert capfd.readouterr().out == f"{folder / 'student'}\n"


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "no answer"},
        {"prompt": "an empty one", "answer": " "},
        {"messages": CHAT[3:]},
        {"messages": [{"role": "oracle", "content": "?"}, CHAT[2]]},
        {"messages": [7]},
        {"messages": []},
    ],
)
def test_a_row_without_an_answer_stops_the_step_before_weights(
    folder: Path, tiny: Path, row: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    attest_rows(folder, write_jsonl(folder / "data.jsonl", [*ROWS, row]))
    assert execute(["train", str(write_config(folder, tiny)), *train_arguments(folder)]) == 2
    assert "data.jsonl#24" in capsys.readouterr().err
    assert not list((folder / "student").glob("*.safetensors"))


def test_without_a_permit_nothing_is_loaded(folder: Path, tiny: Path) -> None:
    config = write_config(folder, tiny)
    write_jsonl(folder / "data.jsonl", ROWS[1:])
    program = (
        "import sys, time\nfrom auditor.cli.main import execute\n"
        f"code = execute(['train', {str(config)!r}, *{train_arguments(folder)!r}])\n"
        "print(code, 'torch' in sys.modules, 'transformers' in sys.modules, time.process_time() < 5)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False", "False", "True"]
    assert not (folder / "student").exists()


def test_rows_that_change_after_the_check_are_not_trained_on(
    folder: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditor.train import step

    inner = step.put

    def put(*given: Any) -> None:
        inner(*given)
        write_jsonl(folder / "data.jsonl", ROWS[1:])

    monkeypatch.setattr(step, "put", put)
    with pytest.raises(RefusedError, match="changed after it was checked"):
        step.run_step(
            read_config(write_config(folder, tiny)),
            Request(folder / "permit.intoto.json", (folder / "KEY.pub",)),
            [str(folder / "data.jsonl")],
            datetime(2026, 11, 24, 12, tzinfo=UTC),
        )
    assert not list((folder / "student").glob("*.safetensors"))


def _trainer(folder: Path, tiny: Path, callback: Any, **settings: Any) -> Any:
    from transformers import AutoModelForCausalLM, AutoTokenizer, Trainer, TrainingArguments

    arguments = TrainingArguments(
        output_dir=str(folder / "o"), use_cpu=True, report_to=[], max_steps=1, **settings
    )
    return Trainer(
        model=AutoModelForCausalLM.from_pretrained(tiny),
        args=arguments,
        train_dataset=[],
        eval_dataset=[],
        processing_class=AutoTokenizer.from_pretrained(tiny),
        callbacks=[callback],
    )


def test_a_trainer_with_the_callback_is_refused_when_it_is_made(folder: Path, tiny: Path) -> None:
    from auditor.gate import PermitCallback

    attest_rows(folder, folder / "data.jsonl", "--bind", f"tokenizer={tiny}")
    options: dict[str, Any] = {
        "permit": folder / "permit.intoto.json",
        "keys": [folder / "KEY.pub"],
        "clock": lambda: datetime(2026, 11, 24, 12, tzinfo=UTC),
    }
    accepted = PermitCallback(dataset=folder / "data.jsonl", **options)
    _trainer(folder, tiny, accepted)
    assert accepted.grant is not None
    with pytest.raises(RefusedError, match="1 missing"):
        _trainer(folder, tiny, PermitCallback(dataset=ROWS[1:], **options))
    with pytest.raises(RefusedError, match="evaluation set has no permit"):
        _trainer(folder, tiny, PermitCallback(dataset=ROWS, **options), eval_strategy="steps")
    with pytest.raises(RefusedError, match="evaluation set has no permit"):
        _trainer(folder, tiny, PermitCallback(dataset=ROWS, **options), eval_on_start=True)
    other = {"tokenizer": "sha256:" + "0" * 64}
    with pytest.raises(RefusedError, match="another tokenizer"):
        _trainer(folder, tiny, PermitCallback(dataset=ROWS, bound=other, **options))
    binds = ("--bind", f"tokenizer={tiny}", "--bind", f"collator={tiny / 'config.json'}")
    attest_rows(folder, folder / "data.jsonl", *binds)
    with pytest.raises(RefusedError, match="binds a collator, which this trainer does not show"):
        _trainer(folder, tiny, PermitCallback(dataset=ROWS, **options))
