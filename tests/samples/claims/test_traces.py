"""Ids and headers tell whose service gave them by their form, and others say nothing."""

from __future__ import annotations

import pytest

from auditor.domain.claim import ClaimKind
from auditor.samples.claims.traces import header_maker, is_of_service, may_be_trace, trace_in

OPENAI, ANTHROPIC = (ClaimKind.TEACHER, "openai"), (ClaimKind.TEACHER, "anthropic")
HEX = "0f3c0e9d1b2a4c5d8e7f6a5b4c3d2e1f"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("chatcmpl-9abCDefGhIJkLmNoPqRsTuVwXyZ01", OPENAI),
        ("cmpl-9abCDefGhIJkLmNoPqRsTuVwXyZ01", OPENAI),
        (f"resp_{HEX}{HEX}", OPENAI),
        ("msg_01XFDUDYJgAACzvnptvVoYEL", ANTHROPIC),
        ("msg_bdrk_01XFDUDYJgAACzvnptvVoYEL", ANTHROPIC),
        ("toolu_01A09q90qw90lq917835lq9x", ANTHROPIC),
        ("req_011CPpW9abcdefghijkLMNOP", ANTHROPIC),
        ("gen-1727282430-aBcDeFgHiJkLmNoPqRsT", (ClaimKind.HOST, "openrouter")),
        ("fp_44709d6fcb", (ClaimKind.ACCESS, "api")),
        ("fp_3a5770e1b4_prod0225", (ClaimKind.ACCESS, "api")),
        ("openai-processing-ms: 120", OPENAI),
        ("anthropic-ratelimit-tokens-limit:80000", ANTHROPIC),
    ],
)
def test_an_id_or_a_header_tells_whose_it_is(value: str, said: tuple[ClaimKind, str]) -> None:
    assert trace_in(value) == said
    assert may_be_trace(value.rstrip("0123456789"))


@pytest.mark.parametrize("value", [f"chatcmpl-{HEX}", "chatcmpl-123", f"chatcmpl-{HEX.upper()}"])
def test_an_id_that_servers_of_open_weights_write_is_some_models(value: str) -> None:
    assert trace_in(value) == (ClaimKind.TEACHER, "unknown")


@pytest.mark.parametrize(
    "value",
    [
        *("msg_12", "req_123", "gen-1", "gen-1727282430", "fp_ollama", "fp_1234", f"resp_{HEX}", "resp_1"),
        *("thread_12", "msg_0112", "openai-model zoo", "anthropic-principle: a talk", "cmpl-7", "chatcmpl"),
        f"cmpl-{HEX}",
    ],
)
def test_other_ids_say_nothing(value: str) -> None:
    assert trace_in(value) is None


def test_headers_are_known_by_their_names_and_fingerprints_of_services_by_their_form() -> None:
    assert header_maker("OpenAI-Organization") == "openai"
    assert header_maker("anthropic-ratelimit-requests-limit") == "anthropic"
    assert [header_maker(name) for name in ("x-request-id", "openai", "openai-score", "answer")] == [None] * 4
    assert [is_of_service(one) for one in ("fp_44709d6fcb", "fp_ollama", None, 7)] == [
        True,
        False,
        False,
        False,
    ]
