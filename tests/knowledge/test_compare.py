"""What changed between two states of the catalog."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from auditor.ids import TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.compare import ChangeKind, compare
from auditor.knowledge.load import load_knowledge


def test_a_state_does_not_differ_from_itself(knowledge: Knowledge) -> None:
    assert compare(knowledge, load_knowledge()) == []


def test_a_new_text_of_a_service_is_one_change_not_one_for_each_of_its_models(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "services.yaml").write_text(
        "schema_version: 1\nservices:\n- id: openai-api\n  name: OpenAI API\n  provider: OpenAI\n"
        "  access: api\n  spans:\n  - {from: '2023-03-14', terms: [Terms-OpenAI-ToU-2023-03]}\n",
        encoding="utf-8",
    )
    changed = {change.entry for change in compare(knowledge, load_knowledge(folder))}
    assert changed == {"service openai-api"}


def test_differences_name_the_entry_and_the_field(knowledge: Knowledge, tmp_path: Path) -> None:
    mit = knowledge.terms[TermsId("MIT")]
    new = replace(knowledge, terms={**knowledge.terms, mit.id: replace(mit, version="2")})
    (change,) = compare(knowledge, new)
    assert str(change) == "changed  terms MIT  version: n/a -> 2"
    assert change.as_dict()["field"] == "version"
    less = {id: one for id, one in knowledge.terms.items() if id != mit.id}
    (gone,) = compare(knowledge, replace(knowledge, terms=less))
    (back,) = compare(replace(knowledge, terms=less), knowledge)
    assert (gone.kind, back.kind) == (ChangeKind.REMOVED, ChangeKind.ADDED)
    assert gone.as_dict() == {"change": "removed", "entry": "terms MIT"}
    assert "added" in str(back)
