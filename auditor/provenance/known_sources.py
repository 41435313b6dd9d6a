"""What a known set says of rows that were taken from it: its teachers, their key, its declared license.

A row, card or side file names the set; the catalog says who made it. Where the row names a model of its own
as writer, the set's writers are not taken for the row's: it holds a new answer to that set's prompts. People
that a row names are not believed against a set that models alone wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.domain.axes import Confidence
from auditor.domain.claim import Access, Basis, Claim, ClaimKind, ClaimSet
from auditor.domain.known_set import KnownSet, SetTeacher
from auditor.domain.origin import KNOWN_SET, OF_MAKER, OriginLicense, OriginTeacher, View
from auditor.domain.role import LATER, TeacherRole
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
        named = ((claim, catalog.known_set(claim.value)) for claim in claims.of(ClaimKind.SOURCE))
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
    def against_people(self) -> bool:
        """Tell whether rows name people alone, and come from a set of model output that has none."""
        people = bool(self._own) and all(one.access is Access.NONE for one in self._own)
        return people and any(
            not any(_tells(known, one) for one in self._own) and not self._has_people(known)
            for _, known in self._sets
        )

    def _has_people(self, known: KnownSet) -> bool:
        named = (self._catalog.name_teacher(one.name, known.access, None, None) for one in known.teachers)
        return any(one.access is Access.NONE for one in named)

    def writers(self) -> list[OriginTeacher]:
        """Return the writers of sets that nobody else wrote a part of, where that is not from memory."""
        whole = {_where(claim, known) for claim, known in self._sets if known.complete and _is_read(known)}
        return [one for one in self.teachers() if one.where in whole and not one.slot and one.declared]

    def licenses(self) -> Iterator[OriginLicense]:
        """Yield the licenses that the sets declare; one given from memory may bar, and grants nothing."""
        for claim, known in self._sets:
            if known.license:
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
