"""A name, an access path, a host and a date lead to an entry and to every set of terms they leave open."""

from __future__ import annotations

import pytest

from auditor.domain.claim import Access
from auditor.domain.teacher import ResolutionStatus
from auditor.domain.terms import UNKNOWN_TERMS
from auditor.knowledge.catalog import Knowledge

API, WEIGHTS, APP = Access.API, Access.OPEN_WEIGHTS, Access.CONSUMER_APP


@pytest.mark.parametrize(
    ("name", "teacher"),
    [
        ("gpt4_1106_preview", "openai-gpt-4"),
        ("GPT-4o-MINI-2024-07-18", "openai-gpt-4o"),
        ("gpt4o", "openai-gpt-4o"),
        ("text_davinci_003", "openai-gpt-3"),
        ("  Meta-Llama-3-70B-Instruct ", "meta-llama-3"),
        ("Meta-Llama-3.1-405B-Instruct-Turbo", "meta-llama-3.1"),
        ("META-LLAMA/meta-llama-3.1-8b", "meta-llama-3.1"),
        ("accounts/fireworks/models/llama-v3p1-405b-instruct", "meta-llama-3.1"),
        ("Qwen1.5-72B-Chat", "qwen-1"),
        ("Qwen 2.5 72B Instruct", "qwen-2.5-72b"),
        ("Yi-34B-Chat", "yi"),
        ("yi-large-preview", "yi-api"),
        ("cohere", "cohere-api"),
        ("openrouter/anthropic/claude-3.5-sonnet", "anthropic-claude"),
        ("nvidia/Llama-3.1-Nemotron-70B-Instruct", "nvidia-llama-nemotron"),
        ("google/gemma-4-31b-it", "google-gemma-4"),
        ("gemma-2-9b-it", "google-gemma"),
        ("qwen3-coder-plus", "qwen-api"),
        ("Qwen/Qwen3-Coder-480B-A35B-Instruct", "qwen-3-apache"),
        ("llama3.2-vision:11b", "meta-llama-3.2-vision"),
        ("alpaca-7b", "alpaca"),
        ("dolly-v2-12b", "dolly"),
        ("o1", "openai-o-series"),
        ("'claude-3-opus-20240229'", "anthropic-claude"),
        ("qwen2.5:7b", "qwen-2.5-apache"),
        ("qwen2.5:72b", "qwen-2.5-72b"),
        ("llama2", "meta-llama-2"),
        ("Llama 3.1", "meta-llama-3.1"),
        ("llama3.3:latest", "meta-llama-3.3"),
        ("ft:gpt-4o-2024-08-06:org::abc", "openai-gpt-4o"),
        ("bartowski/Meta-Llama-3.1-8B-Instruct-GGUF", "meta-llama-3.1"),
        ("TheBloke/Mistral-7B-Instruct-v0.2-GPTQ", "mistral-apache"),
        ("openrouter/openai/gpt-4o:free", "openai-gpt-4o"),
        ("us.meta.llama3-1-70b-instruct-v1:0", "meta-llama-3.1"),
        ("openai.gpt-oss-120b-1:0", "openai-gpt-oss"),
        ("deepseek-r1:671b", "deepseek-r1"),
        ("deepseek-r1:7b", "deepseek-r1-distill-qwen"),
        ("deepseek-r1-70b", "deepseek-r1-distill-llama70"),
        ("qwen2.5-max", "qwen-api"),
        ("Mistral-NeMo-Minitron-8B-Base", "nemotron"),
    ],
)
def test_names_in_many_spellings_lead_to_one_entry(knowledge: Knowledge, name: str, teacher: str) -> None:
    assert knowledge.resolve(name).teacher == teacher


