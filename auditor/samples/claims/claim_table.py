"""The claim sets of a source: each row gets the number of its own, and rows share few.

A value that is there is never passed over. Sources are kept apart up to a number: a column with more of them
names rows, not datasets, and its rows are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.domain.claim import Basis, Claim, ClaimKind, ClaimSet
from auditor.samples.claims.answered import Answered
from auditor.samples.claims.card_prose import SENTENCES, sentence_claims
from auditor.samples.claims.column_names import names_in, plain_name
from auditor.samples.claims.columns import Fact, facts_of
from auditor.samples.claims.generation_records import ENVELOPED, REQUESTS, Record, read_record
from auditor.samples.claims.license_values import inferred_licenses
from auditor.samples.claims.profile import ValueProfile
from auditor.samples.claims.role_names import paired, writes
from auditor.samples.claims.silence import is_silent, needed_runs
from auditor.samples.claims.text_marks import text_claims
from auditor.samples.claims.values import MAX_VALUE, cut

_MAX_LONG = 16 << 20
"""Characters of license texts kept for one source; further ones are cut like other values."""
_MAX_SOURCES = 256
"""A source column with more distinct values names rows, not datasets; rows with further ones are told apart
in `sources_left_out`, and no set with such rows passes."""
_OF_CALLS = (ClaimKind.ACCESS, ClaimKind.HOST, ClaimKind.GENERATED_AT)
_ASKED = names_in("model model_name model_id engine models llm")
"""Names under which a record's row says which model was asked, beside the one that answered."""
_Numbers = dict[tuple[tuple[Fact, ...], tuple[str, ...], tuple[Claim, ...]], int]
"""Numbers of claim sets by a row's facts, the slots of its answers, and what is inferred of it."""


