"""Sessions of agents: the model of each turn is the teacher, the harness is not."""

from __future__ import annotations

from tests.samples.tools.interface import (
    ANSWER,
    ASK,
    CALL,
    CLAUDE,
    DAY,
    GPT,
    MOMENT,
    SAY,
    SYSTEM,
    TOOL,
    USER,
    WHY,
    Row,
    Written,
    by,
    claude,
    said,
)

TITLE = "Agents"
CODEX = "gpt-5-codex"
BLOCKS: list[Row] = [
    {"type": "thinking", "thinking": WHY, "signature": "EqQB"},
    {"type": "text", "text": SAY},
    {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "ls"}},
]


def _session(kind: str, message: Row, **more: object) -> Row:
    return {
        "parentUuid": None,
        "isSidechain": False,
        "userType": "external",
        "cwd": "/home/me",
        "sessionId": "s1",
        "version": "2.0.14",
        "type": kind,
        "message": message,
        "uuid": "u1",
        "timestamp": MOMENT,
        **more,
    }


def _rollout(kind: str, **payload: object) -> Row:
    return {"timestamp": MOMENT, "type": kind, "payload": payload}


WRITTEN = [
    Written(
        "Claude Code session",
        "`message.content[]` of lines of type `assistant`, `message.model`, `timestamp`",
        [
            _session("user", USER),
            _session("assistant", claude(*BLOCKS), requestId="req_1"),
            _session(
                "user",
                {"role": "user", "content": [{"tool_use_id": "t1", "type": "tool_result", "content": TOOL}]},
                toolUseResult={"stdout": TOOL, "stderr": "", "interrupted": False},
            ),
        ],
        said(SAY, WHY, '{"command":"ls"}'),
        tools=(TOOL,),
        teachers=by(CLAUDE),
        days=(DAY,),
    ),
    Written(
        "Codex rollout",
        "`payload` of `response_item` lines; the model stands in the `turn_context` lines of the file",
        [
            _rollout(
                "session_meta", id="s1", cwd="/home/me", originator="codex_cli", model_provider="openai"
            ),
            _rollout("turn_context", cwd="/home/me", model=CODEX, effort="high", summary="auto"),
            _rollout(
                "response_item", type="message", role="user", content=[{"type": "input_text", "text": ASK}]
            ),
            _rollout(
                "response_item",
                type="reasoning",
                summary=[{"type": "summary_text", "text": WHY}],
                content=None,
            ),
            _rollout("response_item", type="function_call", name="shell", arguments=CALL, call_id="c1"),
            _rollout("response_item", type="function_call_output", call_id="c1", output=TOOL),
            _rollout(
                "response_item",
                type="message",
                role="assistant",
                content=[{"type": "output_text", "text": SAY}],
            ),
            _rollout("event_msg", type="agent_message", message=SAY),
            _rollout("event_msg", type="user_message", message=ASK),
            _rollout("event_msg", type="agent_reasoning", text=WHY),
        ],
        said(SAY, WHY, CALL),
        tools=(TOOL,),
        teachers=by(CODEX),
        days=(DAY,),
    ),
    Written(
        "ATIF trajectory",
        "`steps[].message`, `.reasoning_content`, `.tool_calls[]`; `model_name` of a step, else of `agent`",
        [],
        said(SAY, WHY, '{"day":"tuesday"}'),
        systems=(SYSTEM,),
        tools=(TOOL,),
        teachers=by(f"openai/{GPT}", CLAUDE),
        file="trajectory.json",
        whole={
            "schema_version": "ATIF-v1.7",
            "session_id": "s1",
            "agent": {"name": "harbor-agent", "version": "1.0.0", "model_name": f"openai/{GPT}"},
            "steps": [
                {"step_id": 1, "timestamp": MOMENT, "source": "system", "message": SYSTEM},
                {"step_id": 2, "timestamp": MOMENT, "source": "user", "message": ASK},
                {
                    "step_id": 3,
                    "timestamp": MOMENT,
                    "source": "agent",
                    "model_name": CLAUDE,
                    "message": SAY,
                    "reasoning_content": WHY,
                    "tool_calls": [
                        {"tool_call_id": "c1", "function_name": "forecast", "arguments": {"day": "tuesday"}}
                    ],
                    "observation": {"results": [{"source_call_id": "c1", "content": TOOL}]},
                    "metrics": {"prompt_tokens": 30},
                },
            ],
            "final_metrics": {"total_steps": 3},
        },
    ),
    Written(
        "Rows of agent traces (`parse_agent_traces`)",
        "`messages[]`; the model stands in `metadata` or `trace`, and `harness` is no teacher",
        [
            {
                "harness": "claude_code",
                "session_id": "s1",
                "prompt": ASK,
                "messages": [USER, {**ANSWER, "reasoning_content": WHY}],
                "tools": [],
                "metadata": {"model": CLAUDE},
                "sent_at": MOMENT,
                "file_path": "s1.jsonl",
            }
        ],
        said(SAY, WHY),
        teachers=by(CLAUDE),
        days=(DAY,),
    ),
    Written(
        "pi session",
        "`message.content[]`: text, thinking, `toolCall`; `message.model`",
        [
            {"type": "session", "version": 3, "id": "s1", "timestamp": MOMENT, "cwd": "/home/me"},
            {
                "type": "message",
                "id": "1",
                "timestamp": MOMENT,
                "message": {"role": "user", "content": [{"type": "text", "text": ASK}]},
            },
            {
                "type": "message",
                "id": "2",
                "timestamp": MOMENT,
                "message": {
                    "role": "assistant",
                    "provider": "anthropic",
                    "model": CLAUDE,
                    "content": [
                        {"type": "thinking", "thinking": WHY},
                        {"type": "text", "text": SAY},
                        {"type": "toolCall", "id": "c1", "name": "bash", "arguments": {"command": "ls"}},
                    ],
                },
            },
            {
                "type": "message",
                "id": "3",
                "timestamp": MOMENT,
                "message": {
                    "role": "toolResult",
                    "toolName": "bash",
                    "content": [{"type": "text", "text": TOOL}],
                },
            },
        ],
        said(SAY, WHY, '{"command":"ls"}'),
        tools=(TOOL,),
        teachers=by(CLAUDE),
        days=(DAY,),
    ),
    Written(
        "Gemini CLI session",
        "`messages[]` of type `gemini` with `thoughts[]`, `model`",
        [],
        said(SAY, WHY),
        teachers=by("gemini-2.5-pro"),
        days=(DAY,),
        file="session.json",
        whole={
            "sessionId": "s1",
            "startTime": MOMENT,
            "messages": [
                {"id": "1", "timestamp": MOMENT, "type": "user", "content": ASK},
                {
                    "id": "2",
                    "timestamp": MOMENT,
                    "type": "gemini",
                    "content": SAY,
                    "thoughts": [{"subject": "Slope", "description": WHY, "timestamp": MOMENT}],
                    "model": "gemini-2.5-pro",
                },
            ],
        },
    ),
    Written(
        "SWE-agent trajectory",
        "`trajectory[].response` and `.thought`, `observation`; `history[]`",
        [],
        said(SAY, WHY, "ls"),
        systems=(SYSTEM,),
        tools=(TOOL,),
        file="one.json",
        whole={
            "environment": "swe_main",
            "trajectory": [
                {"action": "ls", "observation": TOOL, "response": SAY, "thought": WHY, "state": {}}
            ],
            "history": [
                {"role": "system", "content": SYSTEM, "agent": "main", "message_type": "system_prompt"},
                {"role": "user", "content": ASK, "agent": "main", "message_type": "observation"},
                {"role": "assistant", "content": SAY, "thought": WHY, "action": "ls", "agent": "main"},
            ],
            "info": {"exit_status": "submitted"},
        },
    ),
    Written(
        "mini-SWE-agent trajectory",
        "`messages[]`; `info.config.model.model_name`",
        [],
        said(SAY),
        systems=(SYSTEM,),
        teachers=by(f"anthropic/{CLAUDE}"),
        file="one.traj.json",
        whole={
            "info": {"config": {"model": {"model_name": f"anthropic/{CLAUDE}"}}, "exit_status": "Submitted"},
            "messages": [{"role": "system", "content": SYSTEM}, USER, ANSWER],
            "trajectory_format": "mini-swe-agent-1",
        },
    ),
    Written(
        "OpenHands events",
        "`message` of `source: agent`, `args.thought`, `observation` of the environment",
        [
            {
                "history": [
                    {
                        "id": 1,
                        "source": "user",
                        "action": "message",
                        "args": {"content": ASK},
                        "message": ASK,
                    },
                    {
                        "id": 2,
                        "timestamp": MOMENT,
                        "source": "agent",
                        "action": "run",
                        "args": {"command": "ls", "thought": WHY},
                        "message": SAY,
                        "llm_metrics": {"model_name": CLAUDE},
                    },
                ]
            }
        ],
        said(SAY, WHY),
        teachers=by(CLAUDE),
    ),
    Written(
        "LangGraph and LangChain messages",
        "`messages[]` with `type: ai`, `response_metadata.model_name`",
        [
            {
                "messages": [
                    {"type": "human", "content": ASK, "id": "1"},
                    {
                        "type": "ai",
                        "content": SAY,
                        "id": "2",
                        "response_metadata": {"model_name": GPT, "finish_reason": "stop"},
                        "tool_calls": [{"name": "forecast", "args": {"day": "tuesday"}, "id": "c1"}],
                    },
                    {"type": "tool", "content": TOOL, "tool_call_id": "c1"},
                ]
            }
        ],
        said(SAY, '{"day":"tuesday"}'),
        tools=(TOOL,),
        teachers=by(GPT),
    ),
]
