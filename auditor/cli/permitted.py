"""Hold a permit against data and options, for the commands that ask for one, and say what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.common import present, say
from auditor.cli.progress import progress

if TYPE_CHECKING:
    from auditor.cli.permit_options import PermitOptions
    from auditor.domain.permit import Permit
    from auditor.gate.grant import Grant
    from auditor.gate.request import Request
    from auditor.ids import Digest


@dataclass(frozen=True, slots=True)
class Permitted:
    """A permit that holds for all rows, with what it was compared with and when."""

    request: Request
    grant: Grant
    bound: Mapping[str, Digest]
    moment: datetime

    @property
    def permit(self) -> Permit:
        """Return the permit."""
        return self.grant.permit

    @property
    def not_compared(self) -> AbstractSet[str]:
        """Return what the permit binds and nobody named here."""
        return self.permit.bound.keys() - self.bound.keys()


def permitted(permit: Path, dataset: Sequence[str], options: PermitOptions) -> Permitted:
    """Check the permit, all rows, and what was named to be compared.

    Raises:
        RefusedError: the evidence says no.
        EvidenceError: the permit is missing, unreadable, or by nobody trusted.
    """
    from auditor.attest.binding import bind_all, names_of
    from auditor.gate.grant import grant
    from auditor.gate.permit_check import check_bound

    request, moment = options.request(permit), present()
    bound = bind_all(options.bind or [])
    with progress("checking rows") as bar:
        granted = grant(request, dataset, moment, bound, bar.update)
    check_bound(granted.permit, names_of(options.bind or []))
    return Permitted(request, granted, bound, moment)


def say_rests_on(held: Permitted, *, compared: bool = True, prefix: str = "") -> None:
    """Tell what the permit binds and is not compared or not there, and all that its verdict rests on."""
    from auditor.cli.permit_words import permit_lines, unread_line
    from auditor.gate.beside import said_absent

    if held.not_compared:
        named = ", ".join(sorted(held.not_compared))
        say(f"bound by the permit and not compared here: {named} (see --bind)")
    if held.permit.version < 2:
        say("the permit is of the first version: it binds no cards, licenses, side files, labels or columns")
    elif line := said_absent(held.grant.absent):
        say(line)
    lines = permit_lines(held.permit, held.moment, compared=compared)
    for said in (*lines, unread_line(held.grant.unread)):
        if said:
            say(f"{prefix}{said}")
