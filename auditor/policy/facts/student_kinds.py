"""Kinds of student that exceptions name: classifiers, fine-tunes of the provider's own model."""

from __future__ import annotations

import re

from auditor.domain.term_obligation import Trigger
from auditor.domain.tribool import Tribool
from auditor.policy.facts.usage import UsageContext
from auditor.policy.plan.parties import NOBODY, Party

_SORTERS = frozenset({
    "categorizer", "classification model", "classifier", "classifier model", "data organizer", "embedding",
    "embedding model", "embeddings", "organiser", "organizer", "reward model", "router", "text classifier",
    "text embedding model",
})  # fmt: skip
_GENERAL = frozenset({
    "", "assistant", "base model", "chat", "chat model", "chatbot", "code model", "foundation model",
    "generative model", "generator", "instruct model", "language model", "large language model", "llm",
    "own llm", "reasoning model", "summarizer", "translation model", "translator",
})  # fmt: skip
_FINE_TUNE = re.compile(r"(\w+)(?: hosted)? fine ?tun(?:e|ed model|ing)")
_TRAINS_OTHERS = re.compile(r"reward|preference|judge|critic|verifier")


def excepted(
    usage: UsageContext, trigger: Trigger, party: Party = NOBODY, provider_base: Tribool = Tribool.UNKNOWN
) -> Tribool:
    """Tell whether the student is of the kind that an exception names, and kept as it demands.

    Only whole values are read: of other words (`not a classifier`) nobody knows what they mean.

    Args:
        party: who wrote the exception.
        provider_base: the student's base is a model that `party` serves.
    """
    kind = spaced(usage.text("student_kind"))
    tuned = _FINE_TUNE.fullmatch(kind)
    by_provider = tuned is not None and (tuned[1] == "provider" or party.goes_by(tuned[1]))
    if trigger is Trigger.STUDENT_IS_PROVIDER_FINETUNE:
        is_kind = provider_base if by_provider else _not_among(kind, _GENERAL | _SORTERS)
        return is_kind & ~usage.released
    is_kind = Tribool.YES if kind in _SORTERS else Tribool.NO if by_provider else _not_among(kind, _GENERAL)
    return is_kind & ~(usage.available | usage.released | trains_others(usage))


def _not_among(kind: str, others: frozenset[str]) -> Tribool:
    """Return no for a kind of `others`; whatever else is said could be the kind that is asked for."""
    return Tribool.NO if kind in others else Tribool.UNKNOWN


def trains_others(usage: UsageContext) -> Tribool:
    """Tell whether other models are trained through the student, as through a reward model or a filter."""
    if usage.stated("student_trains_models") != "unstated":
        return usage.fact("student_trains_models")
    kind = usage.text("student_kind").strip().casefold()
    return Tribool.UNKNOWN if _TRAINS_OTHERS.search(kind) else Tribool.NO


def spaced(text: str) -> str:
    """Return a text in small letters, every separator one blank."""
    return re.sub(r"[-_\s]+", " ", text.strip().casefold())
