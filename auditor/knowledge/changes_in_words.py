"""What a newer catalog says otherwise, in sentences: texts that follow on others, answers that change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.domain.teacher import Teacher, TermsSpan
from auditor.domain.terms import Terms
from auditor.domain.timeline import answer
from auditor.ids import TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.compare import Change, ChangeKind, compare

_FEW = 4
_ALL = {"service", "terms", "teacher", "license", "host", "ambiguous"}


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence on a difference, and the catalog's ids that it touches."""

    sentence: str
    subjects: tuple[str, ...]
    """Ids of teachers, terms and licenses, as the ledger knows them."""


def told_changes(old: Knowledge, new: Knowledge) -> list[Told]:
    """Return the differences in words, those that may change a verdict first."""
    changes = compare(old, new)
    return [
        *_texts(old, new),
        *_answers(old, new),
        *_entries(changes, ChangeKind.REMOVED, "is no longer in the catalog"),
        *_entries(changes, ChangeKind.ADDED, "is new in the catalog"),
        *_rest(changes),
    ]


def _texts(old: Knowledge, new: Knowledge) -> Iterator[Told]:
    """Tell which text follows on which in the time of each model; one sentence for a service."""
    touched: dict[str, dict[str, None]] = {}
    for id, teacher in new.teachers.items():
        if id not in old.teachers:
            continue
        before, after = _spans(old.teachers[id]), _spans(teacher)
        service = new.services.get(teacher.service)
        name = service.name if service else f"{teacher.name} ({teacher.access})"
        said = {_follows(name, span, before, new): span for span in after if span not in before}
        said |= {
            f"{name}: {_named(span.terms, old)} ({_when(span)}) no longer stands in its time": span
            for span in before
            if span not in after and not any(one.start == span.start for one in after)
        }
        for sentence, span in said.items():
            touched.setdefault(sentence, {}).update(dict.fromkeys((id, *span.terms)))
    yield from (Told(sentence, tuple(ids)) for sentence, ids in touched.items())


def _spans(teacher: Teacher) -> tuple[TermsSpan, ...]:
    return teacher.spans or (TermsSpan(None, None, teacher.terms),)


def _follows(name: str, span: TermsSpan, earlier: tuple[TermsSpan, ...], new: Knowledge) -> str:
    """Say what a span replaces: what stood on its first day."""
    held = next((one for one in reversed(earlier) if (one.start or "") <= (span.start or "")), None)
    if held is not None and held.end is not None and span.start is not None and held.end < span.start:
        held = None
    text = _named(span.terms, new)
    if held is None:
        return f"{name}: {text} holds {_when(span)}, where nothing was read"
    if set(held.terms) == set(span.terms):
        return f"{name}: {text} holds {_when(span)}, not {_when(held)}"
    return f"{name}: {text} replaces {_named(held.terms, new)}, {_when(span)}"


def _named(terms: tuple[TermsId, ...], knowledge: Knowledge) -> str:
    return " + ".join(_text(knowledge.terms[id]) if id in knowledge.terms else id for id in terms)


def _text(terms: Terms) -> str:
    return f"{terms.id} of {terms.effective_from}" if terms.effective_from else terms.id


def _when(span: TermsSpan) -> str:
    return f"{span.start or 'since ever'} to {span.end or 'today'}"


def _answers(old: Knowledge, new: Knowledge) -> Iterator[Told]:
    """Tell which text of both is read otherwise."""
    for id, terms in new.terms.items():
        held = old.terms.get(id)
        if held is None:
            continue
        before, after = _answer(held), _answer(terms)
        section = terms.facts.outputs.section
        if before != after:
            where = f", {section}" if section else ""
            yield Told(f"{id}{where}: may outputs train another model? {after}; it was: {before}", (id,))
        elif (terms.facts, terms.conditions, terms.thresholds, terms.territories) != (
            held.facts,
            held.conditions,
            held.thresholds,
            held.territories,
        ):
            yield Told(f"{id}: its clauses are read otherwise (`auditor catalog diff` lists them)", (id,))


def _answer(terms: Terms) -> str:
    said = answer(terms.facts.outputs.value, terms.facts.silent_basis)
    return f"{said} ({terms.facts.outputs.confidence})"


def _entries(changes: list[Change], kind: ChangeKind, words: str) -> Iterator[Told]:
    found: dict[str, list[str]] = {}
    for one in changes:
        what, _, id = one.entry.partition(" ")
        if one.kind is kind and what in _ALL:
            found.setdefault(what, []).append(id)
    for what, ids in found.items():
        more = f" and {len(ids) - _FEW} more" if len(ids) > _FEW else ""
        is_are = words if len(ids) == 1 else words.replace("is ", "are ", 1)
        yield Told(f"{what}: {', '.join(ids[:_FEW])}{more} {is_are}", tuple(ids))


def _rest(changes: list[Change]) -> Iterator[Told]:
    """Count the entries that changed in other fields: names, notes, sources."""
    touched: dict[str, set[str]] = {}
    counts: dict[str, set[str]] = {}
    for one in changes:
        what, _, id = one.entry.partition(" ")
        field = one.field.partition(".")[0]
        if one.kind is ChangeKind.CHANGED and not _told_above(what, field):
            counts.setdefault(what, set()).add(field)
            touched.setdefault(what, set()).add(id)
    for what, counted in counts.items():
        ids = tuple(sorted(touched[what]))
        yield Told(f"{what}: {len(ids)} changed in {', '.join(sorted(counted))}", ids)


def _told_above(what: str, field: str) -> bool:
    told = {
        "service": {"spans"},
        "teacher": {"spans", "terms", "service"},
        "terms": {"facts", "conditions", "thresholds", "territories"},
    }
    return field in told.get(what, set())
