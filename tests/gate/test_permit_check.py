"""A plan is compared by what it says."""

from __future__ import annotations

from pathlib import Path

from evidence import PLAN

from auditor.attest.record import plan_digest
from auditor.gate.permit_check import plan_file_digest


def test_a_plan_is_compared_by_content(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("# why\nstudent_name: tiny\nfacts: {distributed: yes}\nintended_use: research-only\n")
    assert plan_file_digest(plan) == plan_digest({**PLAN, "source": "elsewhere.yaml", "student_base": None})
    plan.write_text("student_name: tiny\nfacts: {distributed: no}\nintended_use: research-only\n")
    assert plan_file_digest(plan) != plan_digest(PLAN)
