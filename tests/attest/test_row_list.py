from __future__ import annotations

import pytest

from auditor.attest.row_list import RowList


@pytest.mark.parametrize("line", [b"00 data.jsonl#0\n", b"0" * 64 + b"\n", b"g" * 64 + b" data.jsonl#0\n"])
def test_a_damaged_line_of_a_row_list_is_no_row(line: bytes) -> None:
    whole = RowList.of([("data.jsonl#0", bytes(32))]).dump()
    assert list(RowList.parse(whole).ids) == ["data.jsonl#0"]
    with pytest.raises(ValueError, match="row list"):
        RowList.parse(whole + line)