@pytest.mark.parametrize(
    ("name", "candidate"),
    [
        ("llama", "meta-llama-2"),
        ("Llama-3", "meta-llama-3.1"),
        ("GPT", "openai-gpt-4"),
        ("mistral", "mistral-api"),
        ("alpaca", "openai-gpt-3"),
        ("qwen2.5", "qwen-2.5-72b"),
        ("DeepSeek", "deepseek-api"),
        ("deepseek-r1:8b", "deepseek-r1-distill-llama8"),
        ("nemotron:70b", "nvidia-llama-nemotron"),
        ("llama3.2", "meta-llama-3.2-vision"),
        ("Llama-3.2-Instruct", "meta-llama-3.2"),
        ("vicuna:13b", "vicuna-2"),
        ("azure-openai", "openai-gpt-4"),
        ("xai", "xai-grok-api"),
    ],
)
def test_family_names_stay_ambiguous(knowledge: Knowledge, name: str, candidate: str) -> None:
    found = knowledge.resolve(name)
    assert found.status is ResolutionStatus.AMBIGUOUS
    assert found.teacher is None
    assert candidate in found.candidates


@pytest.mark.parametrize(
    "name",
    [
        "zephyr-7b-llama-v0.1", "mistral-7b-openwhale", "mistral-large:123b", "ernie-4.5-opera-128k",
        "cosmos_qa", "voxtral-mini-tts-2603", "granite-13b-chat-v2", "ling-human", "yi-annotator",
        "stablelm-tuned-beta-7b", "deepseek-r1-lite-preview", "command-line", "ft:human:x",
        "TheBloke/human", "human:latest",
    ],
)  # fmt: skip
def test_names_that_only_look_like_an_entry_stay_unknown(knowledge: Knowledge, name: str) -> None:
    assert knowledge.resolve(name).status is ResolutionStatus.UNKNOWN


@pytest.mark.parametrize(
    "name", ["", "   ", "some-org/llama-3.1-8b-dpo", "alpaca-gpt4", "totally-new-model", "x" * 400, "Other"]
)
def test_unknown_names_lead_to_unknown_terms(knowledge: Knowledge, name: str) -> None:
    found = knowledge.resolve(name)
    assert (found.teacher, found.status) == (None, ResolutionStatus.UNKNOWN)
    assert found.terms == (UNKNOWN_TERMS,)
    assert not any(one.known for one in found.sets)


@pytest.mark.parametrize(
    ("name", "access", "teacher", "terms"),
    [
        ("mistral-large-2411", API, "mistral-api", "Terms-Mistral-Commercial-2026"),
        ("Mistral-Large-Instruct-2411", API, "mistral-api", "Terms-Mistral-Commercial-2026"),
        ("Mistral-Large-Instruct-2411", WEIGHTS, "mistral-mrl", "LicenseRef-MRL-0.1"),
        ("deepseek-ai/DeepSeek-V3", WEIGHTS, "deepseek-v3", "LicenseRef-DeepSeek-Model-1.0"),
        ("deepseek-ai/DeepSeek-V3", API, "deepseek-api", "Terms-DeepSeek-Open-Platform"),
        ("gpt-4", APP, "openai-chatgpt", "Terms-OpenAI-Consumer"),
        ("grok-1", WEIGHTS, "xai-grok-1", "Apache-2.0"),
    ],
)
def test_the_access_path_moves_to_the_sibling_entry(
    knowledge: Knowledge, name: str, access: Access, teacher: str, terms: str
) -> None:
    found = knowledge.resolve(name, access, "2026-09-10")
    assert found.teacher == teacher
    assert terms in found.terms
    assert len(found.sets) == 1


def test_a_path_nobody_offers_is_unknown(knowledge: Knowledge) -> None:
    assert knowledge.resolve("gpt-4o", WEIGHTS).status is ResolutionStatus.UNKNOWN
    assert knowledge.resolve("vllm/gpt-4o").status is ResolutionStatus.UNKNOWN


