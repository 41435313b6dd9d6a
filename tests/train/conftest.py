"""A tiny model and a folder with signed rows, for the tests of the student step."""

from __future__ import annotations

from pathlib import Path

import pytest
from evidence import ROWS, write_jsonl
from student import attest_rows

from auditor.cli.main import execute


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of two small layers with a tokenizer trained on the rows."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
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
    attest_rows(tmp_path, data)
    return tmp_path
