"""A role: what a model did for a row or a trainer; clauses say which of these acts they reach."""

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


WRITES = frozenset({TeacherRole.WRITER, TeacherRole.REWRITER, TeacherRole.TRANSLATOR, TeacherRole.LOGITS})
"""Whoever does one of these made what the student learns."""
_WORDS = {
    TeacherRole.WRITER: "write author generator generation completion completions response responses answer"
    " answers output outputs chosen rejected teacher assistant",
    TeacherRole.REWRITER: "rewrite rewrites paraphrase paraphraser editor edit refiner refine revision",
    TeacherRole.TRANSLATOR: "translate translation translations",
    TeacherRole.JUDGE: "judges judging judgment judgement critic grader rater ranker annotator labeler"
    " scorer score",
    TeacherRole.FILTER: "filters filtering classifier selector",
    TeacherRole.PROMPT_WRITER: "prompt prompts prompter question questions instruction instructions query",
    TeacherRole.EVALUATION: "evaluator evaluate eval benchmark benchmarking test",
    TeacherRole.LOGITS: "logit logprobs probabilities soft-labels distillation",
    TeacherRole.REWARD: "rewards reward-model rm",
}


def role_of(word: str) -> TeacherRole | None:
    """Return the role that a word of a plan, a case or a column stands for; None for no known one."""
    plain = "-".join(word.casefold().replace("_", " ").split())
    if plain in set(TeacherRole):
        return TeacherRole(plain)
    return next((role for role, words in _WORDS.items() if plain in words.split()), None)
