"""A plan turned into facts: what the use is, who gets the student, where, at what size.

Facts that nobody gave take the defaults of the published case format and are listed as assumptions; a fact
that is given as `unknown` stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from auditor.domain.permit import PermitPurpose
from auditor.domain.plan import FactValue, IntendedUse, Plan
from auditor.domain.tribool import Tribool
from auditor.policy.facts.release_license import ReleaseKind
from auditor.policy.facts.rivals import Rivals, strangers
from auditor.policy.facts.territories import place_of
from auditor.policy.plan.parties import KEYED, NO_RIVALS, Party, competes, held, truth
from auditor.policy.plan.plans import FACT_KEYS

Use = IntendedUse | None
_NUMBER = re.compile(r"^[0-9][0-9_,]*(\.[0-9]+)?$")


@dataclass(frozen=True, slots=True)
class UsageContext:
    """One plan under one use."""

    plan: Plan
    given: bool
    use: Use
    commercial: Tribool
    released: Tribool
    available: Tribool
    place_of_use: frozenset[str]
    """Places of use; empty where one was given that the tool cannot place."""
    principal_place: frozenset[str]
    assumptions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    """Permissions given as a bare yes that several parties are asked for: whose it is, nobody says."""
    rivals: Rivals = field(default_factory=lambda: MappingProxyType({}))
    """Whom the names stand for that the student is said to compete with."""
    _facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Hold the use to what is declared of commerce; a declaration makes no use less commercial."""
        said = self.fact("commercial", Tribool.NO)
        if self.commercial is Tribool.NO and said is not Tribool.NO:
            object.__setattr__(self, "commercial", said)

    def fact(self, key: str, default: Tribool = Tribool.NO) -> Tribool:
        """Return a yes/no fact; a value that is neither is unknown."""
        value = self._facts.get(key)
        return default if value is None else truth(value)

    def stated(self, key: str) -> str:
        """Return a yes/no fact that has no default: `unstated` where nobody gave it."""
        return str(self.fact(key)) if key in self._facts else "unstated"

    def text(self, key: str, default: str = "") -> str:
        """Return a textual fact."""
        value = self._facts.get(key)
        return default if value is None else str(value)

    def number(self, key: str) -> float | None:
        """Return a numeric fact: 0 where nobody gave it, None where it cannot be read as a number."""
        value = self._facts.get(key)
        if value is None:
            return 0.0
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float):
            return float(value) if value >= 0 else None
        text = str(value).strip()
        return float(text.replace(",", "").replace("_", "")) if _NUMBER.match(text) else None

    def competes(self, party: Party) -> Tribool:
        """Tell whether the student competes with `party`, as a person declared it."""
        named = competes(self._facts.get("competes_with"), party, "competes_with" in self.shared, self.rivals)
        if named is not None:
            return named
        answer = self.plan.competes_with_teacher_provider
        if answer is None or (answer is Tribool.YES and party.beside):
            return Tribool.UNKNOWN
        return Tribool(answer.value)

    def held(self, key: str, party: Party) -> Tribool:
        """Tell whether a permission of `party` is on record."""
        return held(self._facts.get(key), party, key in self.shared)

    def bare(self) -> frozenset[str]:
        """Name the facts of one licensor that are given as a bare yes."""
        return frozenset(key for key in KEYED if self._facts.get(key) is not None and _bare(self._facts[key]))

    def purpose(self) -> PermitPurpose:
        """Tell what the rows are for: training, unless the plan plainly says evaluation."""
        said = self.text("purpose").strip().casefold()
        return PermitPurpose.EVALUATION if said == PermitPurpose.EVALUATION else PermitPurpose.TRAINING

    def training_ground(self) -> str:
        """Tell on which ground text of people is copied: its license, or the exception for text mining."""
        if self.fact("license_covers_training") is Tribool.YES:
            return "license"
        said = self.text("training_ground", "unstated").strip().casefold()
        return said if said in ("license", "text-mining", "unstated") else "unknown"

    def unplaced(self) -> bool:
        """Tell whether a place was given that the tool cannot place."""
        return not self.place_of_use or not self.principal_place

    def within(self, place: str) -> Tribool:
        """Tell whether the use or the licensee is in `place`."""
        if place in self.place_of_use | self.principal_place:
            return Tribool.YES
        return Tribool.UNKNOWN if self.unplaced() else Tribool.NO

    def third_party(self) -> Tribool:
        """Tell whether somebody else generated the rows."""
        match self.text("generated_by").strip().casefold().replace("_", "-").replace(" ", "-"):
            case "third-party" | "3rd-party":
                return Tribool.YES
            case "" | "self" | "us" | "own" | "first-party" | "licensee":
                return Tribool.NO
            case _:
                return Tribool.UNKNOWN

    def missing(self) -> tuple[str, ...]:
        """Name the keys that a given plan leaves out."""
        if not self.given:
            return ()
        plan = self.plan
        keys = {
            "student_base": plan.student_base,
            "intended_use": plan.intended_use,
            "student_release_license": plan.student_release_license,
            "student_name": plan.student_name,
            "competes_with_teacher_provider": plan.competes_with_teacher_provider,
        }
        return tuple(key for key, value in keys.items() if value is None)


