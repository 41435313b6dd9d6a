"""The page of the most used teachers is made from the catalog; AUDITOR_GOLDEN=write renews it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from auditor.domain.axes import Confidence
from auditor.domain.claim import Access
from auditor.domain.teacher import Resolution, ResolutionStatus, TermsSet
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.load import load_knowledge
from tests.docs.made_pages import assert_made
from tests.docs.rank_teachers import SOURCES, model_of, ranked

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
RANKED = Path(__file__).parent / "ranked_teachers.tsv"
BEGIN, END = (
    "<!-- teachers: made from the catalog and tests/docs/ranked_teachers.tsv, see AUDITOR_GOLDEN -->\n",
    "<!-- end of teachers -->\n",
)
MOST = 250
PATHS = {Access.OPEN_WEIGHTS: "weights", Access.API: "API", Access.CONSUMER_APP: "app"}


def _state(knowledge: Knowledge, found: Resolution, one: TermsSet) -> str:
    if not one.known:
        return "unread"
    grades = [knowledge.terms[term].confidence for term in one.terms]
    entry = knowledge.teachers.get(one.teacher or found.teacher or "")  # type: ignore[call-overload]
    grades += [entry.confidence] if entry is not None else []
    return "from memory" if Confidence.MEMORY in grades else "read"


def _path(knowledge: Knowledge, found: Resolution, access: Access) -> str:
    """Return what is known of one path, span by span: read, from memory, or unread."""
    reached = knowledge.resolve(found.name, access)
    if reached.status is ResolutionStatus.UNKNOWN:
        return ""
    spans: dict[str, list[tuple[str, str]]] = {}
    for one in reached.sets:
        spans.setdefault(_state(knowledge, reached, one), []).append((one.start or "", one.end or ""))
    order = [state for state in ("read", "from memory", "unread") if state in spans]
    return "; ".join(f"{state}{_dates(spans[state])}" for state in order)


def _dates(spans: list[tuple[str, str]]) -> str:
    """Return spans as text, those that follow each other at once as one."""
    joined: list[tuple[str, str]] = []
    for start, end in sorted({span for span in spans if any(span)}):
        if joined and start and joined[-1][1] and _next(joined[-1][1]) >= start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return ",".join(f" {start or '…'} to {end or 'today'}" for start, end in joined)


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _rows(knowledge: Knowledge) -> Iterator[tuple[str, ...]]:
    for place, line in enumerate(RANKED.read_text(encoding="utf-8").splitlines()[1 : MOST + 1], 1):
        name, listings, *_ = line.split("\t")
        found = knowledge.resolve(name)
        entry = found.teacher or (f"one of {len(found.candidates)}" if found.candidates else "unresolved")
        yield (str(place), f"`{name}`", listings, entry, *(_path(knowledge, found, one) for one in PATHS))


def _made() -> Iterator[str]:
    rows = list(_rows(load_knowledge()))
    held = Counter("read" in "".join(row[4:]).replace("unread", "") for row in rows)
    memory = sum("from memory" in "".join(row[4:]) for row in rows)
    named = sum(row[3] != "unresolved" and not row[3].startswith("one of") for row in rows)
    yield f"\nOf {len(rows)} names {named} lead to one entry; of {held[True]} a text was read by at least "
    yield f"one path and period, of {memory} something is from memory.\n\n"
    yield f"| # | model | listings | entry | {' | '.join(PATHS.values())} |\n|---|---|---|---|---|---|---|\n"
    for row in rows:
        yield f"| {' | '.join(row)} |\n".replace("  |", " |")
    yield "\n"


def test_the_page_lists_the_most_used_teachers() -> None:
    assert_made(PAGE, BEGIN, END, _made())


def test_the_ranking_is_in_order_and_no_model_stands_twice() -> None:
    head, *lines = (line.split("\t") for line in RANKED.read_text(encoding="utf-8").splitlines())
    assert tuple(head[2:]) == SOURCES
    assert len(lines) >= MOST
    counts = [int(line[1]) for line in lines]
    assert counts == sorted(counts, reverse=True)
    assert all(sum(map(int, line[2:])) == int(line[1]) for line in lines)
    assert len({line[0] for line in lines}) == len(lines)


def test_names_of_one_model_are_counted_together() -> None:
    listed = [
        ("litellm", "openrouter/openai/gpt-4o-2024-08-06"),
        ("litellm", "azure/gpt-4o"),
        ("helm", "openai/gpt-4o-2024-05-13"),
        ("dpi", "OpenAI GPT-4o"),
        ("litellm", "gpt-4o-mini"),
        ("dpi", "Other"),
    ]
    assert [(model, count.total()) for model, count in ranked(listed)] == [("gpt-4o", 4), ("gpt-4o-mini", 1)]
    assert model_of("bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0") == "claude-3.5-sonnet"
    assert model_of("mistral-large") == "mistral-large"
