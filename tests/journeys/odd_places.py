"""Facts in places that no column's name announces, each with a twin in which the fact is harmless.

All rows say that an open model wrote them; only what stands in the odd place can stop them.
"""

from __future__ import annotations

from typing import Any

from tests.samples.tools.interface import ASK, OTHER, SAY, Row

QWEN = "Qwen/Qwen2.5-7B-Instruct"
SURE: Row = {"model": QWEN, "license": "Apache-2.0", "access": "open-weights"}
PLAN = """student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: open-weights-release
student_release_license: Apache-2.0
student_name: Acme
competes_with_teacher_provider: 'yes'
"""
CALL = "chatcmpl-9abCDefGhIJkLmNoPqRsTuVwXyZ01"
LOCAL = "chatcmpl-0f3c0e9d1b2a4c5d8e7f6a5b4c3d2e1f"


def row(**more: Any) -> Row:
    """Return a row that passes, with other columns; None leaves one out."""
    whole = {"instruction": ASK, "output": SAY, **SURE, **more}
    return {name: value for name, value in whole.items() if value is not None}


def said(text: str) -> Row:
    return row(output=text)


def turns(answer: Row, asked: Row | None = None) -> Row:
    talk = [{"role": "user", "content": ASK, **(asked or {})}, {"content": SAY, **answer}]
    return row(instruction=None, output=None, messages=talk)


def shared(speaker: str) -> Row:
    talk = [{"from": "human", "value": ASK}, {"from": speaker, "value": SAY}]
    return row(instruction=None, output=None, conversations=talk)


def _each(columns: str, values: list[Any], harmless: Any) -> list[tuple[str, Row, Row]]:
    return [
        (f"{name}: {value}", row(**{name: value}), row(**{name: harmless}))
        for name in columns.split()
        for value in values
    ]


BY_PEOPLE: Row = {"model": "human", "access": "none"}
CALLS: list[tuple[str, Row, Row]] = [
    *_each(
        "origin note link", ["https://api.openai.com/v1/chat?model=gpt-4o"], "https://example.org/v1?page=4"
    ),
    *_each(
        "ref", ["https://proxy.local/v1/chat?n=1&model=gpt-4o"], f"https://proxy.local/v1/chat?model={QWEN}"
    ),
    *_each("ref", ["curl https://api.openai.com/v1 -d @x"], "curl https://example.org/v1 -d @x"),
    *_each(
        "headers", [[["openai-model", "gpt-4o"]], [["openai-organization", "a"]]], [["x-request-id", "a"]]
    ),
    *_each("headers", [{"openai-organization": "a"}, {"anthropic-ratelimit-x": "5"}], {"x-request-id": "a"}),
    *_each("sent", [["openai-processing-ms: 120"]], ["content-length: 120"]),
    *_each("id uid", ["evol-gpt-4o-v2-00012", CALL], "evol-qwen2.5-7b-00012"),
    *_each("meta", [{"id": CALL}, {"id": "msg_01XFDUDYJgAACzvnptvVoYEL"}], {"id": LOCAL}),
    *_each("system_fingerprint", ["fp_44709d6fcb"], "fp_ollama"),
    *_each("gen_id", ["gen-1727282430-aBcDeFgHiJkLmNoPqRsT"], "gen-12"),
    ("an id beside people", row(**BY_PEOPLE, id=LOCAL), row(**BY_PEOPLE, id="row-0f3c0e9d")),
    (
        "an address beside a host",
        row(host="localhost", ref="https://api.openai.com/v1"),
        row(host="localhost", ref="http://localhost:8000/v1"),
    ),
]
SPEAKERS: list[tuple[str, Row, Row]] = [
    ("a role", turns({"role": "gpt-4o"}), turns({"role": "model"})),
    ("a name", turns({"role": "assistant", "name": "gpt-4o"}), turns({"role": "assistant", "name": "Ann"})),
    (
        "a bare name",
        turns({"role": "assistant", "name": "Claude"}),
        turns({"role": "assistant"}, {"name": "Claude"}),
    ),
    *(
        (f"from: {one}", shared(one), shared("gpt"))
        for one in ("claude", "chatgpt", "bing", "bard", "gpt-4o")
    ),
]
KEYS: list[tuple[str, Row, Row]] = [
    ("an answer by model", row(answers={"gpt-4o": OTHER}), row(scores={"gpt-4o": 4.5})),
    ("answers by model", row(drafts={"gpt-4o": {"text": OTHER}}), row(elo={"gpt-4o": {"rating": 1200}})),
]
MAKERS: list[tuple[str, Row, Row]] = [
    *_each(
        "made_with vendor tool engine api",
        [
            "azure-openai",
            "sonnet-3.5",
            "command-r-plus",
            "GitHub Copilot",
            "Yi-Lightning",
            "OpenAI",
            "claude",
        ],
        QWEN,
    ),
    *_each("made_with tool backend", ["Bard", "Anthropic", "Gemini", "ChatGPT", "copilot"], "transformers"),
    *_each("made_with tool", ["nomic-ai/gpt4all_prompt_generations"], "OpenAssistant/oasst1"),
    *_each("note step made_with", ["meta-llama/Llama-2-7b-chat-hf", "google/gemma-7b-it"], "Qwen/Qwen3-8B"),
]
VERDICT = f"[[7]] The answer says what to do, but does not say why. A better one would be: {OTHER}"


def judged(by: str) -> Row:
    """Return a row of MT-Bench, in which a judge speaks of an answer."""
    asked = f"[Instruction]\nPlease act as an impartial judge. {ASK}\n{SAY}"
    return {"judge": [by, "single-v1"], "user_prompt": asked, "judgment": VERDICT, "score": 7, **SURE}


def compared(by: str) -> Row:
    sides = {"model_1": QWEN, "model_2": "mistralai/Mistral-7B-Instruct-v0.2", "g1_winner": "model_1"}
    left = {name: value for name, value in SURE.items() if name != "model"}
    return {**sides, "judge": [by, "pair-v2"], "g1_user_prompt": ASK, "g1_judgment": VERDICT, **left}


JUDGES: list[tuple[str, Row, Row]] = [
    ("a judgment", judged("gpt-4"), judged("Qwen/Qwen3-8B")),
    ("a judgment of two", compared("gpt-4"), compared(QWEN)),
]
HARMLESS: list[tuple[str, Row]] = [
    *(
        (f"{name}: {value}", row(**{name: value}))
        for name, value in (
            *(("topic", "OpenAI"), ("title", "Claude"), ("category", "Anthropic"), ("subject", "Bard")),
            *(
                ("keywords", ["OpenAI", "ChatGPT"]),
                ("sign", "Gemini"),
                ("name", "Claude"),
                ("company", "OpenAI"),
            ),
            *(("author", "Claude Monet"), ("vendor", "Acme"), ("tool", "vllm"), ("api", "rest")),
            *(("id", "sonnet-018"), ("slug", "what-is-gpt-4"), ("artist", "Claude"), ("judge_model", "acme")),
        )
    ),
    ("people beside a make", row(**BY_PEOPLE, make="Toyota")),
    ("people beside a car", row(**BY_PEOPLE, vehicle={"make": "Toyota", "model": "Corolla"})),
]