def _bare(value: FactValue) -> bool:
    return not isinstance(value, tuple | Mapping) and truth(value) is Tribool.YES


def usage_of(
    plan: Plan | None, use: Use, release: ReleaseKind = ReleaseKind.NONE, rivals: Rivals = NO_RIVALS
) -> UsageContext:
    """Work the facts out for `plan` under `use` (which is the plan's own where it names one).

    Args:
        release: what the plan's release license says; it is judged under every use.
        rivals: whom the names stand for that the student is said to compete with.
    """
    given = plan is not None
    plan = plan or Plan()
    facts = plan.facts
    distributed = None if "distributed" not in facts else truth(facts["distributed"])
    released = _released(use, release, distributed)
    return UsageContext(
        plan=plan,
        given=given,
        use=use,
        commercial=_commercial(use, released, release),
        released=released,
        available=_available(use, released),
        place_of_use=_places(facts.get("place_of_use")),
        principal_place=_places(facts.get("licensee_principal_place")),
        assumptions=_assumptions(facts) if given else (),
        questions=(
            *(f"the fact `{key}` is not known to this tool" for key in sorted(set(facts) - FACT_KEYS)),
            *(f"Whom does `{name}` mean? (facts.competes_with)" for name in strangers(rivals)),
        ),
        rivals=rivals,
        _facts=facts,
    )


def _commercial(use: Use, released: Tribool, release: ReleaseKind) -> Tribool:
    """Tell whether the use is commercial: research that goes out is what its license lets others do."""
    match use:
        case None:
            return Tribool.UNKNOWN
        case IntendedUse.RESEARCH_ONLY:
            lets = _for_commerce(release)
            if Tribool.NO in (released, lets):
                return Tribool.NO
            return lets if released is Tribool.YES else Tribool.UNKNOWN
        case IntendedUse.INTERNAL_COMMERCIAL | IntendedUse.COMMERCIAL_API | IntendedUse.OPEN_WEIGHTS_RELEASE:
            return Tribool.YES


def _for_commerce(release: ReleaseKind) -> Tribool:
    """Tell whether a release license lets others use the student commercially."""
    match release:
        case ReleaseKind.OPEN | ReleaseKind.SOURCE_AVAILABLE:
            return Tribool.YES
        case ReleaseKind.NONE | ReleaseKind.NON_COMMERCIAL:
            return Tribool.NO
        case ReleaseKind.PROPRIETARY | ReleaseKind.DESCRIBED | ReleaseKind.UNPARSED | ReleaseKind.UNKNOWN:
            return Tribool.UNKNOWN


def _released(use: Use, release: ReleaseKind, distributed: Tribool | None) -> Tribool:
    match use:
        case None:
            return Tribool.UNKNOWN
        case IntendedUse.OPEN_WEIGHTS_RELEASE:
            return Tribool.YES
        case IntendedUse.COMMERCIAL_API | IntendedUse.INTERNAL_COMMERCIAL | IntendedUse.RESEARCH_ONLY:
            # A plan without a license says nothing; one that names a license for others means to hand it out.
            quiet = (ReleaseKind.NONE, ReleaseKind.PROPRIETARY)
            by_license = Tribool.NO if release in quiet else Tribool.YES
            if use is not IntendedUse.RESEARCH_ONLY and release is ReleaseKind.UNKNOWN:
                by_license = Tribool.NO
            if distributed is Tribool.NO and by_license is Tribool.YES:
                return Tribool.UNKNOWN
            return distributed or by_license


def _available(use: Use, released: Tribool) -> Tribool:
    return Tribool.YES if use is IntendedUse.COMMERCIAL_API else released


def _places(value: FactValue | None) -> frozenset[str]:
    if value is None:
        return frozenset({"US"})
    words = value if isinstance(value, tuple) else (str(value),)
    found = [place_of(word) for word in words]
    return frozenset(place for place in found if place) if all(found) else frozenset()


_DEFAULTS = {
    "dataset_published": "the data set is not published",
    "dataset_modified": "the data set is not modified",
    "dataset_merged": "no data sets are merged into one adapted work",
    "mau": "monthly users are under every threshold",
    "mau_at_teacher_release": "monthly users at the teacher's release were under every threshold",
    "monthly_revenue_usd": "revenue is under every threshold",
    "separate_license": "no separate license is on record",
    "written_authorization": "no written authorization is on record",
    "order_form_permission": "no order form permits it",
    "place_of_use": "the place of use is the US",
    "licensee_principal_place": "the licensee's principal place is the US",
    "generated_by": "the rows were generated by the one who trains",
    "modality": "the rows are text",
    "outputs_by_web_search": "no output was made with a search of the web by the service",
}


def _assumptions(facts: Mapping[str, FactValue]) -> tuple[str, ...]:
    return tuple(text for key, text in _DEFAULTS.items() if key not in facts)