def test_several_siblings_stay_candidates(knowledge: Knowledge) -> None:
    found = knowledge.resolve("deepseek-chat", WEIGHTS)
    assert found.status is ResolutionStatus.AMBIGUOUS
    assert set(found.candidates) == {
        "deepseek-v2", "deepseek-v3", "deepseek-v3-mit", "deepseek-v3.2", "deepseek-r1"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("date", "terms"),
    [
        ("2023-03-14", {"Terms-OpenAI-ToU-2023-03"}),
        ("2023-08-27", {"Terms-OpenAI-ToU-2023-03"}),
        ("2023-08-28", {"Terms-OpenAI-Business-2023-08"}),
        ("2023-11-13", {"Terms-OpenAI-Business-2023-08"}),
        ("2023-11-14", {"Terms-OpenAI-Business-2023-11"}),
        ("2025-05-30", {"Terms-OpenAI-Business-2023-11"}),
        ("2025-05-31", {"Terms-OpenAI-Services-Agreement-2025"}),
        ("2025-12-31T23:59:59Z", {"Terms-OpenAI-Services-Agreement-2025"}),
        ("2026-01-01", {"Terms-OpenAI-Services-Agreement-2026"}),
        ("2025-05", {"Terms-OpenAI-Business-2023-11", "Terms-OpenAI-Services-Agreement-2025"}),
        (
            "2025-12-31/2026-01-01",
            {"Terms-OpenAI-Services-Agreement-2025", "Terms-OpenAI-Services-Agreement-2026"},
        ),
        ("2023-03-13", {UNKNOWN_TERMS}),
        ("2023-02-30", {UNKNOWN_TERMS}),
        ("last spring", {UNKNOWN_TERMS}),
    ],
)
def test_the_date_picks_every_version_it_leaves_open(
    knowledge: Knowledge, date: str, terms: set[str]
) -> None:
    assert set(knowledge.resolve("gpt-4-0613", API, date).terms) == terms


def test_a_missing_date_leaves_all_versions_open(knowledge: Knowledge) -> None:
    found = knowledge.resolve("text-davinci-003", API)
    assert UNKNOWN_TERMS in found.terms
    assert len(found.sets) == 7


def test_a_date_in_a_gap_is_an_unknown_version_never_the_nearest(knowledge: Knowledge) -> None:
    assert knowledge.resolve("mistral-medium", API, "2025-06-01").terms == (UNKNOWN_TERMS,)
    assert set(knowledge.resolve("mistral-medium", API, "2024-02").terms) == {
        UNKNOWN_TERMS,
        "Terms-Mistral-2024-02",
        "Terms-Mistral-2024-02-27",
    }


def test_a_date_before_the_release_is_unknown(knowledge: Knowledge) -> None:
    assert knowledge.resolve("Meta-Llama-3.1-8B", WEIGHTS, "2024-07-22").terms == (UNKNOWN_TERMS,)
    assert knowledge.resolve("Meta-Llama-3.1-8B", WEIGHTS, "2024-07-23").terms == (
        "LicenseRef-Llama-3.1-Community",
    )


def test_a_missing_access_path_leaves_all_paths_open(knowledge: Knowledge) -> None:
    terms = set(knowledge.resolve("Meta-Llama-3.1-70B").terms)
    assert terms == {"LicenseRef-Llama-3.1-Community", "Terms-Meta-Model-API", UNKNOWN_TERMS}
    early = knowledge.resolve("Meta-Llama-3.1-70B", None, "2025-01").terms
    assert early == ("LicenseRef-Llama-3.1-Community",)


def test_another_path_is_no_older_than_the_model(knowledge: Knowledge) -> None:
    """The app of 2022 never served GPT-4, so that its early unread terms stay out."""
    found = knowledge.resolve("gpt-4")
    assert [one.note[:14] for one in found.sets if not one.known] == ["the text after"] * 2
    assert "Terms-OpenAI-Consumer" in found.terms
    assert UNKNOWN_TERMS in knowledge.resolve("ChatGPT").terms


def test_terms_of_a_host_add_to_the_models(knowledge: Knowledge) -> None:
    by_prefix = knowledge.resolve("together/meta-llama/Llama-3.1-8B-Instruct", None, "2026-02-01")
    by_flag = knowledge.resolve("Llama-3.1-8B-Instruct", API, "2026-02-01", "Together AI")
    assert by_prefix.terms == by_flag.terms == ("LicenseRef-Llama-3.1-Community", "Terms-Together")
    assert by_prefix.host == by_flag.host == "together"


