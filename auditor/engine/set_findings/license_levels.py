"""Licenses of other levels that contradict each other: a note, since the stricter of them decides anyway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.origin import Origin, OriginLicense
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.expression import NOASSERTION, NONE, evaluate
from auditor.policy.evaluate.findings import finding_id
from auditor.report.words import plain

LEVELS = "license-levels"
_CLAUSE = ClauseRef("engine-rule", "claims that disagree stay side by side")
_Pair = tuple[OriginLicense, OriginLicense]


def levels_that_differ(
    origins: Sequence[Origin], samples: Sequence[int], knowledge: Knowledge
) -> Iterator[Finding]:
    """Yield a finding for each license that bars what a license of another level grants for the same rows."""
    found: dict[tuple[str, ...], tuple[_Pair, list[Origin], int]] = {}
    for origin, rows in zip(origins, samples, strict=True):
        for pair in _pairs(origin, knowledge) if rows else ():
            key = tuple(part for one in pair for part in (one.expression, one.level, one.where))
            _, among, before = found.get(key, (pair, [], 0))
            found[key] = (pair, [*among, origin], before + rows)
    for key, (pair, among, rows) in sorted(found.items()):
        yield _finding(key, pair, among, rows)


def _pairs(origin: Origin, knowledge: Knowledge) -> Iterator[_Pair]:
    known = [one for one in origin.licenses if one.expression != NOASSERTION]
    for strict in known:
        if _bars(strict.expression, knowledge):
            for free in known:
                if free.level is not strict.level and not _bars(free.expression, knowledge):
                    yield strict, free


def _bars(expression: str, knowledge: Knowledge) -> bool:
    """Tell whether commercial use is barred, whichever license of an expression is chosen."""

    def grants(id: str) -> bool | None:
        license = knowledge.licenses.get(id)
        return False if id == NONE else None if license is None else not license.non_commercial

    return evaluate(expression, grants) is False


def _finding(key: tuple[str, ...], pair: _Pair, among: list[Origin], rows: int) -> Finding:
    strict, free = pair
    return Finding(
        id=finding_id(LEVELS, " ".join(key), _CLAUSE),
        rule=LEVELS,
        outcome=Outcome.ALLOW,
        title="Licenses of the data contradict each other",
        message=f"{strict.expression} is stated for the {strict.level} (`{plain(strict.where)}`), "
        f"{free.expression} for the {free.level} (`{plain(free.where)}`). Both are judged, and the stricter "
        "decides.",
        layer=Layer.DATASET_LICENSE,
        samples=rows,
        subject=strict.expression,
        clauses=(_CLAUSE,),
        fix="correct the statement that is wrong, or keep to the stricter one",
        origins=tuple(origin.id for origin in among),
    )
