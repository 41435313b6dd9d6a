"""The identifiers that cross module borders, as distinct types."""

from __future__ import annotations

from typing import NewType

Digest = NewType("Digest", str)
"""`sha256:` and 64 lower-case hex digits."""

TeacherId = NewType("TeacherId", str)
TermsId = NewType("TermsId", str)
FindingId = NewType("FindingId", str)
