"""A sample is one training row: the layouts it comes in, and who wrote its parts."""

from __future__ import annotations

from enum import StrEnum

WORK = "work:"
"""How an index label begins that registers a work of others, its rights reserved: `work:TITLE`."""


class Shape(StrEnum):
    """Row layouts that the readers recognize."""

    MESSAGES = "messages"
    SHAREGPT = "sharegpt"
    ALPACA = "alpaca"
    PROMPT_COMPLETION = "prompt-completion"
    PREFERENCE = "preference"
    QUESTION_ANSWER = "question-answer"
    ALPACA_EVAL = "alpaca-eval"
    TEXT = "text"


class PartRole(StrEnum):
    """Who wrote a part of the row, as the row's shape has it."""

    SYSTEM = "system"
    PROMPT = "prompt"
    TEACHER = "teacher"
    TOOL = "tool"
    MASKED = "masked"
    """An answer that the data's own mask keeps from being learned: shown like a prompt, and searched."""


SEARCHED = (PartRole.TEACHER, PartRole.MASKED)
"""Whose texts are looked up: a mask is the data's own word, and no reason to look away."""
