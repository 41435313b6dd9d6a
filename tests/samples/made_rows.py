"""Files of rows of many schemas, made from a seed: what other tools write, and what nobody would."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Callable
from typing import Any

import pyarrow as pa

Row = dict[str, Any]
Make = Callable[[], Any]

SAID = "the quick brown fox jumps over a lazy dog while small birds sing of rain in May and it goes on"
WORDS = SAID.split()
MODELS = ("gpt-4", "gpt-4o-2024-08-06", "claude-3-opus", "human", "Qwen2.5-7B", "mixtral-8x7b", "my own")
LICENSES = ("mit", "CC-BY-NC-4.0", "apache-2.0", "cc0", "research use only", "None", "no", "x" * 300)
ODD = (
    *("", " ", "no", "false", "gpt-4", "llama", "a\nb", 'q"q', "\\", "é", "日本語", "\U0001f600", "{", "[1]"),
    *('{"model": "gpt-4"}', '["CC-BY-NC-4.0"]', " mit", "\u3000mit", "\u2028", "“quoted”", "mit\n", "id 7"),
    *("cc0", "cc1", "© 1999 x all rights reserved", "response", "message", "text_completion", "user"),
    *("chatcmpl-9abCDefGhIJkLmNoPqRsTuVwXyZ01", "msg_01XFDUDYJgAACzvnptvVoYEL", "fp_44709d6fcb", "fp_1"),
    *("gen-1727282430-aBcDeFgHiJkLmNoPqRsT", "evol-gpt-4o-v2-00012", "openai-version: 2020", "copilot"),
    *("gpt-4|filter", "model=gpt-4;t=0.7", "Licensed under MIT", "a" * 119, "b" * 121, "no" + " " * 130),
)
NAMES = (
    *(
        "my_model",
        "engine_used",
        "category",
        "title",
        "url",
        "notes",
        "rights",
        "gpt4_answer",
        "tags",
        "meta",
    ),
    *(
        "is_gpt4",
        "commercial_use",
        "image_license",
        "created",
        "created_at",
        "lang",
        "translator",
        "Annotator",
    ),
    *("model", "license", "source", "score", "n", "metadata", "extra", "role", "from", "value", "name", "id"),
    *("generator", "teacher", "judge_model", "provider", "comment", "system", "prompt_model", "data_source"),
)
PADDED = (
    *("mit" + " " * 130, "CC-BY-NC-4.0" + "\u3000" * 125, "apache-2.0" + "\n" * 121, "gpt-4" + "\xa0" * 130),
    *(SAID + SAID + '"', "m" * 118 + "\u2003" * 3, "a" * 76 + " gpt-4", "hello " * 22 + "\\", "é" * 130),
)
"""Long texts that are short ones but for their blanks, and some that are not."""
SETS = (
    *("tatsu-lab/alpaca", "Open-Orca/SlimOrca", "sahil2801/CodeAlpaca-20k", "openorca", "oasst1", "lima"),
    *("https://huggingface.co/datasets/tatsu-lab/alpaca", "hf://datasets/Open-Orca/SlimOrca/data/x.parquet"),
    *("https://api.openai.com/v1/chat", "together", "azure", "openai", "http://127.0.0.1:8000/v1", "bedrock"),
    *("https://x.openai.azure.com/openai/deployments/gpt-4/chat", "Open-Orca/SlimOrca, tatsu-lab/alpaca"),
    "https://example.org/" + "a" * 130,
    *("https://proxy.local/v1?model=gpt-4o", "curl https://api.openai.com/v1 -d @x", "https://a.b/?model=4"),
)
CELLS = (
    *(
        '{"generator": "gpt-4", "t": 1}',
        '[{"license": "CC-BY-NC-4.0"}]',
        '{"role": "user", "content": "gpt-4"}',
    ),
    *("{'model': 'gpt-4'}", '["gpt-4", "topic"]', '{"name": "llm", "value": "gpt-4"}', "{not JSON at all"),
    *('{"a": "' + "b " * 70 + '", "teacher": "gpt-4"}', ' {"license": "mit"}', '{"commercial_use": false}'),
    *(
        "gpt-4 | dedup",
        "judge=gpt-4; topic=mit",
        "topic: gpt-4",
        "generated with GPT-4",
        "gpt-4,claude-3-opus",
    ),
)
ABOUT = ("AI", "llm", "news", "gpt-4", "claude-3-opus", "cars", "llama 3", "machine learning", "mit")
MORE_NAMES = (
    *("brand", "make", "topic", "topics", "keywords", "hashtag", "vendor", "endpoint", "platform", "dataset"),
    *(
        "repo",
        "parent_source",
        "origin_dataset",
        "timestamp",
        "start_time",
        "host",
        "access",
        "agent",
        "type",
    ),
    *(
        "suggestion",
        "suggestions",
        "label",
        "usage_rights",
        "terms",
        "non_commercial",
        "is_commercial",
        "link",
    ),
    *("rewritten_by", "chosen_model", "response_0_model", "tokenizer", "choices", "device", "car", "steps"),
    *("gpt4_rewritten", "claude_score", "feedback", "result", "distilabel_metadata", "generation_models"),
    *("headers", "tool", "made_with", "service", "openai-organization"),
    *("history", "doctor_license", "copyright", "generated_at", "model_slug", "student_model", "response"),
)
SPEAKERS = (
    ("user", "assistant"),
    ("human", "gpt"),
    ("User", "Assistant"),
    ("system", "user", "assistant"),
    ("user", "assistant", "tool"),
    ("user", "nobody"),
    ("user", "gpt-4o"),
    ("human", "claude"),
)


class RowMaker:
    """Makes rows of a few shapes and columns, which a seed decides."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.count = 0
        self._shapes = [self._shape() for _ in range(self.chance.randint(1, 4))]

    def text(self, words: int) -> str:
        """Return so many words or fewer, with odd signs now and then."""
        chance = self.chance
        found = " ".join(chance.choices(WORDS, k=chance.randint(1, words)))
        if chance.random() < 0.1:
            found += chance.choice(ODD)
        return found if chance.random() < 0.97 else chance.choice(ODD)

    def row(self) -> Row:
        """Return the next row."""
        self.count += 1
        row = {}
        for name, make, kept in self.chance.choice(self._shapes):
            if self.chance.random() < kept:
                row[name] = make()
        return row

    def _shape(self) -> list[tuple[str, Make, float]]:
        chance = self.chance
        columns = [*chance.choice((self._flat, self._chat, self._pair, self._answers))()]
        for name in chance.sample(NAMES, chance.randint(0, 6)):
            columns.insert(chance.randint(0, len(columns)), (name, self._values()))
        for name in chance.sample(MORE_NAMES, chance.randint(0, 4)):
            columns.insert(chance.randint(0, len(columns)), (name, self._more_values()))
        kept = chance.choice((1.0, 1.0, 0.9))
        found = dict(columns)
        return [(name, make, kept) for name, make in found.items()]

    def _values(self) -> Make:
        """Return what makes the values of one column."""
        chance = self.chance
        few = [self.text(3) for _ in range(3)]
        fixed = chance.choice(MODELS)
        made: list[Make] = [
            lambda: fixed,
            lambda: chance.choice(few),
            lambda: chance.choice(MODELS),
            lambda: chance.choice(LICENSES),
            lambda: chance.choice(ODD),
            lambda: f"row-{self.count:06d}",
            lambda: f"gpt4-{self.count}",
            lambda: f"{chance.getrandbits(64):016x}",
            lambda: f"src{chance.randrange(600)}",
            lambda: self.text(40),
            lambda: self.text(8),
            lambda: chance.choice((0, 1, 1, 5, -1, 1_700_000_000)),
            lambda: chance.choice((0.5, 1.25, None)),
            lambda: chance.choice((True, False, None)),
            lambda: None,
            lambda: chance.choice((fixed, None, "", 3)),
            lambda: {"model": chance.choice(MODELS), "t": chance.choice((0, 1)), "id": f"a{self.count}"},
            lambda: {"name": chance.choice(("llm", "topic")), "value": chance.choice(MODELS)},
            lambda: {"role": chance.choice(("user", "x")), "llm": fixed, "deep": {"license": few[0]}},
            lambda: [self.text(2) for _ in range(chance.randint(0, 3))],
            lambda: [{"a": self.text(3), "model": fixed}],
            lambda: {few[0]: {"a": self.text(3)}, "x": {"a": fixed}},
            lambda: [[self.text(2)], [fixed]],
            lambda: [{"role": "user", "content": [{"type": "text", "text": self.text(4)}]}],
            lambda: {"text": self.text(45), "ok": chance.choice((True, False))},
        ]
        return chance.choice(made)

    def _more_values(self) -> Make:
        """Return what makes values of one column that say more beside others, or before blanks."""
        chance, kept = self.chance, self._values()
        few = chance.choice((MODELS, LICENSES, PADDED, SETS, CELLS, ABOUT))
        every = (*MODELS, *LICENSES, *PADDED, *SETS, *CELLS, *ABOUT)
        member = chance.choice((*NAMES, *MORE_NAMES))
        made: list[Make] = [
            lambda: chance.choice(few),
            lambda: chance.choice(every),
            lambda: chance.choice(few) + str(chance.randrange(300)),
            lambda: f"{chance.choice(WORDS)}{chance.choice(few)}",
            lambda: [chance.choice(ABOUT) for _ in range(chance.randint(1, 3))],
            lambda: {member: chance.choice(every), chance.choice(MORE_NAMES): "x"},
            lambda: {member: chance.choice(few), "n": chance.choice((0, 1, 2)), "ok": chance.random() < 0.5},
            lambda: {"agent": chance.choice(every), "type": chance.choice(("model", "human"))},
            lambda: [{"agent": chance.choice(few), "value": "a", "score": chance.choice((0, 1))}],
            lambda: {"agent": chance.choice(few), "value": chance.choice(few), "score": 0.5},
            lambda: {"brand": "Toyota", "model": chance.choice(few), "note": chance.choice(every)},
            lambda: {name: {"model": chance.choice(few), "topic": chance.choice(ABOUT)} for name in "ab"},
            lambda: [[{member: chance.choice(few)}], [chance.choice(every)]],
            lambda: {"field": chance.choice((member, "llm")), "value": chance.choice(every)},
            lambda: {"role": chance.choice(("user", "assistant", "judge")), member: chance.choice(few)},
            lambda: {member: {member: [{member: chance.choice(few)}]}},
            lambda: {"key": chance.choice((member, "license")), "value": chance.choice(few)},
            lambda: [{"key": "model", "value": {"stringValue": chance.choice(few)}}],
            lambda: chance.choice((1_700_000_000, "1700000000", "2024-05-01T00:00:00Z", 1_700_000_000_000)),
            kept,
        ]
        return chance.choice(made)

    def _flat(self) -> list[tuple[str, Make]]:
        names = self.chance.choice(
            (("instruction", "input", "output"), ("prompt", "response"), ("Question", "Answer"), ("text",))
        )
        return [(name, lambda: self.text(50)) for name in names]

    def _chat(self) -> list[tuple[str, Make]]:
        chance = self.chance
        spoken, most = chance.choice(SPEAKERS), chance.choice((1, 2, 4))
        sharegpt = spoken[0] == "human"
        named = chance.choice((0.0, 0.0, 0.3))

        def turn(role: str) -> Row:
            said: Row = {
                "from" if sharegpt else "role": role,
                "value" if sharegpt else "content": self.text(40),
            }
            if chance.random() < named:
                members = (
                    "model",
                    "weight",
                    "thinking",
                    "name",
                    "train",
                    "label",
                    "meta",
                    "license",
                    "agent",
                )
                said[chance.choice(members)] = chance.choice(
                    (*MODELS, 1, 0, None, True, False, *SETS[:3], {"model": "gpt-4", "license": "mit"})
                )
            return said

        blocks = chance.random() < 0.15

        def told(role: str) -> Row:
            said = turn(role)
            if blocks and chance.random() < 0.5:
                text = said.pop("content", "")
                said["content"] = [{"type": chance.choice(("text", "thinking", "tool_use")), "text": text}]
            elif blocks:
                call = {"name": "f", "arguments": self.text(5)}
                said["tool_calls"] = [{"type": "function", "function": call}]
            return said

        def made() -> list[Row]:
            return [told(role) for _ in range(chance.randint(1, most)) for role in spoken]

        return [("conversations" if sharegpt else "messages", made)]

    def _pair(self) -> list[tuple[str, Make]]:
        chance = self.chance
        if chance.random() < 0.3:
            turns = [("chosen", self._chat()[0][1]), ("rejected", self._chat()[0][1])]
            return [("prompt", lambda: self.text(20)), *turns]
        few = [self.text(2) for _ in range(3)]
        short = chance.random() < 0.3
        answer: Make = lambda: chance.choice(few) if short else self.text(40)  # noqa: E731
        return [("prompt", lambda: self.text(20)), ("chosen", answer), ("rejected", answer)]

    def _answers(self) -> list[tuple[str, Make]]:
        chance = self.chance
        asked: tuple[str, Make] = ("question", lambda: self.text(20))
        if chance.random() < 0.5:
            return [asked, ("answers", lambda: [self.text(20) for _ in range(chance.randint(1, 3))])]
        return [
            asked,
            ("completions", lambda: [{"text": self.text(20), "model": chance.choice(MODELS)} for _ in "ab"]),
        ]


