"""Each use counts the rows it would deny, ask about and allow, and says what decides."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.domain.outcome import Outcome
from auditor.domain.plan import IntendedUse
from auditor.engine.request import AuditRequest
from auditor.main_job import audit

_ROWS = (
    ({"teacher": "gpt-4o", "access": "api", "license": "MIT", "generated_at": "2024-06-01"}, 3),
    ({"teacher": "human", "license": "CC-BY-NC-4.0"}, 2),
    ({"teacher": "human", "license": "CC0-1.0"}, 4),
)


@pytest.mark.parametrize("planned", [True, False])
def test_rows_are_counted_under_every_use(tmp_path: Path, planned: bool) -> None:
    lines = [
        json.dumps({"prompt": f"Say {number}.", "response": f"Here is number {number} in words.", **facts})
        for facts, times in _ROWS
        for number in range(times)
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines) + "\n")
    plan = tmp_path / "plan.yaml"
    plan.write_text("student_name: s\nintended_use: commercial-api\ncompetes_with_teacher_provider: 'yes'\n")
    request = AuditRequest(
        (str(tmp_path / "rows.jsonl"),),
        datetime(2026, 11, 27, tzinfo=UTC),
        ledger=str(tmp_path / "ledger.db"),
        out=tmp_path / "out",
        plan=plan if planned else None,
    )
    report = audit(request).report
    cells = {cell.use: cell for cell in report.matrix}
    assert set(cells) == set(IntendedUse)
    for cell in cells.values():
        assert cell.denied + cell.open + cell.passing == 9
        assert cell.outcome is Outcome.DENY or not cell.denied
    served = cells[IntendedUse.COMMERCIAL_API]
    assert served.denied >= 2
    assert served.passing <= 4
    assert bool(served.reason) == planned
