"""What a known set says of rows that were taken from it: its teachers, their key, its declared license.

A row, card or side file names the set; the catalog says who made it. Where the row names a model of its own
as writer, the set's writers are not taken for the row's: it holds a new answer to that set's prompts. People
that a row names are not believed against a set that models alone wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.domain.axes import Confidence
from auditor.domain.claim import Access, Basis, Claim, ClaimKind, ClaimSet
from auditor.domain.known_set import KnownSet, SetTeacher
from auditor.domain.origin import (
    FILE_METADATA,
    KNOWN_SET,
    OF_FILE_NAME,
    OF_MAKER,
    OriginLicense,
    OriginTeacher,
    View,
    in_document,
)
from auditor.domain.role import LATER, WRITES, TeacherRole
from auditor.provenance.grades import grade_of
from auditor.provenance.interface import JUDGE_SLOT, PROMPT_SLOT, Catalog

_SLOTS = {
    TeacherRole.PROMPT_WRITER: PROMPT_SLOT,
    TeacherRole.JUDGE: JUDGE_SLOT,
    TeacherRole.FILTER: JUDGE_SLOT,
    TeacherRole.EVALUATION: JUDGE_SLOT,
    TeacherRole.REWARD: JUDGE_SLOT,
}
"""Where a set's teacher stands who wrote nothing that is learned."""
_OF_ROWS = (Basis.ROW, Basis.LOG, Basis.SIDE_FILE)


class SourceFacts:
    """What known sets say of the rows with one claim set.

    Args:
        declared: the teachers that are named for the rows themselves.
    """

    def __init__(self, claims: ClaimSet, declared: Sequence[OriginTeacher], catalog: Catalog) -> None:
        named = (_known(claim, catalog) for claim in claims.of(ClaimKind.SOURCE))
        self._sets = tuple((claim, found) for claim, found in named if found is not None)
        self._catalog = catalog
        self._own = [
            one for one in declared if one.basis in _OF_ROWS and one.slot not in (PROMPT_SLOT, JUDGE_SLOT)
        ]

    def teachers(self) -> Iterator[OriginTeacher]:
        """Yield the teachers of the sets, each with the path and period of its set."""
        for claim, known in self._sets:
            found = [self._teacher(claim, known, one) for one in known.teachers]
            for teacher, role in zip(found, (one.role for one in known.teachers), strict=True):
                said = claim.where.endswith(OF_MAKER) or self._says(known, found, role)
                if said and _is_named(teacher):
                    yield teacher

    def _says(self, known: KnownSet, found: Sequence[OriginTeacher], role: TeacherRole) -> bool:
        """Tell whether what a set says of one role is said of rows with writers of their own."""
        if role in _SLOTS or not self._own:
            return True
        if any(one.access is not Access.NONE or _tells(known, one) for one in self._own):
            return False
        # Of a set with people among its writers the row may be theirs; what came later is in every row.
        return role in LATER or not any(one.access is Access.NONE for one in found)

    @property
    def against_rows(self) -> bool:
        """Tell whether what rows say of their writers does not fit the sets that they come from.

        Rows that name people alone do not fit a set of model output that has none. Rows that name a model
        hold new answers where the row itself names its source; where the source of all rows is named, they
        are held against the models of that set.
        """
        return any(self._is_against(claim, known) for claim, known in self._sets if self._own)

    def _is_against(self, claim: Claim, known: KnownSet) -> bool:
        if any(_tells(known, one) for one in self._own):
            return False
        if all(one.access is Access.NONE for one in self._own):
            return not self._has_people(known)
        written = [self._teacher(claim, known, one) for one in known.teachers if one.role in WRITES]
        agreed = any(one.id == other.id for one in written for other in self._own)
        return is_general(claim) and not agreed and any(self._catalog.is_bound(one.name) for one in written)

    def _has_people(self, known: KnownSet) -> bool:
        named = (self._catalog.name_teacher(one.name, known.access, None, None) for one in known.teachers)
        return any(one.access is Access.NONE for one in named)

    def writers(self) -> list[OriginTeacher]:
        """Return the writers of sets that nobody else wrote a part of, where that is not from memory."""
        whole = {_where(claim, known) for claim, known in self._sets if known.complete and _is_read(known)}
        return [one for one in self.teachers() if one.where in whole and not one.slot and one.declared]

    def licenses(self) -> Iterator[OriginLicense]:
        """Yield the licenses that the sets declare; one given from memory may bar, and grants nothing.

        What a file happens to be called says nothing of its license.
        """
        for claim, known in self._sets:
            if known.license and not claim.where.endswith(OF_FILE_NAME):
                basis = claim.basis if _is_read(known) else Basis.INFERRED
                said = Claim(ClaimKind.LICENSE, known.license, basis, _where(claim, known))
                yield self._catalog.read_license(said)

    def _teacher(self, claim: Claim, known: KnownSet, teacher: SetTeacher) -> OriginTeacher:
        named = self._catalog.name_teacher(teacher.name, known.access, None, known.generated)
        no_model = named.access is Access.NONE
        return OriginTeacher(
            id=named.id or teacher.name,
            name=teacher.name,
            resolved=named.id is not None,
            views=(View.DECLARED,),
            basis=claim.basis,
            grade=grade_of(claim.basis),
            access=named.access,
            host=named.host,
            generated_at=None if no_model else known.generated or None,
            slot=_SLOTS.get(teacher.role, ""),
            where=_where(claim, known),
            candidates=named.candidates,
            role=teacher.role,
        )


def is_general(claim: Claim) -> bool:
    """Tell whether a claim is about all rows: of a card, a file beside them, or a file's name."""
    if claim.basis is Basis.INFERRED:
        place = claim.where
        return in_document(place) or place.startswith(FILE_METADATA) or place.endswith(OF_FILE_NAME)
    return claim.basis in (Basis.CARD, Basis.SIDE_FILE, Basis.CLI_OPTION)


def _known(claim: Claim, catalog: Catalog) -> tuple[Claim, KnownSet | None]:
    """Return the set that a claim names; one of another owner with a known set's name is only inferred."""
    if (known := catalog.known_set(claim.value)) is not None:
        return claim, known
    return replace(claim, basis=Basis.INFERRED), catalog.mirrored_set(claim.value)


def _is_named(teacher: OriginTeacher) -> bool:
    """Tell whether a set names a teacher of rows; people of a set that was only inferred wrote nothing."""
    return teacher.basis is not Basis.INFERRED or teacher.access is not Access.NONE


def _tells(known: KnownSet, teacher: OriginTeacher) -> bool:
    """Tell whether a teacher stands where the set itself names who wrote each row."""
    return bool(known.per_row) and teacher.where == known.per_row


def _where(claim: Claim, known: KnownSet) -> str:
    return f"{claim.where}{KNOWN_SET}{known.id}"


def _is_read(known: KnownSet) -> bool:
    return known.confidence is not Confidence.MEMORY
