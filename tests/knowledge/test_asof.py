"""Shipped services by date: the text of the day by host, date and path, and no other day's."""

from __future__ import annotations

from datetime import date

import pytest

from auditor.domain.axes import CommercialUse, OutputsUse, SilentBasis
from auditor.domain.claim import Access
from auditor.domain.terms import UNKNOWN_TERMS
from auditor.ids import TermsId
from auditor.knowledge.asof import DayRange, read_range
from auditor.knowledge.catalog import Knowledge

LLAMA = "meta-llama/Llama-3.1-8B-Instruct"
WEIGHTS = "LicenseRef-Llama-3.1-Community"
UNREAD = str(UNKNOWN_TERMS)


@pytest.mark.parametrize(
    ("name", "access", "day", "terms"),
    [
        ("deepseek-chat", "api", "2025-01-19", {UNREAD}),
        ("deepseek-chat", "api", "2025-01-20", {"Terms-DeepSeek-Open-Platform", "Terms-DeepSeek-Consumer"}),
        ("deepseek-chat", "api", "2026-08-14", {"Terms-DeepSeek-Open-Platform", "Terms-DeepSeek-Consumer"}),
        ("qwen-max", "api", "2026-08-01", {UNREAD}),
        ("qwen-max", "api", "2026-10-10", {"Terms-Alibaba-Model-Studio"}),
        ("qwen-max", "api", "2026-10-11", {"Terms-Alibaba-Model-Studio", UNREAD}),
        ("qwen-max", "consumer-app", "2025-02-28", {UNREAD}),
        ("qwen-max", "consumer-app", "2025-03-01", {"Terms-Qwen-Chat"}),
        ("qwen-max", "consumer-app", "2026-05-18", {"Terms-Qwen-Chat"}),
        ("qwen-max", "consumer-app", "2026-05-19", {"Terms-Qwen-Studio"}),
        ("kimi-k2", "consumer-app", "2024-01-04", {UNREAD}),
        ("kimi-k2", "api", "2026-05-26", {UNREAD}),
        ("kimi-k2", "api", "2026-05-27", {"Terms-Kimi-OpenPlatform"}),
        ("glm-4.5", "api", "2026-04-13", {UNREAD}),
        ("glm-4.5", "api", "2026-04-14", {"Terms-ZAI-2026-04"}),
        ("glm-4.5", "open-weights", "2026-04-14", {"MIT"}),
        ("MiniMax-M2", "api", "2026-03-30", {"Terms-MiniMax-OpenPlatform-2026-03"}),
        ("doubao-1.5-pro", "consumer-app", "2026-06-22", {"Terms-Doubao-Consumer"}),
        ("doubao-1.5-pro", "api", "2026-06-22", {UNREAD}),
        (
            "internlm/internlm-xcomposer2d5-7b",
            "open-weights",
            "2025-06-01",
            {"LicenseRef-InternLM-XComposer-weights"},
        ),
        (
            "HyperCLOVAX-SEED-Vision-Instruct-3B",
            "open-weights",
            "2026-01-01",
            {"LicenseRef-HyperCLOVA-X-SEED"},
        ),
        ("kimi-k2", "consumer-app", "2026-08-02", {"Terms-Kimi-Consumer"}),
        ("kimi-k2", "consumer-app", "2026-08-03", {"Terms-Kimi-Consumer", UNREAD}),
    ],
)
def test_a_vendors_text_holds_on_its_days(
    knowledge: Knowledge, name: str, access: str, day: str, terms: set[str]
) -> None:
    assert set(knowledge.resolve(name, Access(access), day).terms) == terms


