"""Whether the model that a row names came after the one that wrote its text.

Pipelines write one `model_name` at every step, so that the last one stands: after a judge's step the judge.
"""

from __future__ import annotations

from typing import Any

from auditor.domain.role import TeacherRole, role_of

_VERDICTS = (("feedback", "result"), ("ratings", "rationales"), ("feedback", "rating"), ("critique", "score"))
"""Columns that a judge's step fills together."""
_RAW = "raw_output_"
_NO_WRITER = (TeacherRole.JUDGE, TeacherRole.EVALUATION, TeacherRole.FILTER, TeacherRole.REWARD)
_TASKS = ("prometheus", "ultra", "feedback", "quality", "complexity", "pair_rm", "reward", "judge")


def judged_last(row: dict[str, Any], name: str) -> bool:
    """Tell whether the model named `name` in a row is the judge of the text.

    Args:
        name: `model_name`, which every step of a pipeline writes, or `model`, which few do.
    """
    if row.get("generation_models"):
        return name == "model_name"
    steps = row.get("distilabel_metadata")
    raw = (
        [str(step)[len(_RAW) :] for step in steps if str(step).startswith(_RAW)]
        if isinstance(steps, dict)
        else []
    )
    if any(judges(step) for step in raw if steps and steps[_RAW + step] is not None):
        return True
    told = any(all(row.get(one) is not None for one in pair) for pair in _VERDICTS)
    return told and name == "model_name"


def judges(step: str) -> bool:
    """Tell whether a step of a pipeline, by its plain name, judges or selects what others wrote."""
    words = step.lower().split("_")
    return any(role_of(word) in _NO_WRITER for word in words) or step.lower().startswith(_TASKS)
