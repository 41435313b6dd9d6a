"""Sets in odd shapes whose hidden fact is harmless: an open teacher, or a person, in the odd place.

Each is the twin of a set that must not pass; text that is registered stands in prompts alone.

Three twins change more than the hidden fact, since it can never be harmless where it stood. What a consumer
application exports is under terms that bar training: that tree of nodes comes from a local chat. A model in a
column's name is no more than inferred: those columns name people. Terms that nobody read cannot allow: the
table of people and models holds a model whose license was read.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from tests.samples.tools.interface import (
    AGAIN,
    ASK,
    DAY,
    FIRE,
    NO,
    OTHER,
    SAY,
    SECONDS,
    SYSTEM,
    WHY,
    Row,
    chat,
)

QWEN, MIXTRAL, MISTRAL = (
    "Qwen/Qwen2.5-7B-Instruct",
    "mistralai/Mixtral-8x7B-Instruct-v0.1",
    "mistralai/Mistral-7B-Instruct-v0.2",
)
PLAN = """student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: open-weights-release
student_release_license: Apache-2.0
student_name: Acme
competes_with_teacher_provider: 'yes'
"""
REGISTERED = (
    "Lighthouse keepers on the outer rocks wound the clockwork every four hours, because the weight that "
    "turned the lens could fall no farther than the tower was tall. A keeper who overslept left the coast "
    "dark, so the man off duty slept with a cord around his wrist that ran down to the winding handle. When "
    "the weight came to its stop, the cord went tight and woke him. Nobody was proud of the scheme, yet the "
    "books of the station note two dark hours in nineteen winters."
)
"""A text of a teacher that is in the index."""
OPEN: Row = {"license": "CC0-1.0", "access": "open-weights"}
BY_QWEN: Row = {"model": QWEN, **OPEN}


@dataclass(frozen=True)
class Twin:
    """One set, and how it is audited."""

    name: str
    files: dict[str, bytes]
    data: str
    planned: bool = True
    searched: bool = False
    options: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        for name, content in {"plan.yaml": PLAN.encode(), **self.files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def lines(*rows: Row) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def whole(value: Any) -> bytes:
    return json.dumps(value).encode()


def table(*rows: Row, bom: bool = False) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(sink, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue().encode("utf-8-sig" if bom else "utf-8")


def parquet(*rows: Row) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), sink)
    return sink.getvalue()


def arrow(*rows: Row) -> bytes:
    held, sink = pa.Table.from_pylist(list(rows)), io.BytesIO()
    with pa.ipc.new_stream(sink, held.schema) as writer:
        writer.write_table(held)
    return sink.getvalue()


def images(*rows: Row) -> bytes:
    """Return a table of rows with a picture each, as `datasets` writes it."""
    held = pa.Table.from_pylist([{"image": {"bytes": b"\x89PNG", "path": "a.png"}, **row} for row in rows])
    features = {"image": {"_type": "Image"}, "uid": {"dtype": "int64", "_type": "Value"}}
    sink = io.BytesIO()
    told = {"huggingface": json.dumps({"info": {"features": features}})}
    pq.write_table(held.replace_schema_metadata(told), sink)
    return sink.getvalue()


def user(text: str = ASK) -> Row:
    return {"role": "user", "content": text}


def answer(text: str = SAY, **more: Any) -> Row:
    return {"role": "assistant", "content": text, **more}


def _node(role: str, text: str, parent: str | None, *children: str, **metadata: str) -> Row:
    content = {"content_type": "text", "parts": [text]}
    message = {
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": SECONDS + 0.5,
        "content": content,
        "status": "finished_successfully",
        "weight": 1.0,
        "metadata": metadata,
        "recipient": "all",
    }
    return {"message": message, "parent": parent, "children": list(children)}


def _batch(number: int, message: Row) -> Row:
    body = chat(message, model=QWEN, system_fingerprint=None)
    answered = {"status_code": 200, "request_id": "q", "body": body}
    return {"id": f"vllm-{number}", "custom_id": f"r{number}", "response": answered, "error": None, **OPEN}


CALLED: Row = {
    "role": "assistant",
    "content": None,
    "tool_calls": [
        {"id": "c", "type": "function", "function": {"name": "tide", "arguments": '{"at":"six"}'}}
    ],
}
FLAT: list[Row] = [
    {"instruction": ASK, "output": SAY, **BY_QWEN},
    {"instruction": AGAIN, "output": FIRE, **BY_QWEN},
]
PAIRS: list[Row] = [{"prompt": row["instruction"], "completion": row["output"], **BY_QWEN} for row in FLAT]
UNLICENSED: list[Row] = [{name: value for name, value in row.items() if name != "license"} for row in PAIRS]
STEPS: Row = {
    "raw_output_text_generation_0": SAY,
    "raw_output_prometheus_eval_0": "Feedback: it fits. [RESULT] 4",
}
SHARED: list[Row] = [{"from": "human", "value": REGISTERED}, {"from": "gpt", "value": SAY}]
AGENT: Row = {"type": "model", "score": 0.9, "agent": QWEN}


def _frames() -> dict[str, bytes]:
    names = list(FLAT[0])
    cells = [[row[name] for name in names] for row in FLAT]
    return {
        "columns.json": whole({name: {str(n): row[name] for n, row in enumerate(FLAT)} for name in names}),
        "lists.json": whole({name: [row[name] for row in FLAT] for name in names}),
        "index.json": whole({str(n): row for n, row in enumerate(FLAT)}),
        "split.json": whole({"columns": names, "index": [0, 1], "data": cells}),
    }


def _each(name: str, files: dict[str, bytes], **more: Any) -> list[Twin]:
    return [Twin(f"{name}, {file}", {file: content}, file, **more) for file, content in files.items()]


TWINS: list[Twin] = [
    *_each(
        "judges who wrote nothing",
        {
            "feedback.jsonl": lines(
                {
                    "instruction": ASK,
                    "generation": SAY,
                    "generation_model": QWEN,
                    "model_name": MIXTRAL,
                    "feedback": "The answer is right and says what to do first.",
                    "result": 4,
                    "distilabel_metadata": STEPS,
                    **OPEN,
                }
            ),
            "ratings.jsonl": lines(
                {
                    "instruction": ASK,
                    "generations": [SAY, OTHER],
                    "generation_models": [QWEN, QWEN],
                    "ratings": [5, 3],
                    "rationales": ["It fits.", "It is vague."],
                    "model_name": MIXTRAL,
                    **OPEN,
                }
            ),
        },
    ),
    *_each(
        "names that pointers bear",
        {"t.parquet": parquet(*PAIRS), "t.jsonl": lines(*PAIRS), "t.csv": table(*PAIRS)},
    ),
    *_each("data frames", _frames()),
    Twin(
        "a tree of nodes by ids from a local chat",
        {
            "conversations.json": whole(
                [
                    {
                        "title": "Tents",
                        "create_time": SECONDS + 0.5,
                        "mapping": {
                            "root": {"message": None, "parent": None, "children": ["a"]},
                            "a": _node("user", REGISTERED, "root", "b"),
                            "b": _node("assistant", SAY, "a", model=QWEN),
                        },
                        "current_node": "b",
                        "access": "open-weights",
                    }
                ]
            )
        },
        "conversations.json",
        searched=True,
        options=("--license", "CC0-1.0"),
    ),
    *_each(
        "calls, refusals and reasoning",
        {
            "batch.jsonl": lines(
                _batch(0, CALLED),
                _batch(1, {"role": "assistant", "content": None, "refusal": NO}),
                _batch(2, answer()),
            ),
            "reasoning.jsonl": lines(_batch(0, answer(reasoning_content=WHY))),
        },
        planned=False,
        searched=True,
    ),
    Twin(
        "answers with a source each",
        {
            "set/README.md": b"---\nlicense: cc-by-4.0\n---\n# Pairs\n",
            "set/data/train.parquet": parquet(
                {
                    "prompt": REGISTERED,
                    "response_0": SAY,
                    "response_1": OTHER,
                    "prompt_source": "wildchat",
                    "response_0_source": QWEN,
                    "response_1_source": MISTRAL,
                    "is_response_0_safe": True,
                    "better_response_id": 0,
                    "access": "open-weights",
                }
            ),
        },
        "set",
        searched=True,
    ),
    Twin(
        "battles in cells",
        {
            "train.csv": table(
                {
                    "id": 1,
                    "model_a": QWEN,
                    "model_b": MISTRAL,
                    "prompt": json.dumps([REGISTERED]),
                    "response_a": json.dumps([SAY]),
                    "response_b": json.dumps([OTHER]),
                    "winner_model_a": 1,
                    **OPEN,
                },
                bom=True,
            )
        },
        "train.csv",
        planned=False,
        searched=True,
    ),
    Twin(
        "a vendor's preferences",
        {
            "dpo.jsonl": lines(
                {
                    "input": {"messages": [user(REGISTERED)], "tools": [], "parallel_tool_calls": True},
                    "preferred_output": [answer(SAY, model=QWEN)],
                    "non_preferred_output": [answer(OTHER, model=MISTRAL)],
                    **OPEN,
                }
            )
        },
        "dpo.jsonl",
        planned=False,
        searched=True,
    ),
    Twin(
        "a history of pairs",
        {
            "data.json": whole(
                [
                    {
                        "instruction": ASK,
                        "input": "",
                        "output": SAY,
                        "system": SYSTEM,
                        "history": [[REGISTERED, FIRE]],
                        **BY_QWEN,
                    }
                ]
            )
        },
        "data.json",
        searched=True,
    ),
    Twin(
        "columns of a trainer's registry",
        {
            "b/custom.json": whole([{"ask": REGISTERED, "say": SAY, **BY_QWEN}]),
            "b/dataset_info.json": whole(
                {"custom": {"file_name": "custom.json", "columns": {"prompt": "ask", "response": "say"}}}
            ),
        },
        "b",
        planned=False,
        searched=True,
    ),
    Twin(
        "rollouts beside their page",
        {
            "00000.jsonl": lines(
                {
                    "text": "The parish newsletter says that the footbridge is closed until the river falls.",
                    "id": "doc-0",
                    "metadata": {
                        "url": "https://example.org/p",
                        "license": "CC0-1.0",
                        "access": "open-weights",
                        "rollout_results": [
                            {
                                "text": SAY,
                                "finish_reason": "stop",
                                "usage": {},
                                "reasoning": WHY,
                                "model": QWEN,
                            }
                        ],
                    },
                }
            )
        },
        "00000.jsonl",
        searched=True,
    ),
    *_each(
        "translators and editors",
        {
            "model.jsonl": lines({**FLAT[0], "translation_model": "Qwen/Qwen3-8B"}),
            "who.jsonl": lines({**FLAT[0], "translator": "Qwen/Qwen3-8B"}),
            "nested.jsonl": lines({**FLAT[0], "metadata": {"translated_by": "Qwen/Qwen3-8B"}}),
            "editor.jsonl": lines(
                {**FLAT[0], "rewrite_model": "Qwen/Qwen3-8B", "editor_model": "Qwen/Qwen3-8B"}
            ),
        },
    ),
    *_each(
        "local logs",
        {
            "chat.jsonl": lines(
                {
                    "model": "qwen2.5:7b-instruct-q4_K_M",
                    "created_at": f"{DAY}T10:11:12Z",
                    "message": answer(f"<think>\n{WHY}\n</think>\n{SAY}"),
                    "done": True,
                    "eval_count": 9,
                    **OPEN,
                }
            ),
            "generate.jsonl": lines(
                {
                    "model": "qwen2.5:7b-instruct-q4_K_M",
                    "created_at": f"{DAY}T10:11:12Z",
                    "response": SAY,
                    "done": True,
                    "context": [1, 2, 3],
                    **OPEN,
                }
            ),
        },
        planned=False,
        searched=True,
    ),
    *_each(
        "suggestions with their agent",
        {
            "old.jsonl": lines(
                {
                    "prompt": REGISTERED,
                    "response": [{"user_id": "u", "value": OTHER, "status": "submitted"}],
                    "response-suggestion": SAY,
                    "response-suggestion-metadata": AGENT,
                    "external_id": "1",
                    "metadata": "{}",
                    **OPEN,
                }
            ),
            "new.jsonl": lines(
                {
                    "id": "1",
                    "status": "pending",
                    "prompt": REGISTERED,
                    "response.suggestion": SAY,
                    "response.suggestion.agent": QWEN,
                    "response.suggestion.score": 0.9,
                    "response.responses": None,
                    **OPEN,
                }
            ),
        },
        planned=False,
        searched=True,
    ),
    Twin(
        "a card that agrees with its prose",
        {
            "a/README.md": b"---\nlicense: apache-2.0\n---\n# Tents\n\nReleased under Apache 2.0.\n",
            "a/data/train.jsonl": lines(*UNLICENSED),
        },
        "a",
    ),
    Twin(
        "licenses as public sets spell them",
        {
            "rows.jsonl": lines(
                *(
                    {**UNLICENSED[0], "licence": spelled}
                    for spelled in (
                        "//creativecommons.org/publicdomain/zero/1.0/",
                        "//creativecommons.org/licenses/by/4.0/",
                        "Creative Commons - Attribution - https://creativecommons.org/licenses/by/4.0/",
                        "['mit', 'apache-2.0']",
                        "Apache License 2.0",
                    )
                )
            )
        },
        "rows.jsonl",
    ),
    *_each(
        "roles of other vendors",
        {
            "capitals.jsonl": lines(
                {
                    "messages": [
                        {"role": "System", "content": SYSTEM},
                        {"role": "User", "content": REGISTERED},
                        {"role": "Chatbot", "content": SAY},
                    ],
                    **BY_QWEN,
                }
            )
        },
        planned=False,
        searched=True,
    ),
    Twin(
        "people and open models in one table",
        {
            "train.csv": table(
                *(
                    {
                        "id": n,
                        "source_id": "s",
                        "model": model,
                        "domain": "recipes",
                        "access": "open-weights",
                        "prompt": ASK,
                        "generation": text,
                    }
                    for n, (model, text) in enumerate((("human", SAY), (MISTRAL, OTHER)))
                )
            )
        },
        "train.csv",
        options=("--license", "MIT"),
    ),
    *_each(
        "turns without roles",
        {
            "named.json": whole(
                [{"conversation": [{"system": SYSTEM, "input": REGISTERED, "output": SAY}], **BY_QWEN}]
            ),
            "taking.jsonl": lines({"id": "0", "data": [REGISTERED, SAY, AGAIN, FIRE], **BY_QWEN}),
            "pairs.jsonl": lines({"id": "0", "conversation": [[REGISTERED, SAY]], **BY_QWEN}),
        },
        planned=False,
        searched=True,
    ),
    *_each(
        "turns as text",
        {
            "json.csv": table(
                {"id": 1, "messages": json.dumps([user(REGISTERED), answer(SAY, model=QWEN)]), **OPEN}
            ),
            "python.csv": table({"id": 1, "conversations": str(SHARED), **BY_QWEN}),
            "parts.parquet": parquet(
                {
                    "messages": [
                        {"role": "user", "content": [{"type": "text", "text": REGISTERED}]},
                        {"role": "assistant", "content": [{"type": "text", "text": SAY}]},
                    ],
                    **BY_QWEN,
                }
            ),
        },
        planned=False,
        searched=True,
    ),
    Twin(
        "rows with pictures",
        {
            "set/train.parquet": images(
                *(
                    {"uid": 2**60 + n, "messages": [user(), answer()], "tag": "kitchen", **BY_QWEN}
                    for n in range(3)
                )
            )
        },
        "set",
    ),
    *_each(
        "masks",
        {
            "segments.jsonl": lines(
                {
                    "segments": [
                        {"label": False, "text": f"{REGISTERED}\n"},
                        {"label": True, "text": f"{SAY}</s>"},
                    ],
                    **BY_QWEN,
                }
            ),
            "weights.jsonl": lines(
                {"messages": [user(), answer(OTHER, weight=0), user(AGAIN), answer(SAY, weight=1)], **BY_QWEN}
            ),
        },
        planned=False,
        searched=True,
    ),
    Twin(
        "answers that are no text",
        {
            "a.jsonl": lines(
                *(
                    {"instruction": ASK, "input": "", "output": value, **BY_QWEN}
                    for value in (SAY, 42, True, [SAY, OTHER], {"answer": FIRE})
                )
            )
        },
        "a.jsonl",
        planned=False,
    ),
    Twin(
        "a source that names the model of the flag",
        {
            "a.jsonl": lines(
                *(
                    {"instruction": ASK, "output": SAY, "source": source, "license": "CC0-1.0"}
                    for source in (QWEN, "human")
                )
            )
        },
        "a.jsonl",
        options=("--teacher", QWEN, "--access", "open-weights"),
    ),
    Twin(
        "columns of answers by people",
        {
            "b.jsonl": lines(
                {
                    "id": "0",
                    "question": REGISTERED,
                    "human_answers": [SAY],
                    "expert_answers": [FIRE],
                }
            )
        },
        "b.jsonl",
        searched=True,
        options=("--teacher", "human", "--license", "CC-BY-4.0"),
    ),
    Twin(
        "a license in Croissant",
        {
            "a/croissant.json": whole(
                {
                    "@context": {"@vocab": "https://schema.org/"},
                    "@type": "sc:Dataset",
                    "name": "tents",
                    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
                }
            ),
            "a/train.jsonl": lines(*UNLICENSED),
        },
        "a",
    ),
    Twin(
        "a license in a saved set",
        {
            "b/dataset_info.json": whole({"builder_name": "json", "license": "cc-by-4.0", "features": {}}),
            "b/state.json": whole(
                {"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_split": "train"}
            ),
            "b/data-00000-of-00001.arrow": arrow(*UNLICENSED),
        },
        "b",
    ),
    Twin(
        "two licenses that agree",
        {
            "c/README.md": b"---\nlicense: apache-2.0\n---\n",
            "c/dataset_infos.json": whole({"default": {"license": "apache-2.0", "features": {}}}),
            "c/train.jsonl": lines(*UNLICENSED),
        },
        "c",
    ),
    Twin(
        "an evaluation log",
        {
            "log.json": whole(
                {
                    "version": 2,
                    "status": "success",
                    "eval": {"task": "tents", "model": f"hf/{QWEN}", "created": f"{DAY}T07:00:00+00:00"},
                    "results": {"total_samples": 1},
                    "samples": [
                        {
                            "id": 1,
                            "input": REGISTERED,
                            "target": "C",
                            "messages": [
                                {**user(REGISTERED), "source": "input"},
                                {**answer(), "source": "generate"},
                            ],
                            "output": {
                                "model": QWEN,
                                "choices": [{"message": answer(), "stop_reason": "stop"}],
                            },
                            "scores": {},
                            **OPEN,
                        }
                    ],
                }
            )
        },
        "log.json",
        planned=False,
        searched=True,
    ),
]