@pytest.mark.parametrize(
    ("host", "day", "added"),
    [
        ("openrouter", "2025-04-14", {UNREAD}),
        ("openrouter", "2025-04-15", {"Terms-OpenRouter-2025-04"}),
        ("openrouter", "2026-03-15", {"Terms-OpenRouter-2025-04"}),
        ("openrouter", "2026-03-16", {"Terms-OpenRouter"}),
        ("openrouter", "2026-07-26", {"Terms-OpenRouter"}),
        ("openrouter", "2026-07-27", {"Terms-OpenRouter-2026-07"}),
        ("openrouter", "2026-10-11", {"Terms-OpenRouter-2026-07", UNREAD}),
        ("together", "2025-10-20", {UNREAD}),
        ("together", "2025-10-21", {"Terms-Together"}),
        ("api.together.xyz", "2026-09-01", {"Terms-Together"}),
        ("fireworks", "2026-05-19", {"Terms-Fireworks"}),
        ("https://api.fireworks.ai/inference/v1", "2026-05-20", {UNREAD}),
        ("replicate", "2025-08-13", {UNREAD}),
        ("api.replicate.com", "2026-01-01", {"Terms-Replicate"}),
        ("replicate", "2026-04-02", {"Terms-Replicate", UNREAD}),
        ("https://integrate.api.nvidia.com/v1", "2026-10-03", {"Terms-NVIDIA-API-Trial"}),
        ("nvidia_nim", "2025-09-18", {UNREAD}),
        ("perplexity", "2026-02-01", {"Terms-Perplexity-API", "AUP-Perplexity", UNKNOWN_TERMS}),
        ("api.z.ai", "2026-05-01", {"Terms-ZAI-2026-04"}),
        ("qianfan.baidubce.com", "2026-08-02", {"Terms-Baidu-AI-Cloud-Intl"}),
        ("models.inference.ai.azure.com", "2026-01-01", {UNREAD}),
        ("groq", "2026-06-21", {UNREAD}),
        ("groq", "2026-10-01", {"Terms-Groq-2026-06", UNREAD}),
        ("api.cerebras.ai", "2026-10-01", {UNREAD}),
        ("https://ark.cn-beijing.volces.com/api/v3", "2026-10-01", {UNREAD}),
    ],
)
def test_a_host_adds_the_text_of_the_day_and_no_other(
    knowledge: Knowledge, host: str, day: str, added: set[str]
) -> None:
    found = knowledge.resolve(LLAMA, Access.API, day, host)
    assert set(found.terms) == {WEIGHTS, *added}
    assert all(one.known is (UNREAD not in one.terms) for one in found.sets)


@pytest.mark.parametrize(
    ("name", "license"),
    [
        ("internlm/internlm-xcomposer2d5-7b", "LicenseRef-InternLM-XComposer-weights"),
        ("HyperCLOVAX-SEED-Vision-Instruct-3B", "LicenseRef-HyperCLOVA-X-SEED"),
    ],
)
def test_weights_carry_their_own_license(knowledge: Knowledge, name: str, license: str) -> None:
    assert knowledge.resolve(name, Access.OPEN_WEIGHTS, "2026-01-01").terms == (license,)


def test_a_host_of_its_maker_binds_the_models_of_others_too(knowledge: Knowledge) -> None:
    found = knowledge.resolve("deepseek-r1", Access.API, "2026-09-01", "dashscope")
    assert set(found.terms) == {"MIT", "Terms-Alibaba-Model-Studio"}


def test_a_prefix_is_as_good_as_a_host(knowledge: Knowledge) -> None:
    for name, text in (
        (f"replicate/{LLAMA}", "Terms-Replicate"),
        (f"nvidia_nim/{LLAMA}", "Terms-NVIDIA-API-Trial"),
        (f"openrouter/{LLAMA}", "Terms-OpenRouter-2025-04"),
    ):
        assert set(knowledge.resolve(name, None, "2026-02-01").terms) == {WEIGHTS, text}


