"""What a conversion did to the rows, and to what they say of their origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from auditor.domain.claim import CLAIM_WORDS, Basis, Claim
from auditor.domain.finding import Evidence, Finding
from auditor.domain.outcome import Outcome
from auditor.engine.conversion.join import NONE, Joined, join
from auditor.engine.conversion.side import Side
from auditor.engine.own_finding import engine_finding

PROVENANCE_LOST, ROWS_APART = "provenance-lost", "rows-apart"
_EXAMPLES, _VALUES = 5, 5


@dataclass(slots=True)
class LostClaims:
    """What one place of the source says of rows, and the conversion no longer does."""

    kind: str
    """teacher, license, source, date, host or access."""
    where: str
    """The column, file or key that says it in the source."""
    rows: int = 0
    values: dict[str, int] = field(default_factory=dict)
    """What is said, with the rows of which it was lost."""
    says_now: dict[str, int] = field(default_factory=dict)
    """What the conversion says of the same rows instead; empty where it says nothing."""
    examples: list[tuple[str, str]] = field(default_factory=list)
    """Rows of the source with those of the conversion."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """The rows of both sides, counted; kept, changed and lost ones are all of the source."""

    source_rows: int
    converted_rows: int
    kept: int
    changed: int
    lost: int
    invented: int
    dropped: int
    """Of the kept rows those that an equal row stands for."""
    repeated: int
    """Rows of the conversion that repeat one more often than the source does."""
    unreadable: tuple[int, int]
    """Rows and files of each side that were not read, and so not compared."""
    sources_left_out: int
    """Rows of the source whose `source` claim was one too many to be compared."""
    provenance_lost: tuple[LostClaims, ...]
    examples: dict[str, tuple[str, ...]]
    """Rows by `lost`, `invented` and `changed`."""

    @property
    def is_apart(self) -> bool:
        """Tell whether no row of one side stands in the other, so that nothing is compared."""
        return self.kept + self.changed == 0

    def findings(self) -> Iterator[Finding]:
        """Yield one finding for each place whose claims were lost, and one where no row was found again."""
        if self.is_apart:
            yield engine_finding(
                ROWS_APART,
                "No row of the source was found in the conversion",
                f"All {self.source_rows:,} rows of the source are lost and all {self.converted_rows:,} of "
                "the conversion are invented: nothing says where those come from.",
                "compare the set that it was made of, or name the learned columns (--map, --converted-map)",
                cause="rows",
                samples=self.converted_rows,
                outcome=Outcome.DENY,
            )
        for one in self.provenance_lost:
            yield engine_finding(
                PROVENANCE_LOST,
                "Provenance lost",
                f"The conversion no longer says the {one.kind} that `{one.where}` states of {one.rows:,} "
                f"rows: {', '.join(first(one.values))}.",
                f"carry `{one.where}` over into the conversion, or declare it there",
                cause=f"{one.kind} {one.where}",
                samples=one.rows,
                evidence=tuple(Evidence(row, note=f"now {other}") for row, other in one.examples),
            )


def first(values: dict[str, int]) -> list[str]:
    """Return the values of most rows, and how many more there are."""
    listed = sorted(values, key=lambda value: (-values[value], value))
    more = [f"{len(listed) - _VALUES:,} more"] if len(listed) > _VALUES else []
    return [*listed[:_VALUES], *more]


def compare(source: Side, converted: Side) -> Conversion:
    """Compare a data set with what was made of it."""
    found = join(source, converted)
    changed = np.array(found.changed, np.int64).reshape(-1, 2)
    lost = np.setdiff1d(np.flatnonzero(found.of_source == NONE), changed[:, 0])
    invented = np.setdiff1d(np.flatnonzero(found.of_converted == NONE), changed[:, 1])
    return Conversion(
        source_rows=len(source),
        converted_rows=len(converted),
        kept=int((found.of_source != NONE).sum()),
        changed=len(changed),
        lost=len(lost),
        invented=len(invented),
        dropped=found.dropped,
        repeated=found.repeated,
        unreadable=(source.unreadable, converted.unreadable),
        sources_left_out=source.sources_left_out,
        provenance_lost=tuple(_lost_claims(source, converted, _pairs(found, changed))),
        examples={
            "lost": _ids(source, lost),
            "invented": _ids(converted, invented),
            "changed": _ids(source, changed[:, 0]),
        },
    )


def _ids(side: Side, rows: NDArray[np.int64]) -> tuple[str, ...]:
    return tuple(side.sample_id(row) for row in rows[:_EXAMPLES].tolist())


def _pairs(found: Joined, changed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the pairs of rows, int64[n, 2], by the row of the source."""
    of_source = np.flatnonzero(found.of_source != NONE)
    of_converted = np.setdiff1d(np.flatnonzero(found.of_converted != NONE), found.of_source)
    pairs = np.concatenate(
        [
            np.stack([of_source, found.of_source[of_source]], axis=1),
            np.stack([found.of_converted[of_converted], of_converted], axis=1),
            changed,
        ]
    )
    return np.unique(pairs, axis=0)


def _lost_claims(source: Side, converted: Side, pairs: NDArray[np.int64]) -> list[LostClaims]:
    """Return what the source says of rows and the conversion does not, by kind and place."""
    said = np.stack([source.claims[pairs[:, 0]], converted.claims[pairs[:, 1]]], axis=1)
    kinds, of_pair = np.unique(said, axis=0, return_inverse=True)
    of_pair = of_pair.reshape(-1)
    order = np.argsort(of_pair, kind="stable")
    bounds = np.searchsorted(of_pair[order], np.arange(len(kinds) + 1))
    lost: dict[tuple[str, str], LostClaims] = {}
    for number, (mine, theirs) in enumerate(kinds.tolist()):
        left = _missing(source.claim_sets[mine].claims, converted.claim_sets[theirs].claims)
        if not left:
            continue
        of_kind = pairs[order[bounds[number] : bounds[number + 1]]]
        rows = len(np.unique(of_kind[:, 0]))
        for (kind, where), values in left.items():
            one = lost.setdefault((kind, where), LostClaims(kind, where))
            one.rows += rows
            for value in values:
                one.values[value] = one.values.get(value, 0) + rows
            for value in _says(converted.claim_sets[theirs].claims, kind):
                one.says_now[value] = one.says_now.get(value, 0) + rows
            for row, other in of_kind[: _EXAMPLES - len(one.examples)].tolist():
                one.examples.append((source.sample_id(row), converted.sample_id(other)))
    return [
        lost[key] for key in sorted(lost, key=lambda key: (list(CLAIM_WORDS.values()).index(key[0]), key[1]))
    ]


def _missing(said: Sequence[Claim], now: Sequence[Claim]) -> dict[tuple[str, str], list[str]]:
    """Return the values of claims that are not made any more, by kind and place."""
    left: dict[tuple[str, str], list[str]] = {}
    known = {(one.kind, _plain(one.value)) for one in now}
    for one in said:
        if one.basis is not Basis.CLI_OPTION and (one.kind, _plain(one.value)) not in known:
            left.setdefault((CLAIM_WORDS[one.kind], one.where), []).append(one.value)
    return left


def _says(claims: Sequence[Claim], kind: str) -> list[str]:
    return list(dict.fromkeys(one.value for one in claims if CLAIM_WORDS[one.kind] == kind))


def _plain(value: str) -> str:
    return " ".join(value.casefold().split())