FAULTS = (
    *(b"", b"  ", b"{", b"[1]", b'{"a": 1, "a": 2}', b'{"a": "\xff"}', b'{"a": "\\ud800"}', b"nope"),
    *(b'{"text": "t", "n": 123456789012345678901}', b'{"text": "t", "n": 1e400}', b'{"text": "t", "n": 0.0}'),
    *(b'{"te\\u0078t": "by an escape"}', b'{"text": "\\u0061\\n\\ud83d\\ude00"}', b"{}", b'{"text": null}'),
)


def lines(seed: int, rows: int) -> bytes:
    """Return a file of JSON Lines."""
    maker = RowMaker(seed)
    chance = maker.chance
    faulty, ascii_only = chance.choice((0.0, 0.02)), chance.random() < 0.5
    found = []
    for _ in range(rows):
        row = maker.row()
        text = json.dumps(row, ensure_ascii=ascii_only).encode()
        if chance.random() < 0.01:
            text = text.replace(b"a", b"\\u0061", chance.randint(1, 3))
        found.append(chance.choice(FAULTS) if chance.random() < faulty else text)
    return b"\n".join(found) + (b"\n" if chance.random() < 0.9 else b"")


def table(seed: int, rows: int) -> pa.Table:
    """Return a table of such rows; columns of values of several types are left out."""
    maker = RowMaker(seed)
    made = [maker.row() for _ in range(rows)]
    found = {}
    for name in dict.fromkeys(name for row in made for name in row):
        with contextlib.suppress(pa.ArrowException):
            found[name] = pa.array([row.get(name) for row in made])
    return pa.table(found)