def test_the_vendors_own_host_adds_nothing(knowledge: Knowledge) -> None:
    plain = knowledge.resolve("gpt-4o", API, "2026-02-01")
    assert knowledge.resolve("gpt-4o", API, "2026-02-01", "OpenAI").terms == plain.terms


def test_a_host_nobody_knows_makes_the_terms_unknown(knowledge: Knowledge) -> None:
    found = knowledge.resolve("Llama-3.1-8B-Instruct", API, None, "nobody.example")
    assert UNKNOWN_TERMS in found.terms
    assert found.host == "nobody.example"
    assert not found.sets[0].known


def test_weights_on_ones_own_machine_keep_the_license_alone(knowledge: Knowledge) -> None:
    found = knowledge.resolve("ollama/llama3.1:8b", API)
    assert (found.access, found.terms) == (WEIGHTS, ("LicenseRef-Llama-3.1-Community",))


@pytest.mark.parametrize(
    ("name", "host", "found"),
    [
        ("gpt-4o", "azure.ai.openai", "azure"),
        ("claude-3-opus-20240229", "aws.bedrock", "bedrock"),
        ("bedrock/us.anthropic.claude-3-opus-20240229", None, "bedrock"),
        ("gemini-2.5-pro", "Vertex_AI", "vertex"),
        ("Llama-3.1-8B", "hosted_vllm", "local"),
        ("Llama-3.1-8B", "http://localhost:8000/v1", "local"),
        ("gpt-4o", "https://api.openai.com/v1/chat/completions", "openai"),
        ("gpt-4o", "https://acme.openai.azure.com/openai/deployments/x", "azure"),
        ("claude-3-opus-20240229", "bedrock-runtime.us-east-1.amazonaws.com", "bedrock"),
    ],
)
def test_providers_go_by_the_names_of_their_logs(
    knowledge: Knowledge, name: str, host: str | None, found: str
) -> None:
    resolved = knowledge.resolve(name, None, None, host)
    assert resolved.host == found
    assert resolved.teacher


@pytest.mark.parametrize(
    ("host", "people"),
    [
        ("Prolific", True),
        ("https://archive.org/details", True),
        ("openai", False),
        ("https://llm.acme.example/v1", False),
        ("acme", False),
    ],
)
def test_people_are_reached_by_agencies_and_pages_and_by_no_service(
    knowledge: Knowledge, host: str, people: bool
) -> None:
    found = knowledge.resolve("human", None, None, host)
    assert (found.status is ResolutionStatus.NO_MODEL) is people


def test_a_host_given_twice_counts_as_told(knowledge: Knowledge) -> None:
    found = knowledge.resolve("together/Llama-3.1-8B", API, "2026-02-01", "fireworks")
    assert found.terms == ("LicenseRef-Llama-3.1-Community", "Terms-Fireworks")


