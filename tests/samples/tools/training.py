"""Files that trainers and tuning services take: turns, pairs of answers, texts with masks."""

from __future__ import annotations

from tests.samples.tools.interface import (
    AGAIN,
    ANSWER,
    ASK,
    FIRE,
    GPT,
    LLAMA,
    OTHER,
    QWEN,
    SAY,
    SYSTEM,
    TOOL,
    USER,
    WHY,
    Row,
    Written,
    by,
    said,
)

TITLE = "Trainers and tuning services"
OTHER_ANSWER: Row = {**ANSWER, "content": OTHER}
SHAREGPT: list[Row] = [{"from": "human", "value": ASK}, {"from": "gpt", "value": SAY}]
TOLD: Row = {"role": "system", "content": SYSTEM}

WRITTEN = [
    Written(
        "OpenAI chat tuning set",
        "`messages[]`; an answer with `weight: 0` is searched like the others",
        [
            {
                "messages": [
                    TOLD,
                    USER,
                    {**OTHER_ANSWER, "weight": 0},
                    {"role": "user", "content": AGAIN},
                    ANSWER,
                ]
            }
        ],
        said(SAY, OTHER),
        prompts=(ASK, AGAIN),
        systems=(SYSTEM,),
    ),
    Written(
        "OpenAI, Fireworks, Together preference set",
        "`input.messages`, `preferred_output`, `non_preferred_output`",
        [
            {
                "input": {"messages": [TOLD, USER], "tools": [], "parallel_tool_calls": True},
                "preferred_output": [{**ANSWER, "model": GPT}],
                "non_preferred_output": [OTHER_ANSWER],
            }
        ],
        said(preferred_output=SAY, non_preferred_output=OTHER),
        systems=(SYSTEM,),
        teachers=by(preferred_output=GPT),
    ),
    Written(
        "TRL preference, texts",
        "`prompt`, `chosen`, `rejected`",
        [{"prompt": ASK, "chosen": SAY, "rejected": OTHER, "chosen_model": GPT, "rejected_model": QWEN}],
        said(chosen=SAY, rejected=OTHER),
        teachers=by(chosen=GPT, rejected=QWEN),
    ),
    Written(
        "TRL preference, turns with the prompt within",
        "`chosen[]`, `rejected[]`",
        [
            {
                "chosen": [USER, ANSWER],
                "rejected": [USER, OTHER_ANSWER],
                "score_chosen": 8.5,
                "score_rejected": 8.0,
            }
        ],
        said(chosen=SAY, rejected=OTHER),
    ),
    Written(
        "TRL unpaired preference (KTO)",
        "`prompt`, `completion`, `label`",
        [
            {"prompt": ASK, "completion": SAY, "label": True},
            {"prompt": [USER], "completion": [OTHER_ANSWER], "label": False},
        ],
        said(SAY, OTHER),
    ),
    Written(
        "TRL stepwise supervision",
        "`completions[]` are steps of one answer, `labels[]`",
        [{"prompt": ASK, "completions": [SAY, OTHER], "labels": [True, False]}],
        said(**{"completions[0]": SAY, "completions[1]": OTHER}),
    ),
    Written(
        "Dialogs in one text",
        "`chosen`, `rejected` with speakers in the text: searched whole",
        [
            {
                "chosen": f"\n\nHuman: {ASK}\n\nAssistant: {SAY}",
                "rejected": f"\n\nHuman: {ASK}\n\nAssistant: {OTHER}",
            }
        ],
        said(
            chosen=f"\n\nHuman: {ASK}\n\nAssistant: {SAY}", rejected=f"\n\nHuman: {ASK}\n\nAssistant: {OTHER}"
        ),
        prompts=(),
    ),
    Written(
        "Alpaca",
        "`instruction`, `input`, `output`",
        [{"instruction": ASK, "input": "", "output": SAY, "generator": GPT}],
        said(SAY),
        teachers=by(GPT),
    ),
    Written(
        "LLaMA-Factory alpaca with history",
        "`output` and the answers in `history`",
        [{"system": SYSTEM, "instruction": ASK, "input": "", "output": SAY, "history": [[AGAIN, FIRE]]}],
        said(SAY, FIRE),
        prompts=(ASK, AGAIN),
        systems=(SYSTEM,),
    ),
    Written(
        "LLaMA-Factory sharegpt preference",
        "`conversations[]`, `chosen`, `rejected` as turns",
        [
            {
                "conversations": [{"from": "human", "value": ASK}],
                "chosen": {"from": "gpt", "value": SAY},
                "rejected": {"from": "gpt", "value": OTHER},
            }
        ],
        said(chosen=SAY, rejected=OTHER),
    ),
    Written(
        "LLaMA-Factory sharegpt with calls",
        "`function_call`, `observation` turns",
        [
            {
                "conversations": [
                    SHAREGPT[0],
                    {"from": "function_call", "value": '{"name": "forecast"}'},
                    {"from": "observation", "value": TOOL},
                    SHAREGPT[1],
                ],
                "system": SYSTEM,
                "tools": "[]",
            }
        ],
        said('{"name": "forecast"}', SAY),
        systems=(SYSTEM,),
        tools=(TOOL,),
    ),
    Written(
        "ShareGPT",
        "`conversations[]` with `from`, `value`",
        [{"id": "1", "model": "gpt-4", "conversations": SHAREGPT}],
        said(SAY),
        teachers=by("gpt-4"),
    ),
    Written(
        "ms-swift",
        "`messages[]`, `rejected_response`",
        [{"messages": [USER, ANSWER], "rejected_response": OTHER}],
        said(SAY, rejected_response=OTHER),
    ),
    Written(
        "ms-swift query and response",
        "`query`, `response`, `history` of pairs",
        [{"system": SYSTEM, "query": ASK, "response": SAY, "history": [[AGAIN, FIRE]]}],
        said(SAY, FIRE),
        prompts=(ASK, AGAIN),
        systems=(SYSTEM,),
    ),
    Written(
        "axolotl segments",
        "`segments[]`: `label: true` is learned",
        [{"segments": [{"label": False, "text": ASK}, {"label": True, "text": SAY}]}],
        said(SAY),
    ),
    Written(
        "axolotl chat with masks",
        "`messages[]` with `train: false`: searched like the others",
        [{"messages": [USER, {**OTHER_ANSWER, "train": False}, {"role": "user", "content": AGAIN}, ANSWER]}],
        said(SAY, OTHER),
        prompts=(ASK, AGAIN),
    ),
    Written(
        "NeMo",
        "`conversations[]` with `from: User`, `value`, and `mask`",
        [
            {
                "system": SYSTEM,
                "mask": "User",
                "conversations": [{"from": "User", "value": ASK}, {"from": "Assistant", "value": SAY}],
            }
        ],
        said(SAY),
        systems=(SYSTEM,),
    ),
    Written(
        "xtuner",
        "`conversation[]` with `system`, `input`, `output`",
        [
            {
                "conversation": [
                    {"system": SYSTEM, "input": ASK, "output": SAY},
                    {"input": AGAIN, "output": FIRE},
                ]
            }
        ],
        said(SAY, FIRE),
        prompts=(ASK, AGAIN),
        systems=(SYSTEM,),
    ),
    Written(
        "verl",
        "`prompt[]`, `extra_info.answer`, `reward_model.ground_truth`",
        [
            {
                "data_source": "camps",
                "prompt": [USER],
                "ability": "camping",
                "reward_model": {"style": "rule", "ground_truth": "high side"},
                "extra_info": {"split": "train", "index": 0, "answer": SAY, "question": ASK},
            }
        ],
        said(SAY),
    ),
    Written(
        "Reasoning in a column of its own",
        "`reasoning`, `thinking_trajectories[]`, `reasoning_content` beside the answer",
        [
            {"question": ASK, "reasoning": WHY, "answer": SAY, "model": "deepseek-r1"},
            {"question": ASK, "thinking_trajectories": [WHY], "attempt": SAY, "model": "deepseek-r1"},
        ],
        said(SAY, WHY),
        teachers=by("deepseek-r1"),
    ),
    Written(
        "Several thinkers",
        "`deepseek_thinking_trajectory`, `deepseek_attempt` beside those of another",
        [
            {
                "question": ASK,
                "deepseek_thinking_trajectory": WHY,
                "deepseek_attempt": SAY,
                "gemini_thinking_trajectory": OTHER,
                "gemini_attempt": FIRE,
            }
        ],
        said(
            deepseek_thinking_trajectory=WHY,
            deepseek_attempt=SAY,
            gemini_thinking_trajectory=OTHER,
            gemini_attempt=FIRE,
        ),
        teachers=by(
            deepseek_thinking_trajectory="deepseek",
            deepseek_attempt="deepseek",
            gemini_thinking_trajectory="gemini",
            gemini_attempt="gemini",
        ),
    ),
    Written(
        "Numbered answers",
        "`response_0`, `response_1` with `response_0_source`",
        [
            {
                "prompt": ASK,
                "response_0": SAY,
                "response_1": OTHER,
                "response_0_source": GPT,
                "response_1_source": LLAMA,
                "safer_response_id": 0,
            }
        ],
        said(response_0=SAY, response_1=OTHER),
        teachers=by(response_0=GPT, response_1=LLAMA),
    ),
    Written(
        "HelpSteer3",
        "`context[]`, `response1`, `response2`",
        [
            {
                "domain": "general",
                "context": [USER],
                "response1": SAY,
                "response2": OTHER,
                "overall_preference": 2,
            }
        ],
        said(response1=SAY, response2=OTHER),
    ),
    Written(
        "UltraFeedback",
        "`completions[]`, each with `response` and `model`",
        [
            {
                "source": "flan",
                "instruction": ASK,
                "models": ["gpt-4", "alpaca-7b"],
                "completions": [
                    {"model": "gpt-4", "response": SAY},
                    {"model": "alpaca-7b", "response": OTHER},
                ],
            }
        ],
        said(**{"completions[0]": SAY, "completions[1]": OTHER}),
        teachers=by(**{"completions[0]": "gpt-4", "completions[1]": "alpaca-7b"}),
    ),
    Written(
        "UltraChat",
        "`data[]`: texts that take turns",
        [{"id": "1", "data": [ASK, SAY, AGAIN, FIRE]}],
        said(SAY, FIRE),
        prompts=(ASK, AGAIN),
    ),
    Written(
        "Pairs",
        "`conversation[]` of `[asked, answered]`",
        [{"conversation": [[ASK, SAY], [AGAIN, FIRE]]}],
        said(SAY, FIRE),
        prompts=(ASK, AGAIN),
    ),
    Written(
        "Texts that take turns, whoever speaks",
        "`dialog[]`: a text at an even place may be a prompt; it is searched, and a copy there is a question",
        [{"dialog": [ASK, SAY]}],
        said(SAY),
        prompts=(),
        unknown=(ASK,),
    ),
    Written(
        "JSON within cells",
        "`messages` as JSON text in a flat file, with the model of a turn",
        [],
        said(SAY),
        teachers=by(GPT),
        file="rows.csv",
        text='id,messages\n1,"[{""role"": ""user"", ""content"": ""' + ASK + '""}, '
        '{""role"": ""assistant"", ""content"": ""' + SAY + '"", ""model"": ""' + GPT + '""}]"\n',
    ),
    Written(
        "Lists as Python writes them, within cells",
        "`conversations` in a flat file",
        [{"conversations": str(SHAREGPT)}],
        said(SAY),
    ),
    Written(
        "Answers that are no text",
        "`output`: a number, a truth value, a list, an object",
        [
            {"instruction": ASK, "output": 42},
            {"instruction": ASK, "output": True},
            {"instruction": ASK, "output": [SAY, OTHER]},
            {"instruction": ASK, "output": {"answer": FIRE}},
        ],
        said("42", "true", FIRE, **{"output[0]": SAY, "output[1]": OTHER}),
    ),
    Written(
        "Question with answers",
        "`question`, `answers.text[]`",
        [
            {
                "id": "1",
                "context": TOOL,
                "question": ASK,
                "answers": {"text": ["eleven millimetres"], "answer_start": [4]},
            }
        ],
        said("eleven millimetres"),
        prompts=(ASK, TOOL),
    ),
    Written("Plain text", "`text`, `content`, `body`", [{"text": SAY, "id": 7}], said(SAY), prompts=()),
]
