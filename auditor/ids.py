"""The identifiers that cross module borders, as distinct types."""

from __future__ import annotations

from typing import NewType

SampleId = NewType("SampleId", str)
"""`path#row`: path relative to the argument's root, row counted from 0 in the file."""

Digest = NewType("Digest", str)
"""`sha256:` and 64 lower-case hex digits."""

OriginId = NewType("OriginId", str)
TeacherId = NewType("TeacherId", str)
TermsId = NewType("TermsId", str)
RuleId = NewType("RuleId", str)
FindingId = NewType("FindingId", str)


def sample_id(path: str, row: int) -> SampleId:
    """Name the row `row` (from 0) of the file `path`."""
    return SampleId(f"{path}#{row}")
