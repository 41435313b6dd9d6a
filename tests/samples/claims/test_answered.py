"""A claim that the user answered is left out, and remembered where he said otherwise."""

from __future__ import annotations

import pytest

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.samples.claims.answered import Answered
from auditor.samples.shapes.map_entry import read_entries
from auditor.samples.shapes.mapping import Mapping

TEACHER, LICENSE = ClaimKind.TEACHER, ClaimKind.LICENSE


@pytest.mark.parametrize(
    ("line", "left", "overruled"),
    [
        ("teacher=model", ["model", "meta.license", "gpt4_answer!name"], []),
        ("judge=model", ["meta.license", "gpt4_answer!name"], ["model"]),
        ("ignore=model", ["meta.license", "gpt4_answer!name"], ["model"]),
        ("ignore=meta", ["model", "gpt4_answer!name"], ["meta.license"]),
        ("license=meta.license", ["model", "meta.license", "gpt4_answer!name"], []),
        ("teacher@b=model", ["meta.license", "gpt4_answer!name"], ["model"]),
        ("learned=gpt4_answer", ["model", "meta.license", "gpt4_answer!name"], []),
        ("ignore=gpt4_answer", ["model", "meta.license"], ["gpt4_answer!name"]),
    ],
)
def test_a_line_answers_what_stands_at_its_path(line: str, left: list[str], overruled: list[str]) -> None:
    answered = Answered(Mapping(read_entries([line])))
    facts = [(TEACHER, "gpt-4", "model", ""), (LICENSE, "mit", "meta.license", "")]
    claims = (Claim(TEACHER, "GPT-4", Basis.INFERRED, "gpt4_answer!name"),)
    kept = [one[2] for one in answered.facts_with(facts, [])]
    kept += [one.where for one in answered.claims_left(claims)]
    assert kept == left
    assert [where for _, where, _ in answered.overruled] == overruled
