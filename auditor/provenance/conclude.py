"""Conclude an origin from the claims about a row and the matches found in it.

Claims that disagree stay side by side; the grade falls to E when they do, and never rises without evidence
of another kind (a fingerprint that confirms what the row says).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from auditor.domain.claim import Access, Basis, Claim, ClaimKind, ClaimSet, Grade
from auditor.domain.origin import (
    KNOWN_SET,
    OF_FILE_NAME,
    OF_SETUP,
    UNKNOWN,
    Origin,
    OriginFlag,
    OriginLicense,
    OriginTeacher,
    View,
    in_document,
)
from auditor.domain.role import ASIDE, LATER, WRITES, TeacherRole, role_of
from auditor.provenance.grades import grade_of, rank
from auditor.provenance.interface import PROMPT_SLOT, Catalog, Detected, Named
from auditor.provenance.known_sources import SourceFacts

_OF_ROWS = (Basis.ROW, Basis.LOG)
_GENERAL = (Basis.CARD, Basis.CLI_OPTION, Basis.INFERRED)
"""Who speaks of a set as a whole, or in no certain words."""


def conclude(claims: ClaimSet, detected: Iterable[Detected], catalog: Catalog) -> Origin:
    """Return the origin that all rows with these claims and these matches share."""
    said = [_declared(claim, claims, catalog) for claim in claims.of(ClaimKind.TEACHER)]
    declared = _without_agreeing(_heard(_with_text(claims.slots, said), catalog))
    sources = SourceFacts(claims, declared, catalog)
    named = _chosen_by(claims.slots, [*declared, *sources.teachers()])
    teachers, contradiction = _join(named, sorted(set(detected), key=_match_key), catalog)
    stated = (catalog.read_license(claim) for claim in claims.of(ClaimKind.LICENSE))
    licenses = tuple(dict.fromkeys((*stated, *sources.licenses())))
    written = [one for one in named if one.role is TeacherRole.WRITER]
    certain = [one for one in declared if one.role is TeacherRole.WRITER and one.basis is not Basis.INFERRED]
    writers = [*certain, *sources.writers()]
    undeclared = not writers or not _covers(writers, claims.slots)
    doubted = any(_doubts(one, certain, catalog) for one in named)
    against = _row_against_flag(written) or _people_against_models(named) or sources.against_rows
    against = against or _reached_otherwise(claims, catalog)
    flags = _flags(undeclared, teachers, contradiction or doubted or against)
    weighed = [one for one in teachers if one.slot != PROMPT_SLOT or View.DECLARED not in one.views]
    # Beside another writer that was only inferred, the whole is held up no better than that one.
    other = [t.grade for t in weighed if t.basis is Basis.INFERRED and t.role in WRITES]
    grade = Grade.E if flags else min(other or (t.grade for t in weighed), key=rank, default=Grade.E)
    basis = min((t.basis for t in weighed), key=list(Basis).index, default=Basis.NONE)
    origin = Origin("", tuple(teachers), licenses, basis, grade, flags)
    return replace(origin, id=origin_id(origin))


def _doubts(one: OriginTeacher, certain: Sequence[OriginTeacher], catalog: Catalog) -> bool:
    """Tell whether what was only inferred is a reason to doubt who is declared; never does it stand for it.

    A model whose weights anybody may run does not, beside another model: both are judged, and where both pass
    it decides nothing who of them wrote.
    """
    if one.basis is not Basis.INFERRED or one.role not in WRITES:
        return False
    if not one.resolved or not certain or _is_general(one):
        return True
    return _are_people(certain) or catalog.is_bound(one.name)


def _reached_otherwise(claims: ClaimSet, catalog: Catalog) -> bool:
    """Tell whether what a call left in a row shows another path or service than those that are declared."""
    for kind in (ClaimKind.ACCESS, ClaimKind.HOST):
        seen = {_reached(one, catalog) for one in claims.of(kind) if _is_in_row(one)}
        said = {_reached(one, catalog) for one in claims.of(kind) if one.basis is not Basis.INFERRED}
        if seen and said and seen.isdisjoint(said):
            return True
    return False


def _reached(claim: Claim, catalog: Catalog) -> str:
    if claim.kind is ClaimKind.ACCESS:
        return claim.value
    return catalog.name_teacher(UNKNOWN, Access.UNKNOWN, claim.value, None).host or claim.value.casefold()


def _without_agreeing(declared: list[OriginTeacher]) -> list[OriginTeacher]:
    """Leave out names in prose that nobody knows, and what was inferred and is said of the same texts too."""
    said = [one for one in declared if one.basis is not Basis.INFERRED and one.role in WRITES]
    return [
        one
        for one in declared
        if one.basis is not Basis.INFERRED
        or (
            (one.resolved or one.candidates or one.name == UNKNOWN or not _in_prose(one))
            and not any(other.slot in ("", one.slot) and _same(one, other) for other in said)
        )
    ]


def _same(one: OriginTeacher, other: OriginTeacher) -> bool:
    if one.name == UNKNOWN:
        return other.access is not Access.NONE
    return one.id == other.id or other.id in one.candidates or one.id in other.candidates


def _match_key(match: Detected) -> tuple[str, str, tuple[str, ...], str]:
    return (match.slot, match.label, match.labels, match.index)


def _chosen_by(slots: Sequence[str], named: list[OriginTeacher]) -> list[OriginTeacher]:
    """Return the teachers; who judged a pair taught: the student learns which answer was preferred."""
    if not {"chosen", "rejected"} <= set(slots):
        return named
    return [replace(one, role=TeacherRole.REWARD) if one.role is TeacherRole.JUDGE else one for one in named]


def _with_text(slots: Sequence[str], said: Iterable[OriginTeacher]) -> list[OriginTeacher]:
    """Return the teachers; who judged and left a text of its own in the row wrote that text."""
    return [
        replace(one, role=TeacherRole.WRITER) if one.role in ASIDE and one.slot in slots else one
        for one in said
    ]


def _heard(said: Sequence[OriginTeacher], catalog: Catalog) -> list[OriginTeacher]:
    """Return the teachers that count; a row's own word stands for what is said of the set in general.

    A flag is not such a word: it is as general as the card, and stands beside it. What a card's prose says of
    a later step (who translated) is said of what the row's writer wrote. A row that names people alone stands
    for a general word only where that speaks of people too: else one of them is wrong. So it is where a row
    names a model, and the general words only others, one of them under terms that are not open.
    """
    own = [one for one in said if one.basis not in _GENERAL and one.role in WRITES]
    general = [one for one in said if _is_general(one)]
    against = bool(own) and _are_people(own) and not any(one.access is Access.NONE for one in general)
    if own and not against:
        agreed = any(_same(one, other) for one in general for other in own)
        said = [one for one in said if one not in general or (not agreed and catalog.is_bound(one.name))]
    # People that only prose names are a reason to believe the row, and no author.
    return [one for one in said if one.basis is not Basis.INFERRED or one.access is not Access.NONE]


def _is_general(one: OriginTeacher) -> bool:
    if one.basis is not Basis.INFERRED:
        return one.basis is Basis.CARD
    return (_in_prose(one) and one.role not in LATER) or one.where.endswith(OF_FILE_NAME)


def _in_prose(one: OriginTeacher) -> bool:
    return in_document(one.where) and not one.where.endswith(OF_SETUP)


def _are_people(teachers: Iterable[OriginTeacher]) -> bool:
    return all(one.access is Access.NONE for one in teachers)


def _first(claims: ClaimSet, kind: ClaimKind, teacher: Claim) -> str | None:
    """Return the value said for a teacher's slot, preferring the claimant who named the teacher.

    A claimant who names other teachers only speaks of those.
    """
    named: dict[Basis, set[str]] = {}
    for claim in claims.of(ClaimKind.TEACHER):
        named.setdefault(claim.basis, set()).add(claim.value.casefold())
    name = teacher.value.casefold()
    in_row = _is_in_row(teacher)
    said = [
        c
        for c in claims.of(kind, teacher.slot)
        if name in named.get(c.basis, {name}) or (in_row and c.basis in _OF_ROWS)
    ]
    own = [c.value for c in said if c.basis is teacher.basis]
    return own[0] if own else next((c.value for c in said), None)


def _is_in_row(claim: Claim) -> bool:
    """Tell whether a claim was inferred from a row itself, so that what the row says goes with it."""
    where = claim.where
    beside = in_document(where) or where.endswith((OF_FILE_NAME, OF_SETUP))
    return claim.basis is Basis.INFERRED and not beside


def _declared(claim: Claim, claims: ClaimSet, catalog: Catalog) -> OriginTeacher:
    said_access = _first(claims, ClaimKind.ACCESS, claim)
    access = Access(said_access) if said_access in set(Access) else Access.UNKNOWN
    host = _first(claims, ClaimKind.HOST, claim)
    date = _first(claims, ClaimKind.GENERATED_AT, claim)
    role = role_of(claim.slot) or TeacherRole.WRITER
    named = catalog.name_teacher(claim.value, access, host, date)
    if named.id is None and not named.candidates:
        # How the writer was reached says nothing of a model that did something else, nor of people.
        alone = catalog.name_teacher(claim.value, Access.UNKNOWN, None, date)
        person = alone.access is Access.NONE and host is None
        if person or _is_in_row(claim) or _is_of_another(claim, role, claims, catalog):
            host, named = None, alone
    teacher = _teacher(claim.value, named, View.DECLARED, claim.basis, claim.slot, claim.where)
    return replace(teacher, host=named.host or host, generated_at=date, role=role)


def _is_of_another(claim: Claim, role: TeacherRole, claims: ClaimSet, catalog: Catalog) -> bool:
    """Tell whether the host that a row names is that of another model than the claim's.

    How the writer was reached says nothing of a model that did something else for the row; how a judge was
    reached says nothing of the people who wrote.
    """
    if role is not TeacherRole.WRITER:
        return True
    others = [one for one in claims.of(ClaimKind.TEACHER) if role_of(one.slot) not in (None, *WRITES)]
    return (
        bool(others) and catalog.name_teacher(claim.value, Access.UNKNOWN, None, None).access is Access.NONE
    )


def _teacher(name: str, named: Named, view: View, basis: Basis, slot: str, where: str) -> OriginTeacher:
    return OriginTeacher(
        id=named.id or name,
        name=name,
        resolved=named.id is not None,
        views=(view,),
        basis=basis,
        grade=grade_of(basis),
        access=named.access,
        slot=slot,
        where=where,
        candidates=named.candidates,
    )


def _join(
    declared: Sequence[OriginTeacher], detected: Sequence[Detected], catalog: Catalog
) -> tuple[list[OriginTeacher], bool]:
    """Set matches beside claims: a match confirms a claim of its slot, or stands as a teacher of its own."""
    teachers = list(dict.fromkeys(declared))
    contradiction = False
    for match in detected:
        labels = dict.fromkeys((match.label, *match.labels))
        ids = {catalog.name_teacher(label, Access.UNKNOWN, None, None).id or label for label in labels}
        rivals = [t for t in teachers if View.DECLARED in t.views and t.slot in ("", match.slot)]
        later = [t for t in teachers if View.DECLARED in t.views and t.role in LATER]
        agreeing = [t for t in (*rivals, *later) if t.id in ids]
        if agreeing:
            teachers = [_confirm(t) if t in agreeing else t for t in teachers]
            continue
        contradiction = contradiction or bool(rivals)
        teachers.append(_found(match, catalog))
    return list(dict.fromkeys(teachers)), contradiction


def _confirm(teacher: OriginTeacher) -> OriginTeacher:
    grade = min(teacher.grade, Grade.B, key=rank) if teacher.basis is Basis.ROW else teacher.grade
    return replace(teacher, views=(View.DECLARED, View.DETECTED), grade=grade)


def _found(match: Detected, catalog: Catalog) -> OriginTeacher:
    named = catalog.name_teacher(match.label, Access.UNKNOWN, None, None)
    where = f"index:{match.index}"
    return _teacher(match.label, named, View.DETECTED, Basis.FINGERPRINT, match.slot, where)


def _people_against_models(named: Sequence[OriginTeacher]) -> bool:
    """Tell whether a row names people alone, and a card, or the set that it was taken from, a model."""
    own = [one for one in named if one.basis not in _GENERAL and KNOWN_SET not in one.where]
    other = [one for one in named if one.basis is Basis.CARD or KNOWN_SET in one.where]
    written = [one for one in own if one.role in WRITES]
    return (
        bool(written) and _are_people(written) and not _are_people(one for one in other if one.role in WRITES)
    )


def _row_against_flag(declared: Sequence[OriginTeacher]) -> bool:
    """Tell whether a flag over the whole set and the rows or their card name different teachers."""
    said = [teacher for teacher in declared if teacher.slot != PROMPT_SLOT]
    by_flag = {teacher.id for teacher in said if teacher.basis is Basis.CLI_OPTION}
    by_row = {teacher.id for teacher in said if teacher.basis is not Basis.CLI_OPTION}
    return bool(by_flag and by_row and by_flag.isdisjoint(by_row))


def _covers(declared: Sequence[OriginTeacher], slots: Sequence[str]) -> bool:
    """Tell whether every named slot has a declared teacher.

    One who is named for a slot that these rows do not have may have written any of their texts.
    """
    named = {teacher.slot for teacher in declared}
    # What a judge wrote is nobody else's: a claim about the answers does not speak of it.
    aside = ASIDE.intersection(slots)
    return named.issuperset(aside if named - set(slots) else slots)


def _flags(undeclared: bool, teachers: Sequence[OriginTeacher], contradiction: bool) -> frozenset[OriginFlag]:
    flags = set()
    if undeclared:
        flags.add(OriginFlag.UNDECLARED)
    if contradiction:
        flags.add(OriginFlag.CONTRADICTION)
    # Who taught nothing need not be known: a row's judge leaves no word in its text.
    taught = [one for one in teachers if one.taught]
    if any(t.candidates for t in taught):
        flags.add(OriginFlag.AMBIGUOUS_TEACHER)
    if any(not t.resolved and not t.candidates and t.access is not Access.NONE for t in taught):
        flags.add(OriginFlag.UNKNOWN_TEACHER)
    return frozenset(flags)


def origin_id(origin: Origin) -> str:
    """Return the id of an origin: a digest of its content, so that it is the same in every run.

    It is not over canonical JSON: the ledger's rows and the reports of before name origins by this id.
    """
    content = [
        [_teacher_key(entry) for entry in origin.teachers],
        [_license_key(entry) for entry in origin.licenses],
        origin.basis,
        origin.grade,
        sorted(origin.flags),
    ]
    return "o-" + hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]


def _teacher_key(entry: OriginTeacher) -> list[object]:
    key = (entry.id, entry.name, entry.access, entry.host, entry.generated_at, entry.slot, entry.where)
    # A role other than the usual one is said last, so that ids of plain origins stay as they were.
    return [*key, [*entry.views], *([entry.role] if entry.role is not TeacherRole.WRITER else [])]


def _license_key(entry: OriginLicense) -> list[str]:
    return [entry.declared, entry.expression, entry.basis, entry.where]
