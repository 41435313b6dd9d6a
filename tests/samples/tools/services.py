"""Batch and log files of inference services: a request, its response, or both."""

from __future__ import annotations

import json

from tests.samples.tools.interface import (
    ANSWER,
    ASK,
    CALL,
    CLAUDE,
    DAY,
    GEMINI,
    GPT,
    LLAMA,
    MOMENT,
    NO,
    OTHER,
    QWEN,
    SAY,
    SECONDS,
    SYSTEM,
    TOOL,
    USER,
    WHY,
    Row,
    Written,
    by,
    chat,
    claude,
    said,
)

TITLE = "Inference services"
REQUEST: Row = {"model": "gpt-4o", "messages": [{"role": "system", "content": SYSTEM}, USER]}
CALLED: Row = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "forecast", "arguments": CALL}}],
}
ITEMS: list[Row] = [
    {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": WHY}]},
    {"type": "function_call", "name": "forecast", "call_id": "c1", "arguments": CALL},
    {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "content": [{"type": "output_text", "text": SAY, "annotations": []}],
    },
]
BLOCKS: list[Row] = [
    {"type": "thinking", "thinking": WHY, "signature": "EqQB"},
    {"type": "text", "text": SAY},
    {"type": "tool_use", "id": "t1", "name": "forecast", "input": {"day": "tuesday"}},
]
CONTENTS: list[Row] = [{"role": "user", "parts": [{"text": ASK}]}]
CANDIDATES: list[Row] = [
    {
        "content": {"role": "model", "parts": [{"text": WHY, "thought": True}, {"text": SAY}]},
        "finishReason": "STOP",
    }
]


def _batch(body: Row, **more: object) -> Row:
    return {
        "id": "batch_req_1",
        "custom_id": "r1",
        "response": {"status_code": 200, "request_id": "q1", "body": body},
        "error": None,
        **more,
    }


WRITTEN = [
    Written(
        "OpenAI batch output",
        "`response.body.choices[].message`, `response.body.model`",
        [
            _batch(chat()),
            _batch(chat(CALLED)),
            _batch(chat({"role": "assistant", "content": None, "refusal": NO})),
        ],
        said(SAY, CALL, NO),
        prompts=(),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Azure OpenAI batch output",
        "`response.body.choices[].message`, `response.body.model`",
        [_batch({**chat(), "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}]})],
        said(SAY),
        prompts=(),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "OpenAI Responses batch output",
        "`response.body.output[]`: messages, reasoning summaries, calls",
        [
            _batch(
                {"id": "resp_1", "object": "response", "created_at": SECONDS, "model": GPT, "output": ITEMS}
            )
        ],
        said(SAY, WHY, CALL),
        prompts=(),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "OpenAI Responses, stored with their input",
        "`output[]`, prompts in `input[]` and `instructions`",
        [
            {
                "id": "resp_1",
                "object": "response",
                "created_at": SECONDS,
                "model": GPT,
                "instructions": SYSTEM,
                "input": [
                    {"type": "message", "role": "user", "content": [{"type": "input_text", "text": ASK}]}
                ],
                "output": ITEMS,
            }
        ],
        said(SAY, WHY, CALL),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "OpenAI text completions",
        "`choices[].text`",
        [
            {
                "id": "cmpl-1",
                "object": "text_completion",
                "created": SECONDS,
                "model": "gpt-3.5-turbo-instruct",
                "choices": [{"index": 0, "text": SAY, "finish_reason": "stop"}],
                "prompt": ASK,
            }
        ],
        said(SAY),
        teachers=by("gpt-3.5-turbo-instruct"),
        days=(DAY,),
    ),
    Written(
        "Proxy logs of requests with their responses",
        "`request`, `response`; the model that answered stands in the response",
        [{"timestamp": MOMENT, "request": REQUEST, "response": chat(), "latency_ms": 812}],
        said(SAY),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Helicone",
        "`request_body`, `response_body`",
        [
            {
                "request_id": "1",
                "request_created_at": MOMENT,
                "model": "gpt-4o",
                "request_body": REQUEST,
                "response_body": chat(),
            }
        ],
        said(SAY),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Anthropic message batches",
        "`result.message.content[]`: text, thinking, calls",
        [{"custom_id": "r1", "result": {"type": "succeeded", "message": claude(*BLOCKS)}}],
        said(SAY, WHY, '{"day":"tuesday"}'),
        prompts=(),
        teachers=by(CLAUDE),
    ),
    Written(
        "Anthropic requests with their responses",
        "`request.messages`, `response.content[]`, `response.model`",
        [
            {
                "created_at": MOMENT,
                "request": {"model": "claude-sonnet-4-5", "system": SYSTEM, "messages": [USER]},
                "response": claude(*BLOCKS),
            }
        ],
        said(SAY, WHY, '{"day":"tuesday"}'),
        systems=(SYSTEM,),
        teachers=by(CLAUDE),
        days=(DAY,),
    ),
    Written(
        "Gemini batch output",
        "`response.candidates[].content.parts[]`, `response.modelVersion`",
        [
            {
                "key": "r1",
                "request": {"contents": CONTENTS, "systemInstruction": {"parts": [{"text": SYSTEM}]}},
                "response": {"candidates": CANDIDATES, "modelVersion": GEMINI, "responseId": "x"},
            }
        ],
        said(f"{WHY}\n{SAY}"),
        systems=(SYSTEM,),
        teachers=by(GEMINI),
    ),
    Written(
        "Vertex AI batch output",
        "`response.candidates[].content.parts[]`, `response.modelVersion`, `processed_time`",
        [
            {
                "status": "",
                "processed_time": MOMENT,
                "request": {"contents": CONTENTS},
                "response": {"candidates": CANDIDATES, "modelVersion": GEMINI},
            }
        ],
        said(f"{WHY}\n{SAY}"),
        teachers=by(GEMINI),
        days=(DAY,),
    ),
    Written(
        "Vertex AI tuning set",
        "`contents[]` with roles `user` and `model`",
        [
            {
                "systemInstruction": {"role": "system", "parts": [{"text": SYSTEM}]},
                "contents": [*CONTENTS, {"role": "model", "parts": [{"text": SAY}]}],
            }
        ],
        said(SAY),
        systems=(SYSTEM,),
    ),
    Written(
        "Amazon Bedrock batch output",
        "`modelInput`, `modelOutput`",
        [
            {
                "recordId": "1",
                "modelInput": {"system": SYSTEM, "messages": [USER]},
                "modelOutput": claude(*BLOCKS),
            }
        ],
        said(SAY, WHY, '{"day":"tuesday"}'),
        systems=(SYSTEM,),
        teachers=by(CLAUDE),
    ),
    Written(
        "Amazon Bedrock invocation log",
        "`modelId`, `input.inputBodyJson`, `output.outputBodyJson`",
        [
            {
                "schemaType": "ModelInvocationLog",
                "timestamp": MOMENT,
                "region": "us-east-1",
                "operation": "Converse",
                "modelId": "anthropic.claude-3-5-sonnet-20240620-v1:0",
                "input": {
                    "inputContentType": "application/json",
                    "inputBodyJson": {
                        "system": [{"text": SYSTEM}],
                        "messages": [{"role": "user", "content": [{"text": ASK}]}],
                    },
                },
                "output": {
                    "outputContentType": "application/json",
                    "outputBodyJson": {
                        "output": {"message": {"role": "assistant", "content": [{"text": SAY}]}},
                        "stopReason": "end_turn",
                    },
                },
            }
        ],
        said(SAY),
        systems=(SYSTEM,),
        teachers=by("anthropic.claude-3-5-sonnet-20240620-v1:0"),
        days=(DAY,),
    ),
    Written(
        "Amazon Bedrock customization set",
        "`messages[].content[].text`, `system[].text`",
        [
            {
                "schemaVersion": "bedrock-conversation-2024",
                "system": [{"text": SYSTEM}],
                "messages": [
                    {"role": "user", "content": [{"text": ASK}]},
                    {"role": "assistant", "content": [{"text": SAY}]},
                ],
            }
        ],
        said(SAY),
        systems=(SYSTEM,),
    ),
    Written(
        "OpenRouter",
        "`choices[].message` with `reasoning`, `model`, `provider`",
        [
            chat(
                {**ANSWER, "reasoning": WHY, "reasoning_details": [{"type": "reasoning.text", "text": WHY}]},
                id="gen-1",
                provider="Together",
                model="deepseek/deepseek-r1",
            )
        ],
        said(SAY, WHY),
        prompts=(),
        teachers=by("deepseek/deepseek-r1"),
        days=(DAY,),
    ),
    Written(
        "Together batch output",
        "`response.body.choices[].message`, `response.body.model`",
        [_batch(chat(id="ns-1", model="meta-llama/Llama-3.3-70B-Instruct-Turbo", system_fingerprint=None))],
        said(SAY),
        prompts=(),
        teachers=by("meta-llama/Llama-3.3-70B-Instruct-Turbo"),
        days=(DAY,),
    ),
    Written(
        "Fireworks batch output",
        "`response.choices[].message`, `response.model`",
        [
            {
                "custom_id": "r1",
                "response": chat(
                    {**ANSWER, "reasoning_content": WHY}, model="accounts/fireworks/models/deepseek-r1"
                ),
                "error": None,
            }
        ],
        said(SAY, WHY),
        prompts=(),
        teachers=by("accounts/fireworks/models/deepseek-r1"),
        days=(DAY,),
    ),
    Written(
        "Mistral batch output",
        "`response.body.choices[].message`, `response.body.model`",
        [_batch(chat(model="mistral-large-2411", system_fingerprint=None))],
        said(SAY),
        prompts=(),
        teachers=by("mistral-large-2411"),
        days=(DAY,),
    ),
    Written(
        "Cohere chat",
        "`message.content[]`, or `text` beside `chat_history`",
        [
            {
                "id": "1",
                "finish_reason": "COMPLETE",
                "message": {"role": "assistant", "content": [{"type": "text", "text": SAY}]},
                "usage": {"tokens": {"input_tokens": 30}},
            }
        ],
        said(SAY),
        prompts=(),
    ),
    Written(
        "LiteLLM standard log",
        "`messages`, `response`, `api_base`, `startTime`",
        [
            {
                "id": "1",
                "trace_id": "t",
                "call_type": "acompletion",
                "status": "success",
                "custom_llm_provider": "openai",
                "model": "gpt-4o",
                "api_base": "https://api.openai.com",
                "startTime": float(SECONDS),
                "messages": [{"role": "system", "content": SYSTEM}, USER],
                "response": chat(),
            }
        ],
        said(SAY),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "vLLM `run-batch`",
        "`response.body.choices[].message` with `reasoning_content`",
        [
            _batch(
                chat({**ANSWER, "reasoning_content": WHY}, model=QWEN, system_fingerprint=None), id="vllm-1"
            )
        ],
        said(SAY, WHY),
        prompts=(),
        teachers=by(QWEN),
        days=(DAY,),
    ),
    Written(
        "Ollama `/api/chat`",
        "`message` with `thinking` and `tool_calls`, `model`, `created_at`",
        [
            {
                "model": "qwen3:32b",
                "created_at": MOMENT,
                "message": {
                    "role": "assistant",
                    "content": SAY,
                    "thinking": WHY,
                    "tool_calls": [{"function": {"name": "forecast", "arguments": {"day": "tuesday"}}}],
                },
                "done_reason": "stop",
                "done": True,
                "eval_count": 9,
            }
        ],
        said(SAY, WHY, '{"day":"tuesday"}'),
        prompts=(),
        teachers=by("qwen3:32b"),
        days=(DAY,),
    ),
    Written(
        "Ollama `/api/generate`",
        "`response`, `model`, `created_at`",
        [
            {
                "model": "llama3.3:70b",
                "created_at": MOMENT,
                "response": SAY,
                "done": True,
                "context": [1, 2, 3],
            }
        ],
        said(SAY),
        prompts=(),
        teachers=by("llama3.3:70b"),
        days=(DAY,),
    ),
    Written(
        "llama.cpp server",
        "`content`, `prompt`, `model`",
        [
            {
                "content": SAY,
                "prompt": ASK,
                "model": "Qwen2.5-72B-Instruct-Q4_K_M.gguf",
                "stop": True,
                "tokens_evaluated": 9,
            }
        ],
        said(SAY),
        teachers=by("Qwen2.5-72B-Instruct-Q4_K_M.gguf"),
    ),
    Written(
        "SGLang native log",
        "`text` beside `meta_info`; the model stands elsewhere",
        [{"prompt": ASK, "text": SAY, "meta_info": {"id": "1", "finish_reason": {"type": "stop"}}}],
        said(SAY),
    ),
    Written(
        "TGI `/generate`",
        "`inputs`, `generated_text`; the model stands in `info.json` beside it",
        [{"inputs": ASK, "generated_text": SAY, "details": {"finish_reason": "length"}}],
        said(SAY),
        teachers=by(LLAMA),
        beside={"info.json": json.dumps({"model_id": LLAMA})},
    ),
    Written(
        "Several choices of one call",
        "`choices[]`, all by one model",
        [
            chat(
                choices=[
                    {"index": 0, "message": ANSWER},
                    {"index": 1, "message": {**ANSWER, "content": OTHER}},
                ]
            )
        ],
        said(SAY, OTHER),
        prompts=(),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Calls with their tools' results",
        "`messages[]` with roles `tool` or `function`, blocks of type `tool_result`",
        [
            {"messages": [USER, CALLED, {"role": "tool", "tool_call_id": "c1", "content": TOOL}, ANSWER]},
            {
                "messages": [
                    USER,
                    {"role": "assistant", "content": BLOCKS[2:]},
                    {
                        "role": "user",
                        "content": [{"type": "tool_result", "tool_use_id": "t1", "content": TOOL}],
                    },
                    ANSWER,
                ]
            },
        ],
        said(SAY, CALL, '{"day":"tuesday"}'),
        tools=(TOOL,),
    ),
]
