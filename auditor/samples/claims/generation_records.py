"""Generation records: what inference services and harnesses write down of each call.

Layouts as in the SDKs: OpenAI and vLLM batch output, chat completions and Responses; Anthropic message
batches; Gemini batches; LiteLLM's standard log; OpenTelemetry GenAI spans; TGI; lm-eval samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.samples.parts import PROMPT, PROMPT_SLOT, TEACHER, Part, content_text, one, turns


@dataclass(slots=True)
class Record:
    """What one record says."""

    kind: str
    parts: list[Part]
    claims: list[Claim]
    error: str | None = None
    """Why the call gave no answer, when it gave none."""


def read_record(row: dict[str, Any]) -> Record | None:
    """Return what a generation record says; None when the row is not such a record."""
    for reader in (_batch, _anthropic, _gemini, _litellm, _completion, _span, _tgi, _lm_eval, _request):
        record = reader(row)
        if record is not None:
            return record
    return None


def iso_day(value: Any) -> str | None:
    """Return a moment's UTC day: from seconds since 1970, or the date that a text begins with."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 1e9 <= value < 1e10:
        return datetime.fromtimestamp(value, UTC).date().isoformat()
    if isinstance(value, str) and len(value) >= 10:
        try:
            return datetime.fromisoformat(value[:10]).date().isoformat()
        except ValueError:
            return None
    return None


def _claims(*facts: tuple[ClaimKind, Any, str]) -> list[Claim]:
    return [
        Claim(kind, value.strip(), Basis.LOG, where)
        for kind, value, where in facts
        if isinstance(value, str) and value.strip()
    ]


def _served(answered: Any, where: str, asked: Any, asked_where: str) -> list[Claim]:
    """Return the model that answered; else the one asked for, which a fallback may have replaced."""
    if answered:
        return _claims((ClaimKind.TEACHER, answered, where))
    return [replace(claim, basis=Basis.ROW) for claim in _claims((ClaimKind.TEACHER, asked, asked_where))]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item


def _batch(row: dict[str, Any]) -> Record | None:
    if "custom_id" not in row or "response" not in row:
        return None
    body = _dict(_dict(row["response"]).get("body"))
    record = _completion(body, "response.body.")
    if record is None:
        return Record("openai-batch", [], [], "the call has no answer")
    if str(row.get("id", "")).startswith("vllm-"):
        # vLLM reports the name it was told to serve under, which need not be the model's.
        claims = [replace(claim, basis=Basis.ROW) for claim in record.claims]
        access = Claim(ClaimKind.ACCESS, "open-weights", Basis.LOG, "id")
        return Record("vllm-batch", record.parts, [*claims, access], record.error)
    return Record("openai-batch", record.parts, record.claims, record.error)


def _completion(body: dict[str, Any], path: str = "") -> Record | None:
    if body.get("object") == "response":
        parts = [part for item in _dicts(body.get("output")) for part in _item(item)]
    elif isinstance(body.get("choices"), list) and "model" in body:
        parts = [
            part
            for item in _dicts(body["choices"])
            for part in (_said(_dict(item.get("message"))) or one(TEACHER, "", item.get("text")))
        ]
    else:
        return None
    claims = _claims(
        (ClaimKind.TEACHER, body.get("model"), f"{path}model"),
        (ClaimKind.GENERATED_AT, iso_day(body.get("created", body.get("created_at"))), f"{path}created"),
    )
    if str(body.get("system_fingerprint", "")).startswith("fp_"):
        claims += _claims((ClaimKind.ACCESS, "api", f"{path}system_fingerprint"))
    return Record("openai", parts, claims, None if parts else "the call has no answer")


def _said(message: dict[str, Any]) -> list[Part]:
    """Return all that an answer says: its text, reasoning, refusal and the arguments of its calls."""
    return turns([{**message, "role": "assistant"}]) or []


def _item(item: dict[str, Any]) -> list[Part]:
    """Return what an item of a response says: text, a summary of its reasoning, the arguments of a call."""
    texts = (content_text(item.get("content")), content_text(item.get("summary")), item.get("arguments"))
    return [part for text in texts for part in one(TEACHER, "", text)]


