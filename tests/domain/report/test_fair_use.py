from __future__ import annotations

from auditor.domain.report.fair_use import FairUseSheet, SheetEntry, sheet_digest
from auditor.serialize import encode


def test_a_sheet_has_the_digest_of_all_but_its_own() -> None:
    sheet = FairUseSheet("", (SheetEntry("1 purpose", "Is it open?", "yes"),), notes=("a note",))
    first = sheet_digest(encode(sheet))
    assert sheet_digest(encode(FairUseSheet(first, sheet.entries, sheet.works, sheet.notes))) == first
    assert sheet_digest(encode(FairUseSheet("", sheet.entries))) != first
