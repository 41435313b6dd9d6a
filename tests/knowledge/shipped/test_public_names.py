"""1,500 names drawn from public lists of models, and where each leads; AUDITOR_GOLDEN=write renews the file.

The names were drawn at random from LiteLLM's price list (1.110.2), HELM's model metadata (0.5.16), FastChat's
registry (0.2.36), AlpacaEval's configurations (0.6.6), and the model lists of LLaMA-Factory (0.9.5) and
Xinference (4.1.0). A change of this file is a change of what a name means: look at each line of it.

399 more are in `public_names_2.tsv`, drawn in November 2026 from unsloth (2026.10.9), ms-swift (4.6.0),
aider (0.86.2), genai-prices (0.2.3) and pydantic-ai (2.68.0), but for names in the first file: 200 before
spellings were mended that month (seed 20261127; 144 led somewhere), 200 after (seed 20261128; 164 did).
No family was wrong.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.domain.claim import Access
from auditor.domain.teacher import ResolutionStatus
from auditor.knowledge.catalog import Knowledge

FILE = Path(__file__).parent / "public_names.tsv"
SECOND = Path(__file__).parent / "public_names_2.tsv"


def _names() -> list[str]:
    lines = [line for file in (FILE, SECOND) for line in file.read_text(encoding="utf-8").splitlines()]
    return [line.split("\t")[0] for line in lines]


def _leads_to(knowledge: Knowledge, name: str) -> str:
    found = knowledge.resolve(name)
    return found.teacher or "|".join(found.candidates) or "-"


@pytest.mark.parametrize("file", [FILE, SECOND], ids=lambda file: file.stem)
def test_public_names_lead_where_they_did(knowledge: Knowledge, file: Path) -> None:
    names = {line.split("\t")[0] for line in file.read_text(encoding="utf-8").splitlines()}
    made = "".join(f"{name}\t{_leads_to(knowledge, name)}\n" for name in sorted(names))
    if os.environ.get("AUDITOR_GOLDEN") == "write":
        file.write_text(made, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == made


def test_weights_are_reached_by_names_that_were_read_alone(knowledge: Knowledge) -> None:
    reached = 0
    for name in _names():
        hit = knowledge.index.find(name)
        if any(knowledge.teachers[id].access is Access.OPEN_WEIGHTS for id in hit.teachers):
            reached += 1
            assert not hit.wide, name
    assert reached > 500


def test_most_public_names_resolve(knowledge: Knowledge) -> None:
    found = [knowledge.resolve(name) for name in _names()]
    assert sum(one.status is not ResolutionStatus.UNKNOWN for one in found) > 0.8 * len(found)
