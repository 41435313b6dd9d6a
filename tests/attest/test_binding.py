from __future__ import annotations

import json
from pathlib import Path

from auditor.attest.binding import bind_all, tokenizer_digest


def test_a_tokenizer_is_bound_without_what_trainers_set(tmp_path: Path) -> None:
    document = {"model": {"vocab": {"a": 0}}, "padding": None}
    assert tokenizer_digest(document) == tokenizer_digest({**document, "padding": {"length": 8}})
    assert tokenizer_digest(document) != tokenizer_digest({"model": {"vocab": {"a": 1}}})
    (tmp_path / "tokenizer.json").write_text(json.dumps(document))
    (tmp_path / "chat_template.jinja").write_text("{{ messages }}")
    assert bind_all([f"tokenizer={tmp_path}"]).keys() == {"tokenizer", "chat-template"}
