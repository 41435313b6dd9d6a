"""A signed permit over the rows, a folder of settings, and a tiny model, for the tests of the gate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from evidence import ROWS, write_audit, write_jsonl
from gated import NOW, options_of

from auditor.attest.keys import KeyType, new_key, write_pair
from auditor.attest.permit_files import write_permit
from auditor.attest.record import read_record
from auditor.attest.statement import Signing
from auditor.domain.permit import EvidenceMode
from auditor.gate import Grant, require_permit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    key = new_key(KeyType.ED25519)
    write_pair(key, tmp_path / "KEY", None)
    record = read_record(write_audit(tmp_path / "out", write_jsonl(tmp_path / "data.jsonl", ROWS)))
    write_permit(record, Signing(NOW, evidence=EvidenceMode.ROWS), [key], tmp_path / "permit.intoto.json")
    return tmp_path


@pytest.fixture
def grant(folder: Path) -> Grant:
    return require_permit(dataset=folder / "data.jsonl", **options_of(folder))


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rows.jsonl").write_text("{}\n")
    (tmp_path / "foreign.jsonl").write_text("{}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def tiny(tmp_path: Path) -> Any:
    """A student of two layers, with its tokenizer, made here."""
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    words = {
        word: number for number, word in enumerate(["<pad>", "<eos>", "<unk>", "Add", "and", "make", "."])
    }
    raw = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="<unk>"))
    raw.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>", padding_side="left"
    )
    config = transformers.LlamaConfig(
        vocab_size=len(words), hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2
    )
    return transformers.LlamaForCausalLM(config), tokenizer
