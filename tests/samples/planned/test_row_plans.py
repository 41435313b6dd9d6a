"""Rows read by plan come to what they come to each by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples.both_ways import read, same

from auditor.samples.planned import row_plans
from auditor.samples.planned.row_plans import RowPlan, make_plan
from auditor.samples.shapes.mapping import read_mapping
from auditor.samples.shapes.recognize import guess_shape
from tests.effort import tries

PROSE = "the quick brown fox jumps over a lazy dog and then it goes on some more to come to twenty words " * 2
CALL = {"type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
TEXTS = (
    *("", " ", "a", "b", "What is it?", "It is so.", PROSE, f"{PROSE}.", "gpt-4", "mit", "Mit ", "x" * 300),
    *('{"model": "claude-3"}', '["a", "b"]', '[{"role": "user", "content": "q"}]', "{", "user", "assistant"),
    *("2024-05-01T10:00:00", "response", "message", "response.created", "tool_use", "vllm-1"),
    *("CC-BY-NC-4.0", "GPL-3.0"),
)
NAMES = (
    *("instruction", "input", "output", "prompt", "completion", "response", "question", "answer", "text"),
    *(
        "answers",
        "content",
        "chosen",
        "rejected",
        "system",
        "model",
        "Model",
        "modelName",
        "model_a",
        "source",
    ),
    *(
        "license",
        "dataset",
        "id",
        "type",
        "object",
        "created",
        "created_at",
        "score",
        "label",
        "train",
        "tags",
    ),
    *("metadata", "messages", "conversations", "conversation_a", "conversation_b", "generation", "tools"),
    *("generations", "generator", "reasoning", "custom_id", "notes", "role", "value", "history", "models"),
    *("generation_models", "model_name", "completions", "better_answer", "stop_reason", "generated_text"),
    *("Prompt", "source", "tags"),
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
            found += [{name: _filled(kind, draw) for name, kind in schema}]
    return draw(st.permutations(found)) if draw(st.booleans()) else found


def _write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@given(rows_of_few_schemas())
@settings(max_examples=tries(100), deadline=None, suppress_health_check=list(HealthCheck))
def test_rows_read_by_plan_come_to_what_each_comes_to_by_itself(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    same(_write(tmp_path_factory.getbasetemp() / "planned.jsonl", rows), batch_rows=16)


FLAT = {
    "instruction": "Q",
    "input": "",
    "output": "A",
    "model": "m",
    "license": "mit",
    "id": "7",
    "score": 0.5,
}
TURNS = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A", "thinking": "B"}]
ASKED = {"prompt": "Q"}
LAYOUTS = [
    FLAT,
    {**FLAT, "generator": "m"},
    {"messages": TURNS, "model": "m", "created": 1_700_000_000},
    {"system": "S", "conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]},
    {"question": "Q", "answers": ["A", "B"]},
    {**ASKED, "completion": "A", "label": True},
    {**ASKED, "chosen": "A", "rejected": "B", "chosen_model": "m", "rejected_model": "n"},
    {**ASKED, "chosen": TURNS, "rejected": TURNS},
    {**ASKED, "completions": [{"text": "A", "model": "m"}, {"text": "B", "model": "n"}]},
    {**ASKED, "generation": "A"},
    {"conversation_a": TURNS, "conversation_b": TURNS, "model_a": "m", "model_b": "n"},
    {"text": "A", "meta": {"license": "mit", "source": "s"}},
    {"Prompt": "Q", "Response": "A", "modelName": "m"},
]


@pytest.mark.parametrize("row", LAYOUTS, ids=lambda row: " ".join(row))
def test_the_layouts_have_plans_that_hold_for_other_texts(
    row: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_plans, "TRIED_AFTER", 0)
    assert make_plan(row, guess_shape([row]).fit) is not None
    same(_write(tmp_path / "rows.jsonl", [_other(row, text) for text in ("x", "y", "", "{}", "user", PROSE)]))


def _other(value: Any, text: str) -> Any:
    """Return a value with other texts, each of them another."""
    if isinstance(value, dict):
        return {
            name: item if name in ("role", "from") else _other(item, text and f"{text}{name}")
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_other(item, text and f"{text}{at}") for at, item in enumerate(value)]
    return text if isinstance(value, str) else value


@pytest.mark.parametrize(
    "row",
    [
        {"custom_id": "1", "method": "POST", "body": {"model": "m"}},
        {"response": {"a": "b"}},
        {"text": "A", "label": True, "train": False, "x": True, "y": True},
        {"messages": [{"role": "assistant", "content": [{"type": "text", "text": "A"}]}]},
        {"role": "assistant", "content": "A"},
        {"asked": "Q", "better_answer": "A"},
    ],
    ids=lambda row: " ".join(row),
)
def test_what_a_layout_looks_inside_of_has_no_plan(row: dict[str, Any]) -> None:
    assert make_plan(row, guess_shape([row]).fit) is None


def _plan(row: dict[str, Any]) -> RowPlan:
    plan = make_plan(row, guess_shape([row]).fit)
    assert plan is not None
    return plan


def test_a_plan_asks_what_the_layout_asks() -> None:
    assert _plan(FLAT).holds is None
    holds = _plan(LAYOUTS[6]).holds
    assert holds is not None
    assert holds(LAYOUTS[6])
    assert not holds({**LAYOUTS[6], "rejected": "A"})
    holds = _plan(LAYOUTS[-1]).holds
    assert holds is not None
    assert holds(LAYOUTS[-1])
    assert not holds({**LAYOUTS[-1], "Response": '["A"]'})


def test_claims_follow_what_a_row_says(tmp_path: Path) -> None:
    rows = [
        {**FLAT, "model": f"m{at % 3}", "source": f"s{at}", "license": "x" * (at % 300)} for at in range(400)
    ]
    same(_write(tmp_path / "rows.jsonl", rows))
    source, [batches, _] = read(tmp_path / "rows.jsonl", True)
    teachers = [source.claim_sets[at].claims[0].value for _, _, numbers, _ in batches for at in numbers]
    assert teachers == [row["model"] for row in rows]
    assert source.sources_left_out == {"source": 144}


def test_a_license_in_a_column_of_any_name_is_found_in_planned_rows_too(tmp_path: Path) -> None:
    rows = [{"text": f"A{at}", "rights": "CC-BY-NC-4.0" if at == 300 else "x"} for at in range(400)]
    same(_write(tmp_path / "rows.jsonl", rows))
    source, [batches, _] = read(tmp_path / "rows.jsonl", True)
    numbers = [at for _, _, numbers, _ in batches for at in numbers]
    assert [at for at, number in enumerate(numbers) if source.claim_sets[number].claims] == [300]


def test_real_rows_are_read_alike(shared: Path) -> None:
    for path in sorted((shared / "data" / "datasets").iterdir()):
        same(path, sample=500, batch_rows=64)


lines = st.lists(
    st.tuples(
        st.sampled_from(("learned", "prompt", "system", "teacher", "judge", "license", "ignore", "id")),
        st.sampled_from((*NAMES, "messages[].content", "messages[role=user].content", "meta.model")),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda line: line[1],
)


@given(rows_of_few_schemas(), lines)
@settings(max_examples=tries(60), deadline=None, suppress_health_check=list(HealthCheck))
def test_mapped_rows_are_read_alike(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], said: list[tuple[str, str]]
) -> None:
    mapping = read_mapping([f"{role}={path}" for role, path in said])
    same(_write(tmp_path_factory.getbasetemp() / "mapped.jsonl", rows), batch_rows=16, mapping=mapping)
