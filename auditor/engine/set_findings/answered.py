"""What rows say that the user's map sets aside: a note for each line, so that no claim goes silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.engine.own_finding import engine_finding
from auditor.report.words import plain

CLAIM_SET_ASIDE = "claim-set-aside"
_CLAUSE = ClauseRef("engine-rule", "what is answered otherwise than rows say is shown")
_SHOWN = 5


def set_aside(overruled: Iterable[tuple[str, str, str]]) -> Iterator[Finding]:
    """Yield a note for each line of a map and each column whose claims gave way to it.

    Args:
        overruled: the line, the place and the value of each claim.
    """
    names: dict[tuple[str, str], dict[str, None]] = {}
    for line, where, value in overruled:
        names.setdefault((line, where.partition("!")[0]), {})[value] = None
    for (line, where), found in names.items():
        listed = [plain(value) for value in list(found)[:_SHOWN]]
        more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        yield engine_finding(
            CLAIM_SET_ASIDE,
            "A claim of the rows was set aside by the map",
            f"The column `{plain(where)}` names {', '.join(listed)}{more}. `{plain(line)}` answers "
            "otherwise, and the outcome rests on that answer.",
            "leave the line out where it is not so",
            cause=f"{line} {where}",
            subject=where,
            clause=_CLAUSE,
            outcome=Outcome.ALLOW,
        )
