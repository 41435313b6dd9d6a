"""Several answers of a row keep a slot each."""

from __future__ import annotations

from pathlib import Path

from tests.samples.reading import QA, TURNS, claims, run, write


def test_candidates_and_arenas_keep_a_slot_each(tmp_path: Path) -> None:
    ranked = {"prompt": "Q", "answers": [{"answer": "A", "model": "m1"}, {"answer": "B", "model": "m2"}]}
    source, parts = run(write(tmp_path / "a.jsonl", ranked))
    assert parts == [QA[0], ("teacher", "answers[0]", "A"), ("teacher", "answers[1]", "B")]
    assert [(value, slot) for _, value, _, slot in claims(source)] == [
        ("m1", "answers[0]"),
        ("m2", "answers[1]"),
    ]
    arena = {"conversation_a": TURNS, "conversation_b": TURNS, "model_a": "m1", "model_b": "m2"}
    source, parts = run(write(tmp_path / "b.jsonl", arena))
    assert [slot for role, slot, _ in parts if role == "teacher"] == ["conversation_a", "conversation_b"]
    assert [(value, slot) for _, value, _, slot in claims(source)] == [
        ("m1", "conversation_a"),
        ("m2", "conversation_b"),
    ]
