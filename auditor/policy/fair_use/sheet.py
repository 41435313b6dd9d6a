"""The fair-use sheet: measured evidence on the four factors and on lawful acquisition, never a conclusion.

Factors after 17 U.S.C. 107. The sheet changes no outcome; whoever weighs it is a person. Each line cites what
makes its question matter: a provision, or a decision in which it counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from auditor.domain.direction import Direction as Direction
from auditor.domain.plan import Declaration, IntendedUse, Plan
from auditor.domain.report.fair_use import FairUseSheet, SheetEntry, SheetWork, sheet_digest
from auditor.domain.role import TeacherRole
from auditor.domain.tribool import Tribool
from auditor.policy.facts.release_license import ReleaseKind
from auditor.policy.facts.usage import UsageContext, usage_of
from auditor.policy.fair_use.authorities import AUTHORITIES
from auditor.serialize import encode

CONTRACT = "Fair use does not reach contract: terms of service, licenses and access are judged apart."
_TEACHERS = 8
COMMERCIAL = "Is the open release commercial? (facts.commercial: an open release alone does not say)"


class Factor(StrEnum):
    """What the evidence speaks to."""

    PURPOSE = "1 purpose and character"
    NATURE = "2 nature of the work"
    AMOUNT = "3 amount used"
    MARKET = "4 effect on the market"
    ACQUISITION = "lawful acquisition"
    REGIME = "other regimes"


@dataclass(frozen=True, slots=True)
class TeacherRows:
    """Rows that a teacher had a part in."""

    name: str
    role: TeacherRole
    rows: int


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What was measured over the set; None where nothing measured it."""

    rows: int
    model_rows: int = 0
    """Rows whose text a model wrote."""
    searched_rows: int = 0
    copied_rows: int = 0
    """Rows that copy registered text, of works and of teachers."""
    longest_span: int = 0
    """Longest matched stretch, in characters."""
    factual_rows: int | None = None
    """Rows that are code, mathematics or bare answers."""
    creative_rows: int | None = None
    """Rows that are verse or dialogue, or prose of a registered work."""
    open_sources: Tribool = Tribool.UNKNOWN
    work_rows: int = 0
    """Rows that repeat a registered work."""
    creative_work_rows: int = 0
    works: tuple[SheetWork, ...] = ()
    teachers: tuple[TeacherRows, ...] = ()


def fair_use_sheet(
    facts: SheetFacts, plan: Plan | None, release: ReleaseKind = ReleaseKind.NONE
) -> FairUseSheet:
    """Fill the sheet from measures and from declarations under the plan's `facts`.

    Args:
        release: what the plan's release license lets others do; research may go out under it.
    """
    usage = usage_of(plan, plan.intended_use if plan else None, release)
    parts = (_purpose, _nature, _amount, _market, _acquisition, _regimes)
    entries = tuple(_cited(entry) for part in parts for entry in part(facts, usage))
    rows = facts.rows or 1
    works = tuple(replace(one, share_of_set=one.rows / rows) for one in facts.works)
    notes = (_object(facts), CONTRACT)
    sheet = FairUseSheet("", entries, works, notes)
    return replace(sheet, digest=sheet_digest(encode(sheet)))


def sheet_questions(plan: Plan | None) -> tuple[str, ...]:
    """Ask for what the sheet needs and no plan key implies: whether an open release is commercial."""
    opened = plan is not None and plan.intended_use is IntendedUse.OPEN_WEIGHTS_RELEASE
    return (COMMERCIAL,) if opened and plan is not None and "commercial" not in plan.facts else ()


def _cited(entry: SheetEntry) -> SheetEntry:
    return replace(entry, authority=AUTHORITIES[entry.question])


def _object(facts: SheetFacts) -> str:
    """Say whether the factors have anything to be about."""
    if facts.works:
        return f"The factors are about the {len(facts.works):,} registered works below, each weighed alone."
    people = facts.rows - facts.model_rows
    if people > 0 and facts.rows:
        return (
            f"No registered work was found; {people:,} rows are not of a model and may be works of people: "
            "without a work the factors have no object."
        )
    return "No registered work was found: without a work the factors have no object."


def _purpose(facts: SheetFacts, usage: UsageContext) -> Iterator[SheetEntry]:
    yield _commercial(usage)
    is_open = usage.use is IntendedUse.OPEN_WEIGHTS_RELEASE
    use = "" if usage.use is None else f"the plan says {usage.use}"
    release = "the student's weights are released to all" if is_open else use and "no open release is planned"
    direction = Direction.FOR if is_open else Direction.UNKNOWN
    yield SheetEntry(Factor.PURPOSE, "Is the student released openly?", release, direction)
    yield _declared(
        Factor.PURPOSE, "same_purpose", "Does the student serve the purpose of its source?", usage
    )
    yield _turned(_declared(Factor.PURPOSE, "necessity", "Was the copied text needed?", usage))
    yield _declared(Factor.PURPOSE, "free_source_available", "Was a free source available?", usage)


def _commercial(usage: UsageContext) -> SheetEntry:
    """Read commerce from its own fact, else from a use that says it; an open release does not."""
    question = "Is the use commercial?"
    if usage.stated("commercial") != "unstated":
        return _declared(Factor.PURPOSE, "commercial", question, usage)
    if usage.use is None or usage.use is IntendedUse.OPEN_WEIGHTS_RELEASE:
        return SheetEntry(Factor.PURPOSE, question, "", Direction.UNKNOWN)
    commercial = usage.commercial if usage.use is IntendedUse.RESEARCH_ONLY else Tribool.YES
    return SheetEntry(Factor.PURPOSE, question, f"the plan says {usage.use}", _against_if(commercial))


