"""What a group of rules comes to on one subject, and how such answers join."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from auditor.domain.clause import ClauseRef
from auditor.domain.obligation import Obligation
from auditor.domain.outcome import Outcome, strictest
from auditor.domain.verdict import Layer, Reason

ENGINE = "engine-rule"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decision:
    """Reasons on one subject; a decision without a reason is `review`, never `allow`."""

    reasons: tuple[Reason, ...] = ()
    obligations: tuple[tuple[Outcome, Obligation], ...] = ()
    """Each with the outcome of the rule that named it."""
    questions: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Return the strictest outcome of the reasons."""
        return strictest(reason.outcome for reason in self.reasons)


def combine(decisions: Iterable[Decision]) -> Decision:
    """Hold all decisions together: the strictest wins, every reason stays."""
    every = tuple(decisions)
    duties = [pair for one in every for pair in one.obligations]
    return Decision(
        reasons=_distinct([one.reasons for one in every if one.reasons]),
        obligations=_unique(duties) if duties else (),
        questions=_distinct([one.questions for one in every if one.questions]),
        advice=_distinct([one.advice for one in every if one.advice]),
    )


def _distinct(parts: list[tuple[T, ...]]) -> tuple[T, ...]:
    """Return what some lists hold, each thing once, in order; a thing alone is not compared."""
    if len(parts) < 2 and (not parts or len(parts[0]) < 2):
        return parts[0] if parts else ()
    return tuple(dict.fromkeys(chain.from_iterable(parts)))


@dataclass(frozen=True, slots=True)
class Version:
    """The answer under one version of the facts."""

    name: str
    decision: Decision
    stated: Decision | None = None
    """What the texts say that were read, where others of the version were not; all of `decision` if None."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The fact that tells versions apart."""

    subject: str
    message: str
    """A sentence that the list of versions completes."""
    fact: str
    question: str
    fix: str
    some: str = "In some versions"
    """How a reason begins that not every version has."""


def merge_versions(versions: list[Version], missing: Missing) -> Decision:
    """Judge over every version it could be: one answer for all stands, else it is `review`.

    Where they differ, a `deny` of one version cannot stand for all, so it is carried on as `review`; the
    list of versions shows the unread ones, so that no reason has to repeat it.
    """
    if len({one.decision.outcome for one in versions}) == 1:
        return combine(one.decision for one in versions)
    joined = combine(one.decision if one.stated is None else one.stated for one in versions)
    listed = "; ".join(f"{one.name} says {one.decision.outcome}" for one in versions)
    differ = Reason(
        rule="versions-differ",
        outcome=Outcome.REVIEW,
        title="The answer depends on a fact that is missing",
        message=f"{missing.message}: {listed}. Missing: {missing.fact}.",
        layer=Layer.PROVENANCE,
        clause=ClauseRef(ENGINE, "a missing part of the key is judged over every version"),
        fix=missing.fix,
        subject=missing.subject,
    )
    softened = tuple(_conditional(reason, _holds_in(reason, versions), missing) for reason in joined.reasons)
    duties = tuple((min(o, Outcome.REVIEW, key=_severity), duty) for o, duty in joined.obligations)
    return replace(
        joined,
        reasons=(differ, *softened),
        obligations=duties,
        questions=tuple(dict.fromkeys((missing.question, *joined.questions))),
    )


def _holds_in(reason: Reason, versions: list[Version]) -> tuple[str, ...]:
    """Name the versions that a reason is of; none where it is of all."""
    names = tuple(one.name for one in versions if reason in one.decision.reasons)
    return names if len(names) < len(versions) else ()


def _conditional(reason: Reason, names: tuple[str, ...], missing: Missing) -> Reason:
    """Say of a reason that it is not of every version; the strictest one is not a fact yet."""
    outcome = Outcome.REVIEW if reason.outcome is Outcome.DENY else reason.outcome
    if not names or reason.outcome.passes:
        return replace(reason, outcome=outcome)
    title = f"{missing.some}: {reason.title[:1].lower()}{reason.title[1:]}"
    return replace(reason, outcome=outcome, title=title, message=f"If {' or '.join(names)}: {reason.message}")


def _severity(outcome: Outcome) -> int:
    return outcome.severity


def least_strict(decisions: list[Decision]) -> Decision:
    """Choose among alternatives that are the user's to choose (`A OR B`)."""
    return min(decisions, key=lambda decision: decision.outcome.severity)


def _unique(pairs: Iterable[tuple[Outcome, Obligation]]) -> tuple[tuple[Outcome, Obligation], ...]:
    """Keep each duty once, under the strictest outcome that named it."""
    found: dict[tuple[str, str], tuple[Outcome, Obligation]] = {}
    for outcome, duty in pairs:
        words = next((duty.params[key] for key in ("prefix", "text") if key in duty.params), "")
        known = found.get((duty.id, words))
        if known is None or outcome.severity > known[0].severity:
            found[duty.id, words] = (outcome, duty)
    return tuple(found.values())
