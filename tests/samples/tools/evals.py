"""Logs of evaluations and arenas, whose answers become training rows."""

from __future__ import annotations

import json

from tests.samples.tools.interface import (
    AGAIN,
    ANSWER,
    ASK,
    CLAUDE,
    DAY,
    FIRE,
    GPT,
    LLAMA,
    MOMENT,
    OTHER,
    QWEN,
    SAY,
    SECONDS,
    SYSTEM,
    USER,
    WHY,
    Written,
    by,
    said,
)

TITLE = "Evaluations and arenas"
TWO = [USER, ANSWER, {"role": "user", "content": AGAIN}, {"role": "assistant", "content": FIRE}]

WRITTEN = [
    Written(
        "Inspect log",
        "`samples[].messages`, `samples[].output`; `eval.model` and `output.model`",
        [],
        said(SAY),
        teachers=by(f"openai/{GPT}", GPT),
        file="log.json",
        whole={
            "version": 2,
            "status": "success",
            "eval": {"task": "camps", "model": f"openai/{GPT}", "created": MOMENT},
            "plan": {"name": "plan"},
            "results": {"total_samples": 1},
            "samples": [
                {
                    "id": 1,
                    "epoch": 1,
                    "input": ASK,
                    "target": "high",
                    "messages": [{**USER, "source": "input"}, {**ANSWER, "source": "generate"}],
                    "output": {
                        "model": GPT,
                        "choices": [{"message": {**ANSWER, "source": "generate"}, "stop_reason": "stop"}],
                    },
                    "scores": {"match": {"value": "C", "answer": "high"}},
                }
            ],
        },
    ),
    Written(
        "lm-eval samples",
        "`resps[][]`, prompts in `arguments`; the model stands in `results_*.json` beside it",
        [
            {
                "doc_id": 0,
                "doc": {"question": ASK},
                "target": "high",
                "arguments": {"gen_args_0": {"arg_0": ASK, "arg_1": {"until": ["\n"]}}},
                "resps": [[SAY]],
                "filtered_resps": [SAY],
                "exact_match": 1.0,
            }
        ],
        said(SAY),
        teachers=by(QWEN),
        beside={"results_1.json": json.dumps({"model_source": "hf", "model_name": QWEN, "results": {}})},
    ),
    Written(
        "lm-eval samples, arguments in a list",
        "`resps[][]`, prompts in `arguments[][]`",
        [
            {
                "doc_id": 0,
                "doc": {"question": ASK},
                "target": "high",
                "arguments": [[ASK, {"until": ["\n"]}]],
                "resps": [[SAY]],
                "filtered_resps": [SAY],
            }
        ],
        said(SAY),
    ),
    Written(
        "MT-Bench answers",
        "`choices[].turns[]`, `model_id`, `tstamp`",
        [
            {
                "question_id": 81,
                "answer_id": "x",
                "model_id": "gpt-4",
                "choices": [{"index": 0, "turns": [SAY, FIRE]}],
                "tstamp": float(SECONDS),
            }
        ],
        said(SAY, FIRE),
        prompts=(),
        teachers=by("gpt-4"),
        days=(DAY,),
    ),
    Written(
        "MT-Bench judgments",
        "`judgment` by `judge`, about answers in `user_prompt`",
        [
            {
                "question_id": 81,
                "model": LLAMA,
                "judge": ["gpt-4", "single-v1"],
                "user_prompt": ASK,
                "judgment": OTHER,
                "score": 9,
                "turn": 1,
                "tstamp": float(SECONDS),
            }
        ],
        said(judge=OTHER),
        teachers=by(LLAMA, judge="gpt-4"),
        days=(DAY,),
    ),
    Written(
        "Arena-Hard answers, first version",
        "`choices[].turns[].content`, `model_id`",
        [
            {
                "question_id": "x",
                "answer_id": "y",
                "model_id": "gpt-4-0314",
                "choices": [{"index": 0, "turns": [{"content": SAY, "token_len": 40}]}],
                "tstamp": float(SECONDS),
            }
        ],
        said(SAY),
        prompts=(),
        teachers=by("gpt-4-0314"),
        days=(DAY,),
    ),
    Written(
        "Arena-Hard answers, second version",
        "`messages[].content.answer` and `.thought`, `model`",
        [
            {
                "uid": "x",
                "ans_id": "y",
                "model": "o3-mini-2025-01-31",
                "messages": [USER, {"role": "assistant", "content": {"thought": WHY, "answer": SAY}}],
                "tstamp": float(SECONDS),
                "metadata": {"token_len": 40, "header_count": {"h1": 0}},
            }
        ],
        said(SAY, WHY),
        teachers=by("o3-mini-2025-01-31"),
        days=(DAY,),
    ),
    Written(
        "Chatbot Arena battles",
        "`conversation_a` by `model_a`, `conversation_b` by `model_b`",
        [
            {
                "model_a": GPT,
                "model_b": LLAMA,
                "winner": "model_a",
                "conversation_a": [USER, ANSWER],
                "conversation_b": [USER, {**ANSWER, "content": OTHER}],
                "turn": 1,
                "language": "English",
                "tstamp": float(SECONDS),
            }
        ],
        said(conversation_a=SAY, conversation_b=OTHER),
        teachers=by(conversation_a=GPT, conversation_b=LLAMA),
        days=(DAY,),
    ),
    Written(
        "Arena table",
        "`response_a`, `response_b`: cells that hold a list",
        [
            {
                "id": 1,
                "model_a": GPT,
                "model_b": LLAMA,
                "prompt": json.dumps([ASK]),
                "response_a": json.dumps([SAY]),
                "response_b": json.dumps([OTHER]),
                "winner_model_a": 1,
            }
        ],
        said(response_a=SAY, response_b=OTHER),
        teachers=by(response_a=GPT, response_b=LLAMA),
    ),
    Written(
        "Arena conversations of both sides",
        "`full_conversation[]` with `user`, `model_side_a`, `model_side_b`",
        [
            {
                "id": "1",
                "model_a": GPT,
                "model_b": LLAMA,
                "winner": "tie",
                "full_conversation": [
                    {
                        "user": {"role": "user", "content": [{"type": "text", "text": ASK}]},
                        "model_side_a": {"role": "assistant", "content": [{"type": "text", "text": SAY}]},
                        "model_side_b": {"role": "assistant", "content": [{"type": "text", "text": OTHER}]},
                    }
                ],
                "timestamp": MOMENT,
            }
        ],
        said(model_side_a=SAY, model_side_b=OTHER),
        teachers=by(model_side_a=GPT, model_side_b=LLAMA),
        days=(DAY,),
    ),
    Written(
        "LMSYS-Chat-1M",
        "`conversation[]`, `model`",
        [
            {
                "conversation_id": "x",
                "model": "vicuna-13b",
                "conversation": TWO,
                "turn": 2,
                "language": "English",
                "openai_moderation": [{"flagged": False, "category_scores": {"hate": 0.1}}],
                "redacted": False,
            }
        ],
        said(SAY, FIRE),
        prompts=(ASK, AGAIN),
        teachers=by("vicuna-13b"),
    ),
    Written(
        "WildChat",
        "`conversation[]` with a header each, `model`, `timestamp`",
        [
            {
                "conversation_hash": "x",
                "model": "gpt-4-0314",
                "timestamp": MOMENT,
                "conversation": [
                    {
                        **USER,
                        "country": "Nepal",
                        "header": {"user-agent": "Mozilla/5.0 (X11)"},
                        "toxic": False,
                    },
                    {**ANSWER, "country": None, "header": {"user-agent": None}, "toxic": False},
                ],
                "turn": 1,
                "toxic": False,
            }
        ],
        said(SAY),
        teachers=by("gpt-4-0314"),
        days=(DAY,),
    ),
    Written(
        "AlpacaEval outputs",
        "`output`, `generator`",
        [{"dataset": "helpful_base", "instruction": ASK, "output": SAY, "generator": GPT}],
        said(SAY),
        teachers=by(GPT),
    ),
    Written(
        "AlpacaEval annotations",
        "`output_1` by `generator_1`, `output_2` by `generator_2`; `annotator` judged",
        [
            {
                "instruction": ASK,
                "output_1": SAY,
                "generator_1": GPT,
                "output_2": OTHER,
                "generator_2": LLAMA,
                "annotator": "weighted_alpaca_eval_gpt4_turbo",
                "preference": 1.2,
            }
        ],
        said(output_1=SAY, output_2=OTHER),
        teachers=by(output_1=GPT, output_2=LLAMA),
    ),
    Written(
        "HELM scenario state",
        "`request_states[].result.completions[].text`, `request.model`",
        [],
        said(SAY),
        teachers=by("openai/gpt-4o-2024-08-06"),
        file="scenario_state.json",
        whole={
            "adapter_spec": {"method": "generation", "model": f"openai/{GPT}"},
            "request_states": [
                {
                    "instance": {"input": {"text": ASK}, "id": "i1", "split": "test"},
                    "request": {"model": f"openai/{GPT}", "prompt": ASK, "temperature": 0.0},
                    "result": {"success": True, "completions": [{"text": SAY, "logprob": -3.2}]},
                },
                {
                    "instance": {"input": {"text": ASK}, "id": "i2", "split": "test"},
                    "request": {"model": f"openai/{GPT}", "prompt": ASK, "temperature": 0.0},
                    "result": {"success": True, "completions": [{"text": SAY, "logprob": -3.2}]},
                },
            ],
        },
    ),
    Written(
        "OpenAI Evals log",
        "`data.prompt`, `data.sampled[]`",
        [
            {
                "run_id": "1",
                "event_id": 1,
                "type": "sampling",
                "data": {"prompt": [{"role": "system", "content": SYSTEM}, USER], "sampled": [SAY]},
                "created_at": MOMENT,
            }
        ],
        said(SAY),
        systems=(SYSTEM,),
        days=(DAY,),
    ),
    Written(
        "WildBench outputs",
        "`output[]`, `generator`, prompts in `chat_history` and `model_input`",
        [{"session_id": "x", "chat_history": [ASK], "model_input": ASK, "output": [SAY], "generator": GPT}],
        said(SAY),
        teachers=by(GPT),
    ),
    Written(
        "promptfoo results",
        "`results.results[].response.output`, `provider.id`",
        [
            {
                "prompt": {"raw": ASK, "label": "ask"},
                "provider": {"id": f"openai:chat:{GPT}"},
                "response": {"output": SAY, "tokenUsage": {"total": 70}},
                "vars": {"topic": "camping"},
                "success": True,
            }
        ],
        said(SAY),
    ),
    Written(
        "lighteval details",
        "`model_response.text[]` and `.reasonings[]`, prompt in `doc.query`",
        [
            {
                "doc": {"query": ASK, "choices": ["high"], "gold_index": 0, "task_name": "camps"},
                "model_response": {"text": [SAY], "reasonings": [WHY], "input": ASK},
                "metric": {"em": 1},
            }
        ],
        said(SAY, WHY, "high"),
    ),
    Written(
        "Simple judge verdicts beside answers",
        "`response`; `critique` was written by `judge_model`",
        [
            {
                "prompt": ASK,
                "response": SAY,
                "model": QWEN,
                "critique": OTHER,
                "judge_model": CLAUDE,
                "score": 4,
            }
        ],
        said(SAY),
        teachers=by(QWEN, judge=CLAUDE),
        unjudged=("critique",),
    ),
]
