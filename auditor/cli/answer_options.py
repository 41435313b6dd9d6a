"""How a look-up answers: from which catalog or ledger, and for people or for programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.cli.common import (
    DEFAULT_LEDGER,
    DataFormat,
    FormatOption,
    KnowledgeOption,
    LedgerOption,
    now,
    say,
)

if TYPE_CHECKING:
    from auditor.knowledge.catalog import Knowledge
    from auditor.ledger.store import Ledger


class _Form:
    __slots__ = ()
    format: DataFormat

    @property
    def json(self) -> bool:
        """Tell whether a program reads the answer."""
        return self.format is DataFormat.JSON


@dataclass(frozen=True, slots=True)
class AnswerOptions(_Form):
    """The catalog to look in and the form to print."""

    knowledge: KnowledgeOption = None
    format: FormatOption = DataFormat.TERMINAL

    def catalog(self) -> Knowledge:
        """Load the catalog, and say which overlay it is under."""
        return knowledge_of(self.knowledge)


@dataclass(frozen=True, slots=True)
class RecordOptions(_Form):
    """The ledger to ask and the form to print."""

    ledger: LedgerOption = DEFAULT_LEDGER
    format: FormatOption = DataFormat.TERMINAL

    def open(self, *, read_only: bool = False) -> Ledger:
        """Open the ledger, which must be there."""
        return open_ledger(self.ledger, read_only=read_only)


def knowledge_of(overlay: Path | None) -> Knowledge:
    """Load the knowledge, and say which bundle it is of and which overlay it is under."""
    from auditor.domain.report.judged_by import bundle_said
    from auditor.knowledge.load import load_knowledge

    facts = load_knowledge(overlay)
    if facts.bundle is not None:
        say(f"catalog {facts.version}, {bundle_said(facts.bundle)}")
        from auditor.knowledge.bundle import out_of_time

        if why := out_of_time(facts.bundle, now()):
            say(f"warning: {why}")
    if facts.overlays:
        say(f"catalog {facts.version}, overlay {', '.join(facts.overlays)}")
    return facts


def under(facts: Knowledge, value: dict[str, Any]) -> dict[str, Any]:
    """Return a result as JSON values, with the overlays that it was found under."""
    return {**value, "overlays": list(facts.overlays)} if facts.overlays else value


def open_ledger(ledger: str, *, read_only: bool = False) -> Ledger:
    """Open a ledger, which must be there."""
    from auditor.ledger.store import Ledger

    return Ledger.open(ledger, now, create=False, read_only=read_only)
