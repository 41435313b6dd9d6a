"""Models are found whatever their column is called; what is bounded loses none of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.samples.claims.profile import ValueProfile
from auditor.samples.source import ReadOptions, open_source


class Models:
    """Knows names that begin with `big-`."""

    needed_runs = frozenset([("big", False), ("set", False), ("api", False)])

    def is_ruled_out(self, name: str) -> bool:
        return "big" not in name and "set" not in name and "api." not in name

    def is_model(self, name: str, hint: int) -> bool:
        return re.fullmatch(r"big-[\w-]+", name) is not None or (hint > 1 and name == "big")

    def is_person(self, name: str) -> bool:
        return name == "people, big ones"

    def named_in(self, name: str, beside_text: bool) -> str | None:
        return "big-1" if "big" in name.replace("_", "-") else None

    def set_named(self, name: str, bare: bool) -> str | None:
        return "org/set" if name in ("org/set", "hf://org/set") or (bare and name == "the set") else None

    def source_named(self, name: str, bare: bool) -> str | None:
        return self.set_named(name, bare)

    def set_within(self, name: str) -> str | None:
        return "org/set" if "the-set" in name else None

    def service_named(self, name: str, bare: bool) -> str | None:
        return "acme" if "api.acme" in name or (bare and name == "api.") else None


def said(row: dict[str, Any], *slots: str) -> list[tuple[str, str, str, Basis]]:
    profile = ValueProfile(Models())
    return [(one.value, one.where, one.slot, one.basis) for one in profile.claims(row, slots)]


def test_a_claim_stands_where_it_was_found() -> None:
    assert said({"step": "big-1"}) == [("big-1", "step", "", Basis.INFERRED)]
    assert said({"run": {"translated_by": "big-1"}}) == [
        ("big-1", "run.translated_by", "translator", Basis.ROW)
    ]
    assert said({"run": '{"by": ["big-1"]}'}) == [("big-1", "run.by[]", "", Basis.INFERRED)]


@pytest.mark.parametrize(
    ("before", "row"),
    [
        ({"source": "org/set"}, {"parent_source": "org/set"}),
        ({"metadata": {"source": "org/set"}}, {"upstream": {"source": "org/set"}}),
        ({"host": "api.acme"}, {"served_by": "api.acme", "inference": {"host": "api.acme"}}),
        ({"note": "http://10.1"}, {"endpoint": "http://10.7"}),
        ({"parent_source": "org/set"}, {"source": "org/set"}),  # the row itself says so, and no name else
    ],
)
def test_what_a_row_says_follows_from_no_row_before_it(before: dict[str, Any], row: dict[str, Any]) -> None:
    class Served(Models):
        def service_named(self, name: str, bare: bool) -> str | None:
            return "own" if bare and name.startswith("http://10.") else super().service_named(name, bare)

    used = ValueProfile(Served())
    used.claims(before, ())
    assert used.claims(row, ()) == ValueProfile(Served()).claims(row, ())


def test_a_model_beside_an_answer_speaks_of_that_answer() -> None:
    row = {"drafts": [{"text": "a", "model": "big-1"}, {"text": "b", "model": "big-2"}]}
    assert said(row, "drafts[0]", "drafts[1]") == [
        ("big-1", "drafts[].model", "drafts[0]", Basis.ROW),
        ("big-2", "drafts[].model", "drafts[1]", Basis.ROW),
    ]
    assert said({"preferred": [{"role": "user", "content": "q", "llm": "big-1"}]}) == [
        ("big-1", "preferred[].llm", "prompt", Basis.ROW)
    ]


@pytest.mark.parametrize(
    "suggested", [{"type": "model", "agent": "big-1"}, {"value": "a text", "score": 0.9, "agent": "big-1"}]
)
def test_the_agent_of_a_suggestion_wrote_it(suggested: dict[str, Any]) -> None:
    assert said({"answer-suggestion": suggested}) == [("big-1", "answer-suggestion.agent", "", Basis.ROW)]
    assert said({"run": {"agent": "big-1"}}) == [("big-1", "run.agent", "", Basis.INFERRED)]


def test_an_answer_that_hangs_below_its_prompt_is_no_prompt() -> None:
    tree = {
        "role": "prompter",
        "text": "q",
        "replies": [{"role": "assistant", "text": "a", "by_model": "big-1"}],
    }
    assert said({"tree": tree}) == [("big-1", "tree.replies[].by_model", "", Basis.INFERRED)]


def test_an_object_by_ids_is_one_place() -> None:
    nodes = {f"n{number}": {"model": "big-1", "next": None} for number in range(3)}
    assert said({"mapping": nodes}) == [("big-1", "mapping.*.model", "", Basis.ROW)]


def test_a_text_that_is_a_models_name_says_nothing() -> None:
    assert said({"prompt": "big-1", "messages": [{"role": "user", "content": "big-1"}]}) == []
    assert said({"run": {"content": "big-1", "choices": ["big-1", "big-2"], "topic": "big-1"}}) == []


def test_a_column_of_ids_that_hold_a_models_name_makes_few_claims() -> None:
    profile = ValueProfile(Models())
    found = {one.value for number in range(500) for one in profile.claims({"run": f"big-{number:05}"}, ())}
    assert len(found) == 65
    assert "big-1" in found


def test_a_value_that_was_none_under_one_name_may_be_one_under_another() -> None:
    profile = ValueProfile(Models())
    assert not profile.claims({"step": "big"}, ())
    assert profile.claims({"llm_step": "big", "step": "big"}, ()) == (
        Claim(ClaimKind.TEACHER, "big", Basis.INFERRED, "llm_step"),
    )


def test_any_value_is_read_without_a_fault() -> None:
    row = {"a": None, "b": 1, "c": [], "d": "", "e": [[["big-1"]]], "f": {"": {}}, "g": "{", "h": [None, 2.5]}
    assert said(row) == []
    deep: Any = "big-1"
    for _ in range(200):
        deep = {"x": deep}
    assert said({"a": deep}) == []


def test_the_name_of_a_file_is_a_claim_beside_what_its_rows_say(tmp_path: Path) -> None:
    row = {"instruction": "q", "output": "a"}
    for name, extra, expected in (
        ("big.jsonl", {}, {"big-1"}),
        ("big.jsonl", {"model": "other"}, {"big-1", "other"}),
        ("big.jsonl", {"judge_model": "other"}, {"big-1", "other"}),
        ("small.jsonl", {}, set()),
    ):
        (tmp_path / name).write_text(json.dumps({**row, **extra}) + "\n")
        source = open_source([str(tmp_path / name)], ReadOptions(models=Models()))
        assert sum(len(batch) for batch in source) == 1
        [found] = source.claim_sets
        assert {one.value for one in found.of(ClaimKind.TEACHER)} == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"steps": "big-1|filter|dedup"}, ("big-1", "steps", "")),
        ({"steps": "load -> big-1"}, ("big-1", "steps", "")),
        ({"info": "model=big-1;temperature=0.7"}, ("big-1", "info", "")),
        ({"info": "judge: big-1, seed: 4"}, ("big-1", "info", "judge")),
        ({"tags": ["en", "generator:big-1"]}, ("big-1", "tags[]", "")),
        ({"attributes": [{"name": "llm", "value": "big-1"}]}, ("big-1", "attributes[].llm", "")),
        ({"notes": [{"key": "translator", "value": "big-1"}]}, ("big-1", "notes[].translator", "translator")),
        ({"dataset": "my_big_distilled"}, ("big-1", "dataset!file-name", "")),
        ({"split": "train_big"}, ("big-1", "split!file-name", "")),
        ({"is_big": True}, ("big-1", "is_big!name", "")),
        ({"generated_by_big": 1}, ("big-1", "generated_by_big!name", "")),
    ],
)  # fmt: skip
def test_a_model_is_found_among_other_words(row: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert [one[:3] for one in said(row)] == [expected]


def known(row: dict[str, Any]) -> list[tuple[ClaimKind, str, str, Basis]]:
    return [(one.kind, one.value, one.where, one.basis) for one in ValueProfile(Models()).claims(row, ())]


@pytest.mark.parametrize(
    ("row", "where", "basis"),
    [
        ({"hf_repo": "org/set"}, "hf_repo", Basis.INFERRED),
        ({"anything": "hf://org/set"}, "anything", Basis.INFERRED),
        ({"url": "hf://org/set"}, "url", Basis.INFERRED),
        ({"subset": "the set"}, "subset", Basis.INFERRED),
        ({"mixture": "web, org/set"}, "mixture", Basis.INFERRED),
        ({"sources": ["web", "org/set"]}, "sources[]", Basis.INFERRED),
        ({"provenance": {"source": "org/set"}}, "provenance.source", Basis.ROW),
        ({"provenance": '{"url": "hf://org/set"}'}, "provenance.url", Basis.INFERRED),
    ],
)
def test_a_known_set_is_a_source_in_a_column_of_any_name(
    row: dict[str, Any], where: str, basis: Basis
) -> None:
    assert known(row) == [(ClaimKind.SOURCE, "org/set", where, basis)]


@pytest.mark.parametrize(
    "row",
    [
        {"animal": "the set"},
        {"title": "org/set"},
        {"topic": "the set"},
        {"source": "org/set"},
        {"metadata": {"dataset": "org/set"}},
        {"output": "hf://org/set"},
        {"company": "api."},
        {"vendor": "web"},
        {"vehicle": {"make": "A", "model": "big"}},
        {"make": "A", "model": "big"},
        {"category": "AI: big-1", "tags": ["ai", "big-1"], "song_title": "big-1"},
    ],
)
def test_what_is_read_with_the_row_or_only_spoken_of_is_no_claim_of_its_values(row: dict[str, Any]) -> None:
    assert known(row) == []


def test_a_model_among_tags_of_another_subject_is_a_claim() -> None:
    assert known({"tags": ["cooking", "big-1"]}) == [(ClaimKind.TEACHER, "big-1", "tags[]", Basis.INFERRED)]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({"vendor": "api."}, "vendor"),
        ({"llm_provider": "api."}, "llm_provider"),
        ({"anything": "https://api.acme/v1"}, "anything"),
        ({"run": {"endpoint": "https://api.acme/v1"}}, "run.endpoint"),
    ],
)
def test_a_service_is_seen_by_its_address_and_where_told_by_name(row: dict[str, Any], where: str) -> None:
    assert known(row) == [(ClaimKind.HOST, "acme", where, Basis.INFERRED)]


@pytest.mark.parametrize(
    ("row", "where", "name"),
    [
        ({"answers_by": {"big-1": {"text": "a"}}}, "answers_by.big-1!name", "big-1"),
        ({"turns": [{"role": "big", "content": "a"}]}, "turns[].role", "big"),
        ({"conversations": [{"from": "big-1", "value": "a"}]}, "conversations[].from", "big-1"),
        ({"messages": [{"role": "assistant", "content": "a", "name": "big"}]}, "messages[].name", "big"),
        ({"headers": [["x", "y"], ["llm-name", "big"]]}, "headers.llm-name", "big"),
        ({"headers": [["openai-organization", "acme"]]}, "headers.openai-organization!name", "openai"),
        ({"run": {"Anthropic-Ratelimit-Requests-Limit": "5"}}, None, "anthropic"),
        ({"openai-processing-ms": "120"}, "openai-processing-ms!name", "openai"),
        ({"sent": ["openai-version: 2020-10-01"]}, "sent[]", "openai"),
        ({"id": "evol-big-v2-00012"}, "id", "big-1"),
        ({"page": "https://proxy.local/v1/chat?n=1&model=big-1"}, "page", "big-1"),
        ({"note": "curl https://proxy.local/v1?model=big-1 -d @x"}, "note", "big-1"),
        ({"source": "https://proxy.local/v1?model=big"}, "source", "big"),
    ],
)
def test_what_a_call_leaves_names_its_model(row: dict[str, Any], where: str | None, name: str) -> None:
    [(value, place, _, basis)] = said(row)
    assert (value, basis) == (name, Basis.INFERRED)
    assert where in (None, place)


def test_the_id_of_a_call_is_a_trace_of_its_service_wherever_it_stands() -> None:
    id = "chatcmpl-9abCDefGhIJkLmNoPqRsTuVwXyZ01"
    for row, where in (
        ({"id": id}, "id"),
        ({"meta": {"request": {"id": id}}}, "meta.request.id"),
        ({"messages": [{"role": "assistant", "content": "a", "id": id}]}, "messages[].id"),
    ):
        assert said(row) == [("openai", where, "", Basis.INFERRED)]
    profile = ValueProfile(Models())
    assert not profile.claims({"fp": "fp_1234"}, ())
    [found] = profile.claims({"fp": "fp_1234567890"}, ())
    assert (found.kind, found.value) == (ClaimKind.ACCESS, "api")


def test_a_model_or_people_beside_a_maker_are_the_rows_own_and_goods_are_none() -> None:
    for value in ("big-1", "people, big ones"):
        assert said({"make": "A", "model": value}) == [(value, "model", "", Basis.ROW)]
    assert said({"make": "A", "model": "Corolla big"}) == []
    assert said({"car": {"make": "A", "model": "big-1"}}) == [("big-1", "car.model", "", Basis.INFERRED)]


def test_a_set_that_stands_where_the_maker_does_says_who_wrote() -> None:
    assert known({"made_with": "org/set"}) == [
        (ClaimKind.SOURCE, "org/set", "made_with!maker", Basis.INFERRED)
    ]


def test_an_address_names_the_model_that_is_deployed_there() -> None:
    found = known({"endpoint": "https://api.acme/openai/deployments/big-1/chat"})
    assert (ClaimKind.TEACHER, "big-1", "endpoint", Basis.INFERRED) in found


@pytest.mark.parametrize(
    "row",
    [
        {"info": "topic: big-1"},
        {"tags": ["about:big-1", "tokenizer=big-1"]},
        {"attributes": [{"name": "topic", "value": "big-1"}]},
        {"is_big": False, "generated_by_big": 0},
        {"big_correct": True, "big_score": 1, "better_than_big": True},
        {"headline": "big-1|filter"},
        {"slug": "what-is-big-4", "path_id": "new-in-big-2024"},
        {"messages": [{"role": "user", "content": "q", "name": "Ann"}, {"from": "gpt", "value": "big-1"}]},
        {"mail": {"from": "big-1", "to": "me"}},
        {"scores": {"big-1": 4, "big-2": [1, 2]}, "elo": {"big-1": {"rating": 1.5}}},
        {"headers": [["date", "Monday"], ["x-request-id", "8"]]},
        {"pairs": [["llm", "big"]]},
        {"id": "chatcmpl_small", "uid": "msg_12", "key": "gen-1", "system_fingerprint": "fp_ollama"},
    ],
)
def test_what_is_about_a_model_names_no_writer(row: dict[str, Any]) -> None:
    assert said(row) == []


def test_the_names_of_files_and_folders_hold_models_and_sets() -> None:
    found = ValueProfile(Models()).of_file(("org", "set", "my-the-set.jsonl", "big_1.jsonl", ""))
    assert [(one.kind, one.value, one.where) for one in found] == [
        (ClaimKind.TEACHER, "big-1", "big_1.jsonl!file-name"),
        (ClaimKind.SOURCE, "org/set", "my-the-set.jsonl!file-name"),
        (ClaimKind.SOURCE, "org/set", "org/set!file-name"),
    ]
