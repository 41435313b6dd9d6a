"""A permit is for one student and its teachers."""

from __future__ import annotations

from pathlib import Path

import pytest
from student import attest_rows, train_arguments, write_config

from auditor.cli.main import execute

pytest.importorskip("torch")
pytest.importorskip("transformers")


def test_the_permit_must_be_for_this_student_and_teacher(folder: Path, tiny: Path) -> None:
    for changes in (
        {"student_name": "Llama-other"},
        {"base_model": "made/other"},
        {"method": "logits", "teacher": str(tiny), "teacher_name": "gpt-4"},
    ):
        assert execute(["train", str(write_config(folder, tiny, **changes)), *train_arguments(folder)]) == 1
    assert not (folder / "student").exists()


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
    assert execute(["train", str(write_config(folder, tiny, **changes)), *train_arguments(folder)]) == 1
    assert not (folder / "student").exists()


def test_a_bound_tokenizer_that_cannot_be_compared_is_refused(folder: Path, tiny: Path) -> None:
    attest_rows(folder, folder / "data.jsonl", "--bind", f"collator={folder / 'data.jsonl'}")
    assert execute(["train", str(write_config(folder, tiny)), *train_arguments(folder)]) == 1


def test_another_tokenizer_than_the_bound_one_is_refused(folder: Path, tiny: Path) -> None:
    attest_rows(folder, folder / "data.jsonl", "--bind", f"tokenizer={tiny}")
    config = write_config(folder, tiny, max_steps=1)
    assert execute(["train", str(config), *train_arguments(folder)]) == 0
    edited = folder / "edited"
    edited.mkdir()
    for file in tiny.iterdir():
        (edited / file.name).write_bytes(file.read_bytes())
    text = (edited / "tokenizer.json").read_text()
    (edited / "tokenizer.json").write_text(text.replace('"make"', '"mxke"').replace('"Add"', '"Axd"'))
    assert (edited / "tokenizer.json").read_text() != text
    assert execute(["train", str(write_config(folder, edited)), *train_arguments(folder)]) == 1
