"""Models that were seen where nothing says what they did: one question for each place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.domain.claim import Basis
from auditor.domain.finding import Finding
from auditor.domain.origin import (
    KNOWN_SET,
    OF_COLUMN_NAME,
    OF_FILE_NAME,
    OF_MAKER,
    OF_SETUP,
    OF_TEXT,
    Origin,
    in_document,
)
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Verdict
from auditor.engine.own_finding import engine_finding
from auditor.report.words import plain

TEACHER_INFERRED = "teacher-inferred"
_SHOWN = 5
_OF_DOCUMENT = "document"
_PLACES = {
    OF_FILE_NAME: "The name of the file",
    OF_COLUMN_NAME: "The name of the column",
    OF_SETUP: "The settings in",
    OF_TEXT: "A line of the learned",
    _OF_DOCUMENT: "The document",
    "": "The column",
}
_IGNORED = "`--map ignore={}` that it says nothing of the text"


def inferred(
    origins: Sequence[Origin], rows: Sequence[int], verdicts: Sequence[Verdict]
) -> Iterator[Finding]:
    """Yield a question for each place in which only the catalog saw a model.

    Where all its rows pass, whoever of those named wrote them, the answer decides nothing: it is a note.

    Args:
        rows: how many each origin has.
        verdicts: on each origin.
    """
    names: dict[str, dict[str, None]] = {}
    counts: dict[str, int] = {}
    open_places: set[str] = set()
    for origin, count, verdict in zip(origins, rows, verdicts, strict=True):
        seen = [one for one in origin.teachers if one.basis is Basis.INFERRED and one.taught]
        for where in dict.fromkeys(one.where for one in seen):
            names.setdefault(where, {}).update(dict.fromkeys(t.name for t in seen if t.where == where))
            counts[where] = counts.get(where, 0) + count
            if not verdict.outcome.passes:
                open_places.add(where)
    for where in sorted(names):
        outcome = Outcome.REVIEW if where in open_places else Outcome.ALLOW
        yield _question(where, list(names[where]), counts[where], outcome)


def _question(where: str, names: list[str], rows: int, outcome: Outcome) -> Finding:
    place, known = where.partition(KNOWN_SET)[::2]
    kind, place = _place(place)
    place = place.removesuffix(OF_MAKER)
    shown = ", ".join(plain(name) for name in names[:_SHOWN]) + (" and more" if len(names) > _SHOWN else "")
    if known:
        known = plain(known)
        seen = f"the set {known}, which {shown} {'is' if len(names) == 1 else 'are'} known to have written"
        asks = "Were these rows taken from it?"
        fix = f"`--map source={place}` says yes; {_IGNORED.format(place)}"
        if kind:
            fix = "a column that says who wrote each row, or another name or wording where they were not"
    elif kind:
        seen, asks = f"{shown}, which the catalog knows", f"Did {shown} write this text?"
        fix = "`--teacher NAME` declares who wrote it, or a column beside it that says so of every row"
    else:
        seen, asks = f"{shown}, which the catalog knows", f"Did the model in `{place}` write this text?"
        fix = f"`--map teacher={place}` says yes; `--map judge={place}` that it only judged; "
        fix += _IGNORED.format(place)
    return engine_finding(
        TEACHER_INFERRED,
        "A model is named where nothing says what it did",
        f"{_PLACES[kind]} `{place}` {'name' if kind == OF_SETUP else 'names'} {seen}, "
        f"and nothing says what it did for these rows. {asks}",
        fix,
        cause=f"{place}{KNOWN_SET}{known}" if known else place,
        subject=place,
        samples=rows,
        outcome=outcome,
    )


def _place(where: str) -> tuple[str, str]:
    """Return how the place of a claim ends, and the place itself."""
    kind = next((one for one in (OF_FILE_NAME, OF_COLUMN_NAME, OF_SETUP, OF_TEXT) if where.endswith(one)), "")
    place = plain(where.removesuffix(kind))
    return (_OF_DOCUMENT if not kind and in_document(where) else kind), place
