"""Origins for tests of what is judged: a plan, teachers and licenses in few words."""

from __future__ import annotations

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import Origin, OriginFlag, OriginLicense, OriginTeacher, View
from auditor.domain.plan import IntendedUse, Plan, StudentBase
from auditor.domain.tribool import Tribool

PLAN = Plan(
    student_base=StudentBase("Qwen/Qwen3-8B", "Apache-2.0"),
    intended_use=IntendedUse.INTERNAL_COMMERCIAL,
    student_release_license="none",
    student_name="Acme",
    competes_with_teacher_provider=Tribool.NO,
)


CC0 = OriginLicense("cc0-1.0", "CC0-1.0", Basis.CARD)


def teacher(id: str, access: Access = Access.OPEN_WEIGHTS, **keys: object) -> OriginTeacher:
    given = {"views": (View.DECLARED,), "resolved": True, "name": id, **keys}
    return OriginTeacher(id=id, basis=Basis.ROW, grade=Grade.C, access=access, **given)  # type: ignore[arg-type]


def origin(
    *teachers: OriginTeacher,
    flags: frozenset[OriginFlag] = frozenset(),
    licenses: tuple[OriginLicense, ...] = (CC0,),
) -> Origin:
    return Origin("o-1", teachers, licenses, Basis.ROW, Grade.C, flags)


OLMO = teacher("olmo")
