"""The models of a session stand in lines of their own."""

from __future__ import annotations

from pathlib import Path

from auditor.domain.claim import ClaimKind
from tests.samples.reading import rows_read

CONTEXT = {"type": "turn_context", "payload": {"model": "gpt-5-codex"}}
SAID = {
    "timestamp": "2025-02-03T10:00:00Z",
    "type": "response_item",
    "payload": {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "output_text", "text": "It is so."}],
    },
}
ASKED = {**SAID, "payload": {"type": "message", "role": "user", "content": "Is it?"}}


def test_every_model_of_a_session_may_have_answered(tmp_path: Path) -> None:
    other = {**CONTEXT, "payload": {"model": "o4-mini"}}
    source = rows_read(tmp_path / "rollout.jsonl", CONTEXT, ASKED, SAID, other, SAID)
    answered = [held for held in source.claim_sets if held.of(ClaimKind.GENERATED_AT)]
    models = [[one.value for one in held.of(ClaimKind.TEACHER)] for held in answered]
    assert ["gpt-5-codex", "o4-mini"] in models


def test_a_line_of_another_log_is_no_session(tmp_path: Path) -> None:
    source = rows_read(tmp_path / "a.jsonl", {**CONTEXT, "payload": "x"}, {**SAID, "payload": None}, ASKED)
    assert not any(held.of(ClaimKind.TEACHER) for held in source.claim_sets)
