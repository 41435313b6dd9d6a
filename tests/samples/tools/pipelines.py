"""Pipelines that make synthetic data, and the layouts in which data frames are written."""

from __future__ import annotations

from tests.samples.tools.interface import (
    ANSWER,
    ASK,
    DAY,
    FIRE,
    GPT,
    LLAMA,
    MOMENT,
    OTHER,
    QWEN,
    SAY,
    SYSTEM,
    USER,
    WHY,
    Row,
    Written,
    by,
    chat,
    said,
)

TITLE = "Synthetic data pipelines and data frames"
NAMES = ["instruction", "output", "model"]
CELLS = [[ASK, SAY, GPT], [ASK, OTHER, QWEN]]
RECORDS: list[Row] = [dict(zip(NAMES, cells, strict=True)) for cells in CELLS]
BOTH = said(SAY, OTHER)

WRITTEN = [
    Written(
        "distilabel text generation",
        "`generation` by `model_name`; raw outputs of every step in `distilabel_metadata`",
        [
            {
                "instruction": ASK,
                "generation": SAY,
                "model_name": LLAMA,
                "distilabel_metadata": {
                    "raw_input_text_generation_0": [USER],
                    "raw_output_text_generation_0": SAY,
                    "statistics_text_generation_0": {"input_tokens": 30},
                },
            }
        ],
        said(SAY),
        teachers=by(LLAMA),
    ),
    Written(
        "distilabel preferences",
        "`generations[]` by `generation_models[]`; `model_name` judged",
        [
            {
                "instruction": ASK,
                "generations": [SAY, OTHER],
                "generation_models": [GPT, QWEN],
                "ratings": [5, 3],
                "rationales": ["It fits.", "It is vague."],
                "model_name": LLAMA,
            }
        ],
        said(**{"generations[0]": SAY, "generations[1]": OTHER}),
        teachers=by(**{"generations[0]": GPT, "generations[1]": QWEN, "judge": LLAMA}),
    ),
    Written(
        "datatrove rollouts",
        "`metadata.rollout_results[]`: `text`, `reasoning`, `model`; the document stands in `text`",
        [
            {
                "text": FIRE,
                "id": "doc-1",
                "metadata": {
                    "url": "https://example.org/p",
                    "rollout_results": [
                        {"text": SAY, "finish_reason": "stop", "usage": {}, "reasoning": WHY, "model": QWEN}
                    ],
                },
            }
        ],
        said(SAY, WHY),
        prompts=(),
        unknown=(FIRE,),
        teachers=by(QWEN),
    ),
    Written(
        "curator responses",
        "`response_message`, `raw_response.model`, `generic_request.messages`, `created_at`",
        [
            {
                "response_message": SAY,
                "response_errors": None,
                "raw_response": chat(),
                "raw_request": None,
                "generic_request": {
                    "model": "gpt-4o",
                    "messages": [USER],
                    "original_row": {"topic": "camping"},
                    "original_row_idx": 0,
                },
                "created_at": MOMENT,
                "finished_at": MOMENT,
            }
        ],
        said(SAY),
        teachers=by(GPT),
        days=(DAY,),
    ),
    Written(
        "NeMo Data Designer",
        "`<column>__trace[]` beside its column; the models stand in the configuration",
        [
            {
                "topic": "camping",
                "answer": SAY,
                "answer__trace": [
                    {"role": "system", "content": SYSTEM},
                    USER,
                    {**ANSWER, "reasoning_content": WHY},
                ],
            }
        ],
        said(SAY, WHY),
        systems=(SYSTEM,),
    ),
    Written(
        "Magpie",
        "`instruction`, `response`, `conversations[]`, `model`",
        [
            {
                "instruction": ASK,
                "response": SAY,
                "conversations": [{"from": "human", "value": ASK}, {"from": "gpt", "value": SAY}],
                "gen_input_configs": {"temperature": 1.0},
                "model": LLAMA,
            }
        ],
        said(SAY),
        teachers=by(LLAMA),
    ),
    Written(
        "pandas `orient='records'`",
        "a list of rows",
        [],
        BOTH,
        teachers=by(GPT, QWEN),
        file="frame.json",
        whole=RECORDS,
    ),
    Written(
        "pandas by columns (the default)",
        "`{column: {index: cell}}`",
        [],
        BOTH,
        teachers=by(GPT, QWEN),
        file="frame.json",
        whole={name: {str(n): cells[at] for n, cells in enumerate(CELLS)} for at, name in enumerate(NAMES)},
    ),
    Written(
        "A dict of lists (`to_dict('list')`)",
        "`{column: [cell, …]}`",
        [],
        BOTH,
        teachers=by(GPT, QWEN),
        file="frame.json",
        whole={name: [cells[at] for cells in CELLS] for at, name in enumerate(NAMES)},
    ),
    Written(
        "pandas `orient='index'`",
        "`{index: {column: cell}}`, whatever the index is",
        [],
        BOTH,
        teachers=by(GPT, QWEN),
        file="frame.json",
        whole=dict(zip(("row-a", "row-b"), RECORDS, strict=True)),
    ),
    Written(
        "pandas `orient='split'`",
        "`columns`, `index`, `data[][]`",
        [],
        BOTH,
        teachers=by(GPT, QWEN),
        file="frame.json",
        whole={"columns": NAMES, "index": [0, 1], "data": CELLS},
    ),
    Written(
        "pandas `orient='table'`",
        "`schema`, `data[]`",
        [],
        BOTH,
        teachers=by(GPT, QWEN),
        file="frame.json",
        whole={
            "schema": {
                "fields": [{"name": name, "type": "string"} for name in ("index", *NAMES)],
                "primaryKey": ["index"],
                "pandas_version": "1.4.0",
            },
            "data": [{"index": n, **row} for n, row in enumerate(RECORDS)],
        },
    ),
    Written(
        "Hub viewer rows",
        "`rows[].row`",
        [],
        BOTH,
        teachers=by(GPT, QWEN),
        file="rows.json",
        whole={
            "features": [{"feature_idx": 0, "name": name} for name in NAMES],
            "rows": [{"row_idx": n, "row": row, "truncated_cells": []} for n, row in enumerate(RECORDS)],
            "num_rows_total": 2,
        },
    ),
]
