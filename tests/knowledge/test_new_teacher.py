"""A template is an overlay that loads, permits nothing, and that lint refuses until it was read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.domain.axes import OutputsUse
from auditor.domain.claim import Access
from auditor.errors import UsageError
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.lint import lint_knowledge
from auditor.knowledge.lint_sources import PENDING
from auditor.knowledge.load import load_knowledge
from auditor.knowledge.new_teacher import template

TODAY = date(2026, 11, 27)


def _overlay(folder: Path, files: dict[str, str]) -> Knowledge:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return load_knowledge(folder)


@pytest.mark.parametrize("access", [Access.API, Access.OPEN_WEIGHTS, Access.CONSUMER_APP])
@pytest.mark.parametrize(
    "name", ["Acme Chat 2", 'Acme "Chat": [x] #1', "acme/chat-2.5", "Ⅻ Acme & Söhne\n- id: x"]
)
def test_it_loads_and_permits_nothing(
    tmp_path: Path, knowledge: Knowledge, access: Access, name: str
) -> None:
    facts = _overlay(tmp_path / "acme", template(name, "Acme: 'Söhne'", access, TODAY, knowledge))
    found = facts.resolve(name, access, "2026-11-27")
    assert found.teacher is not None
    assert facts.teachers[found.teacher].developer == "Acme: 'Söhne'"
    (held,) = (facts.terms[id] for id in found.terms)
    assert held.facts.outputs.value is OutputsUse.SILENT
    assert held.facts.silent_basis == "text-not-read"
    kinds = {"teacher", "terms"} | (set() if access is Access.OPEN_WEIGHTS else {"service"})
    assert {one.partition(" ")[0] for one in facts.added} == kinds
    assert facts.replaced == ()


def test_lint_names_what_is_left_until_nothing_is(tmp_path: Path, knowledge: Knowledge) -> None:
    files = template("Acme Chat 2", "Acme", Access.API, TODAY, knowledge)
    remarks = lint_knowledge(_overlay(tmp_path / "acme", files))
    assert any("still to be read: version, url, reading, source" in one.message for one in remarks)
    assert any(one.where == "teacher acme-chat-2" for one in remarks)
    done = {
        name: "\n".join(
            line.replace(line[line.index(PENDING) :].rstrip("}"), "answered") if PENDING in line else line
            for line in text.splitlines()
            if not line.lstrip().startswith("#")
        )
        for name, text in files.items()
    }
    assert lint_knowledge(_overlay(tmp_path / "acme", done)) == []


@pytest.mark.parametrize("name", ["gpt-4o", "openai-gpt-4o", "GPT 4o"])
def test_a_name_that_is_known_is_not_made_anew(knowledge: Knowledge, name: str) -> None:
    with pytest.raises(UsageError, match="the catalog knows"):
        template(name, "x", Access.API, TODAY, knowledge)


@pytest.mark.parametrize("name", ["", " ", "///", "模型"])
def test_a_name_without_a_letter_gives_no_entry(knowledge: Knowledge, name: str) -> None:
    with pytest.raises(UsageError, match="gives no id"):
        template(name, "x", Access.API, TODAY, knowledge)