class ClaimTable:
    """Gives each row the number of its claim set; rows share few.

    Args:
        profile: looks for models outside the usual columns; None leaves those alone.
    """

    def __init__(self, profile: ValueProfile | None = None) -> None:
        self.profile = profile
        self.answered: Answered | None = None
        """What the user says of the columns of the file that is read."""
        self.sets: list[ClaimSet] = []
        self._numbers: dict[ClaimSet, int] = {}
        self._common: tuple[Claim, ...] = ()
        self._known: _Numbers = {}
        self._by_common: dict[tuple[Claim, ...], _Numbers] = {self._common: self._known}
        self._sources: set[str] = set()
        self._long: dict[str, str] = {}
        self._long_left = _MAX_LONG
        self.sources_left_out: dict[str, int] = {}
        """Rows whose source claim was one too many, by the place that it stands in."""

    def number(
        self,
        row: dict[str, Any],
        is_record: bool = False,
        common: tuple[Claim, ...] = (),
        slots: tuple[str, ...] = (),
        of_kind: Callable[[str], tuple[Claim, ...]] = lambda kind: (),
        inferred: tuple[Claim, ...] | None = None,
        said: Iterable[Fact] = (),
    ) -> int:
        """Return the number of the row's claim set.

        Args:
            is_record: the row is a generation record.
            common: claims that hold for the whole file, after those of the row.
            slots: the named slots of the row's teacher text.
            of_kind: gives what the file's surroundings say of records of one kind.
            inferred: what `inferred` gives for the row, where it was asked already.
            said: what the row says in the columns that the user names.
        """
        facts = tuple(self._capped(self._facts(row, slots, said)))
        if is_record and (record := read_record(row)) is not None:
            stated = (*self._left(record.claims), *_of_row(said, slots))
            claims = (*stated, *_beside(record, facts), *self._licenses(row), *of_kind(record.kind))
            if self.profile is not None and (record.kind == ENVELOPED or not _names_writer(claims)):
                aside = _aside(row, record) if _names_writer(claims) else row
                claims += self._left(self.profile.claims(aside, slots))
            return self._intern((*claims, *common), slots)
        if common is not self._common:
            # The same for a whole file, so that its claims are not compared for every row.
            self._common, self._known = common, self._by_common.setdefault(common, {})
        if inferred is None:
            inferred = self.inferred(row, slots)
        number = self._known.get((facts, slots, inferred))
        if number is None:
            claims = (*_of_row(facts, slots), *inferred, *common)
            number = self._known[facts, slots, inferred] = self._intern(claims, slots)
        return number

    def inferred(self, row: dict[str, Any], slots: tuple[str, ...]) -> tuple[Claim, ...]:
        """Return what columns of any name say by their values, outside those that claims stand in."""
        found = self._licenses(row)
        return found if self.profile is None else (*found, *self._left(self.profile.claims(row, slots)))

    def with_own_words(self, parts: pa.RecordBatch, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the numbers of rows' claim sets with what the learned texts say of themselves.

        Args:
            parts: the texts of the rows.
            numbers: of each row; changed in place.
        """
        models = None if self.profile is None else self.profile.models
        said: dict[int, list[Claim]] = {}
        for row, claim in text_claims(parts, models):
            said.setdefault(row, []).append(claim)
        for row, claims in said.items():
            held = self.sets[numbers[row]]
            meant = (replace(one, slot=one.slot if one.slot in held.slots else "") for one in claims)
            numbers[row] = self._intern((*held.claims, *meant), held.slots)
        return numbers

    def is_silent(self, text: str) -> bool:
        """Tell whether a text says nothing where it is judged by itself, whatever digits it ends in."""
        return is_silent(text, None if self.profile is None else self.profile.models)

    def needed_runs(self) -> frozenset[tuple[str, bool]] | None:
        """Return runs of letters that a text needs to say something, as `silence.needed_runs` does."""
        return needed_runs(None if self.profile is None else self.profile.models)

    def _licenses(self, row: dict[str, Any]) -> tuple[Claim, ...]:
        return self._left(inferred_licenses(row))

    def _facts(self, row: dict[str, Any], slots: tuple[str, ...], said: Iterable[Fact]) -> list[Fact]:
        found = facts_of(row)
        if self.answered is None:
            return found
        meant = ((kind, value, where, paired(slot, slots)) for kind, value, where, slot in found)
        return self.answered.facts_with(meant, said)

    def _left(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        return tuple(claims) if self.answered is None else self.answered.claims_left(claims)

    def is_settled(self, facts: Iterable[Fact]) -> bool:
        """Tell whether rows with these facts get the same number from now on, and nothing else is counted."""
        return all(
            len(value) <= MAX_VALUE and (kind is not ClaimKind.SOURCE or value in self._sources)
            for kind, value, _, _ in facts
        )

    def _intern(self, claims: tuple[Claim, ...], slots: tuple[str, ...]) -> int:
        claim_set = ClaimSet(tuple(dict.fromkeys(claims)), slots)
        number = self._numbers.setdefault(claim_set, len(self.sets))
        if number == len(self.sets):
            self.sets.append(claim_set)
        return number

    def _capped(self, facts: list[Fact]) -> list[Fact]:
        """Leave out sources that are one too many, and cut license texts where too many were kept."""
        for kind, value, _, _ in facts:
            if len(value) > MAX_VALUE or (kind is ClaimKind.SOURCE and value not in self._sources):
                break
        else:
            return facts
        kept = [fact for fact in facts if fact[0] is not ClaimKind.SOURCE or self._keeps(fact[1])]
        if len(kept) < len(facts):
            for where in {fact[2] for fact in facts if fact not in kept}:
                self.sources_left_out[where] = self.sources_left_out.get(where, 0) + 1
        return [
            fact if len(fact[1]) <= MAX_VALUE else (fact[0], self._fitted(fact[1]), *fact[2:])
            for fact in kept
        ]

    def _fitted(self, text: str) -> str:
        """Return a license's text, once and for all rows, or its beginning where too many were kept."""
        kept = self._long.get(text)
        if kept is None:
            if self._long_left < len(text):
                return cut(text)
            self._long_left -= len(text)
            kept = self._long[text] = text
        return kept

    def _keeps(self, source: str) -> bool:
        if source in self._sources:
            return True
        if len(self._sources) >= _MAX_SOURCES:
            return False
        self._sources.add(source)
        return True


def around(about: dict[str, Any]) -> tuple[Claim, ...]:
    """Return what the object around a file's rows says of them all."""
    stated = [
        *(Claim(kind, value, Basis.SIDE_FILE, where, slot) for kind, value, where, slot in facts_of(about)),
        *inferred_licenses(about),
    ]
    told = {claim.where for claim in stated}
    held = [("", about), *((f"{name}.", one) for name, one in about.items() if isinstance(one, dict))]
    sentences = (
        claim
        for place, members in held
        for name, text in members.items()
        if name in SENTENCES and isinstance(text, str) and f"{place}{name}" not in told
        for claim in sentence_claims(text, f"{place}{name}")
    )
    return (*stated, *dict.fromkeys(sentences))


def _of_row(facts: Iterable[Fact], slots: tuple[str, ...] = ()) -> tuple[Claim, ...]:
    return tuple(
        Claim(kind, value, Basis.ROW, where, paired(slot, slots)) for kind, value, where, slot in facts
    )


def _names_writer(claims: Iterable[Claim]) -> bool:
    said = (Basis.ROW, Basis.LOG, Basis.SIDE_FILE)
    return any(one.kind is ClaimKind.TEACHER and one.basis in said and writes(one.slot) for one in claims)


def _beside(record: Record, facts: Iterable[Fact]) -> Iterator[Claim]:
    """Yield what a record's row says beside it: its licenses, and what the record itself leaves open."""
    said = {claim.kind for claim in record.claims}
    for claim in _of_row(facts):
        kept = claim.kind is ClaimKind.LICENSE or ClaimKind.TEACHER not in said
        told = claim.kind in _OF_CALLS and claim.kind not in said
        other = claim.kind is ClaimKind.TEACHER and (claim.slot or plain_name(claim.where) not in _ASKED)
        if kept or told or other:
            yield claim


def _aside(row: dict[str, Any], record: Record) -> dict[str, Any]:
    """Return what a row holds beside an answer and its request."""
    return {
        name: value
        for name, value in row.items()
        if name not in record.read and plain_name(name) not in REQUESTS
    }
