"""The fair-use sheet: measured evidence on the four factors and on lawful acquisition, never a conclusion.

Factors after 17 U.S.C. 107. The sheet changes no outcome; whoever weighs it is a person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from auditor.domain.direction import Direction as Direction
from auditor.domain.plan import IntendedUse, Plan
from auditor.ids import Digest
from auditor.policy.stance import Stance, stance_of
from auditor.policy.vocabulary import Fact


class Factor(StrEnum):
    """What the evidence speaks to."""

    PURPOSE = "1 purpose and character"
    NATURE = "2 nature of the work"
    AMOUNT = "3 amount used"
    MARKET = "4 effect on the market"
    ACQUISITION = "lawful acquisition"
    REGIME = "other regimes"


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What was measured over the set; None where nothing measured it."""

    rows: int
    model_rows: int = 0
    """Rows whose text a model wrote."""
    searched_rows: int = 0
    copied_rows: int = 0
    """Rows that copy registered text."""
    longest_span: int = 0
    """Longest matched stretch, in characters."""
    factual_rows: int | None = None
    """Rows that are code, mathematics or bare answers."""
    creative_rows: int | None = None
    """Rows that are verse or dialogue."""
    open_sources: Fact = Fact.UNKNOWN


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of the sheet."""

    factor: Factor
    question: str
    known: str
    """What the audit measured or a person declared; empty for neither."""
    direction: Direction


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet and its digest."""

    entries: tuple[SheetLine, ...]
    digest: Digest


def fair_use_sheet(facts: SheetFacts, plan: Plan | None) -> Sheet:
    """Fill the sheet from measures and from declarations under the plan's `facts`."""
    stance = stance_of(plan, plan.intended_use if plan else None)
    parts = (_purpose, _nature, _amount, _market, _acquisition, _regimes)
    entries = tuple(entry for part in parts for entry in part(facts, stance))
    text = json.dumps([asdict(entry) for entry in entries], sort_keys=True, ensure_ascii=False)
    return Sheet(entries, Digest("sha256:" + hashlib.sha256(text.encode()).hexdigest()))


def _purpose(facts: SheetFacts, stance: Stance) -> Iterator[SheetLine]:
    use = "" if stance.use is None else f"the plan says {stance.use}"
    yield SheetLine(Factor.PURPOSE, "Is the use commercial?", use, _against_if(stance.commercial))
    is_open = stance.use is IntendedUse.OPEN_WEIGHTS_RELEASE
    release = "the student's weights are released to all" if is_open else use and "no open release is planned"
    direction = Direction.FOR if is_open else Direction.UNKNOWN
    yield SheetLine(Factor.PURPOSE, "Is the student released openly?", release, direction)
    yield _declared(
        Factor.PURPOSE, "same_purpose", "Does the student serve the purpose of its source?", stance
    )
    yield _declared(Factor.PURPOSE, "free_source_available", "Was a free source available?", stance)


def _nature(facts: SheetFacts, _stance: Stance) -> Iterator[SheetLine]:
    share = f"{facts.model_rows:,} of {facts.rows:,} rows were written by a model" if facts.rows else ""
    yield SheetLine(Factor.NATURE, "How much has a human author?", share, Direction.UNKNOWN)
    known, direction = _mix(facts)
    yield SheetLine(Factor.NATURE, "Is the text factual or creative?", known, direction)


def _mix(facts: SheetFacts) -> tuple[str, Direction]:
    """Return the mix by form, and its direction where half of the rows or more have one form."""
    factual, creative = facts.factual_rows, facts.creative_rows
    if factual is None or creative is None or not facts.rows:
        return "", Direction.UNKNOWN
    known = (
        f"by its form, {factual / facts.rows:.0%} of rows are code, mathematics or bare answers, "
        f"{creative / facts.rows:.0%} verse or dialogue"
    )
    if 2 * factual >= facts.rows:
        return known, Direction.FOR
    return known, Direction.AGAINST if 2 * creative >= facts.rows else Direction.UNKNOWN


def _amount(facts: SheetFacts, stance: Stance) -> Iterator[SheetLine]:
    question = "How much of registered text is in the rows?"
    if not facts.searched_rows:
        yield SheetLine(Factor.AMOUNT, question, "nothing was searched", Direction.UNKNOWN)
    else:
        known = f"{facts.copied_rows:,} of {facts.searched_rows:,} searched rows copy registered text"
        direction = Direction.AGAINST if facts.copied_rows else Direction.UNKNOWN
        yield SheetLine(Factor.AMOUNT, question, known, direction)
        if facts.longest_span:
            span = f"{facts.longest_span:,} characters"
            yield SheetLine(Factor.AMOUNT, "What is the longest matched span?", span, Direction.AGAINST)
    yield _declared(
        Factor.AMOUNT, "student_reproduces_text", "Does the student give source text back?", stance
    )


def _market(_facts: SheetFacts, stance: Stance) -> Iterator[SheetLine]:
    yield _declared(Factor.MARKET, "license_market", "Is such text licensed for training?", stance)
    yield _declared(
        Factor.MARKET, "student_substitutes_source", "Does the student replace its source?", stance
    )


def _acquisition(facts: SheetFacts, stance: Stance) -> Iterator[SheetLine]:
    known = {Fact.YES: "teacher and data are open by definition", Fact.NO: "not all of it is open"}
    direction = Direction.FOR if facts.open_sources is Fact.YES else Direction.UNKNOWN
    opened = known.get(facts.open_sources, "")
    yield SheetLine(Factor.ACQUISITION, "Are the sources open?", opened, direction)
    entry = _declared(Factor.ACQUISITION, "lawful_acquisition", "Was each source acquired lawfully?", stance)
    yield _turned(entry)


def _regimes(_facts: SheetFacts, stance: Stance) -> Iterator[SheetLine]:
    asked = (
        (
            "tdm_reservation",
            "EU, Art. 4 of Directive 2019/790: were rights reserved in a machine-readable way?",
        ),
        ("research_organization", "EU, Art. 3: is the miner a research organization?"),
        ("harms_owner", "JP, Art. 30-4: is the owner's interest unreasonably harmed?"),
        ("lawful_access", "SG, s. 244: was there lawful access?"),
        ("non_commercial_research", "UK, s. 29A: is it non-commercial research?"),
    )
    good = ("research_organization", "lawful_access", "non_commercial_research")
    for key, question in asked:
        entry = _declared(Factor.REGIME, key, question, stance)
        yield _turned(entry) if key in good else entry


def _declared(factor: Factor, key: str, question: str, stance: Stance) -> SheetLine:
    """Carry a declaration over; a `yes` pulls against."""
    said = stance.fact(key, Fact.UNKNOWN)
    known = "" if said is Fact.UNKNOWN else f"declared: {said}"
    return SheetLine(factor, question, known, _against_if(said))


def _turned(entry: SheetLine) -> SheetLine:
    other = {Direction.FOR: Direction.AGAINST, Direction.AGAINST: Direction.FOR}
    direction = other.get(entry.direction, Direction.UNKNOWN)
    return SheetLine(entry.factor, entry.question, entry.known, direction)


def _against_if(fact: Fact) -> Direction:
    match fact:
        case Fact.YES:
            return Direction.AGAINST
        case Fact.NO:
            return Direction.FOR
        case Fact.UNKNOWN:
            return Direction.UNKNOWN
