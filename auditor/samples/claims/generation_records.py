"""Generation records: what inference services and harnesses write down of each call.

Layouts as in the SDKs: OpenAI and vLLM batch output, chat completions and Responses; Anthropic message
batches; Gemini batches; LiteLLM's standard log; traced calls; sessions of agents; TGI; lm-eval samples; and
answers in whatever a proxy, a batch or a log wraps around them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.column_names import names_in, plain_name
from auditor.samples.claims.moments import MOMENTS, iso_day
from auditor.samples.claims.spans import span_facts
from auditor.samples.claims.traces import is_of_service
from auditor.samples.parts import PROMPT, PROMPT_SLOT, SYSTEM, TEACHER, Part, content_text, one, turns

_WRAPPERS = (
    *("response", "response_body", "raw_response", "output", "outputs", "model_output", "output_body_json"),
    *("message", "result", "body", "completion", "api_response", "llm_response", "raw"),
)
"""Members in which proxies, batches and logs keep an answer as the service gave it."""
REQUESTS = names_in(
    "input inputs request request_body generic_request raw_request model_input messages trace_id"
)
"""Members that hold what was asked; beside them an answer may stand as JSON text."""
_WRAPPED = 3
"""So many wrappers are opened."""
CODEX, ENVELOPED = "codex", "enveloped"
_TURNED = ("response_item", "event_msg", "compacted")
_SAID = ("message", "reasoning", "function_call", "custom_tool_call", "agent_message", "agent_reasoning")


@dataclass(slots=True)
class Record:
    """What one record says."""

    kind: str
    parts: list[Part]
    claims: list[Claim]
    error: str | None = None
    """Why the call gave no answer, when it gave none."""
    read: tuple[str, ...] = ()
    """Members of the row that hold no text beside these parts."""


def read_record(row: dict[str, Any]) -> Record | None:
    """Return what a generation record says; None when the row is not such a record."""
    for reader in _READERS:
        record = reader(row)
        if record is not None:
            return record
    return None


def _moment(row: dict[str, Any]) -> str | None:
    """Return the day that a log's line says it was written on."""
    days = (iso_day(value) for name, value in row.items() if plain_name(name) in MOMENTS)
    return next((day for day in days if day), None)


def _dated(record: Record, row: dict[str, Any]) -> Record:
    """Add the day of the line that an answer stands in, where the answer has none."""
    if any(claim.kind is ClaimKind.GENERATED_AT for claim in record.claims):
        return record
    day = _claims((ClaimKind.GENERATED_AT, _moment(row), "timestamp"))
    return replace(record, claims=[*record.claims, *day])


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
    response = _dict(row["response"])
    record = _completion(_dict(response.get("body")), "response.body.") or _completion(response, "response.")
    if record is None:
        return Record("openai-batch", [], [], "the call has no answer")
    if str(row.get("id", "")).startswith("vllm-"):
        # vLLM reports the name it was told to serve under, which need not be the model's.
        claims = [replace(claim, basis=Basis.ROW) for claim in record.claims]
        access = Claim(ClaimKind.ACCESS, "open-weights", Basis.LOG, "id")
        return Record("vllm-batch", record.parts, [*claims, access], record.error, ("response",))
    return Record("openai-batch", record.parts, record.claims, record.error, ("response",))


def _completion(body: dict[str, Any], path: str = "") -> Record | None:
    if body.get("object") == "response":
        parts = one(SYSTEM, "", body.get("instructions"))
        parts += [part for item in _dicts(body.get("output")) for part in _item(item)]
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
    if is_of_service(body.get("system_fingerprint")):
        claims += _claims((ClaimKind.ACCESS, "api", f"{path}system_fingerprint"))
    read = ("choices", "output", "instructions")
    return Record("openai", parts, claims, None if parts else "the call has no answer", read)


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
        if result["type"] != "succeeded":
            return Record("anthropic-batch", [], [], "the call has no answer")
        record = _message({"type": "message", "stop_reason": "", **_dict(result.get("message"))}, path)
    else:
        path = ""
        record = _message(row, path)
    if record is not None:
        record.claims += _claims((ClaimKind.ACCESS, "api", f"{path}id"))
        record.read = ("result", "content")
    return record


