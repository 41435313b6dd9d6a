"""Coverage says of each teacher, path and period whether its texts were read."""

from __future__ import annotations

from pathlib import Path

from bundles import catalog

from auditor.domain.claim import Access
from auditor.domain.timeline import Known
from auditor.knowledge.catalog import OTHER, Knowledge
from auditor.knowledge.coverage import Period, coverage, markdown, tally, unread_texts
from auditor.knowledge.load import load_folders


def test_each_period_has_its_texts(tmp_path: Path) -> None:
    facts = load_folders((catalog(tmp_path / "acme", follows="allowed"),))
    (one,) = coverage(facts)
    assert (one.teacher, one.access, one.service) == ("acme-chat", Access.API, "acme-api")
    assert one.periods == (
        Period("2026-01-01", "2026-04-30", Known.READ, ("Terms-Acme-1",)),
        Period("2026-05-01", None, Known.READ, ("Terms-Acme-2",)),
    )
    assert tally([one]) == {"read": 1, "reported": 0, "from-memory": 0, "unread": 0}


def test_every_model_is_there_and_the_table_is_one(knowledge: Knowledge) -> None:
    covered = coverage(knowledge)
    models = {id for id, one in knowledge.teachers.items() if one.access is not Access.NONE and id != OTHER}
    assert {one.teacher for one in covered} == models
    assert all(one.periods for one in covered)
    lines = markdown(knowledge).splitlines()
    tables = [line for line in lines if line.startswith("|")]
    assert all(line.count(" | ") + 2 in (6, 7) for line in tables if "---" not in line)
    assert all(any(id in line for line in tables) for id in models)
    for one in unread_texts(knowledge):
        assert any(one.text.what.replace("|", "\\|") in line for line in lines)
    assert markdown(knowledge) == markdown(knowledge)


def test_what_is_from_memory_is_not_called_read(knowledge: Knowledge) -> None:
    for one in coverage(knowledge):
        for period in one.periods:
            if period.known is Known.READ:
                confidences = {knowledge.terms[id].facts.outputs.confidence.value for id in period.terms}
                assert confidences == {"verified-from-text"}, one
