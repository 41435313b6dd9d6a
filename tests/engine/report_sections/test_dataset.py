"""What a report says of the audited data is written as every other place writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.engine.report_sections.dataset import dataset_facts
from auditor.ids import is_digest, written
from tests.audited import audited
from tests.samples.reading import GOOD, read, write


def digests(value: Any, key: str = "") -> Iterator[str]:
    """Yield all that a report calls a digest and that is not left empty."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from digests(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from digests(one, key)
    elif key.endswith("digest") and value:
        yield value


def test_every_digest_of_a_report_is_written_in_one_way(tmp_path: Path) -> None:
    out = audited(tmp_path, write(tmp_path / "a.jsonl", *GOOD))
    found = list(digests(json.loads((out / "report.json").read_text())))
    assert len(found) > 3
    assert [one for one in found if not is_digest(one)] == []


def test_the_data_goes_by_the_digest_of_its_rows(tmp_path: Path) -> None:
    source = read(write(tmp_path / "a.jsonl", *GOOD))
    digest = written(bytes(32))
    assert dataset_facts(source, len(GOOD), digest, ["a.jsonl"]).digest == digest
