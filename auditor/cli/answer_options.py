"""How a look-up answers: under which catalog, and for people or for programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.cli.common import DataFormat, FormatOption, KnowledgeOption, say

if TYPE_CHECKING:
    from auditor.knowledge.catalog import Knowledge


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """The catalog to look in and the form to print."""

    knowledge: KnowledgeOption = None
    format: FormatOption = DataFormat.TERMINAL

    @property
    def json(self) -> bool:
        """Tell whether a program reads the answer."""
        return self.format is DataFormat.JSON

    def catalog(self) -> Knowledge:
        """Load the catalog, and say which overlay it is under."""
        return knowledge_of(self.knowledge)


def knowledge_of(overlay: Path | None) -> Knowledge:
    """Load the knowledge, and say which overlay it is under."""
    from auditor.knowledge.load import load_knowledge

    facts = load_knowledge(overlay)
    if facts.overlays:
        say(f"catalog {facts.version}, overlay {', '.join(facts.overlays)}")
    return facts


def under(facts: Knowledge, value: dict[str, Any]) -> dict[str, Any]:
    """Return a result as JSON values, with the overlays that it was found under."""
    return {**value, "overlays": list(facts.overlays)} if facts.overlays else value
