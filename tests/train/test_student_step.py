"""The student step with a tiny model made here: refusal before weights, falling loss, card and trace."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from evidence import ROWS, sign, write_audit, write_jsonl

from auditor.cli.main import execute
from auditor.errors import RefusedError, UsageError
from auditor.gate.grant import Request
from auditor.train.config import TrainConfig, read_config

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

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


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of two small layers with a tokenizer trained on the rows."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = trainers.BpeTrainer(vocab_size=400, special_tokens=["<unk>", "<pad>", "<end>"])
    tokenizer.train_from_iterator([f"{row['prompt']} {row['answer']}" for row in ROWS], special)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<pad>", eos_token="<end>"
    )
    fast.save_pretrained(folder)
    torch.manual_seed(1)
    shape = {"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4}
    LlamaForCausalLM(LlamaConfig(vocab_size=len(fast), num_key_value_heads=4, **shape)).save_pretrained(
        folder
    )
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795521600")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUDITOR_KEY_PASSWORD", raising=False)
    assert execute(["keys", "new", "--out", str(tmp_path / "KEY")]) == 0
    data = write_jsonl(tmp_path / "data.jsonl", ROWS)
    _attest(tmp_path, data)
    return tmp_path


def _attest(folder: Path, data: Path, *options: str, duties: list[dict[str, Any]] = DUTIES) -> None:
    out = write_audit(folder / "out", data, obligations=duties, plan=STUDENT_PLAN)
    sign(out, folder / "KEY", folder / "permit.intoto.json", *options)


def _config(folder: Path, tiny: Path, **changes: Any) -> Path:
    path = folder / "train.yaml"
    settings = {"student": str(tiny), "out": "student", "batch_size": 8, "learning_rate": 0.01, "epochs": 4}
    path.write_text(yaml.safe_dump({**settings, "student_name": "Llama-tiny", **changes}))
    return path


def _arguments(folder: Path) -> list[str]:
    permit, data, key = (str(folder / name) for name in ("permit.intoto.json", "data.jsonl", "KEY.pub"))
    return ["--permit", permit, "--dataset", data, "--key", key]


def _losses(text: str) -> tuple[float, float]:
    words = text[text.index("loss ") :].split()
    return float(words[1]), float(words[4])


def test_a_student_is_recorded_where_impact_finds_it(
    folder: Path, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = str(_config(folder, tiny, max_steps=1))
    assert execute(["train", config, *_arguments(folder)]) == 0
    assert "no ledger is here" in capsys.readouterr().err
    made = ["--teacher", "smollm2", "--access", "open-weights", "--quiet"]
    execute(["audit", str(folder / "data.jsonl"), *made])
    shutil.rmtree(folder / "student")
    assert execute(["train", config, *_arguments(folder)]) == 0
    capsys.readouterr()
    assert execute(["impact", "smollm2", "--format", "json"]) == 0
    [student] = json.loads(capsys.readouterr().out)["students"]
    assert student["name"] == "Llama-tiny"
    assert execute(["ledger", "verify"]) == 0


@pytest.mark.parametrize("method", ["sequence", "logits"])
def test_a_student_learns_and_its_card_and_trace_lead_back_to_the_rows(
    folder: Path, tiny: Path, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tiny / "model.safetensors").read_bytes()
    teacher = {"teacher": str(tiny), "teacher_name": "SmolLM2", "alpha": 0.3} if method == "logits" else {}
    config = _config(folder, tiny, method=method, **teacher)
    assert execute(["train", str(config), *_arguments(folder)]) == 0
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


def test_a_run_stopped_on_the_way_resumes_to_the_same_weights(folder: Path, tiny: Path) -> None:
    whole = _config(folder, tiny, out="whole", save_steps=3, epochs=2)
    assert execute(["train", str(whole), *_arguments(folder)]) == 0
    (folder / "whole").rename(folder / "first")
    kept = folder / "whole" / "checkpoint-3"
    (folder / "whole").mkdir()
    (folder / "first" / "checkpoint-3").rename(kept)
    for name in ("permit.intoto.json", "permit.intoto.json.rows"):
        (folder / "whole" / name).write_bytes((folder / "first" / name).read_bytes())
    unasked = _config(folder, tiny, out="whole", save_steps=3, epochs=2)
    assert execute(["train", str(unasked), *_arguments(folder)]) == 2
    again = _config(folder, tiny, out="whole", save_steps=3, epochs=2, resume=True)
    assert execute(["train", str(again), *_arguments(folder)]) == 0
    assert (folder / "whole" / "model.safetensors").read_bytes() == (
        folder / "first" / "model.safetensors"
    ).read_bytes()
    steps = [json.loads(line) for line in (folder / "whole" / "metrics.jsonl").read_text().splitlines()]
    assert [step["step"] for step in steps] == [1, 2, 3, 4, 5, 6]
    assert all(step["loss"] > 0 and step["learning_rate"] > 0 for step in steps)


def test_checkpoints_of_other_rows_are_not_continued(folder: Path, tiny: Path) -> None:
    config = _config(folder, tiny, save_steps=1, max_steps=1, resume=True)
    assert execute(["train", str(config), *_arguments(folder)]) == 0
    _attest(folder, write_jsonl(folder / "data.jsonl", ROWS[1:]))
    assert execute(["train", str(config), *_arguments(folder)]) == 1


def test_the_permit_must_be_for_this_student_and_teacher(folder: Path, tiny: Path) -> None:
    for changes in (
        {"student_name": "Llama-other"},
        {"base_model": "made/other"},
        {"method": "logits", "teacher": str(tiny), "teacher_name": "gpt-4"},
    ):
        assert execute(["train", str(_config(folder, tiny, **changes)), *_arguments(folder)]) == 1
    assert not (folder / "student").exists()


def test_a_trace_notices_a_changed_row_list_and_a_strangers_key(folder: Path, tiny: Path) -> None:
    config = _config(folder, tiny, max_steps=1, student_name="")
    assert execute(["train", str(config), *_arguments(folder)]) == 0
    student = str(folder / "student")
    assert "# Llama-tiny" in (folder / "student" / "README.md").read_text()
    assert execute(["trace", student]) == 0
    assert execute(["keys", "new", "--out", str(folder / "OTHER")]) == 0
    assert execute(["trace", student, "--key", str(folder / "OTHER.pub")]) == 4
    listed = folder / "student" / "permit.intoto.json.rows"
    lines = listed.read_text().splitlines(keepends=True)
    listed.write_text("".join(lines[1:]))
    assert execute(["trace", student]) == 4


def test_a_bound_tokenizer_that_cannot_be_compared_is_refused(folder: Path, tiny: Path) -> None:
    _attest(folder, folder / "data.jsonl", "--bind", f"collator={folder / 'data.jsonl'}")
    assert execute(["train", str(_config(folder, tiny)), *_arguments(folder)]) == 1


def test_license_files_of_the_base_travel_with_the_student(folder: Path, tiny: Path) -> None:
    base = folder / "base"
    shutil.copytree(tiny, base)
    (base / "LICENSE").write_text("terms\n")
    (base / "NOTICE").write_text("made by someone\n")
    duty = {**DUTIES[0], "id": "license-copy-and-notices", "message": "Send a copy along.", "params": {}}
    _attest(folder, folder / "data.jsonl", duties=[duty])
    assert execute(["train", str(_config(folder, base, max_steps=1)), *_arguments(folder)]) == 0
    student = folder / "student"
    assert (student / "LICENSE").read_text() == "terms\n"
    assert (student / "NOTICE").read_text().splitlines()[-1] == "made by someone"
    card = (student / "README.md").read_text()
    assert "Send a copy along." in card
    assert "(the base's files are copied" in card


def test_only_the_students_folder_goes_to_stdout(
    folder: Path, tiny: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["train", str(_config(folder, tiny, max_steps=2)), *_arguments(folder)]) == 0
    assert capfd.readouterr().out == f"{folder / 'student'}\n"


def test_a_long_prompt_leaves_room_for_the_answer(tiny: Path) -> None:
    from transformers import AutoTokenizer

    from auditor.train.lesson import IGNORED, Lesson

    tokenizer = AutoTokenizer.from_pretrained(tiny)
    lesson = Lesson(tokenizer, TrainConfig(student="", out="", max_length=12))
    cut = lesson({"prompt": "Add 1 and 2. " * 9, "answer": "3"})
    assert len(cut["input_ids"]) == len(cut["labels"]) == 12
    assert [label for label in cut["labels"] if label != IGNORED][-1] == tokenizer.eos_token_id
    both = lesson({"prompt": "Add 1 and 2. " * 9, "answer": "1 and 2 make 3. " * 9})
    assert sum(label != IGNORED for label in both["labels"]) == 6


CHAT = [
    {"role": "system", "content": "Be brief."},
    {"from": "human", "value": "Hello?"},
    {"role": "assistant", "content": [{"type": "text", "text": "Hi."}]},
    {"role": "user", "content": "Thanks."},
    {"role": "assistant", "content": None},
]


def test_a_chat_is_learned_from_its_last_answer_in_the_roles_it_has() -> None:
    from auditor.train.lesson import turns

    before, answer = turns({"conversations": CHAT}, TrainConfig(student="", out=""))
    assert answer == "Hi."
    assert before == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello?"}]


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
    _attest(folder, write_jsonl(folder / "data.jsonl", [*ROWS, row]))
    assert execute(["train", str(_config(folder, tiny)), *_arguments(folder)]) == 2
    assert "data.jsonl#24" in capsys.readouterr().err
    assert not list((folder / "student").glob("*.safetensors"))


def test_the_divergence_is_that_of_its_definition_and_zero_between_equals() -> None:
    from auditor.train.distill import divergence
    from auditor.train.lesson import IGNORED

    torch.manual_seed(3)
    student, teacher = torch.randn(2, 5, 7), torch.randn(2, 5, 7)
    labels = torch.tensor([[IGNORED, IGNORED, 3, 1, 6], [IGNORED, 2, 0, IGNORED, IGNORED]])
    temperature, expected, places = 2.5, 0.0, [(0, 1), (0, 2), (0, 3), (1, 0), (1, 1)]
    for row, place in places:  # the token at `place` foretells the label after it
        weights = [
            [math.exp(v / temperature) for v in one[row, place].tolist()] for one in (student, teacher)
        ]
        own, wanted = ([w / sum(one) for w in one] for one in weights)
        expected += sum(p * math.log(p / q) for p, q in zip(wanted, own, strict=True))
    expected *= temperature**2 / len(places)
    assert float(divergence(student, teacher, labels, temperature)) == pytest.approx(expected, rel=1e-5)
    assert float(divergence(teacher, teacher, labels, temperature)) == pytest.approx(0, abs=1e-6)


def test_checkpoints_of_other_rows_are_not_gone_on_from(folder: Path, tiny: Path) -> None:
    assert execute(["train", str(_config(folder, tiny, save_steps=1, max_steps=2)), *_arguments(folder)]) == 0
    _attest(folder, write_jsonl(folder / "data.jsonl", ROWS[1:]))
    again = _config(folder, tiny, save_steps=1, max_steps=4, resume=True)
    assert execute(["train", str(again), *_arguments(folder)]) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"student_name": "Another-tiny"},
        {"base_model": "made/another"},
        {"method": "logits", "teacher": "tiny", "teacher_name": "gpt-4"},
    ],
)
def test_another_student_or_teacher_than_the_permits_is_refused(
    folder: Path, tiny: Path, changes: dict[str, str]
) -> None:
    assert execute(["train", str(_config(folder, tiny, **changes)), *_arguments(folder)]) == 1
    assert not (folder / "student").exists()


def test_without_a_permit_nothing_is_loaded(folder: Path, tiny: Path) -> None:
    config = _config(folder, tiny)
    write_jsonl(folder / "data.jsonl", ROWS[1:])
    program = (
        "import sys\nfrom auditor.cli.main import execute\n"
        f"code = execute(['train', {str(config)!r}, *{_arguments(folder)!r}])\n"
        "print(code, 'torch' in sys.modules, 'transformers' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=5
    )
    assert done.stdout.split() == ["1", "False", "False"]
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
            read_config(_config(folder, tiny)),
            Request(folder / "permit.intoto.json", (folder / "KEY.pub",)),
            [str(folder / "data.jsonl")],
            datetime(2026, 11, 24, 12, tzinfo=UTC),
        )
    assert not list((folder / "student").glob("*.safetensors"))


def test_another_tokenizer_than_the_bound_one_is_refused(folder: Path, tiny: Path) -> None:
    _attest(folder, folder / "data.jsonl", "--bind", f"tokenizer={tiny}")
    config = _config(folder, tiny, max_steps=1)
    assert execute(["train", str(config), *_arguments(folder)]) == 0
    edited = folder / "edited"
    edited.mkdir()
    for file in tiny.iterdir():
        (edited / file.name).write_bytes(file.read_bytes())
    text = (edited / "tokenizer.json").read_text()
    (edited / "tokenizer.json").write_text(text.replace('"make"', '"mxke"').replace('"Add"', '"Axd"'))
    assert (edited / "tokenizer.json").read_text() != text
    assert execute(["train", str(_config(folder, edited)), *_arguments(folder)]) == 1


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

    _attest(folder, folder / "data.jsonl", "--bind", f"tokenizer={tiny}")
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
    _attest(folder, folder / "data.jsonl", *binds)
    with pytest.raises(RefusedError, match="binds a collator, which this trainer does not show"):
        _trainer(folder, tiny, PermitCallback(dataset=ROWS, **options))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "student: x", "student: x\nout: y\nepoch: 3", "student: x\nout: y\nepochs: many", "a: ["],
)
def test_a_wrong_configuration_is_a_usage_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "train.yaml").write_text(text)
    with pytest.raises(UsageError):
        read_config(tmp_path / "train.yaml")


def test_a_configuration_is_placed_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "train.yaml").write_text(
        "student: base\nout: new\nmethod: logits\nteacher: t\nteacher_name: T\n"
    )
    found = read_config(tmp_path / "train.yaml")
    assert isinstance(found, TrainConfig)
    assert (found.student, found.teacher) == (str(tmp_path / "base"), str(tmp_path / "t"))
