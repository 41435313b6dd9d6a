"""One finding per cause, with all its clauses; copies apart by whose text they are."""

from __future__ import annotations

from dataclasses import replace

from auditor.domain.claim import Basis, Grade
from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.origin import Origin, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer
from auditor.engine.causes import by_cause


def origin(id: str, *detected: str) -> Origin:
    found = (OriginTeacher(n, n, True, (View.DETECTED,), Basis.FINGERPRINT, Grade.C) for n in detected)
    return Origin(id, tuple(found), (), Basis.FINGERPRINT, Grade.E)


def finding(rule: str, clause: str, origins: tuple[str, ...], outcome: Outcome = Outcome.DENY) -> Finding:
    return Finding(
        f"F-{clause}", rule, outcome, "t", f"{clause} bars it.", Layer.SERVICE_TERMS, 0, "gpt",
        (ClauseRef("Terms", clause),), "Drop them.", origins,
    )  # fmt: skip


COUNTS = {"o-1": 3, "o-2": 4}


def test_clauses_of_one_cause_are_listed_together_and_rows_count_once() -> None:
    parts = [finding("compete", "a", ("o-1", "o-2")), finding("compete", "b", ("o-1",))]
    [merged] = by_cause(parts, [origin("o-1"), origin("o-2")], COUNTS)
    assert merged.samples == 7
    assert [clause.section for clause in merged.clauses] == ["a", "b"]
    assert merged.fix == "Drop them."
    [swapped] = by_cause(parts[::-1], [origin("o-1"), origin("o-2")], COUNTS)
    assert swapped.id == merged.id


def test_deny_and_review_of_one_rule_stay_apart() -> None:
    parts = [finding("compete", "a", ("o-1",)), finding("compete", "b", ("o-2",), Outcome.REVIEW)]
    assert len(by_cause(parts, [origin("o-1"), origin("o-2")], COUNTS)) == 2


def test_a_contradiction_is_a_cause_per_detected_teacher() -> None:
    both = finding("origin-contradiction", "e", ("o-1", "o-2"), Outcome.REVIEW)
    found = by_cause([both], [origin("o-1", "gpt4"), origin("o-2", "qwen")], COUNTS)
    assert {(one.subject, one.samples) for one in found} == {("gpt4", 3), ("qwen", 4)}
    assert len({one.id for one in found}) == 2
    assert "`gpt4`" in found[0].message


def test_undeclared_rows_say_whether_teacher_text_was_found_in_them() -> None:
    both = finding("origin-undeclared", "e", ("o-1", "o-2"), Outcome.REVIEW)
    titles = {
        one.subject: one.title for one in by_cause([both], [origin("o-1", "gpt4"), origin("o-2")], COUNTS)
    }
    assert titles == {"gpt4": "Teacher text was found in rows that nobody declares", "": "t"}


def test_the_id_of_an_origin_is_no_subject() -> None:
    [one] = by_cause(
        [replace(finding("license-missing", "x", ("o-1",)), subject="o-1")], [origin("o-1")], COUNTS
    )
    assert one.subject == ""
