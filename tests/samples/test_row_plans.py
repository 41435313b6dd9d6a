"""Rows read by plan come to what they come to each by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.samples import file_rows, row_plans
from auditor.samples.row_plans import RowPlans, make_plan
from auditor.samples.shapes.recognize import guess_shape
from auditor.samples.source import ReadOptions, Source, open_source

PROSE = "the quick brown fox jumps over a lazy dog and then it goes on some more to come to twenty words " * 2
CALL = {"type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
TEXTS = (
    *("", " ", "a", "b", "What is it?", "It is so.", PROSE, f"{PROSE}.", "gpt-4", "mit", "Mit ", "x" * 300),
    *('{"model": "claude-3"}', '["a", "b"]', '[{"role": "user", "content": "q"}]', "{", "response", "message"),
    *("2024-05-01T10:00:00", "user", "assistant", "response.created", "tool_use", "vllm-1"),
)
NAMES = (
    *("instruction", "input", "output", "prompt", "completion", "response", "question", "answer", "answers"),
    *("text", "content", "chosen", "rejected", "system", "model", "Model", "modelName", "model_a", "license"),
    *("source", "dataset", "id", "type", "object", "created", "created_at", "score", "label", "train", "tags"),
    *("metadata", "messages", "conversations", "conversation_a", "conversation_b", "generation", "generations"),
    *("generator", "reasoning", "custom_id", "notes", "role", "value", "history", "models", "tools", "Prompt"),
    *("generation_models", "model_name", "completions", "better_answer", "stop_reason", "generated_text"),
)
ROLES = ("user", "assistant", "system", "human", "gpt", "tool", "User", "nobody", "")
MEMBERS = ("content", "value", "model", "name", "thinking", "weight", "tool_calls", "text", "type", "license")

Kinds = tuple[tuple[str, Any], ...]
scalars = st.sampled_from(("text", "text", "text", "none", "int", "float", "bool"))
turn = st.tuples(
    st.sampled_from(("role", "role", "from")),
    st.sampled_from(ROLES),
    st.lists(st.tuples(st.sampled_from(MEMBERS), scalars), max_size=3),
)
objects = st.lists(st.tuples(st.sampled_from((*NAMES, *MEMBERS, "key")), scalars), max_size=3)
values = st.one_of(
    scalars,
    scalars,
    st.tuples(st.just("turns"), st.lists(turn, max_size=4)),
    st.tuples(st.just("object"), objects),
    st.tuples(st.just("list"), st.lists(scalars, max_size=3)),
    st.tuples(st.just("objects"), st.lists(objects, max_size=2)),
)
schemas = st.lists(st.tuples(st.sampled_from(NAMES), values), min_size=1, max_size=7)


def _filled(kind: Any, draw: Any) -> Any:
    """Return a value of a kind."""
    if kind == "text":
        return draw(st.sampled_from(TEXTS))
    if kind == "none":
        return None
    if kind == "int":
        return draw(st.sampled_from((0, 1, 5, 1_700_000_000)))
    if kind == "float":
        return draw(st.sampled_from((0.0, -0.0, 1.5, 1.7e9)))
    if kind == "bool":
        return draw(st.booleans())
    name, inner = kind
    if name == "turns":
        return [
            {speaker: role, **{member: _filled(one, draw) for member, one in members}}
            for speaker, role, members in inner
        ]
    if name == "object":
        return {member: _filled(one, draw) for member, one in inner}
    if name == "list":
        return [_filled(one, draw) for one in inner]
    return [{member: _filled(one, draw) for member, one in one_object} for one_object in inner]


@st.composite
def rows_of_few_schemas(draw: Any) -> list[dict[str, Any]]:
    found = []
    for schema in draw(st.lists(schemas, min_size=1, max_size=3)):
        for _ in range(draw(st.integers(3, 12))):
            found.append({name: _filled(kind, draw) for name, kind in schema})
    return draw(st.permutations(found)) if draw(st.booleans()) else found


def _read(path: Path, by_plan: bool, **more: Any) -> tuple[Source, list[Any]]:
    source = open_source([str(path)], ReadOptions(bind=True, by_plan=by_plan, **more))
    told: list[Any] = []
    try:
        batches = [
            (batch.rows.tolist(), batch.digests, batch.claim_sets.tolist(), batch.parts)
            for batch in source.read(told.append)
        ]
    except Exception as error:
        return source, [type(error), str(error), told]
    return source, [batches, told]


def same(path: Path, **more: Any) -> None:
    """Hold that both ways of reading a file give the same in every respect."""
    planned, by_plan = _read(path, True, **more)
    single, each = _read(path, False, **more)
    assert by_plan == each
    assert planned.claim_sets == single.claim_sets
    assert planned.sources_left_out == single.sources_left_out
    assert planned.files == single.files
    assert planned.column_map.columns() == single.column_map.columns()
    assert planned.column_map.unjudged_prose() == single.column_map.unjudged_prose()
    assert planned.column_map == single.column_map


def _write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@given(rows_of_few_schemas())
@settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_rows_read_by_plan_come_to_what_each_comes_to_by_itself(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    same(_write(tmp_path_factory.getbasetemp() / "planned.jsonl", rows), batch_rows=16)