def _nature(facts: SheetFacts, usage: UsageContext) -> Iterator[SheetEntry]:
    share = f"{facts.model_rows:,} of {facts.rows:,} rows were written by a model" if facts.rows else ""
    yield SheetEntry(Factor.NATURE, "How much has a human author?", share, Direction.UNKNOWN)
    question = "How much of the set did a teacher write, and in which role?"
    yield SheetEntry(Factor.NATURE, question, _roles(facts), Direction.UNKNOWN)
    known, direction = _mix(facts)
    yield SheetEntry(Factor.NATURE, "Is the text factual or creative?", known, direction)
    yield _turned(_declared(Factor.NATURE, "works_published", "Are the copied works published?", usage))


def _roles(facts: SheetFacts) -> str:
    """Return the rows of each teacher by its role."""
    shown = [
        f"{one.name} as {one.role}: {one.rows:,} rows ({one.rows / facts.rows:.0%})"
        for one in facts.teachers[:_TEACHERS]
    ]
    more = len(facts.teachers) - len(shown)
    return "; ".join([*shown, *([f"and {more} more"] if more > 0 else [])])


def _mix(facts: SheetFacts) -> tuple[str, Direction]:
    """Return the mix by form; what repeats a work's prose pulls against, else half of one form decides."""
    factual, creative = facts.factual_rows, facts.creative_rows
    if factual is None or creative is None or not facts.rows:
        return "", Direction.UNKNOWN
    known = (
        f"by its form, {factual / facts.rows:.0%} of rows are code, mathematics or bare answers, "
        f"{creative / facts.rows:.0%} verse, dialogue or a work's prose"
    )
    if facts.creative_work_rows:
        prose = f"; {facts.creative_work_rows:,} rows repeat the prose or verse of registered works"
        return known + prose, Direction.AGAINST
    if 2 * factual >= facts.rows:
        return known, Direction.FOR
    return known, Direction.AGAINST if 2 * creative >= facts.rows else Direction.UNKNOWN


def _amount(facts: SheetFacts, usage: UsageContext) -> Iterator[SheetEntry]:
    question = "How much of registered text is in the rows?"
    against = Direction.AGAINST if facts.work_rows else Direction.UNKNOWN
    if not facts.searched_rows:
        yield SheetEntry(Factor.AMOUNT, question, "nothing was searched", Direction.UNKNOWN)
    else:
        known = (
            f"{facts.copied_rows:,} of {facts.searched_rows:,} searched rows copy registered text, "
            f"{facts.work_rows:,} of them a registered work"
        )
        yield SheetEntry(Factor.AMOUNT, question, known, against)
        if facts.longest_span:
            span = f"{facts.longest_span:,} characters"
            yield SheetEntry(Factor.AMOUNT, "What is the longest matched span?", span, against)
    yield _declared(
        Factor.AMOUNT, "student_reproduces_text", "Does the student give source text back?", usage
    )


def _market(_facts: SheetFacts, usage: UsageContext) -> Iterator[SheetEntry]:
    yield _declared(Factor.MARKET, "license_market", "Is such text licensed for training?", usage)
    yield _declared(
        Factor.MARKET, "student_substitutes_source", "Does the student replace its source?", usage
    )
    yield _declared(Factor.MARKET, "market_dilution", "Is text in the works' style sold in volume?", usage)


def _acquisition(facts: SheetFacts, usage: UsageContext) -> Iterator[SheetEntry]:
    known = {Tribool.YES: "teacher and data are open by definition", Tribool.NO: "not all of it is open"}
    direction = Direction.FOR if facts.open_sources is Tribool.YES else Direction.UNKNOWN
    opened = known.get(facts.open_sources, "")
    yield SheetEntry(Factor.ACQUISITION, "Are the sources open?", opened, direction)
    entry = _declared(Factor.ACQUISITION, "lawful_acquisition", "Was each source acquired lawfully?", usage)
    yield _turned(entry)


def _regimes(_facts: SheetFacts, usage: UsageContext) -> Iterator[SheetEntry]:
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
        entry = _declared(Factor.REGIME, key, question, usage)
        yield _turned(entry) if key in good else entry


def _declared(factor: Factor, key: str, question: str, usage: UsageContext) -> SheetEntry:
    """Carry a declaration over, with who made it, when and on what; a `yes` pulls against."""
    said = usage.fact(key, Tribool.UNKNOWN)
    by = _attributed(usage.plan.declarations.get(key))
    known = "" if said is Tribool.UNKNOWN else f"declared: {said} ({by})"
    return SheetEntry(factor, question, known, _against_if(said))


def _attributed(one: Declaration | None) -> str:
    if one is None:
        return "in the plan; who, when and on what evidence is not said"
    return (
        f"by {one.by or 'nobody named'}, {one.on or 'date not said'}, "
        f"evidence: {one.evidence or 'none given'}"
    )


def _turned(entry: SheetEntry) -> SheetEntry:
    other = {Direction.FOR: Direction.AGAINST, Direction.AGAINST: Direction.FOR}
    direction = other.get(entry.direction, Direction.UNKNOWN)
    return SheetEntry(entry.factor, entry.question, entry.known, direction)


def _against_if(fact: Tribool) -> Direction:
    return fact.choose(Direction.AGAINST, Direction.FOR, Direction.UNKNOWN)