def test_the_cache_of_names_stays_small(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.knowledge.names.MAX_CACHED", 2)
    for name in ("a-1", "a-2", "a-3", "a-4"):
        knowledge.resolve(name)
    assert len(knowledge.index._found) <= 3


def test_people_and_programs_are_no_model(knowledge: Knowledge) -> None:
    for name in ("human", "Crowdsourced", "templates"):
        found = knowledge.resolve(name)
        assert (found.status, found.access) == (ResolutionStatus.NO_MODEL, Access.NONE)
    assert knowledge.resolve("human", API).status is ResolutionStatus.UNKNOWN
    assert knowledge.resolve("human", host="openai").status is ResolutionStatus.UNKNOWN
    assert knowledge.resolve("openrouter/human", Access.NONE).status is ResolutionStatus.UNKNOWN


@pytest.mark.parametrize(
    "name", ["Qwen2.5-7B-Instruct + gpt-4", "Qwen/Qwen2.5-7B-gpt4", "gpt-oss-20b distilled from gpt-4"]
)
def test_a_name_that_holds_another_model_is_not_the_first_alone(knowledge: Knowledge, name: str) -> None:
    for access in (None, WEIGHTS, API):
        found = knowledge.resolve(name, access)
        assert (found.status, found.teacher) == (ResolutionStatus.AMBIGUOUS, None)
        assert "openai-gpt-4" in found.candidates
    assert knowledge.resolve("gpt-4o and claude-3-opus").candidates == ("openai-gpt-4o", "anthropic-claude")
    assert knowledge.resolve("Qwen2.5-7B " + "and more " * 20).status is ResolutionStatus.UNKNOWN


@pytest.mark.parametrize("name", ["OpenAI", "Anthropic", "GitHub Copilot", "copilot", "xai"])
def test_a_provider_alone_is_no_model_by_whatever_path(knowledge: Knowledge, name: str) -> None:
    found = {knowledge.resolve(name, access).status for access in (None, Access.API, Access.OPEN_WEIGHTS)}
    assert found <= {ResolutionStatus.AMBIGUOUS, ResolutionStatus.UNKNOWN, ResolutionStatus.KNOWN}
    assert knowledge.resolve(name, Access.OPEN_WEIGHTS).status is not ResolutionStatus.KNOWN


def test_an_ambiguous_name_is_narrowed_by_its_access_path(knowledge: Knowledge) -> None:
    assert knowledge.resolve("yi", WEIGHTS).teacher == "yi"
    assert knowledge.resolve("gemini", WEIGHTS).status is ResolutionStatus.UNKNOWN


def test_terms_for_takes_an_entry_or_its_id(knowledge: Knowledge) -> None:
    entry = knowledge.teachers[next(t for t in knowledge.teachers if t == "openai-gpt-4o")]
    assert knowledge.terms_for(entry, API, "2026-02-01") == knowledge.terms_for(
        "openai-gpt-4o", API, "2026-02-01"
    )
    assert not knowledge.terms_for("nobody", API)[0].known


def test_every_index_label_resolves_or_is_honestly_ambiguous(knowledge: Knowledge, shared: object) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(f"{shared}/data/detection/index.parquet", columns=["teacher"])
    labels = set(table["teacher"].to_pylist())
    assert len(labels) == 41
    assert all(knowledge.resolve(label).teacher for label in labels)


@pytest.mark.parametrize("name", ["human", "humans", "crowd", "crowd-sourced", "Crowdsourced"])
def test_people_are_no_model_and_no_template(knowledge: Knowledge, name: str) -> None:
    found = knowledge.resolve(name, access=Access.NONE)
    assert (found.teacher, found.terms) == ("human", ("none",))


def test_a_path_that_is_not_told_leaves_an_api_open_that_nobody_read(knowledge: Knowledge) -> None:
    for name in ("zai-org/GLM-4.6", "MiniMaxAI/MiniMax-M1-80k", "baidu/ERNIE-4.5-21B-A3B-PT"):
        open_path = knowledge.resolve(name)
        assert UNKNOWN_TERMS in open_path.terms
        assert any(one.access is API and not one.known for one in open_path.sets)
        assert UNKNOWN_TERMS not in knowledge.resolve(name, Access.OPEN_WEIGHTS).terms
    read = knowledge.resolve("Qwen/Qwen3-8B")
    assert "Terms-Alibaba-Model-Studio" in read.terms


def test_the_contract_of_a_host_stands_for_the_service_terms_of_the_maker(knowledge: Knowledge) -> None:
    azure = knowledge.resolve("gpt-4o", API, "2026-03-01", "azure")
    assert azure.terms == ("Terms-Microsoft-Azure-AI", UNKNOWN_TERMS)
    weights = knowledge.resolve("meta-llama/Llama-3.3-70B-Instruct", API, "2026-09-20", "bedrock")
    assert set(weights.terms) == {"LicenseRef-Llama-3.3-Community", "Terms-AWS-Service-50", UNKNOWN_TERMS}
    both = knowledge.resolve("gpt-4o", API, "2026-04-01", "openrouter")
    assert set(both.terms) == {"Terms-OpenAI-Services-Agreement-2026", "Terms-OpenRouter"}
