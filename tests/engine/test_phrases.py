"""Phrases are counted by maker and set beside what rows declare; they change no outcome."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.finding import Finding
from auditor.domain.origin import Origin, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.engine.part_texts import PartTexts
from auditor.engine.phrases import NAMED, REFUSED, PhraseCount, contradicts
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.load import load_knowledge

CHATGPT = "Hello! I'm ChatGPT, a language model trained by OpenAI."
REFUSAL = "I'm sorry, but I can't help with that."


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def teacher(
    name: str,
    access: Access = Access.UNKNOWN,
    resolved: bool = True,
    view: View = View.DECLARED,
    basis: Basis = Basis.ROW,
) -> OriginTeacher:
    return OriginTeacher(name, name, resolved, (view,), basis, Grade.C, access)


def origin(*teachers: OriginTeacher) -> Origin:
    return Origin("o-" + "-".join(t.id for t in teachers), teachers, (), Basis.ROW, Grade.C)


def counted(*texts: tuple[int, str], rows: int, numbers: list[int]) -> PhraseCount:
    found = PhraseCount()
    at, parts = zip(*texts, strict=True)
    table = pa.table({"row_index": pa.array(at, pa.int32()), "slot": [""] * len(at), "text": list(parts)})
    ids = pa.array([f"f.jsonl#{row}" for row in range(rows)])
    found.add(PartTexts(table, np.arange(len(at))), np.array(numbers, np.int32), ids, np.arange(1, rows + 1))
    return found


HUMAN = origin(teacher("human", Access.NONE))
CLAUDE = origin(teacher("anthropic-claude"))
GPT = origin(teacher("openai-gpt-4o"))
NOBODY = origin()


def test_a_maker_is_counted_once_per_row_and_the_contradicting_rows_come_first(knowledge: Knowledge) -> None:
    found = counted((0, CHATGPT), (1, CHATGPT), (1, CHATGPT), (2, "plain"), rows=3, numbers=[0, 1, 0])
    [finding] = found.findings([GPT, CLAUDE], knowledge)
    assert (finding.rule, finding.subject, finding.samples) == (NAMED, "openai", 2)
    assert "OpenAI" in finding.title
    assert "1 declared as text of another maker or a person" in finding.message
    assert [row.sample_id for row in finding.evidence] == ["f.jsonl#1", "f.jsonl#0"]
    assert finding.evidence[0].line == 2
    assert finding.origins == (GPT.id, CLAUDE.id)


def test_every_phrase_is_a_note_and_shows_no_text(knowledge: Knowledge) -> None:
    texts = (0, CHATGPT), (1, "As an AI language model, I have no opinion."), (2, REFUSAL)
    findings = counted(*texts, rows=3, numbers=[0, 0, 0]).findings([HUMAN], knowledge)
    assert {(one.rule, one.subject) for one in findings} == {(NAMED, "openai"), (NAMED, ""), (REFUSED, "")}
    assert {one.outcome for one in findings} == {Outcome.ALLOW}
    assert all("declare" in one.message and one.fix for one in findings)
    shown = " ".join(row.note for one in findings for row in one.evidence)
    assert "ChatGPT" not in shown
    assert "opinion" not in shown


@pytest.mark.parametrize(
    ("row", "family", "answer"),
    [
        (HUMAN, "openai", True),
        (HUMAN, None, True),
        (CLAUDE, "openai", True),
        (CLAUDE, "claude", False),
        (CLAUDE, None, False),
        (GPT, "openai", False),
        (NOBODY, "openai", False),
        (origin(teacher("my-own-model", resolved=False)), "openai", False),
        (origin(teacher("openai-gpt-4o", view=View.DETECTED)), "claude", False),
        (origin(teacher("openai-gpt-4o"), teacher("anthropic-claude")), "claude", False),
        (origin(teacher("anthropic-claude", basis=Basis.INFERRED)), "openai", False),
        (origin(teacher("human", Access.NONE), teacher("gpt-4", basis=Basis.INFERRED)), "openai", True),
    ],
)
def test_what_contradicts_a_declaration(
    row: Origin, family: str | None, answer: bool, knowledge: Knowledge
) -> None:
    assert contradicts(row, family, knowledge) is answer


def test_a_student_may_speak_as_its_base(knowledge: Knowledge) -> None:
    students = [t for t in knowledge.teachers.values() if t.inherits_base or t.distilled_from]
    assert students
    for student in students:
        sources = {*student.distilled_from, *([student.inherits_base] if student.inherits_base else [])}
        if any(knowledge.teachers[one].developer == "Meta" for one in sources if one in knowledge.teachers):
            assert not contradicts(origin(teacher(student.id)), "llama", knowledge)


def test_examples_stay_few_and_ids_are_stable(knowledge: Knowledge) -> None:
    def findings(rows: int) -> tuple[Finding, ...]:
        texts = [(row, CHATGPT) for row in range(rows)]
        return counted(*texts, rows=rows, numbers=[0] * rows).findings([NOBODY], knowledge)

    [few], [many] = findings(1), findings(50)
    assert (few.samples, many.samples) == (1, 50)
    assert few.id == many.id
    assert len(many.evidence) == 5
    assert not many.fix
