"""Annotation tools, trees, and what people export of their own chats."""

from __future__ import annotations

from tests.samples.tools.interface import (
    AGAIN,
    ASK,
    DAY,
    FIRE,
    GPT,
    MOMENT,
    OTHER,
    SAY,
    SECONDS,
    WHY,
    Row,
    Written,
    by,
    said,
)

TITLE = "Annotation tools, trees and exports"


def _node(name: str, role: str, text: str, parent: str, *children: str, **metadata: str) -> Row:
    return {
        "id": name,
        "parent": parent,
        "children": list(children),
        "message": {
            "id": name,
            "author": {"role": role, "name": None, "metadata": {}},
            "create_time": SECONDS + 0.25,
            "content": {"content_type": "text", "parts": [text]},
            "status": "finished_successfully",
            "weight": 1.0,
            "metadata": metadata,
            "recipient": "all",
        },
    }


WRITTEN = [
    Written(
        "Open Assistant trees",
        "`prompt` with `replies[]`: `role`, `text`, `model_name` where synthetic",
        [
            {
                "message_tree_id": "1",
                "tree_state": "ready_for_export",
                "prompt": {
                    "message_id": "1",
                    "text": ASK,
                    "role": "prompter",
                    "lang": "en",
                    "synthetic": False,
                    "labels": {"quality": {"value": 0.9, "count": 3}},
                    "replies": [
                        {
                            "message_id": "2",
                            "text": SAY,
                            "role": "assistant",
                            "synthetic": True,
                            "model_name": GPT,
                            "replies": [
                                {"message_id": "3", "text": AGAIN, "role": "prompter", "replies": []}
                            ],
                        },
                        {
                            "message_id": "4",
                            "text": OTHER,
                            "role": "assistant",
                            "synthetic": False,
                            "replies": [],
                        },
                    ],
                },
            }
        ],
        said(SAY, OTHER),
        prompts=(ASK, AGAIN),
        teachers=by(GPT),
    ),
    Written(
        "Open Assistant messages",
        "a row a message: `role`, `text`",
        [
            {
                "message_id": "1",
                "parent_id": None,
                "text": ASK,
                "role": "prompter",
                "lang": "en",
                "model_name": None,
            },
            {
                "message_id": "2",
                "parent_id": "1",
                "text": SAY,
                "role": "assistant",
                "lang": "en",
                "model_name": None,
            },
        ],
        said(SAY),
    ),
    Written(
        "ChatGPT export",
        "`mapping` by ids, `metadata.model_slug`; it came through the consumer application",
        [],
        said(SAY),
        teachers=by("gpt-4o"),
        days=(DAY,),
        file="conversations.json",
        whole=[
            {
                "title": "Camping",
                "create_time": SECONDS + 0.25,
                "update_time": SECONDS + 9.5,
                "mapping": {
                    "root": {"id": "root", "message": None, "parent": None, "children": ["a"]},
                    "a": _node("a", "user", ASK, "root", "b"),
                    "b": _node("b", "assistant", SAY, "a", model_slug="gpt-4o"),
                },
                "current_node": "b",
                "conversation_id": "c",
                "default_model_slug": "gpt-4o",
            }
        ],
    ),
    Written(
        "Claude.ai export",
        "`chat_messages[]` with `sender`, `text` and `content[]`",
        [],
        said(SAY, WHY),
        days=(DAY,),
        file="conversations.json",
        whole=[
            {
                "uuid": "1",
                "name": "Camping",
                "created_at": MOMENT,
                "chat_messages": [
                    {
                        "uuid": "2",
                        "text": ASK,
                        "content": [{"type": "text", "text": ASK}],
                        "sender": "human",
                        "created_at": MOMENT,
                        "attachments": [],
                    },
                    {
                        "uuid": "3",
                        "text": SAY,
                        "content": [{"type": "thinking", "thinking": WHY}, {"type": "text", "text": SAY}],
                        "sender": "assistant",
                        "created_at": MOMENT,
                        "attachments": [],
                    },
                ],
            }
        ],
    ),
    Written(
        "Open WebUI export",
        "`chat.history.messages` by ids, `model` of each answer",
        [],
        said(SAY),
        teachers=by("llama3.3:70b"),
        file="chats.json",
        whole=[
            {
                "id": "1",
                "title": "Camping",
                "chat": {
                    "models": ["llama3.3:70b"],
                    "history": {
                        "messages": {
                            "a": {"id": "a", "role": "user", "content": ASK, "models": ["llama3.3:70b"]},
                            "b": {"id": "b", "role": "assistant", "content": SAY, "model": "llama3.3:70b"},
                        },
                        "currentId": "b",
                    },
                },
            }
        ],
    ),
    Written(
        "LibreChat export",
        "`messages[]` with `sender`, `text`, `isCreatedByUser`, `model`",
        [
            {
                "conversationId": "1",
                "endpoint": "openAI",
                "messages": [
                    {"messageId": "a", "text": ASK, "sender": "User", "isCreatedByUser": True},
                    {
                        "messageId": "b",
                        "text": SAY,
                        "sender": "GPT-4o",
                        "isCreatedByUser": False,
                        "model": GPT,
                    },
                ],
            }
        ],
        said(SAY),
        teachers=by(GPT, "GPT-4o"),
    ),
    Written(
        "Argilla 1 export",
        "`response-suggestion` by `response-suggestion-metadata.agent`; `response[].value` by people",
        [
            {
                "prompt": ASK,
                "response": [{"user_id": "u1", "value": OTHER, "status": "submitted"}],
                "response-suggestion": SAY,
                "response-suggestion-metadata": {"type": "model", "score": 0.9, "agent": GPT},
                "external_id": "1",
                "metadata": "{}",
            }
        ],
        said(SAY, OTHER),
        teachers=by(GPT),
    ),
    Written(
        "Argilla 2 export, flat",
        "`response.suggestion` by `response.suggestion.agent`",
        [
            {
                "id": "1",
                "status": "pending",
                "prompt": ASK,
                "response.suggestion": SAY,
                "response.suggestion.agent": GPT,
                "response.suggestion.score": 0.9,
                "response.responses": None,
            }
        ],
        said(SAY),
        teachers=by(GPT),
    ),
    Written(
        "Argilla 2 export, nested",
        "`suggestions.<question>.value` by `.agent`, `responses.<question>[].value`",
        [
            {
                "id": "1",
                "status": "completed",
                "fields": {"prompt": ASK},
                "suggestions": {"response": {"value": SAY, "score": 0.9, "agent": GPT}},
                "responses": {"response": [{"value": OTHER, "user_id": "u1", "status": "submitted"}]},
                "metadata": {},
                "vectors": {},
            }
        ],
        said(SAY, OTHER),
        teachers=by(GPT),
    ),
    Written(
        "Label Studio",
        "`predictions[].result[].value.text` by `model_version`, `annotations[]` by people",
        [],
        said(SAY, OTHER),
        teachers=by(GPT),
        days=(DAY,),
        file="export.json",
        whole=[
            {
                "id": 1,
                "data": {"prompt": ASK},
                "predictions": [
                    {
                        "model_version": GPT,
                        "score": 0.9,
                        "result": [
                            {
                                "from_name": "answer",
                                "to_name": "prompt",
                                "type": "textarea",
                                "value": {"text": [SAY]},
                            }
                        ],
                    }
                ],
                "annotations": [
                    {
                        "id": 2,
                        "completed_by": 1,
                        "result": [
                            {
                                "from_name": "answer",
                                "to_name": "prompt",
                                "type": "textarea",
                                "value": {"text": [OTHER]},
                            }
                        ],
                    }
                ],
                "created_at": MOMENT,
            }
        ],
    ),
    Written(
        "Label Studio, short form",
        "`answer` beside the task's data",
        [],
        said(SAY),
        days=(DAY,),
        file="export.json",
        whole=[
            {"id": 1, "prompt": ASK, "answer": SAY, "annotator": 1, "annotation_id": 2, "created_at": MOMENT},
            {"id": 2, "prompt": ASK, "answer": SAY, "annotator": 1, "annotation_id": 3, "created_at": MOMENT},
        ],
    ),
    Written(
        "HC3",
        "`human_answers[]`, `chatgpt_answers[]`: the name tells who wrote",
        [{"question": ASK, "human_answers": [SAY], "chatgpt_answers": [FIRE], "source": "reddit_eli5"}],
        said(human_answers=SAY, chatgpt_answers=FIRE),
        teachers=by(chatgpt_answers="chatgpt"),
    ),
]