def _anthropic(row: dict[str, Any]) -> Record | None:
    result, path = _dict(row.get("result")), "result.message."
    if "custom_id" in row and isinstance(result.get("type"), str):
        message = _dict(result.get("message"))
        if result["type"] != "succeeded":
            return Record("anthropic-batch", [], [], "the call has no answer")
    elif row.get("type") == "message" and "stop_reason" in row:
        message, path = row, ""
    else:
        return None
    parts = _said({"content": message.get("content")})
    claims = _claims(
        (ClaimKind.TEACHER, message.get("model"), f"{path}model"),
        (ClaimKind.ACCESS, "api", f"{path}id"),
    )
    return Record("anthropic", parts, claims, None if parts else "the call has no answer")


def _gemini(row: dict[str, Any]) -> Record | None:
    response = _dict(row.get("response"))
    if "modelVersion" not in response and "candidates" not in response:
        return None
    parts: list[Part] = []
    for turn in _dicts(_dict(row.get("request")).get("contents")):
        parts += one(PROMPT, PROMPT_SLOT, content_text(turn.get("parts")))
    answers = [_dict(item.get("content")).get("parts") for item in _dicts(response.get("candidates"))]
    found = [part for answer in answers for part in one(TEACHER, "", content_text(answer))]
    claims = _claims(
        (ClaimKind.TEACHER, response.get("modelVersion"), "response.modelVersion"),
        (ClaimKind.ACCESS, "api", "response.modelVersion"),
        (ClaimKind.GENERATED_AT, iso_day(row.get("processed_time")), "processed_time"),
    )
    return Record("gemini-batch", parts + found, claims, None if found else "the call has no answer")


def _litellm(row: dict[str, Any]) -> Record | None:
    if "custom_llm_provider" not in row or "call_type" not in row:
        return None
    response = _dict(row.get("response"))
    answer = _completion(response, "response.")
    parts = [*(turns(row.get("messages")) or []), *(answer.parts if answer else [])]
    claims = _served(response.get("model"), "response.model", row.get("model"), "model") + _claims(
        (ClaimKind.HOST, row.get("api_base") or row["custom_llm_provider"], "api_base"),
        (ClaimKind.GENERATED_AT, iso_day(row.get("startTime")), "startTime"),
    )
    error = "the call has no answer" if row.get("status") not in (None, "success") else None
    return Record("litellm", parts, claims, error)


def _span(row: dict[str, Any]) -> Record | None:
    facts = _dict(row.get("attributes"))
    response, request = facts.get("gen_ai.response.model"), facts.get("gen_ai.request.model")
    if not response and not request:
        return None
    host = facts.get("server.address") or facts.get("gen_ai.provider.name") or facts.get("gen_ai.system")
    claims = _served(
        response, "attributes.gen_ai.response.model", request, "attributes.gen_ai.request.model"
    ) + _claims(
        (ClaimKind.HOST, host, "attributes.server.address"),
        (ClaimKind.GENERATED_AT, iso_day(row.get("start_time")), "start_time"),
    )
    return Record("otel", [], claims)


def _tgi(row: dict[str, Any]) -> Record | None:
    if not isinstance(row.get("generated_text"), str):
        return None
    prompt = row.get("inputs", row.get("prompt"))
    parts = one(PROMPT, PROMPT_SLOT, prompt) + one(TEACHER, "", row["generated_text"])
    return Record("tgi", parts, [])


def _lm_eval(row: dict[str, Any]) -> Record | None:
    if "doc_id" not in row or "resps" not in row:
        return None
    parts: list[Part] = []
    for arguments in _dict(row.get("arguments")).values():
        parts += one(PROMPT, PROMPT_SLOT, _dict(arguments).get("arg_0"))
    for answers in row["resps"] if isinstance(row["resps"], list) else ():
        for answer in answers if isinstance(answers, list) else (answers,):
            parts += one(TEACHER, "", answer)
    return Record("lm-eval", parts, [])


def _request(row: dict[str, Any]) -> Record | None:
    body = _dict(row.get("body"))
    if "custom_id" not in row or "method" not in row:
        return None
    # A request says what was asked for; an alias in it is not the revision that will answer.
    claim = Claim(ClaimKind.TEACHER, str(body.get("model", "")).strip(), Basis.ROW, "body.model")
    return Record("openai-batch-input", turns(body.get("messages")) or [], [claim] if claim.value else [])
