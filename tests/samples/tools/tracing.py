"""What observability tools export of the calls that they traced."""

from __future__ import annotations

import json

from tests.samples.tools.interface import (
    ANSWER,
    ASK,
    CALL,
    DAY,
    GPT,
    MOMENT,
    SAY,
    SECONDS,
    SYSTEM,
    USER,
    WHY,
    Row,
    Written,
    by,
    chat,
    said,
)

TITLE = "Observability"
TOLD: Row = {"role": "system", "content": SYSTEM}
INPUT: list[Row] = [{"role": "user", "parts": [{"type": "text", "content": ASK}]}]
OUTPUT: list[Row] = [
    {
        "role": "assistant",
        "parts": [
            {"type": "reasoning", "content": WHY},
            {"type": "text", "content": SAY},
            {"type": "tool_call", "id": "c1", "name": "forecast", "arguments": {"day": "tuesday"}},
        ],
        "finish_reason": "stop",
    }
]
NEW: Row = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": GPT,
    "gen_ai.system_instructions": [{"type": "text", "content": SYSTEM}],
    "gen_ai.input.messages": INPUT,
    "gen_ai.output.messages": OUTPUT,
}
TEXTS = {name: json.dumps(value) if isinstance(value, list) else value for name, value in NEW.items()}


def _otlp(attributes: Row) -> list[Row]:
    return [{"key": name, "value": {"stringValue": value}} for name, value in attributes.items()]