def _message(message: dict[str, Any], path: str) -> Record | None:
    """Read an answer as the Messages API gives it, in a batch, a log or a session of an agent."""
    if message.get("type") != "message" or "stop_reason" not in message:
        return None
    parts = _said({"content": message.get("content")})
    claims = _claims((ClaimKind.TEACHER, message.get("model"), f"{path}model"))
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
    error = None if found else "the call has no answer"
    return Record("gemini-batch", parts + found, claims, error, ("response",))


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
    return Record("litellm", parts, claims, error, ("messages", "response"))


def _span(row: dict[str, Any]) -> Record | None:
    facts = span_facts(row)
    if facts is None:
        return None
    claims: list[Claim] = []
    for one_call in facts:
        claims += _served(one_call.answered, one_call.where, one_call.asked, one_call.asked_where)
        claims += _claims(
            (ClaimKind.HOST, one_call.host, "attributes.server.address"),
            (ClaimKind.GENERATED_AT, one_call.day, "start_time"),
        )
    return _dated(Record("otel", [], list(dict.fromkeys(claims))), row)


def _session(row: dict[str, Any]) -> Record | None:
    """Read an answer in an agent's session, whose model another line of the session says."""
    payload = row.get("payload")
    if row.get("type") not in _TURNED or not isinstance(payload, dict):
        return None
    kind, role = payload.get("type"), payload.get("role")
    if role not in (None, "assistant") or kind not in _SAID:
        return None
    return _dated(Record(CODEX, [], []), row)


def _enveloped(row: dict[str, Any]) -> Record | None:
    """Read the answer of a service that stands within a row."""
    found = _within(row, "", _WRAPPED)
    return None if found is None else _dated(found, row)


def _is_logged(row: dict[str, Any]) -> bool:
    return "instruction" not in row and not REQUESTS.isdisjoint(map(plain_name, row))


def _within(value: dict[str, Any], path: str, depth: int) -> Record | None:
    for name, inner in value.items():
        plain = plain_name(name)
        if plain not in _WRAPPERS:
            continue
        if isinstance(inner, str) and _is_logged(value):
            inner = opened_cell(inner)
        if not isinstance(inner, dict):
            continue
        at = f"{path}{name}."
        record = _completion(inner, at) or _message(inner, at)
        if record is None and depth:
            record = _within(inner, at, depth - 1)
        if record is not None:
            return replace(record, kind=ENVELOPED, read=(name,))
    return None


def _tgi(row: dict[str, Any]) -> Record | None:
    if not isinstance(row.get("generated_text"), str):
        return None
    prompt = row.get("inputs", row.get("prompt"))
    parts = one(PROMPT, PROMPT_SLOT, prompt) + one(TEACHER, "", row["generated_text"])
    return Record("tgi", parts, [], read=("inputs", "prompt", "generated_text", "details"))


def _lm_eval(row: dict[str, Any]) -> Record | None:
    if "doc_id" not in row or "resps" not in row:
        return None
    parts: list[Part] = []
    asked = row.get("arguments")
    for arguments in asked.values() if isinstance(asked, dict) else asked if isinstance(asked, list) else ():
        first = arguments[:1] if isinstance(arguments, list) else [_dict(arguments).get("arg_0")]
        parts += [part for text in first for part in one(PROMPT, PROMPT_SLOT, text)]
    for answers in row["resps"] if isinstance(row["resps"], list) else ():
        for answer in answers if isinstance(answers, list) else (answers,):
            parts += one(TEACHER, "", answer)
    return Record("lm-eval", parts, [], read=("arguments", "resps", "filtered_resps"))


def _request(row: dict[str, Any]) -> Record | None:
    body = _dict(row.get("body"))
    if "custom_id" not in row or "method" not in row:
        return None
    # A request says what was asked for; an alias in it is not the revision that will answer.
    claim = Claim(ClaimKind.TEACHER, str(body.get("model", "")).strip(), Basis.ROW, "body.model")
    return Record("openai-batch-input", turns(body.get("messages")) or [], [claim] if claim.value else [])


_READERS = (
    *(_batch, _anthropic, _gemini, _litellm, _completion, _span, _session, _tgi, _lm_eval, _request),
    _enveloped,
)
