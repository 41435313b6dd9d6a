"""What an audit is asked to do: the command line first, then the file of settings, then the defaults."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.cli.audit_options import ClaimOptions, PlaceOptions, ReadingOptions, WaiverOptions
from auditor.cli.common import DEFAULT_LEDGER, DEFAULT_OUT, now, say
from auditor.cli.config import Config
from auditor.domain.report.judged_by import ConfigFacts
from auditor.domain.sample import Shape
from auditor.engine.request import AuditRequest
from auditor.errors import UsageError
from auditor.redact import redact, redact_command
from auditor.samples.shapes.mapping import Mapping

UNASKED = Path("waivers.yaml")
"""Where `auditor waive` writes; never read unless it is named."""


@dataclass(frozen=True, slots=True)
class AuditCommand:
    """The arguments of one `auditor audit`, with the settings that were found."""

    arguments: list[str] | None
    places: PlaceOptions
    said: ClaimOptions
    reading: ReadingOptions
    waiving: WaiverOptions
    found: Config

    def given(self) -> list[str]:
        """Return the settings that the command line names itself."""
        places, reading, waiving = self.places, self.reading, self.waiving
        named: dict[str, object] = {"data": self.arguments, "plan": places.plan, "policy": places.policy}
        named |= {"index": places.index, "out": places.out or places.no_out}
        named |= {"ledger": places.ledger or places.no_ledger, "knowledge": places.knowledge}
        named |= {"shape": reading.shape, "waivers": waiving.waivers or waiving.no_waivers}
        named |= {"map": reading.map, "columns": reading.map, "columns_from": reading.map_from}
        named |= {"jobs": reading.jobs}
        return [name for name, value in named.items() if value]

    def data(self) -> list[str]:
        """Return what is to be audited.

        Raises:
            UsageError: neither the command line nor the settings name any.
        """
        asked = self.arguments or self.found.settings.get("data")
        if not asked:
            raise UsageError("no data was named", fix="auditor audit FILE, or list `data` in auditor.yaml")
        return [str(item) for item in asked]

    def shape(self) -> Shape | None:
        """Return the layout that was asked for.

        Raises:
            UsageError: the settings name one that is not known.
        """
        named = self.found.settings.get("shape")
        if self.reading.shape or named is None:
            return self.reading.shape
        try:
            return Shape(named)
        except ValueError:
            raise UsageError(
                f"unknown shape {named!r}", where="auditor.yaml", fix=f"one of: {', '.join(Shape)}"
            ) from None

    def mapping(self) -> tuple[str, ...]:
        """Return what the user says of columns: by option, else in the settings."""
        settings = self.found.settings
        return tuple(self.reading.map or (*settings.get("columns", ()), *settings.get("map", ())))

    def said_map(self) -> Mapping | None:
        """Return what the user says of columns, read."""
        from auditor.engine.inputs import mapping_of

        return mapping_of(self.mapping(), self.mapping_by(), self.map_from())

    def knowledge(self) -> Path | None:
        """Return the overlay of the catalog."""
        return self.places.knowledge or self._path("knowledge")

    def mapping_by(self) -> str:
        """Return where he says so."""
        return "--map" if self.reading.map or self.found.path is None else redact(str(self.found.path))

    def map_from(self) -> tuple[Path, ...]:
        """Return the trainers' files that the user names as maps: by option, else in the settings."""
        return tuple(self.reading.map_from or map(Path, self.found.settings.get("columns_from", ())))

    def request(self, *, review_ok: bool) -> AuditRequest:
        """Return the request of the main job.

        Raises:
            UsageError: no data, a wrong claim or shape, or a file of waivers that is not there.
        """
        places, reading, settings = self.places, self.reading, self.found.settings
        return AuditRequest(
            data=tuple(self.data()),
            now=now(),
            plan=places.plan or self._path("plan"),
            policy=places.policy or settings.get("policy", "default"),
            indexes=tuple(places.index or map(Path, settings.get("index", []))),
            public=tuple(places.public or ()),
            knowledge=self.knowledge(),
            ledger=None if places.no_ledger else places.ledger or settings.get("ledger", DEFAULT_LEDGER),
            out=places.out or Path(settings.get("out", DEFAULT_OUT)),
            claims=self.said.claims(),
            shape=self.shape(),
            mapping=self.mapping(),
            mapping_by=self.mapping_by(),
            map_from=self.map_from(),
            sample=reading.sample,
            fpr=reading.fpr,
            jobs=reading.jobs or settings.get("jobs"),
            allow_network=reading.network,
            waivers=None if self.waiving.no_waivers else self._waivers(),
            approver_keys=tuple(self.waiving.approver_key or ()),
            config=_facts(self.found),
            command=redact_command(["auditor", *sys.argv[1:]]),
            review_ok=review_ok,
        )

    def _path(self, name: str) -> Path | None:
        value: Any = self.found.settings.get(name)
        return None if value is None else Path(value)

    def _waivers(self) -> Path | None:
        """Return the file that the user named, by option or in the settings; others are not taken."""
        named = self.waiving.waivers or self._path("waivers")
        if named is not None and not named.is_file():
            raise UsageError(
                f"there is no file of waivers {named}",
                fix="`auditor waive` writes one; or leave --waivers out",
            )
        if named is None and UNASKED.is_file():
            say(f"{UNASKED} lies here and is not applied; name it to apply it: --waivers {UNASKED}")
        return named


def _facts(found: Config) -> ConfigFacts | None:
    return ConfigFacts(redact(str(found.path)), found.digest) if found.path else None
