"""What a model did for a row or a trainer: clauses say which of these acts they reach."""

from __future__ import annotations

from enum import StrEnum


class TeacherRole(StrEnum):
    """The act. Benchmarking a model, judging inputs and adding to a data set are different acts."""

    WRITER = "writer"
    REWRITER = "rewriter"
    TRANSLATOR = "translator"
    JUDGE = "judge"
    FILTER = "filter"
    PROMPT_WRITER = "prompt-writer"
    EVALUATION = "evaluation"
    LOGITS = "logits"
    REWARD = "reward"