WRITTEN = [
    Written(
        "OpenTelemetry GenAI, new names",
        "`gen_ai.output.messages`, `gen_ai.input.messages`, `gen_ai.response.model`",
        [{"name": "chat gpt-4o", "start_time": MOMENT, "attributes": NEW}],
        said(SAY, WHY, '{"day":"tuesday"}'),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "OpenTelemetry GenAI, messages as JSON text",
        "`gen_ai.output.messages` as an exporter writes it",
        [{"name": "chat gpt-4o", "start_time": MOMENT, "attributes": TEXTS}],
        said(SAY, WHY, '{"day":"tuesday"}'),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "OpenTelemetry GenAI, old names",
        "`gen_ai.prompt`, `gen_ai.completion`, `gen_ai.system`",
        [
            {
                "name": "chat",
                "start_time": MOMENT,
                "attributes": {
                    "gen_ai.system": "openai",
                    "gen_ai.request.model": "gpt-4o",
                    "gen_ai.response.model": GPT,
                    "gen_ai.prompt": json.dumps([USER]),
                    "gen_ai.completion": json.dumps([ANSWER]),
                },
            }
        ],
        said(SAY),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "OpenLLMetry",
        "`gen_ai.completion.0.content`, `gen_ai.prompt.0.content`",
        [
            {
                "name": "openai.chat",
                "start_time": MOMENT,
                "attributes": {
                    "gen_ai.system": "openai",
                    "gen_ai.response.model": GPT,
                    "gen_ai.prompt.0.role": "system",
                    "gen_ai.prompt.0.content": SYSTEM,
                    "gen_ai.prompt.1.role": "user",
                    "gen_ai.prompt.1.content": ASK,
                    "gen_ai.completion.0.role": "assistant",
                    "gen_ai.completion.0.content": SAY,
                    "gen_ai.completion.0.tool_calls.0.arguments": CALL,
                },
            }
        ],
        said(SAY, CALL),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "OpenTelemetry GenAI, content as events",
        "`events[].attributes` of `gen_ai.content.prompt` and `gen_ai.content.completion`",
        [
            {
                "name": "chat",
                "start_time": MOMENT,
                "attributes": {"gen_ai.system": "openai", "gen_ai.response.model": GPT},
                "events": [
                    {"name": "gen_ai.content.prompt", "attributes": {"gen_ai.prompt": json.dumps([USER])}},
                    {
                        "name": "gen_ai.content.completion",
                        "attributes": {"gen_ai.completion": json.dumps([ANSWER])},
                    },
                ],
            }
        ],
        said(SAY),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "OTLP JSON",
        "`resourceSpans[].scopeSpans[].spans[].attributes[]` of key and value",
        [
            {
                "resourceSpans": [
                    {
                        "resource": {
                            "attributes": [{"key": "service.name", "value": {"stringValue": "app"}}]
                        },
                        "scopeSpans": [
                            {
                                "scope": {"name": "openai"},
                                "spans": [
                                    {
                                        "traceId": "a",
                                        "name": "chat gpt-4o",
                                        "startTimeUnixNano": f"{SECONDS}000000000",
                                        "attributes": _otlp(TEXTS),
                                    }
                                ],
                            }
                        ],
                    }
                ]
            }
        ],
        said(SAY, WHY, '{"day":"tuesday"}'),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "OpenInference (Phoenix)",
        "`llm.output_messages`, `llm.input_messages`, `llm.model_name`",
        [
            {
                "name": "ChatCompletion",
                "start_time": MOMENT,
                "attributes": {
                    "llm.model_name": GPT,
                    "llm.provider": "openai",
                    "llm.input_messages.0.message.role": "user",
                    "llm.input_messages.0.message.content": ASK,
                    "llm.output_messages.0.message.role": "assistant",
                    "llm.output_messages.0.message.content": SAY,
                },
            }
        ],
        said(SAY),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Vercel AI SDK spans",
        "`ai.response.text`, `ai.prompt.messages`, `ai.response.model`",
        [
            {
                "name": "ai.generateText.doGenerate",
                "startTime": MOMENT,
                "attributes": {
                    "ai.model.id": "gpt-4o",
                    "ai.model.provider": "openai.chat",
                    "ai.prompt.messages": json.dumps([USER]),
                    "ai.response.text": SAY,
                    "ai.response.model": GPT,
                },
            }
        ],
        said(SAY),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Langfuse observations",
        "`output`, `input`, `model`, `startTime`",
        [
            {
                "id": "o1",
                "traceId": "t1",
                "type": "GENERATION",
                "name": "chat",
                "startTime": "2025-02-03 10:11:12.123456",
                "model": GPT,
                "modelParameters": {"temperature": 0.7},
                "input": [TOLD, USER],
                "output": ANSWER,
                "usageDetails": {"input": 30, "output": 40},
            }
        ],
        said(SAY),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Langfuse blob export",
        "`output`, `input` as JSON text, `provided_model_name`, `start_time`",
        [
            {
                "id": "o1",
                "trace_id": "t1",
                "type": "GENERATION",
                "start_time": "2025-02-03 10:11:12.123456",
                "provided_model_name": GPT,
                "input": json.dumps({"messages": [TOLD, USER]}),
                "output": json.dumps(ANSWER),
                "total_cost": 0.01,
            }
        ],
        said(SAY),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Langfuse spans",
        "`langfuse.observation.output`, `langfuse.observation.model.name`",
        [
            {
                "name": "chat",
                "start_time": MOMENT,
                "attributes": {
                    "langfuse.observation.type": "generation",
                    "langfuse.observation.model.name": GPT,
                    "langfuse.observation.input": json.dumps([USER]),
                    "langfuse.observation.output": json.dumps(ANSWER),
                },
            }
        ],
        said(SAY),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Langfuse data set",
        "`expectedOutput`, `input`",
        [{"id": "1", "datasetId": "d", "input": {"messages": [USER]}, "expectedOutput": {"content": SAY}}],
        said(SAY),
    ),
    Written(
        "MLflow traces",
        "`mlflow.spanOutputs`, `mlflow.spanInputs`, `mlflow.llm.model`",
        [
            {
                "info": {"trace_id": "tr-1", "request_time": MOMENT, "state": "OK"},
                "data": {
                    "spans": [
                        {
                            "name": "Completions",
                            "start_time_unix_nano": SECONDS * 1_000_000_000,
                            "attributes": {
                                "mlflow.spanType": '"CHAT_MODEL"',
                                "mlflow.llm.model": json.dumps(GPT),
                                "mlflow.spanInputs": json.dumps(
                                    {"messages": [TOLD, USER], "model": "gpt-4o"}
                                ),
                                "mlflow.spanOutputs": json.dumps(chat()),
                            },
                        }
                    ]
                },
            }
        ],
        said(SAY),
        systems=(SYSTEM,),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "MLflow trace table",
        "`request`, `response` as JSON text",
        [
            {
                "trace_id": "tr-1",
                "request": json.dumps({"messages": [USER], "model": "gpt-4o"}),
                "response": json.dumps(chat()),
                "state": "OK",
            }
        ],
        said(SAY),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "LangSmith runs",
        "`outputs.generations[][].message.kwargs.content`, `inputs.messages`",
        [
            {
                "id": "1",
                "run_type": "llm",
                "start_time": MOMENT,
                "inputs": {
                    "messages": [
                        [
                            {
                                "lc": 1,
                                "type": "constructor",
                                "id": ["HumanMessage"],
                                "kwargs": {"content": ASK, "type": "human"},
                            }
                        ]
                    ]
                },
                "outputs": {
                    "generations": [
                        [
                            {
                                "text": SAY,
                                "type": "ChatGeneration",
                                "message": {
                                    "lc": 1,
                                    "type": "constructor",
                                    "id": ["AIMessage"],
                                    "kwargs": {
                                        "content": SAY,
                                        "type": "ai",
                                        "response_metadata": {"model_name": GPT},
                                    },
                                },
                            }
                        ]
                    ]
                },
            }
        ],
        said(SAY),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Braintrust logs",
        "`input`, `output`, `metadata.model`",
        [
            {
                "id": "1",
                "created": MOMENT,
                "input": [USER],
                "output": [{"index": 0, "message": ANSWER}],
                "metadata": {"model": GPT},
                "metrics": {"tokens": 70},
            }
        ],
        said(SAY),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "Weave calls",
        "`output.choices[].message`, `inputs.messages`",
        [
            {
                "id": "1",
                "op_name": "openai.chat.completions.create",
                "started_at": MOMENT,
                "inputs": {"model": "gpt-4o", "messages": [USER]},
                "output": chat(),
            }
        ],
        said(SAY),
        teachers=by(GPT),
        days=(DAY,),
    ),
]
