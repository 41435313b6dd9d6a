"""Models that were seen where nothing says what they did: one question for each place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.domain.claim import Basis
from auditor.domain.finding import Finding
from auditor.domain.origin import OF_COLUMN_NAME, OF_FILE_NAME, Origin
from auditor.engine.own_finding import engine_finding
from auditor.report.words import plain

TEACHER_INFERRED = "teacher-inferred"
_SHOWN = 5


def inferred(origins: Sequence[Origin], rows: Sequence[int]) -> Iterator[Finding]:
    """Yield a question for each place in which only the catalog saw a model.

    Args:
        rows: how many each origin has.
    """
    names: dict[str, dict[str, None]] = {}
    counts: dict[str, int] = {}
    touched: dict[str, list[str]] = {}
    for origin, count in zip(origins, rows, strict=True):
        seen = [one for one in origin.teachers if one.basis is Basis.INFERRED]
        for where in dict.fromkeys(one.where for one in seen):
            names.setdefault(where, {}).update(dict.fromkeys(t.name for t in seen if t.where == where))
            counts[where] = counts.get(where, 0) + count
            touched.setdefault(where, []).append(origin.id)
    for where in sorted(names):
        yield _question(where, list(names[where]), counts[where], touched[where])


def _question(where: str, names: list[str], rows: int, origins: list[str]) -> Finding:
    shown = ", ".join(plain(name) for name in names[:_SHOWN]) + (" and more" if len(names) > _SHOWN else "")
    kind, place = _place(where)
    asks = f"Did {shown if kind else f'the model in `{place}`'} write this text?"
    fix = (
        "`--teacher NAME` declares who wrote it, or a column beside it that says so of every row"
        if kind
        else f"`--map teacher={place}` says yes; `--map judge={place}` that it only judged; "
        f"`--map ignore={place}` that it says nothing of the text"
    )
    return engine_finding(
        TEACHER_INFERRED,
        "A model is named where nothing says what it did",
        f"{'The name of the ' + kind if kind else 'The column'} `{place}` names {shown}, which the catalog "
        f"knows, and nothing says what it did for these rows. {asks}",
        fix,
        cause=place,
        subject=place,
        samples=rows,
    )


def _place(where: str) -> tuple[str, str]:
    for ending, kind in ((OF_FILE_NAME, "file"), (OF_COLUMN_NAME, "column")):
        if where.endswith(ending):
            return kind, plain(where.removesuffix(ending))
    return "", plain(where)
