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
ASIDE = frozenset({TeacherRole.JUDGE, TeacherRole.FILTER, TeacherRole.EVALUATION})
"""Whoever does one of these to a row made nothing of what the student learns there."""
LATER = (TeacherRole.REWRITER, TeacherRole.TRANSLATOR)
"""Whose words stand in every text of a row, whoever wrote it first."""
_WORDS = {
    TeacherRole.WRITER: "write author generator generation completion completions response responses answer"
    " answers output outputs chosen rejected teacher assistant written generated produced synthesized"
    " answered suggestion",
    TeacherRole.REWRITER: "rewrite rewrites rewriting rewritten rephrase rephraser rephrased paraphrase"
    " paraphraser paraphrased edit edited editor refine refined refiner refinement revision revised reviser"
    " polish polished corrector corrected correction",
    TeacherRole.TRANSLATOR: "translate translated translation translations translating mt",
    TeacherRole.JUDGE: "judges judged judging judgment judgement critic critique critiqued grader graded"
    " grading rater rated rating ratings ranker ranked ranking annotator annotated annotation labeler labeled"
    " labeller labelled labeling scorer score scored scoring feedback verifier verified reviewer reviewed",
    TeacherRole.FILTER: "filters filtering filtered classifier classified selector selected",
    TeacherRole.PROMPT_WRITER: "prompt prompts prompter question questions instruction instructions query",
    TeacherRole.EVALUATION: "evaluator evaluate evaluated evaluation eval benchmark benchmarking test",
    TeacherRole.LOGITS: "logit logprobs probabilities soft-labels distillation",
    TeacherRole.REWARD: "rewards reward-model rm",
}
ROLE_SLOTS = {
    TeacherRole.REWRITER: "rewriter",
    TeacherRole.TRANSLATOR: "translator",
    TeacherRole.JUDGE: "judge",
    TeacherRole.FILTER: "filter",
    TeacherRole.PROMPT_WRITER: "prompt",
    TeacherRole.EVALUATION: "evaluation",
    TeacherRole.REWARD: "reward",
}
"""The slot of a claim about a model that did something else for a row than write its text."""


def role_of(word: str) -> TeacherRole | None:
    """Return the role that a word of a plan, a case or a column stands for; None for no known one."""
    plain = "-".join(word.casefold().replace("_", " ").split())
    if plain in set(TeacherRole):
        return TeacherRole(plain)
    return next((role for role, words in _WORDS.items() if plain in words.split()), None)