@pytest.mark.parametrize(
    ("id", "outputs", "commercial"),
    [
        ("Terms-DeepSeek-Open-Platform", OutputsUse.ALLOWED, CommercialUse.YES),
        ("Terms-Kimi-OpenPlatform", OutputsUse.FORBIDDEN_IF_COMPETING, None),
        ("Terms-Kimi-Consumer", OutputsUse.FORBIDDEN_IF_COMPETING, CommercialUse.UNLESS_AUTHORIZED),
        ("Terms-ZAI-2026-04", OutputsUse.FORBIDDEN, None),
        ("Terms-Doubao-Consumer", OutputsUse.FORBIDDEN_IF_COMPETING, CommercialUse.NO_OUTPUT_INCLUDED),
        ("Terms-Qwen-Chat", OutputsUse.FORBIDDEN, CommercialUse.UNLESS_AUTHORIZED),
        ("Terms-Alibaba-Model-Studio", OutputsUse.FORBIDDEN_IF_COMPETING, None),
        ("Terms-NVIDIA-API-Trial", OutputsUse.FORBIDDEN_IF_COMPETING, CommercialUse.NO),
    ],
)
def test_the_decisive_clause_as_read(
    knowledge: Knowledge, id: str, outputs: OutputsUse, commercial: CommercialUse | None
) -> None:
    terms = knowledge.terms[TermsId(id)]
    assert terms.facts.outputs.value is outputs
    assert terms.facts.outputs.section
    assert terms.reading
    assert (terms.facts.commercial.value if terms.facts.commercial else None) is commercial


def test_silence_that_another_reader_reports_permits_nothing(knowledge: Knowledge) -> None:
    facts = knowledge.terms[TermsId("Terms-MiniMax-OpenPlatform-2026-03")].facts
    assert (facts.outputs.value, facts.silent_basis) == (OutputsUse.SILENT, SilentBasis.LIMITED_GRANT)


def test_what_nobody_read_is_listed_with_its_place(knowledge: Knowledge) -> None:
    for id in ("cerebras", "novita", "volcengine-ark", "stepfun-api", "upstage-api"):
        service = knowledge.services[id]
        assert not service.spans
        assert all(one.what and one.where for one in service.unread)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-08-13", "2026-08-13", "2026-08-13"),
        ("2026-08-13T23:30", "2026-08-13", "2026-08-13"),
        ("2026-08-13T23:30:00.5Z", "2026-08-13", "2026-08-13"),
        ("2026-08-13 23:30:00 UTC", "2026-08-13", "2026-08-13"),
        ("2026-08-13T23:30:00-08:00", "2026-08-13", "2026-08-14"),
        ("2026-08-14T00:30:00+0800", "2026-08-13", "2026-08-14"),
        ("2026-08-14T12:00:00+08:00", "2026-08-14", "2026-08-14"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("Q1 2024", "2024-01-01", "2024-03-31"),
        ("2024-Q4", "2024-10-01", "2024-12-31"),
        ("2023Q4/2024-01", "2023-10-01", "2024-01-31"),
        ("2026-08-13 to 2026-09-01", "2026-08-13", "2026-09-01"),
        ("2026-08-13 - 2026-09-01", "2026-08-13", "2026-09-01"),
        ("2026-08-13\u20132026-09", "2026-08-13", "2026-09-30"),
        ("2026-08-13..2026-09-01", "2026-08-13", "2026-09-01"),
    ],
)
def test_a_range_holds_all_its_days_and_a_moment_its_days_in_both_zones(
    text: str, first: str, last: str
) -> None:
    days = read_range(text)
    assert days == DayRange(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())


@pytest.mark.parametrize(
    "text",
    ["2026-08-13/", "/2026-08-13", "2026-08-13/..", "2026-08-13 or later", "2026-08-13Tjunk", "2026-02-30",
     "2026-Q5", "0000", "0000-Q1", "2026-09/2026-08", "2026-08-13/2026-08-14/2026-08-15",
     "\u0662\u0660\u0662\u0666",
     "9999-12-31T23:59:00-08:00", "0001-01-01T00:00:00+08:00"],
)  # fmt: skip
def test_what_may_be_other_days_than_it_says_is_no_date(text: str) -> None:
    assert read_range(text) is None
